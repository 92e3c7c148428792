// One line for each bound.
#include "systems/bounds.hpp"

namespace interlock::systems {

namespace {

struct Bound {
  const char* key;
  const char* pool;
};

constexpr Bound all[] = {
    {"knotes", "knote"},
    {"procs", "proc"},
};

} // namespace

std::vector<std::string> bound_names() {
  std::vector<std::string> names;
  for (const Bound& bound : all)
    names.emplace_back(bound.key);
  return names;
}

std::optional<std::string> bound_of_pool(const std::string& pool) {
  for (const Bound& bound : all)
    if (pool == bound.pool)
      return bound.key;
  return std::nullopt;
}

} // namespace interlock::systems
