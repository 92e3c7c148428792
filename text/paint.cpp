// Colours and weights for terminals; see paint.hpp.
#include "text/paint.hpp"

namespace interlock::text {

std::string Paint::operator()(Style style, const std::string& text) const {
  if (!on_ || text.empty())
    return text;
  static const char* const codes[] = {"1", "2", "31", "32", "33", "34", "35", "36"};
  return std::string("\x1b[") + codes[static_cast<std::size_t>(style)] + "m" + text + "\x1b[0m";
}

} // namespace interlock::text
