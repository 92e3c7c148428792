// NetBSD's system calls: what its kernel does between entry and return.
#pragma once

#include "actions/netbsd/paths.hpp"

namespace interlock::actions::netbsd {

const KernelCalls<Path>& kernel_calls();

} // namespace interlock::actions::netbsd
