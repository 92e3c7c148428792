// FreeBSD's system calls: what its kernel does between entry and return.
#pragma once

#include "actions/freebsd/paths.hpp"

namespace interlock::actions::freebsd {

void fork_call(Path& s, const std::string& name, std::size_t child, bool vfork);
void exit_call(Path& s, const std::string& name);
void wait4_call(Path& s, const std::string& name);
void kill_call(Path& s, const std::string& name, std::size_t process);
void sigsuspend_call(Path& s, const std::string& name);
void ptrace_attach_call(Path& s, const std::string& name, std::size_t process);
void kevent_change_call(Path& s, const std::string& name, const ChangeCall& change);
void kevent_wait_call(Path& s, const std::string& name, WaitCall wait); // `disables` is set here
void close_call(Path& s, const std::string& name, std::size_t kqueue);

} // namespace interlock::actions::freebsd
