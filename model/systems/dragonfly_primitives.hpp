// DragonFly's primitives as patches may insert them.
#pragma once

#include "actions/dragonfly/paths.hpp"
#include "lang/patch.hpp"

namespace interlock::systems {

// Both outlive the result.
lang::Primitives dragonfly_primitives(states::dragonfly::Kernel& kernel,
                                      const actions::dragonfly::Context& context);

} // namespace interlock::systems
