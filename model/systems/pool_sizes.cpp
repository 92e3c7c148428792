// Slots for struct proc and struct knote.
#include "systems/pool_sizes.hpp"

#include "systems/bounds.hpp"
#include "text/lists.hpp"
#include "text/nearest.hpp"

#include <algorithm>

namespace interlock::systems {

namespace {

constexpr std::size_t most = 24; // slots of a pool

std::size_t bound(const Scenario& scenario, const std::string& name, std::size_t usual,
                  std::size_t least, const std::string& why) {
  const auto given = scenario.bounds.find(name);
  if (given == scenario.bounds.end())
    return usual;
  const auto& [size, pointer] = given->second;
  if (size < static_cast<int>(least) || size > static_cast<int>(most))
    throw ScenarioError(name + " must be from " + std::to_string(least) + " to " +
                            std::to_string(most) + ": " + why,
                        pointer);
  return static_cast<std::size_t>(size);
}

std::size_t procs(const Scenario& scenario, const states::KernelPlan& plan) {
  const auto initial = static_cast<std::size_t>(
      std::count_if(plan.processes.begin(), plan.processes.end(),
                    [](const states::KernelPlan::Process& process) { return !process.parent; }));
  const bool forks = plan.processes.size() > initial;
  return bound(scenario, "procs", plan.processes.size(), initial + (forks ? 1 : 0),
               "the processes that exist at the start and one that is forked");
}

// How many times a fork can leave a knote for the child behind: once for each kqueue that watches
// the parent, or an ancestor of it.
std::size_t tracked_births(const ReadScenario& read) {
  const contract::Watched watched = contract::watched(read.plan, read.registrations);
  std::size_t births = 0;
  for (const auto& [kqueue, process] : watched) {
    const std::optional<std::size_t>& parent = read.plan.processes[process].parent;
    if (parent && watched.contains({kqueue, *parent}))
      ++births;
  }
  return births;
}

std::size_t knotes(const Scenario& scenario, const Vocabulary& vocabulary,
                   const ReadScenario& read) {
  // Each EV_ADD allocates one knote, each tracked fork one or two.
  const std::size_t per_fork = vocabulary.knotes_per_tracked_fork;
  const bool tracks = read.any(
      [](const ScenarioCall& call) { return call.notes.find("NOTE_TRACK") != std::string::npos; });
  const std::size_t births = tracks ? tracked_births(read) : 0;
  const std::size_t adds = read.count([](const ScenarioCall& call) { return call.add; });
  const std::size_t usual = std::max<std::size_t>(1, adds + per_fork * births);
  if (usual > most && !scenario.bounds.contains("knotes"))
    throw ScenarioError("the scenario may need " + std::to_string(usual) +
                            " knotes at once, and at most " + std::to_string(most) +
                            " are supported; make it smaller, or set the bound knotes",
                        "/scenario");
  return bound(scenario, "knotes", usual, births > 0 ? 1 + per_fork : 1,
               births > 0
                   ? "a tracked fork needs " + std::to_string(1 + per_fork) + " knotes at once"
                   : "a registration needs one");
}

} // namespace

void require_known_bounds(const Scenario& scenario, Objections& objections) {
  const std::vector<std::string> known = bound_names();
  for (const auto& [name, value] : scenario.bounds)
    if (std::find(known.begin(), known.end(), name) == known.end())
      objections.add({"unknown bound '" + name + "'; there is " + text::joined(known) +
                          text::nearest_hint(name, known),
                      value.second});
}

void size_pools(const Scenario& scenario, const Vocabulary& vocabulary, ReadScenario& read,
                Objections& objections) {
  objections.attempt([&] { read.plan.procs = procs(scenario, read.plan); });
  objections.attempt([&] { read.plan.knotes = knotes(scenario, vocabulary, read); });
}

} // namespace interlock::systems
