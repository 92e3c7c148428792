// A scenario's setup: calls that are made one after the other before all else.
#pragma once

#include "systems/scenario.hpp"

#include <utility>

namespace interlock::systems {

// A call among those of its thread: the numbers of both.
using CallPlace = std::pair<std::size_t, std::size_t>;

struct WithSetup {
  Scenario scenario;            // each thread's calls begin with those of the setup
  std::vector<CallPlace> setup; // where these are, in their order
};

// Objects to entries that are no "THREAD: CALL".
WithSetup with_setup(Scenario scenario, Objections& objections);

} // namespace interlock::systems
