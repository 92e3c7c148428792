// What a scenario says of the order of its calls: await, and the setup.
#include "support/scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace interlock::tests {
namespace {

// The parent's child exits, perhaps only when it is watched.
ScenarioText watched_child(const std::vector<std::string>& child) {
  return ScenarioText()
      .property("assertion")
      .thread("parent", {"fork child", "kevent add proc child exit"})
      .thread("child", child)
      .before("filt_procattach.return_ESRCH", "check false");
}

TEST(Gate, ACallBeginsOnlyWhenTheOtherHasReturned) {
  EXPECT_FALSE(check(watched_child({"exit 1"})).holds());
  EXPECT_TRUE(check(watched_child({"await parent.kevent add proc child exit", "exit 1"})).holds());
  EXPECT_FALSE(check(watched_child({"await parent.fork child", "exit 1"})).holds());
}

TEST(Gate, NamesACallByItsNumberToo) {
  EXPECT_TRUE(check(watched_child({"await parent.2", "exit 1"})).holds());
  EXPECT_FALSE(check(watched_child({"await parent.1", "exit 1"})).holds());
}

TEST(Gate, IsSaidWithTheVerdict) {
  const Checked checked = check(watched_child({"await parent.2", "exit 1"}));
  const std::vector<std::string>& notes = checked.built.order;
  EXPECT_NE(std::find(notes.begin(), notes.end(),
                      "child's 'exit 1' begins after parent's 'kevent add proc child exit' has "
                      "returned"),
            notes.end());
}

// NetBSD makes a wait again that ends because the kqueue is being closed and collects nothing.
TEST(Gate, StaysShutWhereTheKernelRestartsTheCall) {
  const Checked checked = check(ScenarioText()
                                    .process("p", {"waiter", "closer", "third"})
                                    .thread("waiter", {"kevent wait"})
                                    .thread("closer", {"kevent add proc p fork", "close kq"})
                                    .thread("third", {"await waiter.kevent wait", "close kq"}));
  std::set<std::string> opens; // a wait may return here or there
  for (const lang::Action& action : checked.spec().actions())
    for (const lang::Update& update : action.updates)
      if (checked.spec().variables()[update.variable].name == "waiter_has_returned_1")
        opens.insert(action.label + ": " + to_string(update.value));
  EXPECT_EQ(opens, std::set<std::string>{
                       "kevent wait.return: kevent wait.nevents != 0 || kevent wait.errno != 0"});
}

// A thread that waits at a gate waits for nothing of the kernel's.
TEST(Gate, ThatStaysShutIsNoDeadlock) {
  EXPECT_EQ(check(ScenarioText()
                      .property("no-deadlock")
                      .thread("parent", {"await watcher.kevent wait", "exit 1"})
                      .thread("watcher", {"kevent add proc parent exit", "kevent wait"}))
                .verdict(),
            "holds");
}

TEST(Setup, RunsWithoutInterleaving) {
  const ScenarioText scenario = ScenarioText()
                                    .property("no-deadlock")
                                    .thread("a", {})
                                    .thread("b", {})
                                    .process("p", {"a", "b"});
  const auto statistics = [](const ScenarioText& text) {
    const Checked checked = check(text);
    EXPECT_TRUE(checked.holds()) << checked.verdict();
    return checked.result.statistics;
  };
  const auto in_order = statistics(
      scenario.setup({"a: kevent add proc p exit", "b: kevent add proc p fork", "a: close kq"}));
  EXPECT_EQ(in_order.transitions + 1, in_order.states) << "one way through";
  const auto at_once = statistics(ScenarioText()
                                      .property("no-deadlock")
                                      .process("p", {"a", "b"})
                                      .thread("a", {"kevent add proc p exit", "close kq"})
                                      .thread("b", {"kevent add proc p fork"}));
  EXPECT_GT(at_once.transitions, at_once.states);
}

TEST(Setup, ComesBeforeTheCallsOfAllThreads) {
  const ScenarioText scenario = ScenarioText()
                                    .property("assertion")
                                    .thread("parent", {})
                                    .thread("child", {"exit 1"})
                                    .before("filt_procattach.return_ESRCH", "check false");
  EXPECT_TRUE(
      check(scenario.setup({"parent: fork child", "parent: kevent add proc child exit"})).holds());
}

} // namespace
} // namespace interlock::tests
