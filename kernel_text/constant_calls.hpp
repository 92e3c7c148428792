// Whether a text lets constants be what the tables say: by the calls, and by assignments.
#pragma once

#include "kernel_text/source_skeleton.hpp"

namespace interlock::kernel_text {

// What a function does that speaks against a constant, a message each: a call that runs, is not
// left out and passes another value; and in the constant's own function that the parameter is
// another one, or that it is changed.
std::vector<std::string> objections_to_constants(const Function& function,
                                                 const Modelled& modelled);

// Whether a call in `caller` passes what the constants of the called function say.
bool passes_constants(const Expression& call, const std::string& caller, const Modelled& modelled);

} // namespace interlock::kernel_text
