// What the properties of states find wrong with a state.
#pragma once

#include "lang/standstill.hpp"
#include "lang/trace.hpp"

namespace interlock::lang {

// The property of kind no_deadlock, whose violations an analysis of locks finds too.
inline constexpr const char* no_deadlock = "no-deadlock";

// The properties of kind analysis: an analysis has the name of its property.
namespace analysis {
inline constexpr const char* lock_order = "lock-order";
inline constexpr const char* lock_discipline = "lock-discipline";
} // namespace analysis

// How the property fails in a state whose threads stand so; nothing where it does not, and for
// properties that a state alone cannot fail: checks and analyses.
std::optional<Violation> violation_in(const Spec& spec, const State& state,
                                      const Standstill& threads, const Property& property);

} // namespace interlock::lang
