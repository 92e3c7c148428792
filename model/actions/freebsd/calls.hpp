// FreeBSD's system calls: what its kernel does between entry and return.
#pragma once

#include "actions/freebsd/paths.hpp"

namespace interlock::actions::freebsd {

const KernelCalls<Path>& kernel_calls();

} // namespace interlock::actions::freebsd
