// The machine: where variables live, whose turn it is, and that nothing runs for ever.
#include "harness/machine.hpp"

#include "small_specs.hpp"

#include <gtest/gtest.h>

#include <map>

namespace interlock::harness::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

const lang::TypeRef small = lang::integer_type(0, 7);

TEST(Layout, ObjectsAndStructuresBeginOnCacheLines) {
  SmallSpec locks({"one", "two"});
  locks.mutexes({"a", "b", "c"});
  const VariableId counter = locks.builder.global("counter", small, 0);
  for (lang::ThreadId thread = 0; thread < 2; ++thread)
    locks.body(thread, [&](Steps& s) { locks.acquire(s, locks.mutex(0)); });
  locks.finish();
  const Layout layout(locks.spec());
  std::map<std::uint32_t, std::size_t> words; // by slot
  for (std::size_t word = 0; word < layout.words(); ++word)
    if (const auto slot = layout.slot_of_byte(word * Layout::word_bytes)) {
      EXPECT_TRUE(words.emplace(*slot, word).second) << "two words stand for a slot";
    }
  EXPECT_EQ(words.size(), locks.spec().slot_count()) << "each has a word of its own";
  // Three locks, the globals, and the locals of each of two threads: each alone on its line.
  EXPECT_EQ(words.size(), 6U);
  for (const auto& [slot, word] : words)
    EXPECT_EQ(word % Layout::line_words, 0U);
  EXPECT_FALSE(layout.slot_of_byte((layout.word(counter) + 1) * Layout::word_bytes));
}

TEST(Layout, AStateSurvivesPackingAndUnpacking) {
  SmallSpec one({"only"});
  const lang::PoolId pool = one.builder.pool("item", {"x", "y"}, lang::Lifetime::permanent);
  one.builder.field_list(pool, "list", small, 3);
  const VariableId constant = one.builder.constant_field(pool, "constant", small, {4, 5});
  one.body(0, [&](Steps& s) { s.await("rest", true); });
  one.finish();
  const Layout layout(one.spec());
  lang::State state;
  for (lang::Value i = 0; i < static_cast<lang::Value>(one.spec().slot_count()); ++i)
    state.push_back(100 + i);
  const std::vector<Value> memory = layout.pack(state);
  EXPECT_EQ(layout.unpack(memory.data()), state);
  EXPECT_EQ(memory[layout.word(constant, 1)], 5);
  EXPECT_THROW(layout.word(constant, 2), std::out_of_range);
}

// Two threads and one lock that `holder` has from the beginning; thread 0 takes it in its only
// step.
struct HeldLock : SmallSpec {
  HeldLock() : SmallSpec({"one", "two"}) {
    mutexes({"lock"});
    for (lang::ThreadId thread = 0; thread < 2; ++thread)
      body(thread, [&](Steps& s) { acquire(s, mutex(0)); });
    finish();
    owner_slot = lang::place_of(owner(mutex(0))).variable;
    owner_slot = spec().variables()[owner_slot].first_slot;
  }

  // The step that takes the lock, without looking at the guard first.
  Schedule schedule(std::uint64_t spin_limit) const {
    lang::Action action = spec().actions()[0];
    action.guard = Expr(true);
    Schedule schedule;
    schedule.initial = spec().initial_state();
    schedule.initial[owner_slot] = 2; // thread `two`
    schedule.steps.push_back({0, lower_action(spec(), layout(), action)});
    schedule.spin_limit = spin_limit;
    return schedule;
  }
  Layout layout() const { return Layout(spec()); }

  std::uint32_t owner_slot = 0;
};

TEST(Machine, ALockThatStaysHeldIsGivenUpAfterTheLimitOfAttempts) {
  const HeldLock held;
  const Layout layout = held.layout();
  Machine machine(held.spec(), layout, held.schedule(1000));
  EXPECT_TRUE(machine.run(Clock::now() + seconds(60)));
  EXPECT_EQ(machine.record(0).outcome, Outcome::lock_held);
  EXPECT_EQ(machine.record(0).found, 2);
}

TEST(Machine, TheDeadlineEndsASpinLoopThatHasNoLimit) {
  const HeldLock held;
  const Layout layout = held.layout();
  Machine machine(held.spec(), layout, held.schedule(0));
  const auto start = Clock::now();
  EXPECT_FALSE(machine.run(start + milliseconds(20)));
  EXPECT_LT(Clock::now() - start, seconds(20));
  EXPECT_EQ(machine.record(0).outcome, Outcome::stopped);
}

TEST(Machine, StepsBehindOneThatFailedDoNotRun) {
  const HeldLock held;
  const Layout layout = held.layout();
  Schedule schedule = held.schedule(10);
  schedule.steps.push_back({1, lower_action(held.spec(), layout, held.spec().actions()[1])});
  Machine machine(held.spec(), layout, std::move(schedule));
  EXPECT_TRUE(machine.run(Clock::now() + seconds(60)));
  EXPECT_EQ(machine.record(1).outcome, Outcome::not_run);
}

TEST(Machine, EveryStepSeesWhatTheStepBeforeItStored) {
  // Two threads in turn, a thousand steps: each adds what it reads to what is there.
  SmallSpec ladder({"one", "two"});
  const Expr rung =
      ladder.builder.read(ladder.builder.global("rung", lang::integer_type(0, 1000), 0));
  for (lang::ThreadId thread = 0; thread < 2; ++thread)
    ladder.body(thread, [&](Steps& s) {
      s.loop("climb", [&] { s.set("up", {{rung, rung + 1}}); });
    });
  ladder.finish();
  const Layout layout(ladder.spec());
  Schedule schedule;
  schedule.initial = ladder.spec().initial_state();
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const lang::Action& action =
        ladder.spec().actions()[ladder.spec().threads()[i % 2].points[0].actions[0]];
    schedule.steps.push_back({action.thread, lower_action(ladder.spec(), layout, action)});
  }
  Machine machine(ladder.spec(), layout, std::move(schedule));
  ASSERT_TRUE(machine.run(Clock::now() + seconds(60)));
  const std::uint32_t slot = ladder.spec().slot_count() - 1;
  for (std::size_t i = 0; i < 1000; ++i)
    ASSERT_EQ(layout.unpack(machine.snapshot(i))[slot], static_cast<Value>(i + 1));
}

} // namespace
} // namespace interlock::harness::testing
