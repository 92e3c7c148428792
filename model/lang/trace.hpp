// A path through a specification's states that ends where a property fails.
#pragma once

#include "lang/evaluate.hpp"

namespace interlock::lang {

enum class ViolationKind : std::uint8_t {
  check,     // the last action fails
  invariant, // the last state violates it
  at_rest,   // the last state violates it; nobody moves in it, or late, and nobody has to
  deadlock,  // nobody can move in the last state, and somebody should
  analysis,  // the last state is part of what an analysis of all states finds wrong
};

struct Violation {
  ViolationKind kind = ViolationKind::check;
  std::string property;
  std::string message;
};

// states() is one longer than actions, except when kind is check: then the last action is the one
// that fails and has no successor state.
struct Trace {
  std::vector<ActionId> actions;
  Violation violation;
};

// The states that the trace passes, the initial one first; when the violation is a failing check,
// the state in which the last action is attempted is the last.  Throws SpecError when the trace
// does not follow the specification, naming the step.
std::vector<State> follow(const Spec& spec, const Trace& trace);

} // namespace interlock::lang
