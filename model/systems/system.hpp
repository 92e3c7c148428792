// What each system provides to the list of systems.
#pragma once

#include "systems/scenario.hpp"

namespace interlock::systems {

struct System {
  SystemDescription description;
  // As systems::judge and systems::build do, of a scenario of this system.
  Judgement (*judge)(const Scenario& scenario);
  BuiltSpec (*build)(const Scenario& scenario);
};

System dragonfly();
System freebsd();
System netbsd();

} // namespace interlock::systems
