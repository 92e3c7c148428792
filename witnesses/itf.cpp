// Columns are collected once per specification, then every state is written through them.
#include "witnesses/itf.hpp"

#include "witnesses/witness_json.hpp"
#include "witnesses/words.hpp"

#include <algorithm>
#include <cctype>

namespace interlock::witnesses {

namespace {

using lang::Spec;
using lang::State;
using lang::Value;

// One ITF variable: a single value, or a map with a key for each word.
struct Column {
  std::string name;
  std::string type; // of a value, in Apalache's notation
  bool is_map = false;
  std::vector<std::pair<std::string, Word>> cells; // key, word
};

Json itf_scalar(const lang::Type& type, Value value) {
  switch (type.kind) {
  case lang::Kind::boolean:
    return value != 0;
  case lang::Kind::integer:
    return {{"#bigint", std::to_string(value)}};
  case lang::Kind::flags: {
    Json set = Json::array();
    for (std::size_t bit = 0; bit < type.names.size(); ++bit)
      if ((value >> bit & 1) != 0)
        set.push_back(type.names[bit]);
    Json flags = Json::object();
    flags["#set"] = std::move(set);
    return flags;
  }
  default:
    return format_value(type, value);
  }
}

std::string scalar_type(const lang::Type& type) {
  switch (type.kind) {
  case lang::Kind::boolean:
    return "Bool";
  case lang::Kind::integer:
    return "Int";
  case lang::Kind::flags:
    return "Set(Str)";
  default:
    return "Str";
  }
}

Json itf_value(const Spec& spec, const Word& word, const State& state) {
  const lang::Variable& variable = spec.variables()[word.id];
  if (word.variable.role == Role::counter)
    return value_of(spec, word, state);
  if (variable.capacity == 0)
    return itf_scalar(*variable.type, state[word.slot]);
  Json list = Json::array();
  for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(state[word.slot]); ++i)
    list.push_back(itf_scalar(*variable.type, state[word.slot + 1 + i]));
  return list;
}

std::string identifier(const std::string& name) {
  std::string text = name;
  std::replace_if(
      text.begin(), text.end(),
      [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return text;
}

std::vector<Column> columns_of(const Spec& spec) {
  std::vector<Column> columns;
  for (const Word& word : words_of(spec)) {
    const lang::Variable& variable = spec.variables()[word.id];
    const bool counter = word.variable.role == Role::counter;
    Column column;
    column.is_map = variable.scope != lang::Scope::global;
    std::string key;
    column.name = identifier(variable.name);
    if (counter)
      column.name = "pc";
    if (variable.scope == lang::Scope::field) {
      column.name = identifier(spec.pools()[variable.pool].name) + "_" + column.name;
      key =
          spec.pools()[variable.pool].objects[(word.slot - variable.first_slot) / variable.stride];
    } else if (column.is_map) {
      key = spec.threads()[variable.thread].name;
    }
    column.type = counter ? "Str" : scalar_type(*variable.type);
    if (variable.capacity != 0)
      column.type = "Seq(" + column.type + ")";
    // Locals of one name belong together, but only a new key of the same type fits into a map.
    const auto same = std::find_if(columns.begin(), columns.end(), [&](const Column& other) {
      return other.name == column.name && other.type == column.type && other.is_map &&
             column.is_map &&
             std::none_of(other.cells.begin(), other.cells.end(),
                          [&](const auto& cell) { return cell.first == key; });
    });
    if (same != columns.end()) {
      same->cells.emplace_back(key, word);
      continue;
    }
    const auto taken = [&] {
      return std::any_of(columns.begin(), columns.end(),
                         [&](const Column& other) { return other.name == column.name; });
    };
    while (taken())
      column.name += "_";
    column.cells.emplace_back(key, word);
    columns.push_back(std::move(column));
  }
  return columns;
}

Json meta_of_step(const Spec& spec, lang::ActionId id) {
  const lang::Action& action = spec.actions()[id];
  return {{"action", action.label},
          {"thread", spec.threads()[action.thread].name},
          {"file", action.anchor.file},
          {"line", action.anchor.line}};
}

Json state_of(const Spec& spec, const std::vector<Column>& columns, const State& state) {
  Json json = Json::object();
  for (const Column& column : columns) {
    if (!column.is_map) {
      json[column.name] = itf_value(spec, column.cells.front().second, state);
      continue;
    }
    Json pairs = Json::array();
    for (const auto& [key, word] : column.cells)
      pairs.push_back(Json::array({key, itf_value(spec, word, state)}));
    json[column.name]["#map"] = std::move(pairs);
  }
  return json;
}

} // namespace

std::string itf(const Spec& spec, const lang::Trace& trace, const Origin& origin) {
  const std::vector<State> states = follow(spec, trace);
  const std::vector<Column> columns = columns_of(spec);
  Json names = Json::array();
  Json types = Json::object();
  for (const Column& column : columns) {
    names.push_back(column.name);
    types[column.name] = column.is_map ? "Str -> " + column.type : column.type;
  }
  Json violation = {{"property", trace.violation.property},
                    {"kind", kind_name(trace.violation.kind)},
                    {"message", trace.violation.message}};
  if (trace.violation.kind == lang::ViolationKind::check)
    violation.update(meta_of_step(spec, trace.actions.back()));
  Json file;
  file["#meta"] = {{"format", "ITF"},
                   {"format-description", "https://apalache-mc.org/docs/adr/015adr-trace.html"},
                   {"source", origin.config_name},
                   {"description", "interlock " + origin.tool_version + ", " + origin.system + " " +
                                       origin.revision + ", config " + origin.digest},
                   {"varTypes", std::move(types)},
                   {"violation", std::move(violation)}};
  file["vars"] = std::move(names);
  file["states"] = Json::array();
  for (std::size_t i = 0; i < states.size(); ++i) {
    Json meta = {{"index", i}};
    if (i > 0)
      meta.update(meta_of_step(spec, trace.actions[i - 1]));
    Json state;
    state["#meta"] = std::move(meta);
    state.update(state_of(spec, columns, states[i]));
    file["states"].push_back(std::move(state));
  }
  constexpr bool ensure_ascii = false;
  return file.dump(1, ' ', ensure_ascii, Json::error_handler_t::replace) + "\n";
}

} // namespace interlock::witnesses
