// NetBSD's primitives as patches may insert them.
#pragma once

#include "actions/netbsd/paths.hpp"
#include "lang/patch.hpp"

namespace interlock::systems {

// Both arguments must live as long as the result is used.
lang::Primitives netbsd_primitives(states::netbsd::Kernel& kernel,
                                   const actions::netbsd::Context& context);

} // namespace interlock::systems
