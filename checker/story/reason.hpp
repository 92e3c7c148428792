// Which parts of a condition are the reason that it fails.
#pragma once

#include "lang/evaluate.hpp"

#include <optional>
#include <vector>

namespace interlock::checker {

// A part that no operator of logic divides, and what it is in the state.
struct Reason {
  lang::Expr part;
  bool holds = false;
};

// The parts that make the condition what it is in a state: of `a || b` that is false both, of
// `a && b` the first that is false.
std::vector<Reason> reasons(const lang::Spec& spec, const lang::State& state,
                            const lang::Expr& condition);

// Where an evaluation in a state cannot go on: at none, at a freed object, or at an element that
// is not on the list that is walked.
struct Stumble {
  lang::Expr reference;                 // to the object, or the element
  std::optional<lang::VariableId> list; // that the element is not on
  lang::Expr list_object;               // empty unless the list is a field
};

// What the expression stumbles over; nothing where it can be evaluated, or leaves its range.
std::optional<Stumble> stumble(const lang::Spec& spec, const lang::State& state,
                               const lang::Expr& expression);
// The same for an action that is taken in the state, in the order in which it is evaluated.
std::optional<Stumble> stumble(const lang::Spec& spec, const lang::State& state,
                               const lang::Action& action);

// The check of an action that fails first; nothing where none does.
const lang::Check* failing_check(const lang::Spec& spec, const lang::State& state,
                                 const lang::Action& action);

// How the values of an event that no observer explains differ from the nearest that would be; where
// nothing of the kind would, what they are.  Empty where the action shows nothing, or is explained.
std::vector<Reason> unexplained(const lang::Spec& spec, const lang::State& state,
                                const lang::Action& action);

// The pool that has no free object for an action, where one of its checks asks for that.
std::optional<lang::PoolId> full_pool(const lang::Spec& spec, const lang::State& state,
                                      const lang::Action& action);

} // namespace interlock::checker
