// What ends the program early: signals, and limits that are reached before there are states.
#include "program.hpp"

#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace interlock::tests {
namespace {

using Json = nlohmann::json;
using Words = std::vector<std::string>;

// Every command that explores, on one config.
std::vector<Words> exploring(const std::string& config) {
  return {{"check", config},
          {"gate", config},
          {"locks", config},
          {"replay", config},
          {"export", config, "--to", "itf"}};
}

// Of a config with as many calls as there may be, which takes tens of MiB to build.
std::string large_config(const std::string& expect) {
  Json config = Json::parse(holds_config(expect));
  Json calls = Json::array();
  for (int i = 0; i < 98; ++i) // p and w have one each
    calls.push_back("kevent wait poll");
  config["scenario"]["threads"]["w"].insert(config["scenario"]["threads"]["w"].end(), calls.begin(),
                                            calls.end());
  return config.dump();
}

class Signal : public testing::TestWithParam<int> {};

TEST_P(Signal, IsAVerdictOfEveryCommandThatExplores) {
  const Workplace place;
  Json config = Json::parse(endless_config());
  config["expect"] = {{"holds", true}};
  place.write("endless.json", config.dump());
  for (Words arguments : exploring("endless.json")) {
    arguments.insert(arguments.end(), {"--max-memory", "300"}); // ends where the signal is lost
    const Finished run = place.run_and_send({GetParam()}, arguments);
    EXPECT_EQ(run.code, 130) << arguments[0] << "\n" << run.out << run.err;
    EXPECT_NE((run.out + run.err).find("interrupted"), std::string::npos) << arguments[0];
  }
}

INSTANTIATE_TEST_SUITE_P(All, Signal, testing::Values(SIGINT, SIGTERM, SIGHUP),
                         [](const auto& info) { return std::string(sigabbrev_np(info.param)); });

TEST(Signals, KillWhenASecondOneComes) {
  const Workplace place;
  place.write("endless.json", endless_config());
  const Finished run =
      place.run_and_send({SIGTERM, SIGHUP}, {"check", "--max-memory", "300", "endless.json"});
  EXPECT_TRUE(run.code == 128 + SIGTERM || run.code == 128 + SIGHUP) << run.code;
}

TEST(Signals, EndTheWaitForAReaderThatDoesNotRead) {
  const Workplace place;
  place.write("d.json", deadlock_config());
  ASSERT_EQ(mkfifo(place.path("pipe").c_str(), 0600), 0);
  const int reader = open(place.path("pipe").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  fcntl(reader, F_SETPIPE_SZ, 4096); // the trace is larger
  const pid_t child = place.start({"export", "d.json", "--to", "itf", "--output", "pipe"});
  for (int waiting = 0; waiting == 0; sched_yield())
    ioctl(reader, FIONREAD, &waiting);
  kill(child, SIGTERM);
  const Finished run = place.finish(child);
  close(reader);
  EXPECT_EQ(run.code, 130) << run.err;
  EXPECT_NE(run.err.find("cannot write pipe"), std::string::npos) << run.err;
}

// A nanosecond is over before anything is built, whatever the machine.
const Words no_time{"--max-seconds", "0.000000001"};

TEST(Building, IsUnderTheLimitOfTime) {
  const Workplace place;
  place.write("c.json", holds_config("{\"incomplete\": true}"));
  for (Words arguments : exploring("c.json")) {
    arguments.insert(arguments.end(), no_time.begin(), no_time.end());
    const Finished run = place.run(arguments);
    EXPECT_EQ(run.code, arguments[0] == "gate" ? 0 : 124) << arguments[0] << run.out << run.err;
    if (arguments[0] != "gate") {
      EXPECT_NE((run.out + run.err).find(" seconds was reached while the specification was built"),
                std::string::npos)
          << arguments[0] << run.out << run.err;
    }
  }
}

TEST(Building, IsUnderTheLimitOfMemory) {
  const Workplace place;
  place.write("large.json", large_config(""));
  const Finished run = place.run({"check", "--max-memory", "1", "large.json"});
  EXPECT_EQ(run.code, 124) << run.out << run.err;
  EXPECT_TRUE(run.out.starts_with("large.json: incomplete: the limit of 1 MiB was reached while "
                                  "the specification was built\n"))
      << run.out;
}

TEST(Building, ThatIsStoppedIsOneResultAmongOthers) {
  const Workplace place;
  place.write("safety.json", safety_config());
  std::string limited = holds_config();
  place.write("limited.json", limited.insert(1, "\"limits\": {\"seconds\": 0.000000001},"));
  const Finished run =
      place.run({"check", "--no-replay", "--format", "json", "limited.json", "safety.json"});
  EXPECT_EQ(run.code, 12) << run.err;
  const Json results = Json::parse(run.out)["results"];
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0]["verdict"], "incomplete");
  EXPECT_EQ(results[0]["exit"]["code"], 124);
  EXPECT_EQ(results[1]["verdict"], "violated");
}

} // namespace
} // namespace interlock::tests
