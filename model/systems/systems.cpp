// The list of systems.
#include "systems/system.hpp"

#include "text/lists.hpp"
#include "text/nearest.hpp"

namespace interlock::systems {

namespace {

// In name order.
std::vector<System>& table() {
  static std::vector<System> systems{dragonfly(), freebsd(), netbsd()};
  return systems;
}

const System& system_of(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const System& system : table()) {
    if (scenario.system.text == system.description.name)
      return system;
    names.push_back(system.description.name);
  }
  throw ScenarioErrors({{"unknown system '" + scenario.system.text + "'; there is " +
                             text::joined(names) + text::nearest_hint(scenario.system.text, names),
                         scenario.system.pointer}});
}

} // namespace

void use_only(System system) {
  table().clear();
  table().push_back(std::move(system));
}

const std::vector<SystemDescription>& systems() {
  static const std::vector<SystemDescription> descriptions = [] {
    std::vector<SystemDescription> all;
    for (const System& system : table())
      all.push_back(system.description);
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

Judgement judge(const Scenario& scenario) {
  if (scenario.unread.system)
    return {};
  try {
    return system_of(scenario).judge(scenario);
  } catch (const ScenarioErrors& unknown) {
    return {unknown.errors(), std::nullopt};
  }
}

BuiltSpec build(const Scenario& scenario) { return system_of(scenario).build(scenario); }

} // namespace interlock::systems
