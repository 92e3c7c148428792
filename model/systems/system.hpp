// What each system provides to the list of systems.
#pragma once

#include "systems/scenario.hpp"

namespace interlock::systems {

struct System {
  SystemDescription description;
  // As systems::require_scenario and systems::build do, of a scenario of this system.
  std::vector<std::string> (*require)(const Scenario& scenario);
  BuiltSpec (*build)(const Scenario& scenario);
};

System dragonfly();
System freebsd();
System netbsd();

} // namespace interlock::systems
