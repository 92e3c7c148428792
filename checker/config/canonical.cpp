// Written from what was read, not from the text, so that the layout of the file cannot matter.
#include "config/canonical.hpp"

#include "config/config.hpp"

#include <nlohmann/json.hpp>
#include <xxhash.h>

namespace interlock::checker {

namespace {

using Json = nlohmann::ordered_json;

Json list_of(const std::vector<systems::Text>& texts) {
  Json list = Json::array();
  for (const systems::Text& text : texts)
    list.push_back(text.text);
  return list;
}

const char* name_of(systems::Patch::Kind kind) {
  switch (kind) {
  case systems::Patch::Kind::drop:
    return "drop";
  case systems::Patch::Kind::replace:
    return "replace";
  case systems::Patch::Kind::insert_before:
    return "insert_before";
  case systems::Patch::Kind::insert_after:
    return "insert_after";
  case systems::Patch::Kind::move_before:
    return "move_before";
  case systems::Patch::Kind::move_after:
    return "move_after";
  case systems::Patch::Kind::drop_part:
    return "drop_part";
  case systems::Patch::Kind::negate:
    return "negate";
  }
  return "";
}

} // namespace

std::string canonical_text(const Config& config) {
  const systems::Scenario& scenario = config.scenario;
  Json json;
  json["system"] = scenario.system.text;
  json["revision"] = scenario.revision.text;
  if (scenario.format != 1) // so that a config of the first format has the digest it had before
    json["format"] = scenario.format;
  json["processes"] = Json::array();
  for (const systems::ProcessDeclaration& process : scenario.processes)
    json["processes"].push_back({process.name.text, list_of(process.threads)});
  json["kqueues"] = Json::array();
  for (const systems::KqueueDeclaration& kqueue : scenario.kqueues)
    json["kqueues"].push_back({kqueue.name.text, kqueue.process.text});
  json["threads"] = Json::array();
  for (const systems::ThreadScript& thread : scenario.threads)
    json["threads"].push_back({thread.name.text, list_of(thread.calls)});
  if (!scenario.setup.empty()) // likewise
    json["setup"] = list_of(scenario.setup);
  json["environment"] = list_of(scenario.environment);
  json["properties"] = list_of(scenario.properties);
  if (!scenario.excused.empty()) // likewise
    json["excused"] = list_of(scenario.excused);
  json["bounds"] = Json::array();
  for (const auto& [name, bound] : scenario.bounds) // a map: in name order
    json["bounds"].push_back(Json::array({name, bound.first}));
  if (scenario.reuse.text == systems::reuse_any) // likewise
    json["reuse"] = scenario.reuse.text;
  json["limits"] = {config.limits.states, config.limits.memory_mib, config.limits.seconds};
  json["patches"] = Json::array();
  for (const systems::Patch& patch : scenario.patches)
    json["patches"].push_back({name_of(patch.kind), patch.label.text, patch.argument.text});
  if (!scenario.invariants.empty()) { // likewise
    json["invariants"] = Json::array();
    for (const systems::StatedInvariant& invariant : scenario.invariants)
      json["invariants"].push_back(
          {invariant.name.text, invariant.forall.text, invariant.holds.text});
  }
  if (!scenario.sometimes.empty()) { // likewise
    json["sometimes"] = Json::array();
    for (const systems::StatedExample& example : scenario.sometimes)
      json["sometimes"].push_back(
          {example.name.text, example.exists.text, example.holds.text, example.takes.text});
  }
  return json.dump();
}

std::string hex_digest(const std::string& text) {
  XXH128_canonical_t bytes;
  XXH128_canonicalFromHash(&bytes, XXH3_128bits(text.data(), text.size()));
  std::string hex;
  for (const unsigned char byte : bytes.digest) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

std::string digest_of(const Config& config) { return hex_digest(canonical_text(config)); }

} // namespace interlock::checker
