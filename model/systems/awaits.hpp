// What calls of a scenario come after: those that are awaited, and the setup.
#pragma once

#include "systems/reader.hpp"
#include "systems/setup.hpp"

namespace interlock::systems {

// `await THREAD.CALL`, before the call at `place`.
struct Await {
  CallPlace place;
  std::string what; // "child.exit 1", "watcher.2"
  std::string pointer;
};

// Fills in ScenarioCall::after.  Objects to what names no call, or several, to what never returns,
// and to calls that await each other in a circle.  `whole`, by thread: all of its calls could be
// read; of one whose calls could not, any may be the one that is meant.
void set_after(const std::vector<Await>& awaits, const std::vector<CallPlace>& setup,
               const std::vector<bool>& whole, ReadScenario& read, Objections& objections);

} // namespace interlock::systems
