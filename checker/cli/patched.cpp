// Patches into the text of a config.
#include "cli/patched.hpp"

#include "config/patch_forms.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace interlock::checker::cli {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const lang::Patch& patch) {
  const PatchForm& form = form_of(patch);
  Json json{{form.first, form.second_is_label ? patch.argument : patch.label}};
  if (form.second != nullptr)
    json[form.second] = form.second_is_label ? patch.label : patch.argument;
  return json;
}

// Whether it asserts something of its own, by itself or in a block.
bool asserts(const lang::Patch& patch) {
  const std::string& text = patch.argument;
  for (std::size_t at = text.find("check "); at != std::string::npos;
       at = text.find("check ", at + 1)) {
    const std::size_t before = at == 0 ? std::string::npos : text.find_last_not_of(' ', at - 1);
    if (before == std::string::npos || std::string("{;}").find(text[before]) != std::string::npos)
      return true;
  }
  return false;
}

// A config that selects its properties selects those of its own text.
void select_assertions(Json& document) {
  if (!document.contains("properties"))
    return;
  Json& selected = document["properties"];
  if (std::find(selected.begin(), selected.end(), lang::patched_check) == selected.end())
    selected.push_back(lang::patched_check);
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
  if (std::any_of(patches.begin(), patches.end(), asserts))
    select_assertions(document);
  return parse_config(config.source->name(), document.dump(2) + "\n");
}

} // namespace interlock::checker::cli
