// The table of systems.
#include "systems/system.hpp"

#include "lang/nearest.hpp"

namespace interlock::systems {

const std::vector<SystemDescription>& systems() {
  static const std::vector<SystemDescription> table{netbsd()};
  return table;
}

BuiltSpec build(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const SystemDescription& system : systems())
    names.push_back(system.name);
  if (scenario.system.text == netbsd().name)
    return build_netbsd(scenario);
  std::string known;
  for (const std::string& name : names)
    known += (known.empty() ? "" : ", ") + name;
  throw ScenarioError("unknown system '" + scenario.system.text + "'; there is " + known +
                          lang::nearest_hint(scenario.system.text, names),
                      scenario.system.pointer);
}

} // namespace interlock::systems
