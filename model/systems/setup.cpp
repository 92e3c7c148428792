// See setup.hpp.
#include "systems/setup.hpp"

#include "systems/call_parser.hpp"
#include "text/nearest.hpp"

#include <algorithm>

namespace interlock::systems {

namespace {

std::size_t thread_of(const Text& entry, const std::vector<ThreadScript>& threads) {
  const std::size_t colon = entry.text.find(": ");
  if (colon == std::string::npos)
    throw ScenarioError("'" + entry.text + "' is no entry of the setup: expected 'THREAD: CALL'",
                        entry.pointer);
  const std::string name = entry.text.substr(0, colon);
  std::vector<std::string> names;
  for (const ThreadScript& thread : threads)
    names.push_back(thread.name.text);
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    throw ScenarioError("unknown thread '" + name + "'" + text::nearest_hint(name, names),
                        entry.pointer);
  return static_cast<std::size_t>(found - names.begin());
}

} // namespace

WithSetup with_setup(Scenario scenario, Objections& objections) {
  std::vector<CallPlace> places;
  std::vector<std::vector<Text>> first(scenario.threads.size());
  for (const Text& entry : scenario.setup)
    objections.attempt([&] {
      const std::size_t thread = thread_of(entry, scenario.threads);
      // Blanks in place of the name, so that errors point to where the words stand.
      Text call = entry;
      const std::size_t begin = entry.text.find(": ") + 2;
      std::fill(call.text.begin(), call.text.begin() + static_cast<std::ptrdiff_t>(begin), ' ');
      Words words(call);
      if (words.accept("await"))
        words.refuse("the setup runs in its order: nothing in it awaits");
      if (words.accept("if"))
        words.refuse("all calls of the setup are made");
      places.emplace_back(thread, first[thread].size());
      first[thread].push_back(std::move(call));
    });
  for (std::size_t thread = 0; thread < scenario.threads.size(); ++thread) {
    std::vector<Text>& calls = scenario.threads[thread].calls;
    calls.insert(calls.begin(), first[thread].begin(), first[thread].end());
  }
  return {std::move(scenario), std::move(places)};
}

} // namespace interlock::systems
