// What the properties of states find wrong with a state.
#pragma once

#include "lang/standstill.hpp"
#include "lang/trace.hpp"

namespace interlock::lang {

// The property of kind no_deadlock, whose violations an analysis of locks finds too.
inline constexpr const char* no_deadlock = "no-deadlock";

// The property of kind no_oversleep.
inline constexpr const char* missed_wakeup = "missed-wakeup";

// The properties of kind analysis: an analysis has the name of its property.
namespace analysis {
inline constexpr const char* lock_order = "lock-order";
inline constexpr const char* lock_discipline = "lock-discipline";
} // namespace analysis

// A property can have rules, each of which can be violated: "kevent-contract/udata".  Its own name
// where the rule has none.
std::string name_of_rule(const std::string& property, const std::string& rule);
// The property of which this is a rule; or the name itself.
std::string property_of(const std::string& name);
// Whether what is violated is what is wanted: this very property or rule, or a rule of it.
bool is_violation_of(const std::string& wanted, const std::string& violated);

// How the property fails in a state whose threads stand so; nothing where it does not, and for
// properties that a state alone cannot fail: checks and analyses.
std::optional<Violation> violation_in(const Spec& spec, const State& state,
                                      const Standstill& threads, const Property& property);

} // namespace interlock::lang
