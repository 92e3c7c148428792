// What a config violates besides its first finding: `check --continue`, and `also` for the gate.
#include "program.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace interlock::tests {
namespace {

using Json = nlohmann::json;

// The child's events have no udata, and the parent's exit no status.
std::string twice_wrong(const std::string& expect = "{\"violates\": \"kevent-contract\"}") {
  return R"({"system": "netbsd", "revision": "kern_event-1.129",
    "scenario": {"threads": {"parent": ["fork child", "exit 2"], "child": [],
      "watcher": ["kevent add proc parent exit,track udata cookie", "kevent loop"]}},
    "properties": ["kevent-contract"],
    "patches": [{"drop": "knote_proc_fork_track.copy_udata"},
                {"drop": "knote_proc_exit.set_kn_data"}],
    "expect": )" +
         expect + "}";
}

class Findings : public testing::Test {
protected:
  void SetUp() override { place.write("c.json", twice_wrong()); }
  Workplace place;
};

TEST_F(Findings, OneDoesNotHideTheNext) {
  const Finished run = place.run({"check", "--continue", "--no-replay", "c.json"});
  EXPECT_EQ(run.code, 12) << run.err;
  for (const char* part :
       {"c.json: violates kevent-contract/udata (",
        "c.json: violates kevent-contract/exit-status (", "; excused: kevent-contract/udata\n",
        "c.json: 2 findings: kevent-contract/udata (", "; with all of them excused: holds\n"})
    EXPECT_NE(run.out.find(part), std::string::npos) << part << " is missing in\n" << run.out;
}

TEST_F(Findings, EachHasAWitnessThatStandsByItself) {
  place.run({"check", "--continue", "--no-replay", "c.json"});
  for (const char* witness : {"interlock-out/c.witness.json",
                              "interlock-out/c.kevent-contract-exit-status.witness.json"}) {
    const Finished replayed = place.run({"replay", witness});
    EXPECT_EQ(replayed.code, 0) << witness << replayed.out << replayed.err;
    EXPECT_NE(replayed.out.find("reproduced: "), std::string::npos) << replayed.out;
  }
}

TEST_F(Findings, AreResultsOfTheirOwnInJson) {
  const Finished run =
      place.run({"check", "--continue", "--no-replay", "--format", "json", "c.json"});
  const Json results = Json::parse(run.out)["results"];
  ASSERT_EQ(results.size(), 3U) << run.out;
  EXPECT_EQ(results[0]["violation"]["property"], "kevent-contract/udata");
  EXPECT_EQ(results[0]["excused"], Json::array());
  EXPECT_EQ(results[1]["violation"]["property"], "kevent-contract/exit-status");
  EXPECT_EQ(results[2]["verdict"], "holds");
  EXPECT_EQ(results[2]["excused"], (Json{"kevent-contract/udata", "kevent-contract/exit-status"}));
}

TEST_F(Findings, EndWhereNothingIsLeftToBeChecked) {
  place.write("one.json", safety_config());
  const Finished run = place.run({"check", "--continue", "--no-replay", "one.json"});
  EXPECT_EQ(run.code, 12);
  EXPECT_NE(run.out.find("one.json: 1 finding: "), std::string::npos) << run.out;
}

TEST_F(Findings, AreComparedByTheGateWhereTheyAreExpected) {
  const auto gate = [&](const std::string& also) {
    place.write("c.json", twice_wrong("{\"violates\": \"kevent-contract/udata\"" + also + "}"));
    return place.run({"gate", "--no-cache", "c.json"});
  };
  EXPECT_EQ(gate("").code, 0) << "nothing is said of what else there is";
  EXPECT_EQ(gate(R"(, "also": [{"violates": "kevent-contract/exit-status"}])").code, 0);
  EXPECT_EQ(gate(R"(, "also": [{"violates": "kevent-contract"}])").code, 0);
  const Finished none = gate(R"(, "also": [])");
  EXPECT_EQ(none.code, 17);
  EXPECT_NE(none.out.find("  DIFFERS  also: expected nothing, found kevent-contract/exit-status ("),
            std::string::npos)
      << none.out;
  EXPECT_EQ(
      gate(R"(, "also": [{"violates": "kevent-contract/exit-status", "trace_length": 1}])").code,
      17);
  EXPECT_EQ(gate(R"(, "also": [{"violates": "kassert"}])").code, 151) << "it is not checked";
}

TEST_F(Findings, ARuleIsNoneOfTheOthers) {
  place.write("c.json", twice_wrong("{\"violates\": \"kevent-contract/exit-status\"}"));
  const Finished run = place.run({"gate", "--no-cache", "c.json"});
  EXPECT_EQ(run.code, 17);
  EXPECT_NE(run.out.find("expected violates kevent-contract/exit-status, found violates "
                         "kevent-contract/udata"),
            std::string::npos)
      << run.out;
}

} // namespace
} // namespace interlock::tests
