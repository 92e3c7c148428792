// The ITF file follows the format's rules and tells the same story.
#include "small_traces.hpp"
#include "witnesses/itf.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace interlock::tests {
namespace {

using Json = nlohmann::ordered_json;

Json itf_of(const SmallTrace& small) {
  return Json::parse(witnesses::itf(*small.spec, small.trace, some_origin()));
}

TEST(Itf, OneStatePerStepAndTheInitialOne) {
  const Json file = itf_of(opposite_orders());
  ASSERT_EQ(file["states"].size(), 3U);
  EXPECT_EQ(file["states"][0]["#meta"], Json::parse(R"({"index": 0})"));
  EXPECT_EQ(file["states"][1]["#meta"],
            Json::parse(R"({"index": 1, "action": "go_left.enter_m", "thread": "left",
                            "file": "sys/kern/small.c", "line": 10})"));
}

TEST(Itf, EveryStateHasExactlyTheVariablesAndEachHasAType) {
  const Json file = itf_of(failing_check());
  for (const Json& state : file["states"]) {
    Json names = Json::array();
    for (const auto& [key, value] : state.items())
      if (key != "#meta")
        names.push_back(key);
    EXPECT_EQ(names, file["vars"]);
  }
  for (const Json& name : file["vars"])
    EXPECT_TRUE(file["#meta"]["varTypes"].contains(name.get<std::string>())) << name;
}

TEST(Itf, AFieldIsOneMapAndANumberIsABigInteger) {
  const Json state = itf_of(opposite_orders())["states"][1];
  EXPECT_EQ(state["mutex_owner"], Json::parse(R"({"#map": [["m", "left"], ["n", "none"]]})"));
  EXPECT_EQ(state["held"], Json::parse(R"({"#bigint": "1"})"));
  EXPECT_EQ(state["seen"], true);
  EXPECT_EQ(state["pc"], Json::parse(R"({"#map": [["left", "go_left.enter_n"],
                                                  ["right", "go_right.enter_n"]]})"));
}

TEST(Itf, ListsAreListsFlagsAreSetsAndAFailingStepIsNamed) {
  const Json file = itf_of(failing_check());
  ASSERT_EQ(file["states"].size(), 3U); // the third step fails and has no state
  EXPECT_EQ(file["states"][1]["log"], Json::parse(R"(["readers"])"));
  EXPECT_EQ(file["states"][2]["flags"], Json::parse(R"({"#set": ["WANT", "BUSY"]})"));
  EXPECT_EQ(file["#meta"]["violation"]["action"], "write_log.claim");
  EXPECT_EQ(file["#meta"]["varTypes"]["log"], "Seq(Str)");
  EXPECT_EQ(file["#meta"]["varTypes"]["flags"], "Set(Str)");
}

} // namespace
} // namespace interlock::tests
