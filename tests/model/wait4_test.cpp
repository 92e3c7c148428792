// wait4(2) with a process and with WNOHANG, and what it may answer, on every system.
#include "support/scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include <ostream>

namespace interlock::tests {
namespace {

struct System {
  std::string system;
  std::string revision;
  std::string not_wanted; // the test for another process than the wanted one, and a way to break it
  std::string broken;
  std::string nobody;     // the test for no child at all
  std::string set_zombie; // where the child becomes one
  std::string without;    // what comes of it where the child does not
  std::string sleep;      // where it waits for a child
};

void PrintTo(const System& system, std::ostream* out) { *out << system.system; }

class Wait4 : public testing::TestWithParam<System> {
protected:
  static ScenarioText scenario(const std::vector<std::string>& parent) {
    return ScenarioText()
        .system(GetParam().system)
        .revision(GetParam().revision)
        .property("kevent-contract")
        .property("no-deadlock")
        .property("kassert")
        .thread("parent", parent)
        .thread("child", {"exit 1"})
        .thread("other", {"exit 2"});
  }
};

TEST_P(Wait4, ReapsTheProcessThatItIsFor) {
  const ScenarioText text = scenario({"fork child", "fork other", "wait4 child", "wait4 other"});
  EXPECT_EQ(check(text).verdict(), "holds");
  const std::string broken =
      check(text.replace(GetParam().not_wanted, GetParam().broken)).verdict();
  EXPECT_EQ(broken.substr(0, broken.find(';')),
            "kevent-contract/wait4: parent reaps process other");
}

TEST_P(Wait4, WaitsForNoChildOfAnotherProcess) {
  // The second child is the first one's.
  const ScenarioText text = ScenarioText()
                                .system(GetParam().system)
                                .revision(GetParam().revision)
                                .property("kevent-contract")
                                .property("no-deadlock")
                                .thread("parent", {"fork child", "wait4 other"})
                                .thread("child", {"fork other"})
                                .thread("other", {"exit 2"});
  EXPECT_EQ(check(text).verdict(), "holds");
}

TEST_P(Wait4, WithNohangDoesNotSleep) {
  const Checked checked = check(scenario({"fork child", "wait4 nohang", "wait4 child nohang"}));
  EXPECT_EQ(checked.verdict(), "holds");
  const auto sleeps = [](const lang::Action& action) {
    return action.label.starts_with(GetParam().sleep);
  };
  // NetBSD waits for a child that is in SDEAD.
  EXPECT_EQ(std::any_of(checked.spec().actions().begin(), checked.spec().actions().end(), sleeps),
            GetParam().system == "netbsd");
  const Checked waiting = check(scenario({"fork child", "wait4"}));
  EXPECT_TRUE(
      std::any_of(waiting.spec().actions().begin(), waiting.spec().actions().end(), sleeps));
}

TEST_P(Wait4, WithNohangFindsWhoHasExited) {
  const ScenarioText text = scenario({"fork child", "await child.exit 1", "wait4 nohang"});
  EXPECT_EQ(check(text).verdict(), "holds");
  EXPECT_EQ(check(text.drop(GetParam().set_zombie)).verdict(), GetParam().without);
}

TEST_P(Wait4, IsNotWithoutAChildBesideOne) {
  const ScenarioText text = scenario({"fork child", "wait4"});
  EXPECT_EQ(check(text).verdict(), "holds");
  const std::string broken = check(text.replace(GetParam().nobody, "condition true")).verdict();
  EXPECT_TRUE(broken.starts_with("kevent-contract/wait4: parent: wait4 returns errno ECHILD; "))
      << broken;
}

TEST_P(Wait4, HasNoChildAfterTheLastOne) {
  EXPECT_EQ(check(scenario({"fork child", "wait4 child", "wait4 child nohang"})).verdict(),
            "holds");
}

constexpr const char* overlooked = "kevent-contract/wait4: parent: wait4 nohang returns errno 0; "
                                   "nothing of the kind is allowed here";

INSTANTIATE_TEST_SUITE_P(
    OfEachSystem, Wait4,
    testing::Values(
        System{"netbsd", "kern_event-1.129", "do_sys_wait.test_p_pid", "condition false",
               "do_sys_wait.if", "exit1.set_SZOMB",
               // a child in SDEAD is waited for
               "no-deadlock: parent sleeps on proc0.p_waitcv, and no thread is left to "
               "wake it",
               "do_sys_wait.cv_wait_sig"},
        System{"freebsd", "kqueue-10.4", "proc_to_reap.test_p_pid", "condition false",
               "kern_wait.if", "exit1.set_PRS_ZOMBIE", overlooked, "kern_wait.msleep"},
        System{"dragonfly", "kern_fork-d9d67b59", "kern_wait.find_zombie",
               "set p, (first(q.p_children) == none ? none : (first(q.p_children).p_stat == SZOMB "
               "? first(q.p_children) : none))",
               "kern_wait.if_4", "proc_move_allproc_zombie.set_SZOMB", overlooked,
               "kern_wait.tsleep_interlock"}),
    [](const auto& info) { return info.param.system; });

TEST(WaitAfterNoteExit, IsAskedForByName) {
  const ScenarioText text = ScenarioText()
                                .system("freebsd")
                                .revision("kqueue-10.4")
                                .thread("parent", {"fork child", "kevent add proc child exit",
                                                   "kevent wait", "wait4 nohang"})
                                .thread("child", {"exit 1"});
  EXPECT_EQ(check(text.property("no-deadlock")).verdict(), "holds");
  EXPECT_EQ(
      check(text.property("wait-after-note-exit")).verdict(),
      "wait-after-note-exit: NOTE_EXIT of a child was delivered before, and wait4(2) does not "
      "find it");
}

// Who has been told of no exit may find nobody.
TEST(WaitAfterNoteExit, HoldsWhereNothingWasDelivered) {
  EXPECT_EQ(check(ScenarioText()
                      .property("wait-after-note-exit")
                      .thread("parent", {"fork child", "kevent add proc child exit",
                                         "kevent wait poll", "wait4 nohang"})
                      .thread("child", {"exit 1"}))
                .verdict(),
            "holds");
}

} // namespace
} // namespace interlock::tests
