// Patches into the text of a config.
#include "cli/patched.hpp"

#include "config/patch_forms.hpp"

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
