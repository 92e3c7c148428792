// What each system provides to the table of systems.
#pragma once

#include "systems/scenario.hpp"

namespace interlock::systems {

const SystemDescription& dragonfly();
BuiltSpec build_dragonfly(const Scenario& scenario);

const SystemDescription& freebsd();
BuiltSpec build_freebsd(const Scenario& scenario);

const SystemDescription& netbsd();
BuiltSpec build_netbsd(const Scenario& scenario);

} // namespace interlock::systems
