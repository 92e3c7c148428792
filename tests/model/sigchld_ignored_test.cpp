// A parent that ignores SIGCHLD: its children become init's when they exit, and wait4(2) comes back
// with ECHILD when the last of them has.
#include "support/dragonfly.hpp"
#include "support/freebsd.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

// Not while fork is under way, which touches a child on FreeBSD that is gone.
ScenarioText waits_for_child(const ScenarioText& system) {
  return system.thread("parent", {"fork child", "wait4"})
      .thread("child", {"await parent.fork child", "exit 1"})
      .thread("init", {"wait4"})
      .environment("sigchld-ignored");
}

TEST(SigchldIgnored, WaitComesBackWhenNobodyIsLeft) {
  for (const ScenarioText& system : {ScenarioText(), freebsd::kernel()}) {
    const Checked checked = check(waits_for_child(system));
    EXPECT_TRUE(checked.holds()) << checked.verdict();
  }
  // Parent and init may both come for the zombie there: see configs/dragonfly.
  const Checked checked = check(
      waits_for_child(dragonfly::kernel()).property("no-deadlock").property("kevent-contract"));
  EXPECT_TRUE(checked.holds()) << checked.verdict();
}

// What ends the wait, in each kernel.
TEST(SigchldIgnored, AParentThatNobodyWakesWaitsForEver) {
  const auto verdict = [](const ScenarioText& system, const std::string& step) {
    return check(waits_for_child(system).property("no-deadlock").drop(step)).verdict();
  };
  for (const std::string& found : {verdict(ScenarioText(), "exit1.no_child_left"),
                                   verdict(freebsd::kernel(), "exit1.wakeup_pp"),
                                   verdict(dragonfly::kernel(), "proc_reparent.wakeup_opp")})
    EXPECT_EQ(found.substr(0, 11), "no-deadlock") << found;
}

TEST(SigchldIgnored, TheChildIsNobodysToFind) {
  for (const ScenarioText& system : {ScenarioText(), freebsd::kernel()}) {
    const Checked checked =
        check(system.thread("parent", {"fork child", "wait4", "if 0", "kevent wait poll"})
                  .thread("child", {"await parent.fork child", "exit 1"})
                  .thread("init", {"wait4"})
                  .environment("sigchld-ignored"));
    EXPECT_TRUE(checked.holds()) << checked.verdict();
    const auto& actions = checked.spec().actions();
    for (lang::ActionId id = 0; id < actions.size(); ++id)
      EXPECT_TRUE(actions[id].label != "kevent wait poll.enter" ||
                  checked.result.statistics.action_counts.at(id) == 0);
  }
}

} // namespace
} // namespace interlock::tests
