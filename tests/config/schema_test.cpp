// The config schema describes exactly what the reader allows.
#include "config/config_keys.hpp"

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace interlock::tests {
namespace {

using Json = nlohmann::ordered_json;

Json schema() {
  return Json::parse(std::ifstream(INTERLOCK_SOURCE_DIR "/schemas/config-1.schema.json"));
}

std::vector<std::string> sorted_keys(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object["properties"].items())
    keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  return keys;
}

std::vector<std::string> sorted(std::vector<std::string> keys) {
  std::sort(keys.begin(), keys.end());
  return keys;
}

TEST(ConfigSchema, HasTheKeysOfTheReaderAndNoOthers) {
  const Json top = schema();
  const Json& properties = top["properties"];
  namespace keys = checker::config_keys;
  for (const auto& [object, expected] : std::vector<std::pair<Json, std::vector<std::string>>>{
           {top, keys::top},
           {properties["scenario"], keys::scenario},
           {properties["limits"], keys::limits},
           {properties["expect"], keys::expect},
           {properties["about"], keys::about},
           {properties["invariants"]["items"], keys::invariant},
           {top["definitions"]["patch"], keys::patch}}) {
    EXPECT_EQ(sorted_keys(object), sorted(expected));
    EXPECT_EQ(object["additionalProperties"], false);
  }
}

TEST(ConfigSchema, EveryKeyOfTheTopIsExplained) {
  const Json top = schema(); // outlives the walk over a part of it
  ASSERT_GE(top["properties"].size(), checker::config_keys::top.size());
  for (const auto& [key, value] : top["properties"].items())
    EXPECT_GT(value["description"].get<std::string>().size(), 5U) << key;
}

} // namespace
} // namespace interlock::tests
