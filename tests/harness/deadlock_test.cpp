// Deadlocks are confirmed by threads that really try to go on, and denied when one can.
#include "harness/replay.hpp"

#include "harness/deadlock.hpp"
#include "small_specs.hpp"

#include <gtest/gtest.h>

#include <regex>

namespace interlock::harness::testing {
namespace {

// "child spins on a.owner" and so on, with a number of attempts that is not 0.
::testing::AssertionResult says(const ReplayReport& report, const std::string& pattern) {
  if (std::regex_search(report.text, std::regex(pattern)))
    return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << report.text;
}

// Two threads that take two mutexes in opposite orders.
struct Crossing : SmallSpec {
  Crossing() : SmallSpec({"parent", "child"}) {
    mutexes({"a", "b"});
    for (lang::ThreadId thread = 0; thread < 2; ++thread)
      body(thread, [&](Steps& s) {
        acquire(s, mutex(thread));
        acquire(s, mutex(1 - thread));
      });
    finish();
  }
};

TEST(Deadlock, ThreadsThatTakeTwoMutexesInOppositeOrdersSpinOnEachOther) {
  const Crossing crossing;
  const ReplayReport report = replay(crossing.spec(), walk(crossing.spec(), {0, 1}, deadlock), {});
  EXPECT_TRUE(report.reproduced()) << report.text;
  EXPECT_EQ(report.steps, 2U);
  EXPECT_TRUE(says(report, "parent spins on b\\.owner, held by child \\([1-9][0-9]* lock "
                           "cmpxchg, all in vain\\); child spins on a\\.owner, held by parent"));
}

TEST(Deadlock, IsDeniedWhenALockIsFree) {
  const Crossing crossing;
  const ReplayReport report = replay(crossing.spec(), walk(crossing.spec(), {0}, deadlock), {});
  EXPECT_FALSE(report.reproduced());
  EXPECT_TRUE(
      says(report,
           "not confirmed: .*(parent|child), which should be blocked, could take its next step"));
}

TEST(Deadlock, IsDeniedWhenEveryThreadIsDone) {
  SmallSpec idle({"only"});
  const Expr done = idle.builder.read(idle.builder.global("done", lang::boolean_type(), 0));
  idle.body(0, [&](Steps& s) { s.set(done, true); });
  idle.finish();
  const ReplayReport report = replay(idle.spec(), walk(idle.spec(), {0}, deadlock), {});
  EXPECT_FALSE(report.reproduced());
  EXPECT_TRUE(says(report, "no thread is blocked"));
}

TEST(Deadlock, IsNotConfirmedWithoutTheTimeToWatchIt) {
  const Crossing crossing;
  const ReplayReport report = replay(crossing.spec(), walk(crossing.spec(), {0, 1}, deadlock), {0});
  EXPECT_FALSE(report.reproduced());
  EXPECT_EQ(report.outcome, ReplayOutcome::out_of_time) << report.text;
  EXPECT_TRUE(says(report, "^not finished: .*the time was over"));
}

TEST(Deadlock, AThreadThatLocksAgainstItselfWaitsForItself) {
  SmallSpec self({"only"});
  self.mutexes({"lock"});
  self.body(0, [&](Steps& s) {
    self.acquire(s, self.mutex(0));
    self.acquire(s, self.mutex(0));
  });
  self.finish();
  const ReplayReport report = replay(self.spec(), walk(self.spec(), {0}, deadlock), {});
  EXPECT_TRUE(report.reproduced()) << report.text;
  EXPECT_TRUE(says(report, "only spins on lock\\.owner, held by only"));
}

TEST(Deadlock, ASleeperThatNobodyWakesLooksAtItsWaiterBit) {
  SmallSpec sleepers({"sleeper", "waker"});
  sleepers.channels({"event"});
  sleepers.body(0, [&](Steps& s) { sleepers.sleep(s, sleepers.channel(0)); });
  sleepers.body(1, [&](Steps& s) { sleepers.wake_all(s, sleepers.channel(0)); });
  sleepers.finish();
  // The wake-up comes before anybody sleeps, and is lost.
  const ReplayReport lost = replay(sleepers.spec(), walk(sleepers.spec(), {1, 0}, deadlock), {});
  EXPECT_TRUE(lost.reproduced()) << lost.text;
  EXPECT_TRUE(says(lost, "sleeper sleeps on event\\.waiters, which nobody clears"));
  const ReplayReport woken = replay(sleepers.spec(), walk(sleepers.spec(), {0, 1}, deadlock), {});
  EXPECT_FALSE(woken.reproduced()) << woken.text;
}

TEST(Deadlock, AWriterWaitsForReadersThatWaitForIt) {
  SmallSpec locks({"reader", "writer"});
  locks.rwlocks({"list"});
  locks.mutexes({"item"});
  locks.body(0, [&](Steps& s) {
    locks.read_lock(s, locks.rwlock(0));
    locks.acquire(s, locks.mutex(0));
  });
  locks.body(1, [&](Steps& s) {
    locks.acquire(s, locks.mutex(0));
    locks.write_lock(s, locks.rwlock(0));
  });
  locks.finish();
  const ReplayReport report = replay(locks.spec(), walk(locks.spec(), {0, 1}, deadlock), {});
  EXPECT_TRUE(report.reproduced()) << report.text;
  EXPECT_TRUE(says(report, "reader spins on item\\.owner, held by writer"));
  EXPECT_TRUE(says(report, "writer spins on list\\.readers, held by reader"));
}

TEST(Deadlock, AThreadThatWaitsForNoLockStaysWhereItIs) {
  SmallSpec stuck({"only"});
  const Expr flag = stuck.builder.read(stuck.builder.global("flag", lang::boolean_type(), 0));
  stuck.body(0, [&](Steps& s) { s.await("until_raised", flag); });
  stuck.finish();
  const ReplayReport report = replay(stuck.spec(), {{}, deadlock}, {});
  EXPECT_TRUE(report.reproduced()) << report.text;
  EXPECT_TRUE(says(report, "only stays at only\\.until_raised \\([1-9][0-9]* attempts\\)"));
}

// What a watcher says who was told something else than what the crossing threads do.
class Misled : public ::testing::Test {
protected:
  std::string watch(const lang::State& believed, const std::vector<BlockedThread>& told) {
    Schedule schedule;
    schedule.initial = state;
    for (const BlockedThread& each : blocked)
      schedule.attempts.emplace_back(
          lower_attempt(crossing.spec(), layout, each.thread,
                        lang::point_of(crossing.spec(), state, each.thread), each.word));
    Machine machine(crossing.spec(), layout, std::move(schedule));
    const Deadline deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    Confirmation result;
    machine.run(deadline, [&] {
      result = confirm_deadlock(crossing.spec(), believed, told, machine, deadline);
    });
    return result.outcome == ReplayOutcome::reproduced ? "confirmed" : result.text;
  }

  Crossing crossing;
  Layout layout{crossing.spec()};
  lang::State state = lang::follow(crossing.spec(), walk(crossing.spec(), {0, 1}, deadlock)).back();
  std::vector<BlockedThread> blocked = blocked_threads(crossing.spec(), layout, state);
};

TEST_F(Misled, ByNothingConfirms) { EXPECT_EQ(watch(state, blocked), "confirmed"); }

TEST_F(Misled, AboutAWordSeesThatItIsAnother) {
  lang::State other = state;
  other[blocked[0].word->slot] = lang::none;
  EXPECT_EQ(watch(other, blocked), "b.owner changed from none to child");
}

TEST_F(Misled, AboutWhatAThreadSpinsOnSeesThatItDoesNot) {
  std::vector<BlockedThread> told = blocked;
  told[0].word = blocked[1].word;
  EXPECT_EQ(watch(state, told), "parent does not spin on a.owner");
}

TEST_F(Misled, AboutTheHolderSeesWhoItIs) {
  std::vector<BlockedThread> told = blocked;
  told[0].wait->holders = {0};
  EXPECT_EQ(watch(state, told), "b.owner is child, which is not what parent waits for");
}

} // namespace
} // namespace interlock::harness::testing
