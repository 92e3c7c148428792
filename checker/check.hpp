// One check: explore a specification breadth first, with properties, statistics and limits.
#pragma once

#include "lang/trace.hpp"

#include <atomic>
#include <functional>

namespace interlock::checker {

struct Progress {
  std::uint64_t states = 0;
  std::uint64_t transitions = 0;
  std::uint64_t waiting = 0; // states found but not yet expanded
  std::uint32_t depth = 0;
  double seconds = 0;
};

// What is documented about the order of locks.
struct LockRules {
  std::vector<std::string> documented; // lock classes, outermost first
  std::vector<std::string> nestable;   // classes of which two may be held: a rule orders them
};

struct CheckOptions {
  std::vector<std::string> properties; // names that are checked; empty: all that the spec has
  LockRules lock_rules;                // for the analyses of locks
  std::uint64_t max_states = 0;        // 0: no limit
  std::uint64_t max_bytes = 0;         // of the state store; 0: no limit
  double max_seconds = 0;              // 0: no limit
  const std::atomic<bool>* interrupted = nullptr;
  std::function<void(const Progress&)> progress; // called a few times a second
};

enum class Verdict : std::uint8_t { holds, violated, incomplete, interrupted };

struct Statistics {
  std::uint64_t states = 0;      // distinct states stored
  std::uint64_t transitions = 0; // actions taken from expanded states, to old states too
  std::uint32_t depth = 0;       // steps from the initial state to the farthest state found
  double seconds = 0;
  unsigned state_bits = 0;
  double bytes_per_state = 0;               // all memory of the store divided by the states
  std::vector<std::uint64_t> action_counts; // per lang::ActionId: how often it was taken
  // Steps not taken because they violate a property that was not selected, by property name.
  std::map<std::string, std::uint64_t> cut;
};

struct CheckResult {
  Verdict verdict = Verdict::holds;
  std::optional<lang::Trace> trace; // violated: the canonical shortest counterexample
  Statistics statistics;
  std::string limit;    // incomplete: which limit was reached, in words
  std::string findings; // what the analyses found, in words; empty when nothing
};

// The analyses among the properties (PropertyKind::analysis) come last: where nothing else is
// violated and no limit was reached, they explore once more.
//
// Same specification and options, same answer.  The counterexample is a shortest one; among the
// shortest, the one with fewest context switches, then the first in label order, then in thread
// order. A violated exploration finishes the level of the violation, so that the counts are
// reproducible.
CheckResult check(const lang::Spec& spec, const CheckOptions& options);

} // namespace interlock::checker
