// Writes the witness format; schemas/witness-2.schema.json describes it.
#include "witnesses/witness_json.hpp"

namespace interlock::witnesses {

namespace {

const char* name_of(Role role) {
  switch (role) {
  case Role::value:
    return "value";
  case Role::local:
    return "local";
  case Role::counter:
    return "counter";
  case Role::lock:
    return "lock";
  case Role::ghost:
    return "ghost";
  }
  return "";
}

Json held_json(const std::vector<Held>& held) {
  Json list = Json::array();
  for (const Held& lock : held)
    list.push_back({{"lock", lock.lock}, {"mode", lock.shared ? "shared" : "exclusive"}});
  return list;
}

Json source_json(const Source& source) {
  return {{"file", source.file},
          {"revision", source.revision},
          {"function", source.function},
          {"line", source.line}};
}

Json state_json(const std::vector<Variable>& variables, const std::vector<std::string>& values) {
  Json state = Json::object();
  for (std::size_t i = 0; i < variables.size(); ++i)
    state[variables[i].name] = values.at(i);
  return state;
}

const char* form_name(Form form) { return form == Form::full ? "full" : "steps"; }

// Of the form `steps`.
Json short_json_of(const WitnessStep& step) {
  Json json = {{"thread", step.thread}, {"label", step.label}};
  if (step.action)
    json["action"] = *step.action;
  return json;
}

// The number is from 1.
Json json_of(const WitnessStep& step, std::size_t number) {
  Json changes = Json::array();
  for (const Change& change : step.changes)
    changes.push_back({{"variable", change.variable}, {"from", change.from}, {"to", change.to}});
  Json reports = Json::array();
  for (const Named& report : step.reports)
    reports.push_back({{"name", report.name}, {"value", report.value}});
  return {{"number", number},
          {"thread", step.thread},
          {"label", step.label},
          {"chain", step.chain},
          {"action", step.action.value()},
          {"source", source_json(step.source)},
          {"held_before", held_json(step.held_before)},
          {"held_after", held_json(step.held_after)},
          {"changes", std::move(changes)},
          {"reports", std::move(reports)}};
}

Json json_of(const Ending& ending) {
  return {{"thread", ending.thread},
          {"standing", ending.standing},
          {"label", ending.label},
          {"waits_for", ending.waits_for},
          {"asleep", ending.asleep},
          {"holders", Json(ending.holders)},
          {"source", source_json(ending.source)}};
}

} // namespace

Json json_of(const Witness& witness) {
  Json json;
  json["format"] = format_name;
  json["version"] = format_version;
  json["form"] = form_name(witness.form);
  json["tool"] = {{"name", "interlock"}, {"version", witness.origin.tool_version}};
  json["config"] = {{"name", witness.origin.config_name},
                    {"system", witness.origin.system},
                    {"revision", witness.origin.revision},
                    {"digest", witness.origin.digest},
                    {"text", witness.origin.config_text}};
  json["violation"] = {{"property", witness.property},
                       {"kind", kind_name(witness.kind)},
                       {"message", witness.message}};
  json["length"] = witness.steps.size();
  if (witness.form == Form::steps) {
    json["steps"] = Json::array();
    for (const WitnessStep& step : witness.steps)
      json["steps"].push_back(short_json_of(step));
    return json;
  }
  json["context_switches"] = witness.context_switches;
  json["threads"] = witness.threads;
  json["locks"] = Json::array();
  for (const Lock& lock : witness.locks)
    json["locks"].push_back({{"name", lock.name}, {"class", lock.lock_class}, {"kind", lock.kind}});
  json["variables"] = Json::array();
  for (const Variable& variable : witness.variables)
    json["variables"].push_back(
        {{"name", variable.name}, {"type", variable.type}, {"role", name_of(variable.role)}});
  json["initial"] = state_json(witness.variables, witness.initial);
  json["steps"] = Json::array();
  for (std::size_t i = 0; i < witness.steps.size(); ++i)
    json["steps"].push_back(json_of(witness.steps[i], i + 1));
  json["final"] = state_json(witness.variables, witness.last);
  json["endings"] = Json::array();
  for (const Ending& ending : witness.endings)
    json["endings"].push_back(json_of(ending));
  return json;
}

std::string write(const Witness& witness) {
  const auto text = [](const Json& json, int indent) {
    constexpr bool ensure_ascii = false;
    return json.dump(indent, ' ', ensure_ascii, Json::error_handler_t::replace);
  };
  Json json = json_of(witness);
  if (witness.form == Form::full)
    return text(json, 2) + "\n";
  const Json steps = std::move(json["steps"]); // comes last: a line each
  json.erase("steps");
  std::string file = text(json, 2);
  file.erase(file.rfind("\n}"));
  file += ",\n  \"steps\": [";
  for (std::size_t i = 0; i < steps.size(); ++i)
    file += std::string(i == 0 ? "" : ",") + "\n    " + text(steps[i], -1);
  return file + "\n  ]\n}\n";
}

} // namespace interlock::witnesses
