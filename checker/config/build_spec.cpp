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

void require_expected_property(const Config& config, const std::vector<std::string>& checked) {
  if (!config.expect || config.expect->outcome != Expectation::Outcome::violates)
    return;
  if (std::find(checked.begin(), checked.end(), config.expect->property) != checked.end())
    return;
  const std::set<std::string> sorted(checked.begin(), checked.end());
  throw config.source->error(config.source->at("/expect/violates"),
                             "property \"" + config.expect->property +
                                 "\" is not checked by this config; checked are: " +
                                 text::joined({sorted.begin(), sorted.end()}) +
                                 text::nearest_hint(config.expect->property, checked));
}

// Only what is not checked can cut steps.
void require_cut_property(const Config& config, const std::vector<std::string>& left_out,
                          const std::string& property) {
  if (std::find(left_out.begin(), left_out.end(), property) == left_out.end())
    throw config.source->error(config.source->at("/expect/cut/" + json::pointer_part(property)),
                               "\"" + property +
                                   "\" is no property that this config leaves out; those are: " +
                                   (left_out.empty() ? "none" : text::joined(left_out)) +
                                   text::nearest_hint(property, left_out));
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

// What is expected and told of a scenario that makes sense, of which these properties are checked.
void require_expectations(const Config& config, const std::vector<std::string>& checked,
                          json::Errors& errors) {
  errors.attempt([&] { require_expected_property(config, checked); });
  std::vector<std::string> left_out;
  for (const systems::Entry& property : system_of(config).properties)
    if (std::find(checked.begin(), checked.end(), property.name) == checked.end())
      left_out.push_back(property.name);
  if (config.expect)
    for (const auto& [property, count] : config.expect->cut)
      errors.attempt([&, &name = property] { require_cut_property(config, left_out, name); });
  errors.attempt([&] { require_fixing_revision(config); });
}

// Calls `build`; the objections of a system get their places in the file.
template <class Build> void placed(const Config& config, json::Errors& errors, Build build) {
  try {
    build();
  } catch (const systems::ScenarioErrors& objections) {
    for (const systems::ScenarioError& objection : objections.errors())
      errors.add(config.source->error_within(config.source->at(objection.pointer()),
                                             objection.offset(), objection.what()));
  } catch (const lang::SpecError& error) {
    errors.throw_any(); // what the config says comes first
    throw WrongSpecification(config.source->name() + ": wrong specification: " + error.what());
  }
}

} // namespace

void require_scenario(const Config& config) {
  json::Errors errors;
  placed(config, errors,
         [&] { require_expectations(config, systems::require_scenario(config.scenario), errors); });
  errors.throw_any();
}

systems::BuiltSpec build_spec(const Config& config) {
  json::Errors errors;
  systems::BuiltSpec built;
  placed(config, errors, [&] {
    require_expectations(config, systems::require_scenario(config.scenario), errors);
    built = systems::build(config.scenario);
  });
  errors.throw_any();
  return built;
}

} // namespace interlock::checker
