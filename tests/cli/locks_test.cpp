// interlock locks, from outside.
#include "program.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace interlock::tests {
namespace {

TEST(Locks, AnOrderThatHoldsIsPrintedAndTheCodeIs0) {
  const Workplace place;
  place.write("c.json", holds_config());
  const Finished run = place.run({"locks", "c.json"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_NE(run.out.find("order that the code follows:\n  0  "), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("nothing found\nexit 0: "), std::string::npos) << run.out;
}

TEST(Locks, ADeadlockIs11WithBothSidesOfTheReversal) {
  const Workplace place;
  place.write("c.json", deadlock_config());
  const Finished run = place.run({"locks", "c.json"});
  EXPECT_EQ(run.code, 11) << run.err;
  for (const char* part :
       {"lock order reversal: ", " 1st ", " 2nd ", " established at", " attempted at",
        "*** DEADLOCK ***", "documented lock order violated: p_lock -> proc_lock"})
    EXPECT_NE(run.out.find(part), std::string::npos) << part << "\n" << run.out;
}

TEST(Locks, JsonSaysTheSame) {
  const Workplace place;
  place.write("c.json", deadlock_config());
  const Finished run = place.run({"locks", "--format", "json", "c.json"});
  EXPECT_EQ(run.code, 11);
  const auto file = nlohmann::json::parse(run.out);
  EXPECT_EQ(file["format"], "interlock-locks");
  EXPECT_EQ(file["exit"]["code"], 11);
  const auto& result = file["results"][0];
  EXPECT_EQ(result["findings"][0]["kind"], "deadlock");
  // Both sides: who waits where, and where who holds the lock has taken it.
  const auto& waits = result["findings"][0]["waits"];
  ASSERT_EQ(waits.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(waits[i]["holder"], waits[1 - i]["thread"]);
    EXPECT_EQ(waits[i]["attempt"]["thread"], waits[i]["thread"]);
    EXPECT_EQ(waits[i]["established"]["thread"], waits[i]["holder"]);
  }
  EXPECT_EQ(result["no_order"]["cycle"].size(), 2U);
  ASSERT_EQ(result["no_order"]["removal"].size(), 1U);
  EXPECT_EQ(result["no_order"]["removal"][0]["held"], "p_lock");
}

TEST(Locks, DotDrawsReversalsInRed) {
  const Workplace place;
  place.write("bad.json", deadlock_config());
  place.write("good.json", holds_config());
  const Finished bad = place.run({"locks", "--format", "dot", "bad.json"});
  EXPECT_TRUE(bad.out.starts_with("digraph locks {")) << bad.out;
  EXPECT_NE(bad.out.find("color=red"), std::string::npos);
  EXPECT_EQ(place.run({"locks", "--format", "dot", "good.json"}).out.find("color=red"),
            std::string::npos);
}

TEST(Locks, SvgDrawsEveryClassOnceAndReversalsInRed) {
  const Workplace place;
  place.write("bad.json", deadlock_config());
  place.write("good.json", holds_config());
  const std::string bad = place.run({"locks", "--format", "svg", "bad.json"}).out;
  EXPECT_TRUE(bad.starts_with("<svg xmlns=")) << bad;
  EXPECT_TRUE(bad.ends_with("</svg>\n")) << bad;
  const std::string box = "\"middle\">p_lock (";
  EXPECT_NE(bad.find(box), std::string::npos) << bad;
  EXPECT_EQ(bad.find(box), bad.rfind(box)) << bad;
  const std::string red = "stroke=\"#c00\"";
  EXPECT_NE(bad.find(red), std::string::npos) << bad;
  EXPECT_EQ(place.run({"locks", "--format", "svg", "good.json"}).out.find(red), std::string::npos);
}

TEST(Locks, ALimitIsNotMistakenForAnAnswer) {
  const Workplace place;
  place.write("c.json", holds_config());
  const Finished run = place.run({"locks", "--max-states", "5", "c.json"});
  EXPECT_EQ(run.code, 124) << run.out;
  EXPECT_NE(run.out.find("incomplete: "), std::string::npos);
}

TEST(Locks, AConfigThatIsWrongDoesNotStopTheOthers) {
  const Workplace place;
  place.write("wrong.json", "{");
  place.write("good.json", holds_config());
  const Finished run = place.run({"locks", "wrong.json", "good.json"});
  EXPECT_EQ(run.code, 151) << run.out;
  EXPECT_NE(run.err.find("wrong.json:1:"), std::string::npos) << run.err;
  EXPECT_TRUE(run.out.starts_with("good.json: ")) << run.out;
  EXPECT_TRUE(run.out.ends_with("exit 151: the config, the witness or the command line is wrong\n"))
      << run.out;
  const Finished dot = place.run({"locks", "--format", "dot", "wrong.json", "good.json"});
  EXPECT_TRUE(dot.out.starts_with("digraph locks {")) << dot.err;
}

TEST(Locks, JsonSaysOfAConfigThatIsWrongWhatCheckSays) {
  const Workplace place;
  place.write("wrong.json", "{");
  place.write("good.json", holds_config());
  const auto first_of = [&](const char* command) {
    const Finished run = place.run({command, "--format", "json", "wrong.json", "good.json"});
    const auto results = nlohmann::json::parse(run.out)["results"];
    EXPECT_EQ(results.size(), 2U);
    EXPECT_EQ(results[1]["config"], "good.json");
    return results[0];
  };
  const auto result = first_of("locks");
  EXPECT_EQ(result["verdict"], "wrong");
  EXPECT_EQ(result, first_of("check"));
}

// As of several checks: nothing weighs more than the first violation.
TEST(Locks, OfSeveralConfigsTheFirstWithFindingsDecides) {
  const Workplace place;
  place.write("wrong.json", "{");
  place.write("reversal.json", harmless_reversal_config());
  place.write("deadlock.json", deadlock_config());
  EXPECT_EQ(place.run({"locks", "wrong.json", "reversal.json", "deadlock.json"}).code, 12);
  EXPECT_EQ(place.run({"locks", "deadlock.json", "reversal.json", "wrong.json"}).code, 11);
}

} // namespace
} // namespace interlock::tests
