// Confirming a deadlock on the machine, while the blocked threads try to go on.
#pragma once

#include "harness/machine.hpp"
#include "harness/replay.hpp"

namespace interlock::harness {

// A thread that cannot move, and what it tries meanwhile.
struct BlockedThread {
  lang::ThreadId thread = 0;
  lang::Standing standing = lang::Standing::blocked;
  std::optional<lang::WaitEdge> wait;
  std::optional<WaitWord> word; // of the lock or channel of `wait`
};

// The threads of a state that are not done.  Meant for states in which no thread can move.
std::vector<BlockedThread> blocked_threads(const lang::Spec& spec, const Layout& layout,
                                           const lang::State& state);

inline constexpr const char* too_short =
    "the time was over before every thread had tried its next step often enough";

struct Confirmation {
  ReplayOutcome outcome = ReplayOutcome::out_of_time;
  std::string text; // who spins on what, or what speaks against the deadlock
};

// Watches the threads' attempts from outside: every thread must be seen to try again and again, on
// the very word that the model says, and that word must name a thread that the model says holds it,
// while no word of the memory changes.  Gives up at the deadline.
Confirmation confirm_deadlock(const lang::Spec& spec, const lang::State& state,
                              const std::vector<BlockedThread>& blocked, const Machine& machine,
                              Deadline deadline);

} // namespace interlock::harness
