// EV_DISPATCH: a registration is disabled when its event is reported, until it is enabled again.
#include "support/dragonfly.hpp"
#include "support/freebsd.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

// Two forks with a look for each, and perhaps a call between.
ScenarioText two_forks(const ScenarioText& system, const std::string& between = "") {
  std::vector<std::string> calls{"kevent add proc parent fork dispatch", "fork first",
                                 "kevent wait poll"};
  if (!between.empty())
    calls.push_back(between);
  for (const char* call :
       {"fork second", "kevent wait poll", "if something", "kevent delete proc parent"})
    calls.emplace_back(call);
  return system.property("kevent-contract")
      .thread("parent", calls)
      .thread("first", {})
      .thread("second", {});
}

// Whether an event comes at the second look.
bool comes_again(const Checked& checked) {
  EXPECT_TRUE(checked.holds()) << checked.verdict();
  const auto& actions = checked.spec().actions();
  for (lang::ActionId id = 0; id < actions.size(); ++id)
    if (actions[id].label == "kevent delete proc parent.enter" &&
        checked.result.statistics.action_counts.at(id) != 0)
      return true;
  return false;
}

TEST(Dispatch, DisablesWhatIsReported) {
  for (const ScenarioText& system : {freebsd::kernel(), dragonfly::kernel()}) {
    EXPECT_FALSE(comes_again(check(two_forks(system))));
    EXPECT_TRUE(comes_again(check(two_forks(system, "kevent enable proc parent fork"))));
  }
}

TEST(Dispatch, WhatIsNotDisabledIsReportedOnceTooOften) {
  const auto enables = [](const ScenarioText& system) {
    return check(two_forks(system).after("kqueue_scan.reset",
                                         "set kn.kn_status, kn.kn_status & ~KN_DISABLED"))
        .verdict();
  };
  for (const ScenarioText& system : {freebsd::kernel(), dragonfly::kernel()})
    EXPECT_EQ(enables(system).substr(0, 28), "kevent-contract/exactly-once") << enables(system);
}

// NetBSD's scan asks for EV_CLEAR first, which every EVFILT_PROC has.
TEST(Dispatch, NetbsdForgetsIt) {
  const Checked checked = check(two_forks(ScenarioText()));
  EXPECT_EQ(checked.verdict().substr(0, 28), "kevent-contract/exactly-once") << checked.verdict();
}

} // namespace
} // namespace interlock::tests
