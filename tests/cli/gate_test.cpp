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
  EXPECT_NE(run.out.find("3 configs: 3 as expected, 0 different\n"), std::string::npos) << run.out;
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
  EXPECT_NE(run.out.find("1 config: 0 as expected, 1 different\n"), std::string::npos);
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
  place.write("configs/x.schema.json", "{\"type\": \"object\"}");
  const Finished run = place.run({"gate", "configs"});
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  EXPECT_NE(run.out.find("1 config: 1 as expected"), std::string::npos) << run.out;
}

TEST(Gate, AConfigThatIsNamedTwiceIsCheckedOnce) {
  const Workplace place;
  place.write("configs/c.json", holds_config("{\"holds\": true}"));
  const Finished run =
      place.run({"gate", "configs", "configs/c.json", "./configs/../configs/c.json"});
  EXPECT_NE(run.out.find("1 config: 1 as expected"), std::string::npos) << run.out;
}

} // namespace
} // namespace interlock::tests
