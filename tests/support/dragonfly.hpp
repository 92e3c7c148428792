// DragonFly scenarios that many tests use.
#pragma once

#include "support/scenario.hpp"

namespace interlock::tests::dragonfly {

inline constexpr const char* newest = "kern_fork-d9d67b59";

inline ScenarioText kernel(const std::string& revision = newest) {
  return ScenarioText(revision).system("dragonfly");
}

inline ScenarioText fork_and_wait(const std::string& revision = newest) {
  return kernel(revision).thread("parent", {"fork child", "wait4"}).thread("child", {"exit 1"});
}

inline ScenarioText vfork_and_exit(const std::string& revision = newest) {
  return kernel(revision).thread("parent", {"vfork child"}).thread("child", {"exit 1"});
}

// init gets the child, which may be a zombie by then.
inline ScenarioText orphan(const std::string& revision = newest) {
  return kernel(revision)
      .thread("parent", {"fork child", "exit 1"})
      .thread("child", {"exit 1"})
      .thread("init", {"wait4"});
}

// A signal to the process group while one of it forks.
inline ScenarioText fork_and_killpg() {
  return kernel()
      .thread("parent", {"fork child"})
      .thread("killer", {"killpg parent"})
      .thread("child", {});
}

inline ScenarioText exit_watched() {
  return kernel()
      .thread("parent", {"exit 1"})
      .thread("watcher", {"kevent add proc parent exit", "kevent wait"});
}

inline ScenarioText tracked_fork() {
  return kernel()
      .thread("parent", {"fork child"})
      .thread("child", {})
      .thread("watcher", {"kevent add proc parent fork,track", "kevent loop"});
}

} // namespace interlock::tests::dragonfly
