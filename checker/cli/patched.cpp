// Edits of the text of a config.
#include "cli/patched.hpp"

#include "config/patch_forms.hpp"
#include "lang/violations.hpp"
#include "systems/stated_invariants.hpp"

#include <algorithm>

namespace interlock::checker::cli {

using Json = nlohmann::ordered_json;

Json json_of(const lang::Patch& patch) {
  const PatchForm& form = form_of(patch);
  Json json{{form.first, form.second_is_label ? patch.argument : patch.label}};
  if (form.second != nullptr)
    json[form.second] = form.second_is_label ? patch.label : patch.argument;
  return json;
}

namespace {

// The config's text to be edited, without what it expects and what it is about.
Json document_of(const Config& config) {
  constexpr bool with_exceptions = true;
  constexpr bool with_comments = true;
  Json document = Json::parse(config.source->text(), nullptr, with_exceptions, with_comments);
  document.erase("expect");
  document.erase("about");
  return document;
}

void append(Json& document, const char* key, const std::vector<Json>& values) {
  if (values.empty())
    return;
  Json& list = document[key];
  if (list.is_null())
    list = Json::array();
  for (const Json& value : values)
    list.push_back(value);
}

std::vector<Json> texts(const std::vector<std::string>& names) {
  return {names.begin(), names.end()};
}

Config config_of(const Config& config, const Json& document) {
  return parse_config(config.source->name(), document.dump(2) + "\n");
}

} // namespace

Config patched(const Config& config, const std::vector<lang::Patch>& patches,
               const std::vector<std::string>& excused,
               const std::vector<std::string>& more_properties) {
  Json document = document_of(config);
  if (document.contains("properties") && !document["properties"].empty())
    append(document, "properties", texts(more_properties));
  if (const auto list = document.find("excused"); list != document.end())
    for (const std::string& property : more_properties)
      list->erase(std::remove(list->begin(), list->end(), property), list->end());
  append(document, "excused", texts(excused));
  std::vector<Json> edits;
  for (const lang::Patch& patch : patches)
    edits.push_back(json_of(patch));
  append(document, "patches", edits);
  return config_of(config, document);
}

Config without(const Config& config, const systems::StatedExample& example) {
  Json document = document_of(config);
  document.erase("sometimes");
  const systems::StatedInvariant never = systems::never(example);
  Json invariant{{"name", never.name.text}};
  if (!never.forall.text.empty())
    invariant["forall"] = never.forall.text;
  invariant["holds"] = never.holds.text;
  append(document, "invariants", {invariant});
  return config_of(config, document);
}

bool can_excuse(const LoadedConfig& loaded, const std::vector<std::string>& excused) {
  const systems::SelectedProperties& checked = loaded.built.properties;
  const systems::SystemDescription* system =
      systems::find_system(loaded.config.scenario.system.text);
  std::set<std::string> left(checked.names.begin(), checked.names.end());
  if (system != nullptr)
    for (const systems::Entry& rule : system->rules)
      if (checked.checks(rule.name))
        left.insert(rule.name);
  for (const std::string& name : excused) {
    if (left.erase(name) == 0)
      return false;
    const bool is_rule = lang::property_of(name) != name;
    std::erase_if(left, [&](const std::string& other) {
      return !is_rule && lang::property_of(other) == name;
    });
  }
  // A property of rules is no more than these.
  return std::any_of(left.begin(), left.end(), [&](const std::string& name) {
    return lang::property_of(name) != name || system == nullptr ||
           std::none_of(
               system->rules.begin(), system->rules.end(),
               [&](const systems::Entry& rule) { return lang::property_of(rule.name) == name; });
  });
}

} // namespace interlock::checker::cli
