// What a config states itself, beside the properties of the system: invariants, and examples of
// what has to happen.
#pragma once

#include "systems/scenario.hpp"

namespace interlock::systems {

// Adds each to the specification as a property of its name, for every choice of objects that it is
// stated for; of objects that come and go, while they are there.  Objects to a pool, an object or
// an expression that the specification does not have.
void add_stated_invariants(lang::SpecBuilder& spec, const std::vector<StatedInvariant>& invariants,
                           Objections& objections);

// The labels of the steps that the specification has.
std::set<std::string> step_labels(lang::SpecBuilder& spec);

// Objects to an example that the specification cannot have; adds nothing.  `unpatched` are the
// labels that it had before its patches: what one of them takes away is no mistake, and never
// happens.
void judge_examples(lang::SpecBuilder& spec, const std::vector<StatedExample>& examples,
                    const std::set<std::string>& unpatched, Objections& objections);

// The invariant that says that there is no such state.
StatedInvariant never(const StatedExample& example);

// Objects to two of one name, and to names of `known` properties.
void judge_names(const Scenario& scenario, const std::vector<std::string>& known,
                 Objections& objections);

} // namespace interlock::systems
