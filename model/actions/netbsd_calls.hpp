// NetBSD's system calls as a thread of a scenario makes them: the boundary between user and kernel.
// Each call begins with the step `enter` and ends with `return`, where no lock may be held; these
// steps also keep the books of kevent(2)'s contract.
#pragma once

#include "actions/netbsd.hpp"

namespace interlock::actions::netbsd {

// One change of kevent(2) for EVFILT_PROC.
struct ChangeCall {
  Request request;
  bool add = false;
  bool remove = false;
  bool enable = false;
  bool disable = false;
};

// `name` is the call as the scenario spells it; it heads the call chain of every step inside.
void fork_call(Path& s, const std::string& name, std::size_t child);
void exit_call(Path& s, const std::string& name);
void wait4_call(Path& s, const std::string& name);
void kevent_change_call(Path& s, const std::string& name, const ChangeCall& call);
// `forever` repeats the call as an event loop does, until the descriptor is closed.
void kevent_wait_call(Path& s, const std::string& name, std::size_t kqueue, int most,
                      Timeout timeout, bool forever);
void close_call(Path& s, const std::string& name, std::size_t kqueue);
// The first statement of every thread of a process that is forked: waits until it runs.
void wait_until_started(Path& s);

} // namespace interlock::actions::netbsd
