// A config with more patches.
#pragma once

#include "config/config.hpp"

#include <nlohmann/json.hpp>

namespace interlock::checker::cli {

// The config as if its file had these patches at the end of its own, and these properties where
// there are some, with that of what a patch checks; without what it expects and what it is about.
// Its text is whole: a witness of it can be replayed.
Config patched(const Config& config, const std::vector<lang::Patch>& patches,
               const std::vector<std::string>& properties = {});

// A patch as configs have it: {"move": "a.b", "before": "a.c"}.
nlohmann::ordered_json json_of(const lang::Patch& patch);

} // namespace interlock::checker::cli
