// The canonical way to each state, by its definition.
#pragma once

#include "lang/evaluate.hpp"

#include <map>

namespace interlock::tests {

using Path = std::vector<lang::ActionId>;

// Shorter first, then the one whose actions come first.
inline bool comes_before(const Path& a, const Path& b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

// For each reachable state the first among all ways to it: all ways of a length are made from the
// first ones of the length before.  Steps that fail are not taken.
inline std::map<lang::State, Path> least_paths(const lang::Spec& spec) {
  std::map<lang::State, Path> all{{spec.initial_state(), {}}};
  std::map<lang::State, Path> level = all;
  while (!level.empty()) {
    std::map<lang::State, Path> next;
    for (const auto& [state, path] : level)
      for (lang::ActionId id = 0; id < spec.actions().size(); ++id) {
        lang::Result result = lang::take(spec, state, spec.actions()[id]);
        if (result.outcome != lang::Outcome::taken || all.contains(result.state))
          continue;
        Path longer = path;
        longer.push_back(id);
        const auto [known, is_new] = next.try_emplace(std::move(result.state), longer);
        if (!is_new)
          known->second = std::min(known->second, longer);
      }
    all.insert(next.begin(), next.end());
    level = std::move(next);
  }
  return all;
}

} // namespace interlock::tests
