// What a config says has to happen in some run: "sometimes".
#include "program.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace interlock::tests {
namespace {

using Json = nlohmann::json;

std::string config(const std::string& sometimes, const std::string& expect = "\"holds\": true") {
  return R"({"system": "netbsd", "revision": "kern_event-1.129",
    "scenario": {"threads": {"parent": ["fork child", "wait4"], "child": ["exit 1"]}},
    "properties": ["no-deadlock"],
    "sometimes": [)" +
         sometimes + "], \"expect\": {" + expect + "}}";
}

constexpr const char* zombie =
    R"({"name": "zombie", "exists": "proc p", "holds": "p.p_stat == SZOMB"})";
constexpr const char* two_zombies =
    R"({"name": "two-zombies", "exists": "proc p, proc q",
        "holds": "p != q && p.p_stat == SZOMB && q.p_stat == SZOMB"})";

class Examples : public testing::Test {
protected:
  Finished check(const std::string& sometimes) {
    place.write("c.json", config(sometimes));
    return place.run({"check", "c.json"});
  }
  Workplace place;
};

TEST_F(Examples, AStateThatIsReachedHasAWitness) {
  const Finished run = check(zombie);
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  EXPECT_NE(run.out.find("\nsometimes zombie: after "), std::string::npos) << run.out;
  const Finished shown = place.run({"show", "interlock-out/c.zombie.witness.json"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_NE(shown.out.find(" set_SZOMB "), std::string::npos) << shown.out;
}

TEST_F(Examples, AStateThatIsNeverReachedIsVacuous) {
  const Finished run = check(two_zombies);
  EXPECT_EQ(run.code, 15) << run.out << run.err;
  EXPECT_TRUE(run.out.starts_with("c.json: holds; vacuous: two-zombies: no state has p != q"))
      << run.out;
  const Json json = Json::parse(place.run({"check", "--format", "json", "c.json"}).out);
  EXPECT_EQ(json["results"][0]["verdict"], "vacuous");
  EXPECT_EQ(json["results"][0]["sometimes"][0]["happens"], false);
}

TEST_F(Examples, AStepHasToBeTaken) {
  EXPECT_EQ(check(R"({"name": "wakes", "takes": "exit1.cv_broadcast_p_waitcv"})").code, 0);
  const Finished never = check(R"({"name": "childless", "takes": "do_sys_wait.set_ECHILD"})");
  EXPECT_EQ(never.code, 15) << never.out << never.err;
  EXPECT_NE(never.out.find("childless: no run takes do_sys_wait.set_ECHILD"), std::string::npos)
      << never.out;
}

TEST_F(Examples, WhatCannotBeIsSaidBeforeTheSearch) {
  const auto refusal = [&](const std::string& sometimes) {
    const Finished run = check(sometimes);
    EXPECT_EQ(run.code, 151) << run.out;
    return run.err;
  };
  EXPECT_NE(
      refusal(R"({"name": "a", "takes": "exit1.set_SZOM"})").find("did you mean exit1.set_SZOMB"),
      std::string::npos);
  EXPECT_NE(refusal(R"({"name": "a", "holds": "p.p_stat == SZOMB"})").find("/sometimes/0/holds"),
            std::string::npos)
      << "p is nobody";
  EXPECT_NE(refusal(R"({"name": "a"})").find("exactly one of \"holds\""), std::string::npos);
  EXPECT_NE(refusal(R"({"name": "kassert", "takes": "exit1.set_SZOMB"})").find("another name"),
            std::string::npos);
}

TEST_F(Examples, TheGateExpectsThem) {
  const auto gate = [&](const std::string& sometimes, const std::string& expect) {
    place.write("c.json", config(sometimes, expect));
    return place.run({"gate", "c.json"});
  };
  EXPECT_EQ(gate(zombie, "\"holds\": true").code, 0);
  EXPECT_EQ(gate(two_zombies, "\"vacuous\": true").code, 0);
  EXPECT_EQ(gate(zombie, "\"vacuous\": true").code, 17);
  const Finished run = gate(two_zombies, "\"holds\": true");
  EXPECT_EQ(run.code, 17);
  EXPECT_NE(run.out.find("  VACUOUS  two-zombies: no state has "), std::string::npos) << run.out;
}

TEST_F(Examples, AreNotLookedForWhereSomethingIsViolated) {
  place.write("c.json", R"({"system": "netbsd", "revision": "kern_event-1.129",
    "scenario": {"threads": {"parent": ["fork child", "wait4"], "child": ["exit 1"]}},
    "patches": [{"drop": "exit1.set_SZOMB"}], "properties": ["no-deadlock"],
    "sometimes": [)" + std::string(two_zombies) +
                            "]}");
  EXPECT_EQ(place.run({"check", "--no-replay", "c.json"}).code, 11);
}

// Nothing ever comes; what stands behind the wait is never made.
std::string waits_for_nothing(const std::string& expect) {
  return R"({"system": "netbsd", "revision": "kern_event-1.129",
    "scenario": {"threads": {"parent": ["fork child"], "child": ["exit 1"],
      "watcher": ["kevent add proc parent exit", "kevent wait", "kevent wait poll"]}},
    "properties": ["no-deadlock"], "expect": {)" +
         expect + "}}";
}

TEST(Vacuity, ACallThatNeverReturnsIsVacuous) {
  const Workplace place;
  place.write("c.json", waits_for_nothing("\"holds\": true"));
  const Finished run = place.run({"check", "c.json"});
  EXPECT_EQ(run.code, 15) << run.out << run.err;
  EXPECT_TRUE(
      run.out.starts_with("c.json: holds; vacuous: watcher's 'kevent wait' never returns\n"))
      << run.out;
  const Json never = Json::parse(
      place.run({"check", "--format", "json", "c.json"}).out)["results"][0]["never_returns"];
  EXPECT_EQ(
      never,
      (Json::array(
          {{{"thread", "watcher"}, {"call", "kevent wait"}, {"number", 2}, {"begins", true}}})));
  EXPECT_EQ(place.run({"gate", "c.json"}).code, 17);
}

TEST(Vacuity, ACallMayBeMeantNeverToReturn) {
  const Workplace place;
  for (const char* name : {"watcher.kevent wait", "watcher.2"}) {
    place.write("c.json", waits_for_nothing("\"holds\": true, \"never_returns\": [\"" +
                                            std::string(name) + "\"]"));
    const Finished run = place.run({"check", "c.json"});
    EXPECT_EQ(run.code, 0) << run.out << run.err;
    EXPECT_NE(run.out.find("\nwatcher's 'kevent wait' never returns, as is meant\n"),
              std::string::npos)
        << run.out;
    EXPECT_EQ(place.run({"gate", "c.json"}).code, 0);
  }
  place.write("c.json", waits_for_nothing("\"holds\": true, \"never_returns\": "
                                          "[\"watcher.2\", \"parent.fork child\"]"));
  const Finished run = place.run({"gate", "c.json"});
  EXPECT_EQ(run.code, 17);
  EXPECT_NE(run.out.find("never returns: expected of parent.fork child, which returns"),
            std::string::npos)
      << run.out;
}

TEST(Vacuity, WhatIsMeantNeverToReturnIsACallOfTheScenario) {
  const Workplace place;
  place.write("c.json",
              waits_for_nothing("\"holds\": true, \"never_returns\": [\"watcher.kevent wiat\"]"));
  const Finished run = place.run({"check", "c.json"});
  EXPECT_EQ(run.code, 151);
  EXPECT_NE(run.err.find("did you mean watcher.kevent wait? [at /expect/never_returns/0]"),
            std::string::npos)
      << run.err;
}

TEST(Vacuity, APatchOfWhatNobodyDoesIsSaid) {
  const Workplace place;
  place.write("c.json", R"({"system": "netbsd", "revision": "kern_event-1.129",
    "scenario": {"threads": {"parent": ["fork child", "wait4"], "child": ["exit 1"]}},
    "patches": [{"drop": "exit1.set_SZOMB"},
                {"drop": "knote_activate_locked.queue"}],
    "properties": ["kassert"]})");
  const Finished run = place.run({"check", "c.json"});
  EXPECT_EQ(run.out.find("what patch 1 edits"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("no run comes to what patch 2 edits: knote_activate_locked.queue\n"),
            std::string::npos)
      << run.out;
}

} // namespace
} // namespace interlock::tests
