// Runs a counterexample on the real machine: one thread per model thread, locks taken by `lock
// cmpxchg`.
#pragma once

#include "harness/micro_operation.hpp"
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

enum class ReplayOutcome : std::uint8_t {
  reproduced,  // the machine did what the model says, to the end
  followed,    // the same; what is wrong with it was computed from all states, and not run
  diverged,    // it did something else
  out_of_time, // it did what the model says as far as it came before the deadline
};

// "reproduced", "followed", "diverged", "out-of-time".
std::string outcome_name(ReplayOutcome outcome);

struct ReplayReport {
  ReplayOutcome outcome = ReplayOutcome::out_of_time;
  std::size_t steps = 0; // steps that ran on the machine
  // What really ran, also when the replay went wrong: how many different threads of the operating
  // system, and how many instructions of each kind.  Those that failed depend on the moment.
  std::size_t threads = 0;
  Counts counts{};
  std::optional<Difference> difference;
  std::string text;        // what was found, in a line
  std::string not_checked; // what the replay does not show, in a line

  bool reproduced() const { return outcome == ReplayOutcome::reproduced; }
};

// Three lines for the user, the last without its end: what was found, what ran, what was not
// checked.
std::string lines_of(const ReplayReport& report);

// Replays the trace step by step (scheduled mode) and compares the memory with the model's state
// after every step.  A deadlock is confirmed when every thread of the cycle spins on a lock word
// that the next one owns; then the watchdog breaks it off.  Never hangs: at the deadline the
// outcome is out_of_time, unless the machine had diverged before.  Throws std::runtime_error when
// the machine refuses (no threads, no memory) or the trace does not follow the specification.
ReplayReport replay(const lang::Spec& spec, const lang::Trace& trace, const ReplayOptions& options);

// The same against states that were recorded elsewhere, such as those of a witness file: the
// initial state, then one for each action that succeeds.  That the trace can be taken is for the
// machine to show.  Throws std::runtime_error when the states do not fit the specification or the
// trace.
ReplayReport replay(const lang::Spec& spec, const lang::Trace& trace,
                    const std::vector<lang::State>& states, const ReplayOptions& options);

} // namespace interlock::harness
