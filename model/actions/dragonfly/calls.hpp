// DragonFly's system calls: what its kernel does between entry and return.
#pragma once

#include "actions/dragonfly/paths.hpp"

namespace interlock::actions::dragonfly {

const KernelCalls<Path>& kernel_calls();

} // namespace interlock::actions::dragonfly
