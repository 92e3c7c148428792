// How many objects of each kind a scenario needs: the sizes of the pools, and bounds given for
// them.
#pragma once

#include "systems/reader.hpp"

namespace interlock::systems {

// Objects to bounds that the user cannot set.
void require_known_bounds(const Scenario& scenario, Objections& objections);

// Sets the plan's pools, to the bounds of the scenario or, where it has none, to what its calls can
// need at most.  Objects to bounds that are too small or too large.
void size_pools(const Scenario& scenario, const Vocabulary& vocabulary, ReadScenario& read,
                Objections& objections);

} // namespace interlock::systems
