// Lists of names in messages.
#pragma once

#include <string>
#include <vector>

namespace interlock::text {

// "a, b, c"; empty for none.
std::string joined(const std::vector<std::string>& parts, const std::string& between = ", ");

// "a, b and c"; empty for none.
std::string listed(const std::vector<std::string>& parts);

} // namespace interlock::text
