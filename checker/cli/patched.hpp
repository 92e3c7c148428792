// Configs made of a config: with more patches, with less that is checked.
#pragma once

#include "cli/load.hpp"

#include <nlohmann/json.hpp>

namespace interlock::checker::cli {

// The config as if its file had these patches at the end of its own, excused these properties and
// rules too, and checked these properties beside its own; without what it expects and what it is
// about.  Its text is whole: a witness of it can be replayed.
Config patched(const Config& config, const std::vector<lang::Patch>& patches,
               const std::vector<std::string>& excused = {},
               const std::vector<std::string>& more_properties = {});

// The config with the invariant that there is no such state, and without what it looks for itself.
Config without(const Config& config, const systems::StatedExample& example);

// Whether something is left to be checked when these are excused too, each of which is checked.
bool can_excuse(const LoadedConfig& loaded, const std::vector<std::string>& excused);

// A patch as configs have it: {"move": "a.b", "before": "a.c"}.
nlohmann::ordered_json json_of(const lang::Patch& patch);

} // namespace interlock::checker::cli
