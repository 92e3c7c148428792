// What each system provides to the list of systems.
#pragma once

#include "systems/scenario.hpp"

#include <functional>

namespace interlock::systems {

struct System {
  SystemDescription description;
  // As systems::judge and systems::build do, of a scenario of this system.
  std::function<Judgement(const Scenario& scenario)> judge;
  std::function<BuiltSpec(const Scenario& scenario)> build;
};

// From now on this is the only system.  For a program of one's own, before anything asks for the
// systems.
void use_only(System system);

System dragonfly();
System freebsd();
System netbsd();

} // namespace interlock::systems
