// The witness schema describes exactly what is written.
#include "small_traces.hpp"

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>

namespace interlock::tests {
namespace {

using Json = nlohmann::ordered_json;

// Compares a value with a schema as far as this schema's vocabulary goes: $ref, type of containers,
// properties, required, additionalProperties, items, const and enum.
class Comparison {
public:
  explicit Comparison(Json schema) : root_(std::move(schema)) {}

  void compare(const Json& value, const Json& schema, const std::string& where) {
    if (schema.contains("$ref")) {
      const std::string pointer = schema["$ref"].get<std::string>().substr(1); // behind the #
      return compare(value, root_.at(Json::json_pointer(pointer)), where);
    }
    if (schema.contains("const")) {
      EXPECT_EQ(value, schema["const"]) << where;
    }
    if (schema.contains("enum")) {
      const Json& known = schema["enum"];
      EXPECT_NE(std::find(known.begin(), known.end(), value), known.end()) << where << value;
    }
    if (schema.contains("type")) {
      EXPECT_EQ(type_of(value), schema["type"]) << where;
    }
    if (value.is_array() && schema.contains("items"))
      for (const Json& element : value)
        compare(element, schema["items"], where + "/*");
    if (value.is_object())
      compare_object(value, schema, where);
  }

private:
  static std::string type_of(const Json& value) {
    return value.is_number_integer() ? "integer" : value.type_name();
  }

  void compare_object(const Json& value, const Json& schema, const std::string& where) {
    std::set<std::string> keys;
    for (const auto& [key, member] : value.items())
      keys.insert(key);
    if (!schema.contains("properties")) {
      for (const auto& [key, member] : value.items())
        compare(member, schema["additionalProperties"], where + "/" + key);
      return;
    }
    std::set<std::string> described;
    for (const auto& [key, member] : schema["properties"].items())
      if (key != "$schema")
        described.insert(key);
    const auto required = schema["required"].get<std::set<std::string>>();
    EXPECT_TRUE(std::includes(keys.begin(), keys.end(), required.begin(), required.end())) << where;
    EXPECT_TRUE(std::includes(described.begin(), described.end(), keys.begin(), keys.end()))
        << where;
    EXPECT_EQ(schema["additionalProperties"], false) << where;
    for (const auto& [key, member] : value.items())
      compare(member, schema["properties"][key], where + "/" + key);
  }

  Json root_;
};

TEST(WitnessSchema, DescribesEveryKeyOfEveryKindOfWitness) {
  const Json schema =
      Json::parse(std::ifstream(INTERLOCK_SOURCE_DIR "/schemas/witness-2.schema.json"));
  EXPECT_EQ(schema["oneOf"].size(), 2U);
  for (const SmallTrace& small : all_kinds())
    for (const auto form : {witnesses::Form::full, witnesses::Form::steps})
      Comparison(schema).compare(
          Json::parse(witnesses::write(witness_of(small, form))),
          schema["definitions"][form == witnesses::Form::full ? "full" : "steps"], "");
}

} // namespace
} // namespace interlock::tests
