// Lowering: which tests are folded into steps, which checks guards bring, which locals are reset.
#include "support/lang_world.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

using namespace lang;
using Lines = std::vector<std::string>;

// A counter that the mutex m protects, and a flag that nothing does.
class Lowering : public ::testing::Test {
protected:
  World world{{"t", "u"}};
  SpecBuilder& builder = world.builder;
  Mutexes mutexes{builder, {"m", "n"}};
  Expr m = mutexes.lock();
  Expr count = world.number("count");
  Expr open = world.flag("open"); // unprotected

  void SetUp() override {
    builder.set_guard(count.node().variable, [this](const Expr&) { return mutexes.lock(); });
  }
  Lines lower(const std::function<void(Steps&)>& write) {
    world.body(write);
    return world.actions();
  }
};

TEST_F(Lowering, ATestOfALocalIsFoldedIntoTheNextStep) {
  EXPECT_EQ(lower([&](Steps& s) {
              const Expr local = s.local("i", integer_type(0, 3));
              s.set(local, 1);
              s.if_(local == 1, [&] { s.set(open, true); });
              s.set("after", {{open, false}});
            }),
            (Lines{"t.set_i: when true do t.i := 1 then t.if",
                   "t.set_open: when t.i == 1 do open := true, t.i := 0 then t.after",
                   "t.after: when !(t.i == 1) do open := false, t.i := 0 then done",
                   "t.after: when true do open := false then done"}));
}

TEST_F(Lowering, ATestOfAGuardedVariableIsFoldedAndItsGuardChecked) {
  EXPECT_EQ(
      lower([&](Steps& s) {
        mutexes.enter(s, m);
        s.if_(count == 0, [&] { s.set(count, 1); });
        mutexes.exit(s, m);
      }),
      (Lines{"t.enter: when m.owner == none do m.owner := t then t.if",
             "t.set_count: when count == 0 do check m.owner == t [guarded-access], count := 1 "
             "then t.exit",
             "t.exit: when !(count == 0) do check m.owner == t [guarded-access], "
             "m.owner := none then done",
             "t.exit: when true do m.owner := none then done"}));
}

TEST_F(Lowering, ATestOfAnUnprotectedVariableIsAStepOfItsOwn) {
  EXPECT_EQ(lower([&](Steps& s) { s.if_(open, [&] { s.step("go", {}); }); }),
            (Lines{"t.if: when open do nothing then t.go", "t.if: when !open do nothing then done",
                   "t.go: when true do nothing then done"}));
}

TEST_F(Lowering, AnUnguardedTestIsAStepOfItsOwnWithoutACheck) {
  EXPECT_EQ(
      lower([&](Steps& s) { s.unguarded().if_(count == 0, [&] { s.unguarded().set(count, 1); }); }),
      (Lines{"t.if: when count == 0 do nothing then t.set_count",
             "t.if: when !(count == 0) do nothing then done",
             "t.set_count: when true do count := 1 then done"}));
}

TEST_F(Lowering, TakingTheGuardDoesNotExcuseATestBeforeIt) {
  // The race "look, then lock": the test is folded into the step that locks, and must not hide in
  // it.
  EXPECT_EQ(lower([&](Steps& s) { s.if_(count == 0, [&] { mutexes.enter(s, m); }); })[0],
            "t.enter: when count == 0 && m.owner == none do check m.owner == t [guarded-access], "
            "m.owner := t then done");
}

TEST_F(Lowering, AnUnguardedStepDoesNotExcuseATestBeforeIt) {
  EXPECT_EQ(lower([&](Steps& s) { s.if_(count == 0, [&] { s.unguarded().set(count, 1); }); })[0],
            "t.set_count: when count == 0 do check m.owner == t [guarded-access], count := 1 "
            "then done");
}

TEST_F(Lowering, AStepThatTakesTheGuardMayUseWhatItGuards) {
  EXPECT_EQ(lower([&](Steps& s) {
              Step step;
              step.guard = mutexes.owner(m) == builder.nothing(thread_pool);
              step.updates = {assign(mutexes.owner(m), s.self()), assign(count, 1)};
              step.effects = {{EffectKind::acquire, m, Mode::exclusive}};
              s.step("enter", step);
            }),
            (Lines{"t.enter: when m.owner == none do m.owner := t, count := 1 then done"}));
}

TEST_F(Lowering, OnlyAnExclusiveAcquisitionExcusesAWrite) {
  EXPECT_EQ(lower([&](Steps& s) {
              Step step;
              step.updates = {assign(count, 1)};
              step.effects = {{EffectKind::acquire, m, Mode::shared}};
              s.step("enter", step);
              step.effects = {{EffectKind::wake, m, Mode::exclusive}};
              s.step("wake", step);
            }),
            (Lines{"t.enter: when true do check m.owner == t [guarded-access], count := 1 then "
                   "t.wake",
                   "t.wake: when true do check m.owner == t [guarded-access], count := 1 then "
                   "done"}));
}

TEST_F(Lowering, AReaderOfARwlockMayReadButNotWrite) {
  const PoolId pool = builder.pool("rwlock", {"rw"}, Lifetime::permanent);
  const TypeRef set = flags_type("threads", {"t", "u"});
  const VariableId writer =
      builder.field(pool, "owner", builder.pools()[thread_pool].reference, none);
  const VariableId readers = builder.field(pool, "readers", set, 0);
  builder.set_lock_pool(pool, {"rwlock", writer, readers, {}}, {"rw"});
  const Expr shared = world.number("shared");
  builder.set_guard(shared.node().variable, [&](const Expr&) { return builder.object(pool, 0); });
  EXPECT_EQ(lower([&](Steps& s) {
              s.set("read", {{open, shared == 1}});
              s.set("write", {{shared, 1}});
            }),
            (Lines{"t.read: when true do check rw.owner == t || (rw.readers & t) != 0 "
                   "[guarded-access], open := shared == 1 then t.write",
                   "t.write: when true do check rw.owner == t [guarded-access], shared := 1 then "
                   "done"}));
}

TEST_F(Lowering, AGuardCountsOnlyWhereEvaluationComesToTheVariable) {
  const PoolId pool = builder.pool("kqueue", {"kq"}, Lifetime::permanent);
  const TypeRef reference = builder.pools()[pool].reference;
  const Expr kq = builder.read(builder.global("the_kq", reference, none));
  builder.set_write_once(kq.node().variable);
  const VariableId lock =
      builder.constant_field(pool, "kq_lock", builder.pools()[mutexes.pool].reference, {1});
  const VariableId size = builder.field(pool, "kq_count", integer_type(0, 3), 0);
  builder.set_guard(size, [&](const Expr& object) { return builder.read(lock, object); });
  const Lines lines = lower([&](Steps& s) {
    s.if_(
        kq != builder.nothing(pool) && builder.read(size, kq) == 0, [&] { s.step("empty", {}); },
        [&] { s.step("other", {}); });
  });
  EXPECT_EQ(lines[0], "t.empty: when the_kq != none && the_kq.kq_count == 0 do "
                      "check the_kq.kq_lock.owner == t [guarded-access] then done");
  EXPECT_EQ(lines[1], "t.other: when !(the_kq != none && the_kq.kq_count == 0) do "
                      "check !(the_kq != none) || the_kq.kq_lock.owner == t [guarded-access] "
                      "then done");
  EXPECT_EQ(run(world.spec()).failure.property, ""); // the_kq is none: nothing is touched
}

TEST_F(Lowering, WhatAnUpdateTouchesIsCheckedOnlyOnceTheGuardHolds) {
  EXPECT_EQ(lower([&](Steps& s) {
              Step step;
              step.guard = open;
              step.updates = {assign(count, 1)};
              s.step("wait", step);
            }),
            (Lines{"t.wait: when open do check m.owner == t [guarded-access], count := 1 then "
                   "done"}));
  EXPECT_TRUE(world.spec().actions()[0].entry_checks.empty());
  EXPECT_EQ(take(world.spec(), world.spec().initial_state(), world.spec().actions()[0]).outcome,
            Outcome::disabled);
}

TEST_F(Lowering, AnAllocationMayInitialiseWhatIsGuarded) {
  const PoolId pool = builder.pool("knote", {"kn"}, Lifetime::allocated);
  const VariableId lock =
      builder.constant_field(pool, "lock", builder.pools()[mutexes.pool].reference, {1});
  const VariableId flags = builder.field(pool, "flags", integer_type(0, 3), 0);
  builder.set_guard(flags, [&](const Expr& object) { return builder.read(lock, object); });
  const Expr kn = builder.object(pool, 0);
  EXPECT_EQ(lower([&](Steps& s) {
              s.set("alloc", {{builder.read(*builder.pools()[pool].allocated, kn), true},
                              {builder.read(flags, kn), 3}});
            }),
            (Lines{"t.alloc: when true do kn.allocated := true, kn.flags := 3 then done"}));
  const SingleRun end = run(world.spec());
  EXPECT_EQ(end.failure.property, "");
  EXPECT_EQ(world.value(end.state, builder.read(flags, kn)), 3);
}

TEST_F(Lowering, AStableCheckIsFoldedAndAnotherIsAStep) {
  EXPECT_EQ(lower([&](Steps& s) {
              const Expr local = s.local("i", integer_type(0, 3));
              s.set(local, 1);
              s.check("kassert", local == 1, "i is 1");
              s.step("work", {});
              s.check("kassert", open, "open");
            }),
            (Lines{"t.set_i: when true do t.i := 1 then t.kassert",
                   "t.work: when true do check t.i == 1 [kassert], t.i := 0 then t.kassert_2",
                   "t.kassert_2: when true do check open [kassert] then done"}));
}

TEST_F(Lowering, AFailingCheckComesBeforeTheFaultOfATestBehindIt) {
  const PoolId pool = builder.pool("knote", {"kn"}, Lifetime::permanent);
  const VariableId link = builder.constant_field(pool, "hidden", boolean_type(), {0});
  lower([&](Steps& s) {
    const Expr kn = s.local("kn", builder.pools()[pool].reference);
    s.set(kn, builder.nothing(pool));
    s.check("kassert", kn != builder.nothing(pool), "kn != NULL");
    s.if_(builder.read(link, kn), [&] { s.step("work", {}); });
  });
  EXPECT_EQ(run(world.spec()).failure.property, "kassert");
}

TEST_F(Lowering, ATestAtTheEndIsTheThreadsLastAction) {
  EXPECT_EQ(lower([&](Steps& s) {
              const Expr local = s.local("i", integer_type(0, 3));
              s.set(local, 1);
              s.check("kassert", local == 1, "i is 1");
            }),
            (Lines{"t.set_i: when true do t.i := 1 then t.kassert",
                   "t.kassert: when true do check t.i == 1 [kassert], t.i := 0 then done"}));
}

TEST_F(Lowering, DeadLocalsAreResetSoThatStatesMeet) {
  const Lines lines = lower([&](Steps& s) {
    const Expr local = s.local("i", integer_type(0, 3));
    s.either({[&] { s.set("one", {{local, 1}}); }, [&] { s.set("two", {{local, 2}}); }});
    s.set("use", {{open, local == 1}});
    s.step("after", {});
  });
  EXPECT_EQ(lines[2], "t.use: when true do open := t.i == 1, t.i := 0 then t.after");
}

TEST_F(Lowering, AnAssignmentToADeadLocalIsDropped) {
  EXPECT_EQ(lower([&](Steps& s) { s.set(s.local("i", integer_type(0, 3)), 1); }),
            (Lines{"t.set_i: when true do nothing then done"}));
}

TEST_F(Lowering, AnAssignmentToADeadLocalStillFaults) {
  const PoolId pool = builder.pool("knote", {"kn"}, Lifetime::allocated);
  const TypeRef reference = builder.pools()[pool].reference;
  const VariableId flags = builder.field(pool, "flags", integer_type(0, 3), 0);
  const VariableId list = builder.field_list(pool, "list", reference, 1);
  const Expr kn = builder.object(pool, 0);
  lower([&](Steps& s) {
    s.either({[&] { s.set(s.local("i", integer_type(0, 3)), builder.read(flags, kn)); },
              [&] { s.set(s.local("first", reference), builder.list_front(list, kn)); },
              [&] { s.set(s.local("sum", integer_type(0, 3)), Expr(2) + 2 - count); }});
  });
  ASSERT_EQ(world.spec().actions().size(), 3U);
  for (ActionId id = 0; id < 2; ++id)
    EXPECT_EQ(take(world.spec(), world.spec().initial_state(), world.spec().actions()[id])
                  .failure.property,
              fault::use_after_free);
  State held = world.spec().initial_state();
  held[world.spec().variables()[mutexes.owner(m).node().variable].first_slot] = 1;
  EXPECT_EQ(take(world.spec(), held, world.spec().actions()[2]).failure.property, fault::bounds);
}

TEST_F(Lowering, LoweringTwiceGivesTheSame) {
  const auto build = [](World& again) {
    const Expr p = again.flag("p");
    again.body([&](Steps& s) {
      s.while_(p, [&] { s.either({[&] { s.step("a", {}); }, [&] { s.step("b", {}); }}); });
      s.step("end", {});
    });
    return again.actions();
  };
  World first;
  World second;
  EXPECT_EQ(build(first), build(second));
  Lines points;
  for (const Point& point : first.spec().threads()[0].points)
    points.push_back(point.label);
  EXPECT_EQ(points, (Lines{"t.while", "t.either", "t.end", "done"}));
}

} // namespace
} // namespace interlock::tests
