// A scenario after reading: processes, kqueues and calls with every name resolved.  The same for
// all systems; a vocabulary says what one of them has.
#pragma once

#include "actions/calls.hpp"
#include "contract/machine.hpp"
#include "systems/call_table.hpp"
#include "systems/scenario.hpp"
#include "systems/scenario_call.hpp"

#include <set>

namespace interlock::systems {

// A choice of the environment, as a revision offers it.
struct EnvironmentChoice {
  std::string name;
  bool needs_init = false; // makes sense only with a process called init
};

// What a revision of a system understands.
struct Vocabulary {
  std::string system; // as messages name it
  std::vector<const CallForm*> calls;
  std::vector<EnvironmentChoice> environment;
  // struct knote: how many a tracked fork leaves behind.
  std::size_t knotes_per_tracked_fork = 2;
};

struct ReadScenario {
  states::KernelPlan plan;
  std::vector<std::vector<ScenarioCall>> calls; // per thread
  std::set<std::string> environment;            // the choices that are turned on
  contract::Watched registrations;              // that changes name
  std::vector<bool> closable;                   // per kqueue: some call closes it
  SelectedProperties properties;

  using Predicate = std::function<bool(const ScenarioCall&)>;
  std::size_t count(const Predicate& predicate) const;
  bool any(const Predicate& predicate) const { return count(predicate) > 0; }
  bool any(ScenarioCall::Kind kind) const {
    return any([kind](const ScenarioCall& call) { return call.kind == kind; });
  }
  // The threads of each process; the first runs when the process is forked.
  std::vector<std::vector<lang::ThreadId>> threads_of() const;
};

// Objects to unknown names, calls that make no sense in their place, and bounds that are too small.
// With an objection the result is of no use.
ReadScenario read_scenario(const Scenario& scenario, const Vocabulary& vocabulary,
                           Objections& objections);

} // namespace interlock::systems
