// What an observer is asked: events in the order in which they are seen; and the answer by brute
// force.
#pragma once

#include "lang/evaluate.hpp"
#include "lang/observer.hpp"

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace interlock::tests {

struct Seen {
  std::string event;
  std::vector<lang::Value> values;
};

// The set after a history, or nothing.
inline std::optional<lang::Observer::Set> explained(lang::Observer& observer,
                                                    const std::vector<Seen>& history) {
  std::optional<lang::Observer::Set> set = lang::Observer::first();
  for (const Seen& seen : history)
    if (set)
      set = observer.after(*set, observer.event(seen.event), seen.values);
  return set;
}

// What an action shows in a state.
inline Seen seen_of(const lang::Spec& spec, const lang::State& state, const lang::Shows& shows) {
  Seen seen{shows.event, {}};
  for (const lang::Report& report : shows.values)
    seen.values.push_back(lang::evaluate(spec, state, report.value).value);
  return seen;
}

// Whether some run of the specification shows the history, by trying all orders of its steps: no
// sets, nothing remembered but where it has been.
inline bool some_run_shows(const lang::Spec& spec, const std::vector<Seen>& history) {
  std::set<std::pair<lang::State, std::size_t>> known;
  std::vector<std::pair<lang::State, std::size_t>> work{{spec.initial_state(), 0}};
  while (!work.empty()) {
    const auto [state, position] = work.back();
    work.pop_back();
    if (position == history.size())
      return true;
    if (!known.insert({state, position}).second)
      continue;
    for (const lang::Action& action : spec.actions()) {
      const lang::Result next = lang::take(spec, state, action);
      if (next.outcome != lang::Outcome::taken)
        continue;
      if (!action.shows) {
        work.emplace_back(next.state, position);
        continue;
      }
      const Seen seen = seen_of(spec, state, *action.shows);
      if (seen.event == history[position].event && seen.values == history[position].values)
        work.emplace_back(next.state, position + 1);
    }
  }
  return false;
}

} // namespace interlock::tests
