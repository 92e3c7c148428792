// A scenario's setup: calls that are made one after the other before all else.
#pragma once

#include "systems/scenario.hpp"
#include "systems/scenario_call.hpp"

namespace interlock::systems {

struct WithSetup {
  Scenario scenario;            // each thread's calls begin with those of the setup
  std::vector<CallPlace> setup; // where these are, in their order
};

// Objects to entries that are no "THREAD: CALL".
WithSetup with_setup(Scenario scenario, Objections& objections);

} // namespace interlock::systems
