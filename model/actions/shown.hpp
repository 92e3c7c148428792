// What the boundary of system calls shows to an observer: the events of kevent(2)'s contract.  The
// kernels' steps show them (calls.cpp, the paths), and so does the contract (contract/machine.cpp).
//
// An event is called after the thread and, where it is about a whole call, the call as the scenario
// spells it.
#pragma once

#include "actions/errno.hpp"
#include "lang/statement.hpp"

namespace interlock::actions::shown {

// A call begins; a call returns, with errno.
lang::Shows begins(const std::string& call);
lang::Shows returns(const std::string& call, const lang::Expr& error);
// A process is no more to be seen: exit(2) has ended, nothing of it happens any more.
lang::Shows ends(const std::string& call);
// kevent(2) copies an event for its caller.
struct Event {
  lang::Expr ident; // pid
  lang::Expr fflags;
  lang::Expr data; // where fflags say what it is, else 0
  lang::Expr udata;
};
lang::Shows gets(const std::string& thread, const Event& event);
// wait4(2) takes a process' identity, its pid, away.
lang::Shows reaps(const std::string& thread, const lang::Expr& process);
// A fork may not track the child on a kqueue: memory or permission is refused.
lang::Shows refuses(const std::string& child, const lang::Expr& kqueue);
// The name of a thread's call.
std::string name_of(const std::string& thread, const std::string& call);

} // namespace interlock::actions::shown
