// The bounds of a config, and what they bound.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace interlock::systems {

// The keys of a config's "bounds".
std::vector<std::string> bound_names();

// The key of a config's "bounds" that says how many objects a pool has; nothing for a pool whose
// size follows from the scenario.
std::optional<std::string> bound_of_pool(const std::string& pool);

} // namespace interlock::systems
