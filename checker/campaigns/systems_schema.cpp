// For each system its revisions, choices, properties and bounds by name, and its calls as patterns.
#include "campaigns/systems_schema.hpp"

#include "systems/call_table.hpp"
#include "text/lists.hpp"

#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

namespace interlock::checker {

namespace {

using Json = nlohmann::ordered_json;
using systems::Entry;
using systems::SystemDescription;

// One of these names, each with its line of help.
Json one_of(const std::vector<Entry>& entries) {
  Json names = Json::array();
  for (const Entry& entry : entries)
    names.push_back({{"const", entry.name}, {"description", entry.text}});
  return {{"anyOf", std::move(names)}};
}

const std::string blank = "[ \\t]+";

// What may stand for a word of a call's form.
std::string pattern_of_word(const std::string& word) {
  if (word == "PROCESS" || word == "KQUEUE")
    return "[A-Za-z0-9_-]+";
  if (word == "NAME")
    return "[^ \\t().]+";
  if (word == "STATUS" || word == "COUNT")
    return "[0-9]+";
  const std::string note = "(" + text::joined(systems::note_words(), "|") + ")";
  if (word == "NOTES")
    return "(none|" + note + "(," + note + ")*)";
  if (word == "ANSWER")
    return "(" + text::joined(systems::answer_words(), "|") + ")";
  if (word == "THREAD.CALL")
    return "[A-Za-z0-9_-]+\\.[^ \\t].*";
  if (word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789|") != std::string::npos)
    throw std::logic_error("the form of a call has the word " + word);
  return word.find('|') == std::string::npos ? word : "(" + word + ")";
}

// Of a form: "kevent delete proc PROCESS [on KQUEUE]".
std::string pattern_of_call(const std::string& form) {
  std::string pattern;
  std::istringstream words(form);
  for (std::string word; words >> word;) {
    const bool opens = word.front() == '[';
    const bool closes = word.back() == ']';
    word = word.substr(opens ? 1 : 0, word.size() - (opens ? 1 : 0) - (closes ? 1 : 0));
    pattern += (opens ? "(" : "") + (pattern.empty() ? "" : blank) + pattern_of_word(word) +
               (closes ? ")?" : "");
  }
  return "^[ \\t]*" + pattern + "[ \\t]*$";
}

Json calls_of(const SystemDescription& system) {
  Json forms = Json::array();
  Json examples = Json::array();
  for (const Entry& call : system.calls) {
    Json form;
    if (system.kernel)
      form["pattern"] = pattern_of_call(call.name);
    else
      form["const"] = call.name;
    form["description"] = call.name + ": " + call.text;
    forms.push_back(std::move(form));
    examples.push_back(call.name);
  }
  return {{"anyOf", std::move(forms)}, {"examples", std::move(examples)}};
}

Json bounds_of(const SystemDescription& system) {
  Json bounds = Json::object();
  for (const Entry& bound : system.bounds)
    bounds[bound.name] = {{"description", bound.text}};
  return {{"properties", std::move(bounds)}, {"additionalProperties", false}};
}

Json properties_of(const SystemDescription& system) {
  std::vector<Entry> properties = system.properties;
  properties.insert(properties.end(), system.rules.begin(), system.rules.end());
  properties.push_back({lang::patched_check, "the checks that patches add"});
  return one_of(properties);
}

Json config_of(const SystemDescription& system) {
  Json properties;
  properties["revision"] = one_of(system.revisions);
  properties["scenario"]["properties"]["threads"]["additionalProperties"]["items"] =
      calls_of(system);
  properties["environment"]["items"] = one_of(system.environment);
  properties["properties"]["items"] = properties_of(system);
  properties["bounds"] = bounds_of(system);
  properties["about"]["properties"]["fixed_by"] = one_of(system.revisions);
  return {{"if", {{"properties", {{"system", {{"const", system.name}}}}}}},
          {"then", {{"properties", std::move(properties)}}}};
}

// A config may have invariants of its own, which are violated by their names.
Json expectation_of(const SystemDescription& system) {
  Json expected;
  expected["excused"]["items"] = properties_of(system);
  expected["expect"]["properties"]["violates"] = properties_of(system);
  expected["expect"]["properties"]["also"]["items"]["properties"]["violates"] =
      properties_of(system);
  return {{"if",
           {{"properties", {{"system", {{"const", system.name}}}}},
            {"not", {{"required", {"invariants"}}}}}},
          {"then", {{"properties", std::move(expected)}}}};
}

} // namespace

std::string systems_schema() {
  Json names = Json::array();
  Json rules = Json::array();
  for (const SystemDescription& system : systems::systems()) {
    names.push_back({{"const", system.name}, {"description", system.text}});
    rules.push_back(config_of(system));
  }
  for (const SystemDescription& system : systems::systems())
    rules.push_back(expectation_of(system));
  Json schema;
  schema["$schema"] = "http://json-schema.org/draft-07/schema#";
  schema["$id"] = "https://interlock.invalid/schemas/config-1.systems.schema.json";
  schema["title"] = "What an Interlock config can name, by system";
  schema["description"] = "A part of config-1.schema.json. Made by `interlock list schema`.";
  schema["required"] = {"system"};
  schema["properties"]["system"]["anyOf"] = std::move(names);
  schema["allOf"] = std::move(rules);
  return schema.dump(2) + "\n";
}

} // namespace interlock::checker
