// kevent(2) for EVFILT_PROC as a small sequential machine: what a caller may think of kqueues,
// processes and wait4(2).  The kernels' paths refine it (lang/observer.hpp).
//
// It mirrors a scenario: each thread makes the same calls.  A call begins, which is seen, takes
// effect in one atomic step at some moment, which is not, and returns, which is seen.  A fork and
// an exit reach each kqueue at a moment of its own, since no page says that they reach all at once.
// The rules, with the sentence of the page behind each, are in specs/contract.md.
#pragma once

#include "actions/calls.hpp"

#include <memory>
#include <set>

namespace interlock::contract {

// What a system's pages promise differently, or its source does on purpose.
struct Parameters {
  // EV_ADD with NOTE_EXIT of a process that has exited and was not waited for: NOTE_EXIT is pending
  // at once.  Else it is ESRCH.
  bool finds_zombies = false;
  // Who waits when the kqueue is closed may still get its events.
  bool close_keeps_waiters = false;
  // An EV_DELETE that overlaps another one which succeeds may succeed too.
  bool joint_deletes = false;
  // Who comes back from kevent(2) with no event has seen that there was none; see rule::poll.
  bool polls_see_nothing = false;
};

// A system call of a thread, as far as the contract has to do with it.
struct Call {
  std::string name; // of the events: "parent: fork child"
  actions::CallKind kind = actions::CallKind::fork;
  std::size_t process = 0;         // fork, vfork: the child; ptrace: who is attached to
  actions::ReapCall reap = {};     // wait4
  std::size_t kqueue = 0;          // close
  actions::ChangeCall change = {}; // change
  actions::WaitCall wait = {};     // wait
};

// What the environment may refuse, and what signals do.
struct Refusals {
  bool memory = false;     // ENOMEM
  bool permission = false; // EACCES
  bool signals = false;    // EINTR
  // SIGCHLD is ignored, so that a child that exits is none any more.
  bool children_leave = false;
};

// A kqueue and a process of which it can hold events.
using Watched = std::set<std::pair<std::size_t, std::size_t>>;
// Those that changes name, and with each all descendants of its process.
Watched watched(const states::KernelPlan& plan, Watched named);

// The machine for a scenario in which something is watched or waited for: the calls of each thread,
// in the order of the plan's threads.  Types are those of the kernel, whose values the events
// carry.
std::unique_ptr<const lang::Spec> machine(const states::Kernel& kernel,
                                          const std::vector<std::vector<Call>>& calls,
                                          Watched watched, const Refusals& refusals,
                                          const Parameters& parameters);

} // namespace interlock::contract
