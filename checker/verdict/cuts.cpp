// States multiply with what is busy at the same time; so this is what counts.
#include "verdict/cuts.hpp"

#include "text/lists.hpp"

#include <algorithm>

namespace interlock::checker {

std::string what_to_cut(const Config& config) {
  const systems::Scenario& scenario = config.scenario;
  std::vector<std::string> cuts;
  std::vector<std::string> choices;
  for (const systems::Text& choice : scenario.environment)
    choices.push_back(choice.text);
  if (!choices.empty())
    cuts.push_back("of \"environment\" " + text::joined(choices, " or "));
  std::vector<std::string> busy;
  const systems::ThreadScript* longest = nullptr;
  for (const systems::ThreadScript& thread : scenario.threads) {
    if (thread.calls.empty())
      continue;
    busy.push_back(thread.name.text);
    if (longest == nullptr || thread.calls.size() > longest->calls.size())
      longest = &thread;
  }
  if (busy.size() > 2)
    cuts.push_back("a thread of " + text::joined(busy));
  if (longest != nullptr && longest->calls.size() > 1)
    cuts.push_back("one of the " + std::to_string(longest->calls.size()) + " calls of " +
                   longest->name.text);
  return cuts.empty() ? "" : "to come to an end, leave out: " + text::joined(cuts, "; or ") + "\n";
}

} // namespace interlock::checker
