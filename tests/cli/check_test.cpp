// interlock check: exit codes, what is printed where, and what is written.
#include "program.hpp"

#include <csignal>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace interlock::tests {
namespace {

using Json = nlohmann::json;

TEST(Check, NothingFoundIs0AndWritesNothing) {
  const Workplace place;
  place.write("holds.json", holds_config());
  const Finished run = place.run({"check", "holds.json"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(run.out.starts_with("holds.json: holds\n")) << run.out;
  EXPECT_TRUE(run.out.ends_with("exit 0: as expected, or nothing found\n")) << run.out;
  EXPECT_EQ(run.err, ""); // no progress where stderr is no terminal
  EXPECT_EQ(place.files(), std::vector<std::string>{"holds.json"});
}

TEST(Check, ADeadlockIs11WithItsCycleAWitnessAndAReplay) {
  const Workplace place;
  place.write("deadlock.json", deadlock_config());
  const Finished run = place.run({"check", "deadlock.json"});
  EXPECT_EQ(run.code, 11) << run.err;
  for (const char* part :
       {"deadlock.json: violates no-deadlock (", "wait-for cycle: p -> proc_lock -> w -> ",
        " 1st proc_lock (proc_lock, adaptive mutex) held by w @ sys/kern/kern_event.c:",
        "+proc_lock", "reproduced: ", "\nwitness: interlock-out/deadlock.witness.json\n",
        "\nreplay: interlock replay interlock-out/deadlock.witness.json\nexit 11: deadlock\n"})
    EXPECT_NE(run.out.find(part), std::string::npos) << part << " is missing in\n" << run.out;
  EXPECT_EQ(place.files(), (std::vector<std::string>{"deadlock.json", "interlock-out",
                                                     "interlock-out/deadlock.witness.json"}));
}

TEST(Check, SafetyIs12AndTheWitnessGoesWhereOutSays) {
  const Workplace place;
  place.write("configs/safety.json", safety_config());
  const Finished run = place.run({"check", "configs/safety.json", "--out", "a/b", "--no-replay"});
  EXPECT_EQ(run.code, 12) << run.err;
  EXPECT_TRUE(place.has("a/b/safety.witness.json"));
  EXPECT_FALSE(place.has("interlock-out"));
  EXPECT_EQ(run.out.find("reproduced"), std::string::npos);
}

TEST(Check, OfSeveralConfigsTheFirstViolationDecides) {
  const Workplace place;
  place.write("a.json", holds_config());
  place.write("b.json", safety_config());
  place.write("c.json", deadlock_config());
  EXPECT_EQ(place.run({"check", "--no-replay", "a.json", "b.json", "c.json"}).code, 12);
  EXPECT_EQ(place.run({"check", "--no-replay", "c.json", "b.json", "a.json"}).code, 11);
}

// The findings of the analysis of locks, in JSON as `interlock locks` gives it.
Json findings_of(const Json& locks, const std::string& property) {
  Json findings = Json::array();
  for (const Json& finding : locks["findings"])
    if (finding["property"] == property)
      findings.push_back(finding);
  return findings;
}

TEST(Check, JsonHasTheFindingsOfTheSelectedAnalysisAsLocksGivesThem) {
  const Workplace place;
  place.write("c.json", reversal_config());
  const Finished checked = place.run({"check", "--no-replay", "--format", "json", "c.json"});
  EXPECT_EQ(checked.code, 12) << checked.err;
  const Json result = Json::parse(checked.out)["results"][0];
  EXPECT_EQ(result["violation"]["property"], "lock-order");
  const Json analysed =
      Json::parse(place.run({"locks", "--format", "json", "c.json"}).out)["results"][0];
  const Json expected = findings_of(analysed, "lock-order");
  ASSERT_EQ(expected.size(), 2U) << "both orders, and the documented one";
  EXPECT_EQ(result["locks"]["findings"], expected) << "no-deadlock is not selected";
  EXPECT_EQ(result["locks"]["edges"], analysed["edges"]) << "findings number them";
}

TEST(Check, JsonHasNoLocksWhereNoAnalysisIsSelected) {
  const Workplace place;
  place.write("c.json", safety_config());
  const Finished run = place.run({"check", "--no-replay", "--format", "json", "c.json"});
  EXPECT_TRUE(Json::parse(run.out)["results"][0]["locks"].is_null());
}

TEST(Check, QuietPrintsOneLinePerConfig) {
  const Workplace place;
  place.write("a.json", holds_config());
  place.write("b.json", safety_config());
  const Finished run = place.run({"check", "--quiet", "--no-replay", "a.json", "b.json"});
  EXPECT_EQ(std::count(run.out.begin(), run.out.end(), '\n'), 2) << run.out;
}

TEST(Check, ALimitIs124WithPartialNumbers) {
  const Workplace place;
  place.write("holds.json", holds_config("{\"holds\": true}"));
  const Finished run = place.run({"check", "--max-states", "10", "holds.json"});
  EXPECT_EQ(run.code, 124);
  EXPECT_TRUE(run.out.starts_with("holds.json: incomplete: ")) << run.out;
}

TEST(Check, LimitsOfTheConfigCountAndTheCommandLineReplacesThem) {
  const Workplace place;
  std::string text = holds_config();
  text.insert(1, "\"limits\": {\"states\": 10},");
  place.write("limited.json", text);
  EXPECT_EQ(place.run({"check", "limited.json"}).code, 124);
  EXPECT_EQ(place.run({"check", "limited.json", "--max-states", "1000000"}).code, 0);
}

TEST(Check, AnInterruptIs130WithPartialNumbers) {
  const Workplace place;
  place.write("endless.json", endless_config());
  const Finished run =
      place.run_and_send({SIGINT}, {"check", "--max-memory", "300", "endless.json"});
  EXPECT_EQ(run.code, 130) << run.out << run.err;
  EXPECT_TRUE(run.out.starts_with("endless.json: interrupted\n")) << run.out;
  EXPECT_NE(run.out.find(" states, "), std::string::npos);
  EXPECT_TRUE(run.out.ends_with("exit 130: interrupted\n"));
}

TEST(Check, JsonHasOneResultPerConfigAndTheExitCode) {
  const Workplace place;
  place.write("a.json", holds_config());
  place.write("b.json", deadlock_config());
  const Finished run = place.run({"check", "--format", "json", "--coverage", "a.json", "b.json"});
  EXPECT_EQ(run.code, 11);
  const Json json = Json::parse(run.out);
  EXPECT_EQ(json["format"], "interlock-check");
  EXPECT_EQ(json["exit"]["code"], 11);
  ASSERT_EQ(json["results"].size(), 2U);
  EXPECT_EQ(json["results"][0]["verdict"], "holds");
  EXPECT_TRUE(json["results"][0]["violation"].is_null());
  EXPECT_EQ(json["results"][1]["violation"]["kind"], "deadlock");
  EXPECT_EQ(json["results"][1]["witness"], "interlock-out/b.witness.json");
  const Json& replay = json["results"][1]["replay"];
  EXPECT_EQ(replay["outcome"], "reproduced");
  EXPECT_EQ(replay["steps"], json["results"][1]["violation"]["length"]);
  EXPECT_EQ(replay["threads"], 2); // p and w deadlock
  EXPECT_EQ(replay["counts"]["claim_turn"].get<int>() -
                replay["counts"]["claim_turn_failed"].get<int>(),
            replay["steps"].get<int>() + 2); // each step, and both that wait for the last turn
  EXPECT_GT(json["results"][1]["statistics"]["states"], 0);
  EXPECT_TRUE(json["results"][1]["never_taken"].is_array());
}

TEST(Check, CoverageNamesTheActionsThatWereNeverTaken) {
  const Workplace place;
  place.write("a.json", holds_config()); // where nobody has children
  const Finished run = place.run({"check", "--coverage", "a.json"});
  EXPECT_NE(run.out.find(" actions never taken\n"), std::string::npos);
  EXPECT_NE(run.out.find("\n  exit1.proc_reparent "), std::string::npos) << run.out;
}

TEST(Check, TheSameConfigGivesTheSameWitnessByteByByte) {
  const Workplace place;
  place.write("d.json", deadlock_config());
  place.run({"check", "d.json", "--no-replay", "--out", "one"});
  place.run({"check", "d.json", "--no-replay", "--out", "two"});
  EXPECT_NE(place.read("one/d.witness.json"), "");
  EXPECT_EQ(place.read("one/d.witness.json"), place.read("two/d.witness.json"));
}

// Two processes cannot be three: the second fork finds no free struct proc.
constexpr const char* two_procs = R"({
  "system": "netbsd", "revision": "kern_event-1.129", "bounds": {"procs": 2},
  "scenario": {"threads": {"p": ["fork c", "fork d", "wait4", "wait4"], "c": ["exit"], "d": ["exit"]}}
})";
// kqueue_scan() takes what it finds without looking whose marker it is: kq_count falls below 0.
constexpr const char* negative_count = R"({
  "system": "netbsd", "revision": "kern_event-1.128", "properties": ["no-deadlock"],
  "scenario": {"processes": {"tracker": ["r1", "r2"]}, "threads": {
    "r1": ["kevent add proc parent fork", "kevent wait"], "r2": ["kevent wait"],
    "parent": ["fork c1"], "c1": []}},
  "patches": [{"drop": "kqueue_scan.test_foreign", "keep": "nothing"}]
})";

TEST(CheckWithTooSmallABound, SaysWhichStepAndPoolAndWhichKeyGivesMore) {
  const Workplace place;
  place.write("b.json", two_procs);
  const Finished run = place.run({"check", "b.json"});
  EXPECT_EQ(run.code, 75);
  for (const char* part :
       {"b.json: violates bounds (", "bounds: all 2 proc objects are in use",
        "all 2 objects of the pool proc are in use:", "p  takes proc1 in ",
        "proc0 is in use from the beginning", " step  p ", "bound exceeded by p: ",
        "the pool proc is full; raise \"procs\" in the config's \"bounds\"",
        "reproduced: ", "witness: interlock-out/b.witness.json"})
    EXPECT_NE(run.out.find(part), std::string::npos) << part << "\n" << run.out;
  const std::string written = "interlock-out/b.witness.json";
  EXPECT_NE(place.run({"show", written}).out.find("raise \"procs\""), std::string::npos);
  EXPECT_EQ(place.run({"replay", written}).code, 0);
  const Json result = Json::parse(
      place.run({"check", "--no-replay", "--format", "json", "b.json"}).out)["results"][0];
  EXPECT_EQ(result["violation"]["property"], "bounds");
  EXPECT_EQ(result["violation"]["bound"]["pool"], "proc");
  EXPECT_EQ(result["violation"]["bound"]["key"], "procs");
  EXPECT_EQ(result["witness"], written);
}

TEST(CheckWithTooSmallABound, SaysWhichVariableLeavesItsRange) {
  const Workplace place;
  place.write("n.json", negative_count);
  const Finished run = place.run({"check", "--no-replay", "n.json"});
  EXPECT_EQ(run.code, 75);
  EXPECT_NE(run.out.find("bounds: kq_count := -1 leaves its range"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("no key of the config widens it"), std::string::npos);
  const Json result = Json::parse(
      place.run({"check", "--no-replay", "--format", "json", "n.json"}).out)["results"][0];
  EXPECT_EQ(result["violation"]["bound"]["key"], Json());
}

} // namespace
} // namespace interlock::tests
