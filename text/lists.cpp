// See lists.hpp.
#include "text/lists.hpp"

namespace interlock::text {

namespace {

std::string with(const std::vector<std::string>& parts, const std::string& between,
                 const std::string& before_last) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i)
    text += (i == 0 ? "" : i + 1 == parts.size() ? before_last : between) + parts[i];
  return text;
}

} // namespace

std::string joined(const std::vector<std::string>& parts, const std::string& between) {
  return with(parts, between, between);
}

std::string listed(const std::vector<std::string>& parts) { return with(parts, ", ", " and "); }

} // namespace interlock::text
