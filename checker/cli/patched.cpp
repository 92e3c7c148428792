// Patches into the text of a config.
#include "cli/patched.hpp"

#include <nlohmann/json.hpp>

namespace interlock::checker::cli {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const lang::Patch& patch) {
  using Kind = lang::Patch::Kind;
  switch (patch.kind) {
  case Kind::drop:
    return patch.argument.empty() ? Json{{"drop", patch.label}}
                                  : Json{{"drop", patch.label}, {"keep", patch.argument}};
  case Kind::drop_part:
    return {{"drop", patch.label}, {"part", patch.argument}};
  case Kind::negate:
    return {{"negate", patch.label}};
  case Kind::replace:
    return {{"replace", patch.label}, {"with", patch.argument}};
  case Kind::insert_before:
    return {{"insert", patch.argument}, {"before", patch.label}};
  case Kind::insert_after:
    return {{"insert", patch.argument}, {"after", patch.label}};
  case Kind::move_before:
    return {{"move", patch.label}, {"before", patch.argument}};
  case Kind::move_after:
    return {{"move", patch.label}, {"after", patch.argument}};
  }
  return {};
}

} // namespace

Config patched(const Config& config, const std::vector<lang::Patch>& patches,
               const std::vector<std::string>& properties) {
  constexpr bool with_exceptions = true;
  constexpr bool with_comments = true;
  Json document = Json::parse(config.source->text(), nullptr, with_exceptions, with_comments);
  document.erase("expect");
  document.erase("about");
  if (!properties.empty())
    document["properties"] = properties;
  if (patches.empty())
    return parse_config(config.source->name(), document.dump(2) + "\n");
  Json& list = document["patches"];
  if (list.is_null())
    list = Json::array();
  for (const lang::Patch& patch : patches)
    list.push_back(json_of(patch));
  return parse_config(config.source->name(), document.dump(2) + "\n");
}

} // namespace interlock::checker::cli
