// What the properties of states find wrong with a state.
#pragma once

#include "lang/standstill.hpp"
#include "lang/trace.hpp"

namespace interlock::lang {

// How the property fails in a state whose threads stand so; nothing where it does not, and for
// properties that a state alone cannot fail: checks and analyses.
std::optional<Violation> violation_in(const Spec& spec, const State& state,
                                      const Standstill& threads, const Property& property);

} // namespace interlock::lang
