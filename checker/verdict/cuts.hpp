// What to take out of a config whose search did not come to an end.
#pragma once

#include "config/config.hpp"

namespace interlock::checker {

// A line that names what the config has of that: choices of the environment, threads that make
// calls, and the thread with the most calls.  Empty where nothing can be taken out.
std::string what_to_cut(const Config& config);

} // namespace interlock::checker
