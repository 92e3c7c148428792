// Replaying traces on the machine: what agrees with the model is reproduced, what differs is named.
#include "harness/replay.hpp"

#include "lang/observer.hpp"
#include "small_specs.hpp"

#include <gtest/gtest.h>

namespace interlock::harness::testing {
namespace {

const lang::TypeRef small = lang::integer_type(0, 7);

// Two threads that each add `amount` to a counter under a mutex.
struct Counting : SmallSpec {
  explicit Counting(int amount, bool wrong_order = false) : SmallSpec({"one", "two"}) {
    mutexes({"counter_lock"});
    counter = builder.read(builder.global("counter", small, 0));
    for (lang::ThreadId thread = 0; thread < 2; ++thread)
      body(thread, [&](Steps& s) {
        acquire(s, mutex(0));
        s.set("add", {{counter, counter + amount}});
        if (!wrong_order)
          release(s, mutex(0));
      });
    violated_everywhere(builder);
    finish();
  }
  Expr counter;
};

TEST(Replay, TwoThreadsIncrementACounterUnderAMutex) {
  const Counting counting(1);
  const Trace trace = walk(counting.spec(), {0, 0, 0, 1, 1, 1}, anywhere);
  const ReplayReport report = replay(counting.spec(), trace, {});
  EXPECT_TRUE(report.reproduced()) << report.text;
  EXPECT_EQ(report.steps, 6U);
  EXPECT_EQ(report.text,
            "reproduced: 6 steps by 2 threads on this machine; after every step the memory (4 "
            "words) equalled the model's state; the final memory violates nowhere: it was reached");
}

std::uint64_t count(const ReplayReport& report, Count what) {
  return report.counts[static_cast<std::size_t>(what)];
}

// Each of two threads takes a lock, adds and gives it back, while no other runs.
TEST(Replay, CountsWhatReallyRan) {
  const Counting counting(1);
  const ReplayReport report =
      replay(counting.spec(), walk(counting.spec(), {0, 0, 0, 1, 1, 1}, anywhere), {});
  EXPECT_EQ(report.threads, 2U);
  EXPECT_EQ(count(report, Count::acquire), 2U);
  EXPECT_EQ(count(report, Count::acquire_failed), 0U);
  EXPECT_EQ(count(report, Count::release), 2U);
  EXPECT_EQ(count(report, Count::claim_turn) - count(report, Count::claim_turn_failed), 6U);
  EXPECT_EQ(count(report, Count::hand_on_turn), 6U);
  EXPECT_NE(lines_of(report).find("\nran on 2 threads: lock cmpxchg 2 to take locks, "),
            std::string::npos)
      << lines_of(report);
}

TEST(Replay, CountsNoThreadThatHasNoStep) {
  const Counting counting(1);
  EXPECT_EQ(replay(counting.spec(), walk(counting.spec(), {1, 1}, anywhere), {}).threads, 1U);
}

TEST(Replay, AnEmptyTraceIsTheInitialMemory) {
  const Counting counting(1);
  EXPECT_TRUE(replay(counting.spec(), {{}, anywhere}, {}).reproduced());
}

TEST(Replay, NamesTheVariableThatDiffersFromTheRecordedStates) {
  const Counting by_one(1);
  const Counting by_two(2);
  const Trace trace = walk(by_one.spec(), {1, 1, 1, 0, 0, 0}, anywhere);
  const ReplayReport report =
      replay(by_two.spec(), trace, lang::follow(by_one.spec(), trace), ReplayOptions{});
  EXPECT_FALSE(report.reproduced());
  ASSERT_TRUE(report.difference);
  EXPECT_EQ(report.difference->step, 2U);
  EXPECT_EQ(report.difference->variable, "counter");
  EXPECT_EQ(report.difference->expected, "1");
  EXPECT_EQ(report.difference->found, "2");
  EXPECT_EQ(report.text, "diverged at step 2 (two: two.add): counter is 2, the model has 1");
}

TEST(Replay, AnInitialStateThatDiffersIsStepZero) {
  const Counting counting(1);
  lang::State state = counting.spec().initial_state();
  state.back() = 3; // the counter is declared last
  const ReplayReport report = replay(counting.spec(), {{}, anywhere}, {state}, {});
  ASSERT_TRUE(report.difference) << report.text;
  EXPECT_EQ(report.difference->step, 0U);
  EXPECT_EQ(report.text, "diverged at the initial state: counter is 0, the model has 3");
}

// Waits in the middle for a flag that the other thread raises, or does not raise.
struct Waiting : SmallSpec {
  explicit Waiting(bool raise) : SmallSpec({"waiter", "raiser"}) {
    const Expr flag = builder.read(builder.global("flag", lang::boolean_type(), 0));
    const Expr seen = builder.read(builder.global("seen", lang::boolean_type(), 0));
    body(0, [&](Steps& s) {
      s.await("until_raised", flag);
      s.set(seen, true);
    });
    body(1, [&](Steps& s) { s.set("raise", {{flag, raise}}); });
    violated_everywhere(builder);
    finish();
  }
};

TEST(Replay, AGuardThatIsFalseOnTheMachineIsADivergenceAndNoHang) {
  const Waiting raised(true);
  const Waiting never(false);
  const Trace trace = walk(raised.spec(), {1, 0, 0}, anywhere);
  std::vector<lang::State> states = lang::follow(raised.spec(), trace);
  for (std::size_t i = 1; i < states.size(); ++i)
    states[i][2] = 0; // what the other specification's raiser leaves in `flag`
  const auto start = std::chrono::steady_clock::now();
  const ReplayReport report = replay(never.spec(), trace, states, {60});
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  EXPECT_FALSE(report.reproduced());
  EXPECT_EQ(report.text,
            "diverged at step 2 (waiter: waiter.until_raised): flag is false, the model has true");
  ASSERT_TRUE(report.difference);
  EXPECT_EQ(report.difference->step, 2U);
}

TEST(Replay, RefusesATraceThatTheSpecificationCannotFollow) {
  const Waiting never(false);
  EXPECT_THROW(replay(never.spec(), {{0}, anywhere}, {}), std::runtime_error);
  EXPECT_THROW(replay(never.spec(), {{1000}, anywhere}, {}), std::runtime_error);
  const lang::State initial = never.spec().initial_state();
  EXPECT_THROW(replay(never.spec(), {{1000}, anywhere}, {initial, initial}, {}),
               std::runtime_error);
  EXPECT_THROW(replay(never.spec(), {{}, anywhere}, {{0, 0}}, {}), std::runtime_error);
  EXPECT_THROW(replay(never.spec(), {{}, anywhere}, {{0, 0, 9, 0}}, {}), std::runtime_error);
  EXPECT_THROW(replay(never.spec(), {{}, anywhere}, {initial, initial}, {}), std::runtime_error);
  EXPECT_THROW(replay(never.spec(), {{}, {ViolationKind::check, "p", ""}}, {}, {}),
               std::runtime_error);
}

TEST(Replay, AnInvariantThatHoldsInTheFinalMemoryIsNotConfirmed) {
  SmallSpec small_spec({"only"});
  lang::SpecBuilder& builder = small_spec.builder;
  const Expr level = builder.read(builder.global("level", small, 3));
  small_spec.body(0, [&](Steps& s) { s.set("raise", {{level, level + 1}}); });
  builder.property({"low-level", lang::PropertyKind::invariant, level < 4, "the level is high"});
  const Spec& spec = small_spec.finish();
  const lang::Violation high{ViolationKind::invariant, "low-level", "the level is high"};
  const ReplayReport before = replay(spec, {{}, high}, {});
  EXPECT_FALSE(before.reproduced());
  EXPECT_NE(before.text.find("low-level holds in the final memory"), std::string::npos)
      << before.text;
  const ReplayReport after = replay(spec, walk(spec, {0}, high), {});
  EXPECT_TRUE(after.reproduced()) << after.text;
}

TEST(Replay, ALockIsNeverTakenFromItsOwner) {
  // The model forgets the guard, so in it the second thread simply overwrites the owner.
  SmallSpec careless({"one", "two"});
  careless.mutexes({"lock"});
  for (lang::ThreadId thread = 0; thread < 2; ++thread)
    careless.body(thread, [&](Steps& s) {
      lang::Step grab;
      grab.updates = {lang::assign(careless.owner(careless.mutex(0)), s.self())};
      grab.effects = {{lang::EffectKind::acquire, careless.mutex(0), lang::Mode::exclusive}};
      s.step("grab", grab);
    });
  violated_everywhere(careless.builder);
  careless.finish();
  const ReplayReport report = replay(careless.spec(), walk(careless.spec(), {0, 1}, anywhere), {});
  EXPECT_FALSE(report.reproduced());
  EXPECT_EQ(report.text, "diverged at step 2 (two: two.grab): lock cmpxchg did not get lock.owner, "
                         "which is one; in the model the step succeeds");
}

TEST(Replay, APropertyAtRestNeedsThreadsThatCannotMove) {
  SmallSpec small_spec({"only"});
  lang::SpecBuilder& builder = small_spec.builder;
  const Expr lost = builder.read(builder.global("lost", small, 0));
  small_spec.body(0, [&](Steps& s) { s.set(lost, 1); });
  builder.property({"nothing-lost", lang::PropertyKind::at_rest, lost == 0, "an event is lost"});
  const Spec& spec = small_spec.finish();
  const lang::Violation violation{ViolationKind::at_rest, "nothing-lost", "an event is lost"};
  const ReplayReport at_rest = replay(spec, walk(spec, {0}, violation), {});
  EXPECT_TRUE(at_rest.reproduced()) << at_rest.text;
  const ReplayReport moving = replay(spec, {{}, violation}, {});
  EXPECT_FALSE(moving.reproduced()) << moving.text;
}

TEST(Replay, WhatAnAnalysisFindsIsFollowedAndNeverSaidToBeReproduced) {
  SmallSpec small_spec({"only"});
  lang::SpecBuilder& builder = small_spec.builder;
  const Expr level = builder.read(builder.global("level", small, 0));
  small_spec.body(0, [&](Steps& s) { s.set(level, 1); });
  builder.property({"lock-order", lang::PropertyKind::analysis, {}, ""});
  const Spec& spec = small_spec.finish();
  const lang::Violation violation{ViolationKind::analysis, "lock-order", "a -> b and b -> a"};
  const ReplayReport report = replay(spec, walk(spec, {0}, violation), {});
  EXPECT_EQ(report.outcome, ReplayOutcome::followed) << report.text;
  EXPECT_TRUE(report.text.starts_with("followed: 1 step by 1 thread")) << report.text;
  EXPECT_EQ(lines_of(report).find("reproduced"), std::string::npos);
  EXPECT_NE(lines_of(report).find("lock-order was computed from all interleavings, not run"),
            std::string::npos);
}

TEST(Replay, ACheckThatFailsInTheModelFailsInMemoryToo) {
  SmallSpec small_spec({"only"});
  lang::SpecBuilder& builder = small_spec.builder;
  const Expr level = builder.read(builder.global("level", small, 3));
  small_spec.body(0, [&](Steps& s) {
    s.set("raise", {{level, level + 1}});
    s.check("low-level", level < 4, "the level is 4");
    s.set("drop", {{level, 0}});
  });
  const Spec& spec = small_spec.finish();
  const Trace trace = walk(spec, {0, 0}, {ViolationKind::check, "low-level", "the level is 4"});
  const ReplayReport report = replay(spec, trace, {});
  EXPECT_TRUE(report.reproduced()) << report.text;
  EXPECT_NE(report.text.find("the last step failed as in the model: low-level: the level is 4"),
            std::string::npos)
      << report.text;
}

// Writes a number and shows what it finds; the observer has seen nothing but 1.
struct Shown : SmallSpec {
  explicit Shown(int number) : SmallSpec({"one"}) {
    const Expr place = builder.read(builder.global("place", small, 0));
    builder.property({"truth", lang::PropertyKind::check, {}, ""});
    builder.set_observer("truth", std::make_shared<lang::Observer>(of_one()));
    body(0, [&](Steps& s) {
      s.set("write", {{place, Expr(number)}});
      s.step("read", shows(place));
    });
    finish();
  }
  static lang::Step shows(const Expr& value) {
    lang::Step step;
    step.shows = lang::Shows{"reads", {{"number", value}}};
    return step;
  }
  static std::unique_ptr<const lang::Spec> of_one() {
    lang::SpecBuilder builder;
    builder.thread("one");
    lang::Steps steps(builder, 0);
    steps.step("read", shows(lang::literal(small, 1)));
    builder.set_body(0, steps.take());
    return std::make_unique<const lang::Spec>(std::move(builder).finish());
  }
};

TEST(Replay, AnEventIsJudgedByWhatTheMemoryHas) {
  const Shown wrong(2);
  const Trace trace{{0, 1}, {lang::ViolationKind::check, "truth", "reads number 2"}};
  const ReplayReport report = replay(wrong.spec(), trace, {});
  EXPECT_TRUE(report.reproduced()) << report.text;
  EXPECT_NE(report.text.find("failed as in the model: truth: reads number 2; allowed here: "
                             "number 1"),
            std::string::npos)
      << report.text;
}

TEST(Replay, AnEventThatIsExplainedOnTheMachineIsADivergence) {
  const Shown right(1);
  const Trace trace{{0, 1}, {lang::ViolationKind::check, "truth", "reads number 2"}};
  const lang::State start = right.spec().initial_state();
  const lang::State written = lang::take(right.spec(), start, right.spec().actions()[0]).state;
  const ReplayReport report = replay(right.spec(), trace, {start, written}, ReplayOptions{});
  EXPECT_FALSE(report.reproduced()) << report.text;
}

TEST(Replay, AStepThatFailsForAnotherReasonThanRecordedIsADivergence) {
  const Counting by_five(5);
  const Trace trace = walk(by_five.spec(), {0, 0, 0, 1, 1}, {ViolationKind::check, "contract", ""});
  std::vector<lang::State> states =
      lang::follow(by_five.spec(), {{trace.actions.begin(), trace.actions.end() - 1}, anywhere});
  const ReplayReport report = replay(by_five.spec(), trace, states, {});
  EXPECT_FALSE(report.reproduced());
  EXPECT_EQ(report.text,
            "diverged at step 5 (two: two.add): a value left its range (10), or a list "
            "is full; in the model it violates contract");
}

TEST(Replay, AValueThatLeavesItsRangeIsFoundOnTheMachine) {
  const Counting counting(5);
  const Trace trace = walk(counting.spec(), {0, 0, 0, 1, 1},
                           {ViolationKind::check, lang::fault::bounds, "counter := 10"});
  const ReplayReport report = replay(counting.spec(), trace, {});
  EXPECT_TRUE(report.reproduced()) << report.text;
}

// A pool of notes that are allocated, put on a list, taken off and freed.
struct Notes : SmallSpec {
  Notes() : SmallSpec({"writer", "reader"}) {
    const lang::PoolId pool = builder.pool("note", {"note0", "note1"}, lang::Lifetime::allocated);
    const VariableId number = builder.field(pool, "number", small, 0);
    const VariableId list = builder.global_list("notes", builder.pools()[pool].reference, 2);
    const lang::TypeRef reference = builder.pools()[pool].reference;
    const Expr kept = builder.read(builder.global("kept", reference, lang::none));
    const Expr total = builder.read(builder.global("total", small, 0));
    body(0, [&](Steps& s) {
      s.path({"notes.c", "1.1", "write", 1}, {}, [&] {
        const Expr note = s.local("note", reference);
        s.set("find_room", {{note, builder.first_free(pool)}});
        lang::Step allocate;
        allocate.updates = {
            lang::assign(builder.read(*builder.pools()[pool].allocated, note), true),
            lang::assign(builder.read(number, note), 5),
            {lang::UpdateKind::push_front, list, {}, note, {}},
            lang::assign(kept, note)};
        s.step("allocate", allocate);
        lang::Step free;
        free.updates = {{lang::UpdateKind::remove, list, {}, note, {}},
                        lang::assign(builder.read(*builder.pools()[pool].allocated, note), false)};
        s.step("free", free);
      });
    });
    body(1, [&](Steps& s) { s.label("read").set(total, total + builder.read(number, kept)); });
    violated_everywhere(builder);
    finish();
  }
};

TEST(Replay, AllocationListingAndFreeingAreMemoryOperations) {
  const Notes notes;
  const ReplayReport report = replay(notes.spec(), walk(notes.spec(), {0, 0, 1, 0}, anywhere), {});
  EXPECT_TRUE(report.reproduced()) << report.text;
}

TEST(Replay, AUseAfterFreeReadsTheAllocatedWordInMemory) {
  const Notes notes;
  const ReplayReport report =
      replay(notes.spec(),
             walk(notes.spec(), {0, 0, 0, 1},
                  {ViolationKind::check, lang::fault::use_after_free, "note0 is not allocated"}),
             {});
  EXPECT_TRUE(report.reproduced()) << report.text;
  EXPECT_NE(report.text.find("use-after-free: note0.allocated is false in memory"),
            std::string::npos)
      << report.text;
}

TEST(Replay, ANullDereferenceIsFoundOnTheMachine) {
  const Notes notes;
  const ReplayReport report =
      replay(notes.spec(),
             walk(notes.spec(), {1},
                  {ViolationKind::check, lang::fault::null_dereference, "kept is none"}),
             {});
  EXPECT_TRUE(report.reproduced()) << report.text;
}

TEST(Replay, FlagsAreSetAndCleared) {
  SmallSpec small_spec({"only"});
  lang::SpecBuilder& builder = small_spec.builder;
  const lang::TypeRef type = lang::flags_type("status", {"ACTIVE", "QUEUED", "DISABLED"});
  const Expr status = builder.read(builder.global("status", type, 0b001));
  small_spec.body(0, [&](Steps& s) {
    s.set("queue", {{status, status | lang::literal(type, 0b110)}});
    s.set("settle", {{status, lang::bit_clear(status, lang::literal(type, 0b011))}});
    s.await("until_disabled", (status & lang::literal(type, 0b100)) != 0);
  });
  violated_everywhere(builder);
  const Spec& spec = small_spec.finish();
  const ReplayReport report = replay(spec, walk(spec, {0, 0, 0}, anywhere), {});
  EXPECT_TRUE(report.reproduced()) << report.text;
}

TEST(Replay, ReadersShareALockAndThenAWriterTakesIt) {
  SmallSpec locks({"first", "second", "writer"});
  locks.rwlocks({"list_lock"});
  for (lang::ThreadId thread = 0; thread < 2; ++thread)
    locks.body(thread, [&](Steps& s) {
      locks.read_lock(s, locks.rwlock(0));
      locks.read_unlock(s, locks.rwlock(0));
    });
  locks.body(2, [&](Steps& s) { locks.write_lock(s, locks.rwlock(0)); });
  violated_everywhere(locks.builder);
  locks.finish();
  const ReplayReport report =
      replay(locks.spec(), walk(locks.spec(), {0, 1, 0, 1, 2}, anywhere), {});
  EXPECT_TRUE(report.reproduced()) << report.text;
}

TEST(Replay, FiveThreadsAndSixtyStepsTakeWellUnderASecond) {
  SmallSpec turns({"a", "b", "c", "d", "e"});
  turns.mutexes({"lock"});
  std::vector<lang::ThreadId> order;
  for (lang::ThreadId thread = 0; thread < 5; ++thread)
    turns.body(thread, [&](Steps& s) {
      for (int i = 0; i < 6; ++i) {
        turns.acquire(s, turns.mutex(0));
        turns.release(s, turns.mutex(0));
      }
    });
  for (int i = 0; i < 30; ++i)
    order.insert(order.end(), 2, static_cast<lang::ThreadId>(i % 5));
  violated_everywhere(turns.builder);
  turns.finish();
  const ReplayReport report = replay(turns.spec(), walk(turns.spec(), order, anywhere), {});
  EXPECT_TRUE(report.reproduced()) << report.text;
  EXPECT_EQ(report.steps, 60U);
}

} // namespace
} // namespace interlock::harness::testing
