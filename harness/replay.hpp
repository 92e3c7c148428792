// Runs a counterexample on the real machine: one thread per model thread, locks taken by `lock
// cmpxchg`.
#pragma once

#include "lang/trace.hpp"

namespace interlock::harness {

struct ReplayOptions {
  double timeout_seconds = 10; // the watchdog's bound on the whole replay
};

struct Difference {
  std::size_t step = 0; // 0 is the initial state, i the state after action i
  std::string variable; // or the condition that decides whether the step can be taken
  std::string expected; // in the model's words
  std::string found;
};

struct ReplayReport {
  bool reproduced = false;
  std::size_t steps = 0; // steps that ran on the machine
  std::optional<Difference> difference;
  std::string text; // one paragraph for the user
};

// Replays the trace step by step (scheduled mode) and compares the memory with the model's state
// after every step.  A deadlock is confirmed when every thread of the cycle spins on a lock word
// that the next one owns; then the watchdog breaks it off.  Never hangs.  Throws std::runtime_error
// when the machine refuses (no threads, no memory) or the trace does not follow the specification.
ReplayReport replay(const lang::Spec& spec, const lang::Trace& trace, const ReplayOptions& options);

// The same against states that were recorded elsewhere, such as those of a witness file: the
// initial state, then one for each action that succeeds.  That the trace can be taken is for the
// machine to show.  Throws std::runtime_error when the states do not fit the specification or the
// trace.
ReplayReport replay(const lang::Spec& spec, const lang::Trace& trace,
                    const std::vector<lang::State>& states, const ReplayOptions& options);

} // namespace interlock::harness
