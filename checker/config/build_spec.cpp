// From a config to its specification; the system's objections get a place in the file.
#include "config/config.hpp"
#include "text/lists.hpp"
#include "text/nearest.hpp"

#include <algorithm>
#include <set>

namespace interlock::checker {

namespace {

// Of a config whose specification was built, so that there is one.
const systems::SystemDescription& system_of(const Config& config) {
  return *systems::find_system(config.scenario.system.text);
}

void require_expected_property(const Config& config, const systems::BuiltSpec& built) {
  if (!config.expect || config.expect->outcome != Expectation::Outcome::violates)
    return;
  std::vector<std::string> names = built.properties;
  if (names.empty())
    for (const lang::Property& property : built.spec->properties())
      names.push_back(property.name);
  if (std::find(names.begin(), names.end(), config.expect->property) != names.end())
    return;
  const std::set<std::string> sorted(names.begin(), names.end());
  throw config.source->error(config.source->at("/expect/violates"),
                             "property \"" + config.expect->property +
                                 "\" is not checked by this config; checked are: " +
                                 text::joined({sorted.begin(), sorted.end()}) +
                                 text::nearest_hint(config.expect->property, names));
}

// Only what is not checked can cut steps.
void require_cut_properties(const Config& config, const systems::BuiltSpec& built) {
  if (!config.expect || config.expect->cut.empty())
    return;
  std::vector<std::string> names;
  const std::vector<std::string>& selected = built.properties;
  for (const systems::Entry& property : system_of(config).properties)
    if (!selected.empty() &&
        std::find(selected.begin(), selected.end(), property.name) == selected.end())
      names.push_back(property.name);
  for (const auto& [property, count] : config.expect->cut)
    if (std::find(names.begin(), names.end(), property) == names.end())
      throw config.source->error(
          config.source->at("/expect/cut/" + json::pointer_part(property)),
          "\"" + property + "\" is no property that this config leaves out; those are: " +
              (names.empty() ? "none" : text::joined(names)) + text::nearest_hint(property, names));
}

void require_fixing_revision(const Config& config) {
  const systems::Text& fixed_by = config.about.fixed_by;
  if (fixed_by.text.empty())
    return;
  std::vector<std::string> names;
  for (const systems::Entry& revision : system_of(config).revisions)
    names.push_back(revision.name);
  if (std::find(names.begin(), names.end(), fixed_by.text) == names.end())
    throw config.source->error(
        config.source->at(fixed_by.pointer),
        "unknown revision \"" + fixed_by.text + "\" of " + config.scenario.system.text +
            "; allowed here: " + text::joined(names) + text::nearest_hint(fixed_by.text, names));
}

} // namespace

systems::BuiltSpec build_spec(const Config& config) {
  try {
    systems::BuiltSpec built = systems::build(config.scenario);
    require_expected_property(config, built);
    require_cut_properties(config, built);
    require_fixing_revision(config);
    return built;
  } catch (const systems::ScenarioError& error) {
    const json::Value& value = config.source->at(error.pointer());
    throw config.source->error_within(value, error.offset(), error.what());
  } catch (const lang::SpecError& error) {
    throw WrongSpecification(config.source->name() + ": wrong specification: " + error.what());
  }
}

} // namespace interlock::checker
