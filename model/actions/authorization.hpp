// The checks of credentials by which the kernels decide who may watch a process.
#pragma once

#include "actions/steps.hpp"
#include "states/authorization.hpp"

namespace interlock::actions {

// The kernel's function `check` asks whether the process `subject`, which runs, may watch the one
// with the pid `object`.  Where it refuses, `denied` runs.  The first answer is either, where the
// environment lets it refuse, and every later one about these two is the same.
void authorize(Steps& s, const states::Authorization& authorization, const std::string& check,
               std::size_t subject, const Expr& object, const Body& denied);

} // namespace interlock::actions
