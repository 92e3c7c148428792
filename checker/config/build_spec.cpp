// From a config to its specification; the system's objections get a place in the file.
#include "config/config.hpp"
#include "lang/violations.hpp"
#include "text/lists.hpp"
#include "text/nearest.hpp"

#include <algorithm>
#include <set>

namespace interlock::checker {

namespace {

using Names = std::vector<std::string>;

bool contains(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Names names_of(const std::vector<systems::Entry>& entries) {
  Names names;
  for (const systems::Entry& entry : entries)
    names.push_back(entry.name);
  return names;
}

using Checked = std::optional<systems::SelectedProperties>; // nothing where that cannot be told

// What is expected to be violated, which stands at the pointer.
void require_expected_property(const Config& config, const std::string& property,
                               const std::string& pointer, const Names& known,
                               const Checked& checked) {
  const bool exists = contains(known, property) || property == lang::patched_check;
  if (property.empty() || (exists && (!checked || checked->checks(property))))
    return;
  Names allowed = known;
  if (checked)
    std::erase_if(allowed, [&](const std::string& name) { return !checked->checks(name); });
  if (lang::property_of(property) == property) // rules are for those who ask
    std::erase_if(allowed, [](const std::string& name) { return lang::property_of(name) != name; });
  const std::set<std::string> sorted(allowed.begin(), allowed.end());
  throw config.source->error(
      config.source->at(pointer),
      "property \"" + property + "\" is " +
          (checked ? "not checked by this config; checked are: "
                   : "none of " + config.scenario.system.text + "; there is ") +
          text::joined({sorted.begin(), sorted.end()}) + text::nearest_hint(property, allowed));
}

void require_expected_properties(const Config& config, const Names& known, const Checked& checked,
                                 json::Errors& errors) {
  if (!config.expect || config.expect->outcome != Expectation::Outcome::violates)
    return;
  errors.attempt([&] {
    require_expected_property(config, config.expect->property, "/expect/violates", known, checked);
  });
  if (config.expect->also)
    for (const Expectation::Also& also : *config.expect->also)
      errors.attempt([&] {
        require_expected_property(config, also.property.text, also.property.pointer, known,
                                  checked);
      });
}

// Only what is not checked can cut steps.
void require_cut_property(const Config& config, const Names& known, const Checked& checked,
                          const std::string& property) {
  Names left_out;
  for (const std::string& name : known)
    if (!checked || !checked->contains(name))
      left_out.push_back(name);
  if (!contains(left_out, property))
    throw config.source->error(config.source->at("/expect/cut/" + json::pointer_part(property)),
                               "\"" + property +
                                   "\" is no property that this config leaves out; those are: " +
                                   (left_out.empty() ? "none" : text::joined(left_out)) +
                                   text::nearest_hint(property, left_out));
}

// Of each thread "THREAD.CALL", the setup's first; what it awaits or asks is no call.
Names calls_of(const systems::Scenario& scenario) {
  const auto trimmed = [](const std::string& text) {
    return text.substr(std::min(text.find_first_not_of(' '), text.size()));
  };
  Names calls;
  for (const systems::ThreadScript& thread : scenario.threads) {
    const std::string& name = thread.name.text;
    Names own;
    for (const systems::Text& call : scenario.setup)
      if (call.text.starts_with(name + ":"))
        own.push_back(trimmed(call.text.substr(name.size() + 1)));
    for (const systems::Text& call : thread.calls)
      if (!trimmed(call.text).starts_with("await ") && !trimmed(call.text).starts_with("if "))
        own.push_back(trimmed(call.text));
    for (std::size_t i = 0; i < own.size(); ++i) {
      calls.push_back(name + "." + own[i]);
      calls.push_back(name + "." + std::to_string(i + 1));
    }
  }
  return calls;
}

void require_call(const Config& config, const Names& calls, const systems::Text& name) {
  if (contains(calls, name.text))
    return;
  Names texts = calls; // the numbers are known to who has the texts
  std::erase_if(texts, [](const std::string& call) {
    return call.find_first_not_of("0123456789", call.find('.') + 1) == std::string::npos;
  });
  throw config.source->error(config.source->at(name.pointer),
                             "\"" + name.text + "\" is no call of this scenario; there is " +
                                 text::joined(texts) + ", or a number for the call" +
                                 text::nearest_hint(name.text, texts));
}

void require_fixing_revision(const Config& config, const Names& revisions) {
  const systems::Text& fixed_by = config.about.fixed_by;
  if (fixed_by.text.empty() || contains(revisions, fixed_by.text))
    return;
  throw config.source->error(config.source->at(fixed_by.pointer),
                             "unknown revision \"" + fixed_by.text + "\" of " +
                                 config.scenario.system.text +
                                 "; allowed here: " + text::joined(revisions) +
                                 text::nearest_hint(fixed_by.text, revisions));
}

// What is expected and told of a scenario.
void require_expectations(const Config& config, const Checked& checked, json::Errors& errors) {
  const systems::SystemDescription* system = systems::find_system(config.scenario.system.text);
  if (system == nullptr)
    return;
  Names known = names_of(system->properties);
  for (const systems::StatedInvariant& invariant : config.scenario.invariants)
    known.push_back(invariant.name.text);
  Names with_rules = known;
  for (const systems::Entry& rule : system->rules)
    with_rules.push_back(rule.name);
  require_expected_properties(config, with_rules, checked, errors);
  if (config.expect)
    for (const auto& [property, count] : config.expect->cut)
      errors.attempt([&, &name = property] { require_cut_property(config, known, checked, name); });
  if (config.expect && !config.scenario.unread.calls && !config.scenario.unread.names)
    for (const systems::Text& name : config.expect->never_returns)
      errors.attempt([&] { require_call(config, calls_of(config.scenario), name); });
  errors.attempt([&] { require_fixing_revision(config, names_of(system->revisions)); });
}

void add(const Config& config, const std::vector<systems::ScenarioError>& objections,
         json::Errors& errors) {
  for (const systems::ScenarioError& objection : objections)
    errors.add(config.source->error_within(config.source->at(objection.pointer()),
                                           objection.offset(), objection.what()));
}

} // namespace

systems::BuiltSpec build_spec(const Config& config, json::Errors& errors) {
  const systems::Judgement judgement = systems::judge(config.scenario);
  add(config, judgement.objections, errors);
  require_expectations(config, judgement.properties, errors);
  systems::Unread unread = config.scenario.unread;
  unread.patches = unread.invariants = false; // the others are looked at all the same
  if (!judgement.objections.empty() || unread.any())
    return {};
  try {
    return systems::build(config.scenario);
  } catch (const systems::ScenarioErrors& objections) {
    add(config, objections.errors(), errors);
  } catch (const lang::SpecError& error) {
    errors.throw_any(); // what the config says comes first
    throw WrongSpecification(config.source->name() + ": wrong specification: " + error.what());
  }
  return {};
}

systems::BuiltSpec build_spec(const Config& config) {
  json::Errors errors;
  systems::BuiltSpec built = build_spec(config, errors);
  errors.throw_any();
  return built;
}

} // namespace interlock::checker
