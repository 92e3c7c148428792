// Text between the tags of HTML and XML.
#pragma once

#include <string>

namespace interlock::text {

// With &, < and > escaped.
std::string in_markup(const std::string& text);

} // namespace interlock::text
