// "reuse": "any" on the systems: every free slot that can be told apart.
#include "support/dragonfly.hpp"
#include "support/freebsd.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

// A registration that is taken back and made again, beside a fork that tracks.
systems::Scenario registers_again(const ScenarioText& system, const char* reuse) {
  systems::Scenario scenario =
      system.process("p", {"forker", "watcher"})
          .thread("forker", {"fork child"})
          .thread("watcher",
                  {"kevent add proc p track", "kevent delete proc p", "kevent add proc p track"})
          .thread("child", {})
          .property("no-deadlock")
          .scenario();
  scenario.reuse.text = reuse;
  return scenario;
}

std::uint64_t states(const systems::Scenario& scenario) {
  const systems::BuiltSpec built = systems::build(scenario);
  checker::CheckOptions options;
  options.properties = built.properties.names;
  const checker::CheckResult result = checker::check(*built.spec, options);
  EXPECT_EQ(result.verdict, checker::Verdict::holds);
  return result.statistics.states;
}

TEST(ReuseAny, HasTheStatesOfTheLowestAndMaybeMore) {
  for (const ScenarioText& system : {ScenarioText(), freebsd::kernel(), dragonfly::kernel()})
    EXPECT_GE(states(registers_again(system, systems::reuse_any)),
              states(registers_again(system, systems::reuse_lowest)));
}

} // namespace
} // namespace interlock::tests
