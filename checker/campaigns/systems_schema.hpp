// What configs of each system can name, as a JSON Schema for editors and validators: made from the
// systems' descriptions.
#pragma once

#include <string>

namespace interlock::checker {

// The text of schemas/config-1.systems.schema.json.
std::string systems_schema();

} // namespace interlock::checker
