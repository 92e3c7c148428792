// See numbers.hpp.
#include "text/numbers.hpp"

#include <cstdio>

namespace interlock::text {

std::string in_words(double number) {
  char digits[352]; // the largest double has 309 before the point
  std::snprintf(digits, sizeof digits, "%.9f", number);
  std::string text = digits;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.')
    text.pop_back();
  return text;
}

std::string counted(std::uint64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

} // namespace interlock::text
