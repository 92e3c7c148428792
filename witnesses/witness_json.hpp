// The parts of a witness as JSON (the inner part of witness.hpp's write and comparisons).
#pragma once

#include "witnesses/witness.hpp"

#include <nlohmann/json.hpp>

namespace interlock::witnesses {

using Json = nlohmann::ordered_json;

Json short_json_of(const WitnessStep& step);               // of the form `steps`
Json json_of(const WitnessStep& step, std::size_t number); // number: from 1
Json json_of(const Ending& ending);
Json json_of(const Witness& witness);

} // namespace interlock::witnesses
