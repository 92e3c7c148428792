// Building a specification ends at limits, and when it is interrupted.
#include "config/building.hpp"

#include <gtest/gtest.h>

namespace interlock::checker {
namespace {

Config config_with(std::size_t calls) {
  std::string polls = "\"kevent add proc p exit\"";
  for (std::size_t i = 2; i < calls; ++i)
    polls += ", \"kevent wait poll\"";
  return parse_config("c.json", R"({"system": "netbsd", "revision": "kern_event-1.129",
      "scenario": {"threads": {"p": ["exit"], "w": [)" +
                                    polls + "]}}}");
}

std::string why_stopped(const BuildLimits& limits, const Config& config) {
  try {
    build_within(limits, config);
  } catch (const BuildStopped& stopped) {
    EXPECT_EQ(stopped.cause() == BuildStopped::Cause::interruption, limits.interrupted != nullptr);
    return stopped.what();
  }
  return "not stopped";
}

TEST(Building, IsTheSameWithinGenerousLimits) {
  const std::atomic<bool> never{false};
  const Config config = config_with(3);
  const systems::BuiltSpec free = build_spec(config);
  const systems::BuiltSpec limited = build_within({10'000, 1e6, &never}, config);
  EXPECT_EQ(free.spec->actions().size(), limited.spec->actions().size());
}

TEST(Building, EndsAtTheLimitOfTime) {
  EXPECT_EQ(why_stopped({0, 1e-9, nullptr}, config_with(2)),
            "the limit of 0.000000001 seconds was reached while the specification was built");
}

// A hundred calls bring some ten thousand actions, each of hundreds of bytes.
TEST(Building, EndsAtTheLimitOfMemory) {
  EXPECT_EQ(why_stopped({1, 0, nullptr}, config_with(100)),
            "the limit of 1 MiB was reached while the specification was built");
}

TEST(Building, EndsWhenItIsInterrupted) {
  const std::atomic<bool> now{true};
  EXPECT_EQ(why_stopped({0, 0, &now}, config_with(2)),
            "interrupted while the specification was built");
}

TEST(Building, OfAWrongSpecificationNamesTheConfig) {
  Config config = config_with(2);
  // What follows reads the process that was not looked up.
  config.scenario.patches.push_back(
      {systems::Patch::Kind::drop, {"filt_procattach.proc_find", "/patches/0/drop"}, {}});
  try {
    build_spec(config);
    ADD_FAILURE() << "it was built";
  } catch (const lang::SpecError& error) {
    EXPECT_TRUE(std::string(error.what()).starts_with("c.json: wrong specification: "))
        << error.what();
  }
}

} // namespace
} // namespace interlock::checker
