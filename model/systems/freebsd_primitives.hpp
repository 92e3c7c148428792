// FreeBSD's primitives as patches may insert them.
#pragma once

#include "actions/freebsd/paths.hpp"
#include "lang/patch.hpp"

namespace interlock::systems {

// Both arguments must live as long as the result is used.
lang::Primitives freebsd_primitives(states::freebsd::Kernel& kernel,
                                    const actions::freebsd::Context& context);

} // namespace interlock::systems
