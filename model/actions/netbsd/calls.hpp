// NetBSD's system calls: what its kernel does between entry and return.
#pragma once

#include "actions/netbsd/paths.hpp"

namespace interlock::actions::netbsd {

void fork_call(Path& s, const std::string& name, std::size_t child, Fork kind);
void exec_call(Path& s, const std::string& name);
void exit_call(Path& s, const std::string& name);
void wait4_call(Path& s, const std::string& name);
void kevent_change_call(Path& s, const std::string& name, const ChangeCall& change);
// `wait.restarts` and `wait.disables` are set here.
void kevent_wait_call(Path& s, const std::string& name, WaitCall wait);
void close_call(Path& s, const std::string& name, std::size_t kqueue);

} // namespace interlock::actions::netbsd
