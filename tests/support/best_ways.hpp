// The canonical way to each state, without any ranks.
#pragma once

#include "lang/evaluate.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

namespace interlock::tests {

using Path = std::vector<lang::ActionId>;

// Ways compare by length, context switches, and then step by step by label and thread.
struct Way {
  std::size_t length = 0;
  unsigned switches = 0;
  std::vector<std::tuple<std::string, lang::ThreadId, lang::ActionId>> steps;
  auto operator<=>(const Way&) const = default;

  Way then(const lang::Spec& spec, lang::ActionId id) const {
    const lang::Action& action = spec.actions()[id];
    Way longer = *this;
    ++longer.length;
    longer.switches += !steps.empty() && std::get<1>(steps.back()) != action.thread ? 1U : 0U;
    longer.steps.emplace_back(action.label, action.thread, id);
    return longer;
  }
  Path path() const {
    Path actions;
    for (const auto& [label, thread, action] : steps)
      actions.push_back(action);
    return actions;
  }
};

// For each reachable state its shortest ways: all of them, or, with `best_only`, the best for each
// thread that moves last.  Steps that fail are not taken.  Nothing when there are more than `most`.
inline std::optional<std::map<lang::State, std::vector<Way>>>
shortest_ways(const lang::Spec& spec, bool best_only, std::size_t most) {
  using Ways = std::map<lang::State, std::vector<Way>>;
  Ways all{{spec.initial_state(), {Way{}}}};
  std::size_t count = 1;
  for (Ways level = all; !level.empty();) {
    Ways next;
    for (const auto& [state, ways] : level)
      for (lang::ActionId id = 0; id < spec.actions().size(); ++id) {
        lang::Result result = lang::take(spec, state, spec.actions()[id]);
        if (result.outcome != lang::Outcome::taken || all.contains(result.state))
          continue;
        std::vector<Way>& there = next[std::move(result.state)];
        for (const Way& way : ways) {
          Way longer = way.then(spec, id);
          const auto same = std::find_if(there.begin(), there.end(), [&](const Way& other) {
            return best_only && std::get<1>(other.steps.back()) == std::get<1>(longer.steps.back());
          });
          if (same == there.end())
            there.push_back(std::move(longer));
          else if (longer < *same)
            *same = std::move(longer);
        }
        count += ways.size();
        if (count > most)
          return std::nullopt;
      }
    all.insert(next.begin(), next.end());
    level = std::move(next);
  }
  return all;
}

// The best way to each reachable state.
inline std::map<lang::State, Way> best_ways(const lang::Spec& spec) {
  std::map<lang::State, Way> best;
  const auto all = shortest_ways(spec, true, ~std::size_t{0});
  for (const auto& [state, ways] : all.value())
    best[state] = *std::min_element(ways.begin(), ways.end());
  return best;
}

} // namespace interlock::tests
