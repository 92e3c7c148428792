// Specifications small enough to know their traces by heart.
#pragma once

#include "lang/steps.hpp"
#include "lang/trace.hpp"
#include "witnesses/witness.hpp"

#include <memory>
#include <string>
#include <vector>

namespace interlock::tests {

// A specification with a trace through it.
struct SmallTrace {
  std::unique_ptr<const lang::Spec> spec;
  lang::Trace trace;
};

// Threads `left` and `right` take the mutexes m and n in opposite orders and wait for each other
// after two steps.  `left` counts its lock (`held`), remembers it in the ghost `seen` and reports
// it.
SmallTrace opposite_orders();

// Thread `writer` adds `readers` to the list `log`, then sets the flags WANT|BUSY, then fails the
// check `kassert` in its third step.
SmallTrace failing_check();

// Thread `counter` counts to 2, where the invariant `below-two` fails.
SmallTrace broken_invariant();

// The same two threads and the same end, as what the analysis `lock-order` finds.
SmallTrace reversal();

// Thread `sleeper` waits for a wake-up that does not come, which it may; at rest it should have
// been served (`nobody-waits`).
SmallTrace left_waiting();

// One for each kind of violation.
std::vector<SmallTrace> all_kinds();

// The actions of a trace written as "thread: label".  Throws std::runtime_error for an unknown one.
std::vector<lang::ActionId> actions_named(const lang::Spec& spec,
                                          const std::vector<std::string>& names);

witnesses::Origin some_origin();
witnesses::Witness witness_of(const SmallTrace& small,
                              witnesses::Form form = witnesses::Form::full);

// What the analysis of its specification finds: the trace itself, where it is one of an analysis.
witnesses::Analyse analysis_of(const SmallTrace& small);

} // namespace interlock::tests
