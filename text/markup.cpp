// The escapes that HTML and XML share.
#include "text/markup.hpp"

namespace interlock::text {

std::string in_markup(const std::string& text) {
  std::string safe;
  for (const char c : text)
    switch (c) {
    case '&':
      safe += "&amp;";
      break;
    case '<':
      safe += "&lt;";
      break;
    case '>':
      safe += "&gt;";
      break;
    default:
      safe += c;
    }
  return safe;
}

} // namespace interlock::text
