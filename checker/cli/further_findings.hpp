// What a config violates besides its first finding: one finding does not hide the next.
#pragma once

#include "cli/search.hpp"

#include <functional>

namespace interlock::checker::cli {

// Calls `check` with the config in which what was found before is excused, beginning with `first`,
// until it finds nothing more, or nothing is left to be checked.  `check` gives the property, or
// the rule, that is violated.
void check_on(const LoadedConfig& loaded, const std::string& first, const SearchOptions& options,
              const std::function<std::optional<std::string>(const LoadedConfig&)>& check);

} // namespace interlock::checker::cli
