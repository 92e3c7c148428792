// A witness as JSON (the inner part of witness.hpp's write and comparisons).
#pragma once

#include "witnesses/witness.hpp"

#include <nlohmann/json.hpp>

namespace interlock::witnesses {

using Json = nlohmann::ordered_json;

Json json_of(const Witness& witness);

} // namespace interlock::witnesses
