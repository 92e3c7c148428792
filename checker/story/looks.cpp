// What threads saw, where a condition names nothing of the kernel's; see parts.hpp.
#include "story/parts.hpp"

#include <algorithm>

namespace interlock::checker {

using lang::Place;
using lang::ThreadId;

namespace {

// The step in which the thread's call began that a step is part of.
std::size_t begin_of_call(const History& history, std::size_t step) {
  for (std::size_t i = step + 1; i-- > 0;) {
    const lang::Action& action = history.action(i);
    if (begins_call(action) && action.thread == history.action(step).thread)
      return i;
  }
  return 0;
}

} // namespace

std::vector<StoryPart> last_look_parts(const History& history, std::size_t until, ThreadId thread) {
  for (std::size_t i = until; i-- > 0;) {
    if (history.action(i).thread != thread)
      continue;
    std::vector<StoryPart> parts;
    for (const Place& place : history.looked_at(i))
      if (!history.changes(place, history.length()).empty())
        parts.push_back(value_part(history, place, i, "", thread));
    if (!parts.empty())
      return parts;
  }
  return {};
}

std::vector<StoryPart> remembered_look_parts(const History& history,
                                             const std::vector<Reason>& reasons) {
  Places ghosts;
  for (const Reason& reason : reasons)
    add_reads(ghosts, history.spec(), history.end(), reason.part, false);
  std::vector<StoryPart> parts;
  for (const Place& ghost : ghosts) {
    if (!history.is_ghost(ghost))
      continue;
    for (const std::size_t step : history.changes(ghost, history.length())) {
      const ThreadId thread = history.action(step).thread;
      for (std::size_t i = begin_of_call(history, step); i < history.length(); ++i) {
        if (history.action(i).thread != thread)
          continue;
        for (const Place& place : history.looked_at(i)) {
          if (history.variable(place).capacity == 0)
            continue;
          const auto behind = changed_behind(history, i, place);
          if (!behind)
            continue;
          StoryPart part = stale_part(history, i, place, *behind);
          if (std::none_of(parts.begin(), parts.end(),
                           [&](const StoryPart& other) { return other.subject == part.subject; }))
            parts.push_back(std::move(part));
        }
      }
    }
  }
  return parts;
}

std::vector<StoryPart> sibling_parts(const History& history, const std::vector<Reason>& reasons,
                                     std::size_t until, ThreadId thread) {
  constexpr std::size_t most = 2;
  Places places;
  for (const Reason& reason : reasons)
    add_reads(places, history.spec(), history.at(until), reason.part, false);
  std::vector<std::pair<std::size_t, Place>> changes; // the last one of each sibling
  for (const Place& place : places) {
    if (history.variable(place).scope != lang::Scope::field || history.is_ghost(place))
      continue;
    for (lang::VariableId id = 0; id < history.spec().variables().size(); ++id) {
      const Place sibling{id, place.object};
      const lang::Variable& field = history.variable(sibling);
      if (field.scope != lang::Scope::field || field.pool != history.variable(place).pool ||
          field.ghost || id == place.variable || history.is_allocation(sibling) ||
          history.is_lock_word(sibling))
        continue;
      const std::vector<std::size_t> all = history.changes(sibling, until);
      const auto by_other = std::find_if(all.rbegin(), all.rend(), [&](std::size_t step) {
        return history.action(step).thread != thread;
      });
      if (by_other != all.rend())
        changes.emplace_back(*by_other, sibling);
    }
  }
  std::sort(changes.rbegin(), changes.rend());
  std::vector<StoryPart> parts;
  for (std::size_t i = 0; i < std::min(most, changes.size()); ++i)
    parts.push_back(value_part(history, changes[i].second, until, "", thread));
  return parts;
}

} // namespace interlock::checker
