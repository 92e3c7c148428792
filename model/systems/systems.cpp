// The table of systems.
#include "systems/system.hpp"

#include "text/lists.hpp"
#include "text/nearest.hpp"

namespace interlock::systems {

namespace {

struct System {
  const SystemDescription& (*describe)();
  BuiltSpec (*build)(const Scenario& scenario);
};

// In name order.
constexpr System table[] = {
    {dragonfly, build_dragonfly},
    {freebsd, build_freebsd},
    {netbsd, build_netbsd},
};

} // namespace

const std::vector<SystemDescription>& systems() {
  static const std::vector<SystemDescription> descriptions = [] {
    std::vector<SystemDescription> all;
    for (const System& system : table)
      all.push_back(system.describe());
    return all;
  }();
  return descriptions;
}

const SystemDescription* find_system(const std::string& name) {
  for (const SystemDescription& system : systems())
    if (system.name == name)
      return &system;
  return nullptr;
}

BuiltSpec build(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const System& system : table) {
    const std::string& name = system.describe().name;
    if (scenario.system.text == name)
      return system.build(scenario);
    names.push_back(name);
  }
  throw ScenarioError("unknown system '" + scenario.system.text + "'; there is " +
                          text::joined(names) + text::nearest_hint(scenario.system.text, names),
                      scenario.system.pointer);
}

} // namespace interlock::systems
