// How the threads stand at the end of a witness, in the shape that witness(4) gives to lock
// problems.
#include "witnesses/table.hpp"

#include "lang/cycles.hpp"

#include <algorithm>

namespace interlock::witnesses {

namespace {

std::string place_of(const Source& source) {
  std::string text = source.file.empty() ? "?" : source.file;
  if (source.line != 0)
    text += ":" + std::to_string(source.line);
  return text + (source.function.empty() ? "" : " (" + source.function + ")");
}

std::string described(const Witness& witness, const std::string& name) {
  for (const Lock& lock : witness.locks)
    if (lock.name == name)
      return name + " (" + lock.lock_class + ", " + lock.kind + ")";
  return name;
}

// Where the holder took the lock: its last step after which it held it and before which it did not.
const WitnessStep* taken_at(const Witness& witness, const std::string& thread,
                            const std::string& name) {
  const auto has = [&](const std::vector<Held>& list) {
    return std::any_of(list.begin(), list.end(),
                       [&](const Held& held) { return held.lock == name; });
  };
  const auto taken =
      std::find_if(witness.steps.rbegin(), witness.steps.rend(), [&](const WitnessStep& step) {
        return step.thread == thread && has(step.held_after) && !has(step.held_before);
      });
  return taken == witness.steps.rend() ? nullptr : &*taken;
}

using Path = std::vector<const Ending*>;

// Threads each of which waits for a lock that the next one holds, the last for one of the first's.
Path cycle_of(const Witness& witness) {
  lang::Graph graph;
  for (const Ending& ending : witness.endings) {
    lang::Nodes& holders = graph.emplace_back();
    for (std::uint32_t i = 0; i < witness.endings.size(); ++i)
      if (std::find(ending.holders.begin(), ending.holders.end(), witness.endings[i].thread) !=
          ending.holders.end())
        holders.push_back(i);
  }
  Path cycle;
  for (const std::uint32_t i : lang::first_cycle(graph))
    cycle.push_back(&witness.endings[i]);
  return cycle;
}

std::string ordinal(std::size_t i) {
  static const char* const first[] = {"1st", "2nd", "3rd"};
  return i < 3 ? first[i] : std::to_string(i + 1) + "th";
}

std::string cycle_text(const Witness& witness, const Path& cycle) {
  std::string text;
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    const std::string& holder = cycle[(i + 1) % cycle.size()]->thread;
    text += " " + ordinal(i) + " " + described(witness, cycle[i]->waits_for) + " held by " + holder;
    if (const WitnessStep* step = taken_at(witness, holder, cycle[i]->waits_for))
      text += " @ " + place_of(step->source);
    text += "\n";
  }
  for (const Ending* ending : cycle)
    text += ending->waits_for + " attempted by " + ending->thread + " @ " +
            place_of(ending->source) + ", step " + ending->label + "\n";
  text += "wait-for cycle: ";
  for (const Ending* ending : cycle)
    text += ending->thread + " -> " + ending->waits_for + " -> ";
  return text + cycle.front()->thread + "\n";
}

} // namespace

std::string endings(const Witness& witness) {
  const Path cycle = cycle_of(witness);
  std::string text = cycle.empty() ? "" : cycle_text(witness, cycle);
  for (const Ending& ending : witness.endings) {
    if (std::find(cycle.begin(), cycle.end(), &ending) != cycle.end())
      continue;
    if (ending.standing == "done" || ending.standing == "can move")
      continue;
    text += ending.thread + " is " + ending.standing + " at " + ending.label;
    if (!ending.waits_for.empty())
      text += std::string(ending.asleep ? ", asleep on " : ", waits for ") +
              described(witness, ending.waits_for);
    for (const std::string& holder : ending.holders)
      text += (&holder == &ending.holders.front() ? ", held by " : ", ") + holder;
    text += "\n";
  }
  return text;
}

} // namespace interlock::witnesses
