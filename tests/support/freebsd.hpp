// FreeBSD scenarios that many tests use.
#pragma once

#include "support/scenario.hpp"

namespace interlock::tests::freebsd {

inline constexpr const char* newest = "kqueue-10.4";

inline ScenarioText kernel(const std::string& revision = newest) {
  return ScenarioText(revision).system("freebsd");
}

// A process tracks itself, forks, ends the child's wait and reads what is to be read.
inline ScenarioText track(const std::string& revision = newest) {
  return kernel(revision)
      .thread("parent",
              {"kevent add proc parent track,exit", "fork child", "kill child", "kevent loop"})
      .thread("child", {"sigsuspend", "exit 1"});
}

inline ScenarioText delete_own(const std::string& revision = newest) {
  return kernel(revision).thread("parent",
                                 {"kevent add proc parent exit", "kevent delete proc parent"});
}

// A watcher registers before the process may exit.
inline ScenarioText exit_watched(const std::string& revision = newest) {
  return kernel(revision)
      .thread("parent", {"sigsuspend", "exit 1"})
      .thread("watcher", {"kevent add proc parent exit", "kill parent", "kevent loop"});
}

// ... and changes the registration while it does.
inline ScenarioText exit_while_changing(const std::string& revision = newest) {
  return kernel(revision)
      .thread("parent", {"sigsuspend", "exit 1"})
      .thread("watcher", {"kevent add proc parent exit", "kill parent",
                          "kevent modify proc parent exit", "kevent loop"});
}

inline ScenarioText reap(const std::string& revision = newest) {
  return kernel(revision).thread("parent", {"fork child", "wait4"}).thread("child", {"exit 1"});
}

// ... while a zombie may be watched.
inline ScenarioText reap_watched(const std::string& revision = newest) {
  return kernel(revision)
      .thread("parent", {"fork child", "kevent add proc child exit", "wait4"})
      .thread("child", {"exit 1"});
}

// A watcher deletes its registration when the event may be queued.
inline ScenarioText delete_queued(const std::string& revision = newest) {
  return kernel(revision)
      .thread("parent", {"sigsuspend", "exit 1"})
      .thread("watcher",
              {"kevent add proc parent exit", "kill parent", "kevent delete proc parent"});
}

inline ScenarioText leave_child(const std::string& revision = newest) {
  return kernel(revision)
      .thread("parent", {"fork child", "exit 1"})
      .thread("child", {"sigsuspend"});
}

// init gets the child, which may be a zombie by then.
inline ScenarioText orphan(const std::string& revision = newest) {
  return kernel(revision)
      .thread("parent", {"fork child", "exit 1"})
      .thread("child", {"exit 1"})
      .thread("init", {"wait4"});
}

// Two threads of a process wait for events of one kqueue.
inline ScenarioText two_readers() {
  return kernel()
      .process("parent", {"first", "second"})
      .thread("first", {"kevent add proc parent exit", "kevent wait"})
      .thread("second", {"kevent wait"});
}

} // namespace interlock::tests::freebsd
