// interlock gate: every config of a folder against what it expects.
#include "program.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

TEST(Gate, AllAsExpectedIs0InOrderOfThePaths) {
  const Workplace place;
  place.write("configs/b/deadlock.json", deadlock_config("{\"violates\": \"no-deadlock\"}"));
  place.write("configs/a/holds.json", holds_config("{\"holds\": true}"));
  place.write("configs/c.json", safety_config("{\"violates\": \"locks-held-on-return\"}"));
  const Finished run = place.run({"gate", "configs"});
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  const std::size_t a = run.out.find("configs/a/holds.json");
  const std::size_t b = run.out.find("configs/b/deadlock.json");
  const std::size_t c = run.out.find("configs/c.json");
  EXPECT_LT(a, b);
  EXPECT_LT(b, c);
  EXPECT_LT(c, run.out.size());
  EXPECT_NE(run.out.find("3 configs: 3 as expected, 0 different, 0 wrong; "), std::string::npos)
      << run.out;
  EXPECT_FALSE(place.has("interlock-out")); // the gate writes nothing
}

TEST(Gate, AnotherVerdictIs17AndBothAreShown) {
  const Workplace place;
  place.write("c.json", deadlock_config("{\"holds\": true}"));
  const Finished run = place.run({"gate", "c.json"});
  EXPECT_EQ(run.code, 17);
  EXPECT_NE(run.out.find("  DIFFERS  verdict: expected holds, found violates no-deadlock\n"),
            std::string::npos)
      << run.out;
  EXPECT_NE(run.out.find("1 config: 0 as expected, 1 different, 0 wrong; "), std::string::npos);
}

TEST(Gate, AGoldenNumberThatDiffersIs17) {
  const Workplace place;
  place.write("c.json", holds_config("{\"holds\": true, \"states\": 1, \"transitions\": 1, "
                                     "\"depth\": 1}"));
  const Finished run = place.run({"gate", "c.json"});
  EXPECT_EQ(run.code, 17);
  for (const char* part : {"states: expected 1, found ", "transitions: expected 1, found ",
                           "depth: expected 1, found "})
    EXPECT_NE(run.out.find(part), std::string::npos) << run.out;
}

TEST(Gate, ATraceOfAnotherLengthIs17) {
  const Workplace place;
  place.write("c.json",
              safety_config("{\"violates\": \"locks-held-on-return\", \"trace_length\": 1}"));
  const Finished run = place.run({"gate", "c.json"});
  EXPECT_EQ(run.code, 17);
  EXPECT_NE(run.out.find("trace length: expected 1, found "), std::string::npos) << run.out;
}

TEST(Gate, AnIncompleteSearchIsAsExpectedOnlyWhereItIsExpected) {
  const Workplace place;
  place.write("c.json", holds_config("{\"incomplete\": true}"));
  EXPECT_EQ(place.run({"gate", "c.json", "--max-states", "5"}).code, 0);
  EXPECT_EQ(place.run({"gate", "c.json"}).code, 17);
}

TEST(Gate, WitnessesTracesAndSchemasInTheFolderAreNoConfigs) {
  const Workplace place;
  place.write("configs/c.json", safety_config("{\"violates\": \"locks-held-on-return\"}"));
  place.run({"check", "configs/c.json", "--no-replay", "--out", "configs"});
  place.run({"show", "configs/c.witness.json", "--itf", "configs/c.itf.json"});
  place.write("configs/renamed.json", place.read("configs/c.witness.json"));
  place.write("configs/x.schema.json",
              "{\"$schema\": \"http://json-schema.org/draft-07/schema#\"}");
  const Finished run = place.run({"gate", "configs"});
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  EXPECT_NE(run.out.find("1 config: 1 as expected, 0 different, 0 wrong; 0 incomplete, 0 with cut "
                         "steps\n2 witnesses: 2 as its config says, 0 wrong\n2 passed over, 0 "
                         "missing\nexit 0: "),
            std::string::npos)
      << run.out;
}

TEST(Gate, AConfigThatIsNamedTwiceIsCheckedOnce) {
  const Workplace place;
  place.write("configs/c.json", holds_config("{\"holds\": true}"));
  const Finished run =
      place.run({"gate", "configs", "configs/c.json", "./configs/../configs/c.json"});
  EXPECT_NE(run.out.find("1 config: 1 as expected"), std::string::npos) << run.out;
}

TEST(Gate, AWitnessThatDoesNotFitIsWrong) {
  const Workplace place;
  place.write("c.json", safety_config());
  place.run({"check", "c.json", "--no-replay", "--out", "."});
  std::string text = place.read("c.witness.json");
  const std::size_t at = text.find("exit1.");
  ASSERT_NE(at, std::string::npos);
  place.write("c.witness.json", text.replace(at, 6, "exit2."));
  const Finished run = place.run({"gate", "c.witness.json"});
  EXPECT_EQ(run.code, 151) << run.out << run.err;
  EXPECT_NE(run.out.find("1 witness: 0 as its config says, 1 wrong\n"), std::string::npos)
      << run.out;
}

// A file that is wrong in its own way, and the code that is its own.
struct Broken {
  const char* name;
  std::string text;
  int code;
  const char* message; // a part of it
};

void PrintTo(const Broken& broken, std::ostream* out) { *out << broken.name; }

class GateBroken : public testing::TestWithParam<Broken> {};

TEST_P(GateBroken, LeavesTheOthersToBeChecked) {
  const Workplace place;
  place.write("configs/a.json", GetParam().text);
  place.write("configs/b.json", holds_config("{\"holds\": true}"));
  const Finished run = place.run({"gate", "configs"});
  EXPECT_EQ(run.code, GetParam().code) << run.out << run.err;
  EXPECT_NE(run.err.find("configs/a.json"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find(GetParam().message), std::string::npos) << run.err;
  EXPECT_NE(run.out.find("2 configs: 1 as expected, 0 different, 1 wrong; "), std::string::npos)
      << run.out;

  place.write("configs/c.json", holds_config("{\"holds\": true, \"states\": 1}"));
  EXPECT_EQ(place.run({"gate", "configs"}).code, 17); // a difference outweighs what is wrong
}

INSTANTIATE_TEST_SUITE_P(
    All, GateBroken,
    testing::Values(Broken{"Syntax", "{\n  \"system\": \"netbsd\",\n}\n", 151, ":3:1: not JSON"},
                    Broken{"Keys", "{\"sytem\": \"netbsd\"}", 151, "unknown key \"sytem\""},
                    Broken{"AnArray", "[1]", 151, "expected an object, found an array"},
                    Broken{"Empty", "", 151, "the file is empty"},
                    Broken{"NoExpectation", holds_config(), 151, "the key \"expect\" is missing"},
                    Broken{"Call",
                           R"({"system": "netbsd", "revision": "kern_event-1.129",
                             "scenario": {"threads": {"p": ["exti"]}}, "expect": {"holds": true}})",
                           151, "exti"}),
    [](const auto& info) { return info.param.name; });

TEST(Gate, WhatIsNotThereIs151AndTheRestIsChecked) {
  const Workplace place;
  place.write("configs/c.json", holds_config("{\"holds\": true}"));
  place.write("empty/notes.txt", "");
  for (const char* path : {"missing", "empty"}) {
    const Finished run = place.run({"gate", path, "configs"});
    EXPECT_EQ(run.code, 151) << run.out << run.err;
    EXPECT_NE(run.err.find(std::string("interlock: ") + path + ": "), std::string::npos) << run.err;
    EXPECT_NE(run.out.find("1 config: 1 as expected"), std::string::npos) << run.out;
    EXPECT_NE(run.out.find(" 1 missing\nexit 151: "), std::string::npos) << run.out;
  }
}

// A fork that is tracked loses a knote in 1.128; only kevent-contract and the like are not asked.
std::string cutting_config(const std::string& expect) {
  return R"({"system": "netbsd", "revision": "kern_event-1.128",
    "scenario": {"threads": {"parent": ["fork child"], "child": ["exit 1"],
      "watcher": ["kevent add proc parent exit,track", "kevent loop"]}},
    "properties": ["leak"], "expect": )" +
         expect + "}";
}

TEST(Gate, CutStepsAreAsExpectedOnlyWhereTheyAreExpected) {
  const Workplace place;
  const auto gate = [&](const std::string& expect) {
    place.write("c.json", cutting_config(expect));
    return place.run({"gate", "c.json"});
  };
  const Finished silent = gate("{\"holds\": true}");
  EXPECT_EQ(silent.code, 17) << silent.out << silent.err;
  const std::string before = "  DIFFERS  cut steps: expected none of use-after-free, found ";
  const std::size_t at = silent.out.find(before);
  ASSERT_NE(at, std::string::npos) << silent.out;
  const std::uint64_t count = std::stoull(silent.out.substr(at + before.size()));
  EXPECT_NE(silent.out.find("1 with cut steps (use-after-free in 1)\n"), std::string::npos)
      << silent.out;

  const auto with = [](const std::string& cut) {
    return "{\"holds\": true, \"cut\": {" + cut + "}}";
  };
  EXPECT_EQ(gate(with("\"use-after-free\": true")).code, 0);
  EXPECT_EQ(gate(with("\"use-after-free\": " + std::to_string(count))).code, 0);
  EXPECT_EQ(gate(with("\"use-after-free\": " + std::to_string(count + 1))).code, 17);
  EXPECT_EQ(gate(with("\"use-after-free\": true, \"kevent-contract\": true")).code, 17);
  EXPECT_EQ(gate(with("\"leak\": true")).code, 151);          // it is checked
  EXPECT_EQ(gate(with("\"use-after-fre\": true")).code, 151); // there is none of that name
}

TEST(Check, QuietSaysThatStepsWereCut) {
  const Workplace place;
  place.write("c.json", cutting_config("{\"holds\": true}"));
  const Finished run = place.run({"check", "--quiet", "c.json"});
  EXPECT_EQ(run.code, 0);
  EXPECT_NE(run.out.find(" cut that would violate use-after-free\n"), std::string::npos) << run.out;
}

TEST(Check, AConfigThatIsWrongLeavesTheOthersToBeChecked) {
  const Workplace place;
  place.write("wrong.json", "{\n  \"system\": \"netbsd\",\n}\n");
  place.write("holds.json", holds_config());
  place.write("fails.json", safety_config());
  const Finished run = place.run({"check", "wrong.json", "holds.json"});
  EXPECT_EQ(run.code, 151);
  EXPECT_NE(run.err.find("interlock: wrong.json:3:1: not JSON"), std::string::npos) << run.err;
  EXPECT_NE(run.out.find("holds.json: holds"), std::string::npos) << run.out;
  EXPECT_EQ(place.run({"check", "--no-replay", "wrong.json", "fails.json"}).code, 12);
  const Finished json = place.run({"check", "--format", "json", "wrong.json", "holds.json"});
  EXPECT_NE(json.out.find("\"verdict\": \"wrong\""), std::string::npos) << json.out;
  EXPECT_NE(json.out.find("\"verdict\": \"holds\""), std::string::npos) << json.out;
}

} // namespace
} // namespace interlock::tests
