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
  Spec& spec = world.spec;
  Mutexes mutexes{spec, {"m", "n"}};
  Expr m = mutexes.lock();
  Expr count = world.number("count");
  Expr open = world.flag("open"); // unprotected

  void SetUp() override {
    spec.set_guard(count.node().variable, [this](const Expr&) { return mutexes.lock(); });
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
              step.guard = mutexes.owner(m) == spec.nothing(thread_pool);
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
  const PoolId pool = spec.pool("rwlock", {"rw"}, false);
  const TypeRef set = flags_type("threads", {"t", "u"});
  const VariableId writer = spec.field(pool, "owner", spec.pools()[thread_pool].reference, none);
  const VariableId readers = spec.field(pool, "readers", set, 0);
  spec.set_lock_pool(pool, {"rwlock", writer, readers, {}}, {"rw"});
  const Expr shared = world.number("shared");
  spec.set_guard(shared.node().variable, [&](const Expr&) { return spec.object(pool, 0); });
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
  const PoolId pool = spec.pool("kqueue", {"kq"}, false);
  const TypeRef reference = spec.pools()[pool].reference;
  const Expr kq = spec.read(spec.global("the_kq", reference, none));
  spec.set_write_once(kq.node().variable);
  const VariableId lock =
      spec.constant_field(pool, "kq_lock", spec.pools()[mutexes.pool].reference, {1});
  const VariableId size = spec.field(pool, "kq_count", integer_type(0, 3), 0);
  spec.set_guard(size, [&](const Expr& object) { return spec.read(lock, object); });
  const Lines lines = lower([&](Steps& s) {
    s.if_(
        kq != spec.nothing(pool) && spec.read(size, kq) == 0, [&] { s.step("empty", {}); },
        [&] { s.step("other", {}); });
  });
  EXPECT_EQ(lines[0], "t.empty: when the_kq != none && the_kq.kq_count == 0 do "
                      "check the_kq.kq_lock.owner == t [guarded-access] then done");
  EXPECT_EQ(lines[1], "t.other: when !(the_kq != none && the_kq.kq_count == 0) do "
                      "check !(the_kq != none) || the_kq.kq_lock.owner == t [guarded-access] "
                      "then done");
  EXPECT_EQ(run(spec).failure.property, ""); // the_kq is none: nothing is touched
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
  EXPECT_TRUE(spec.actions()[0].entry_checks.empty());
  EXPECT_EQ(take(spec, spec.initial_state(), spec.actions()[0]).outcome, Outcome::disabled);
}

TEST_F(Lowering, AnAllocationMayInitialiseWhatIsGuarded) {
  const PoolId pool = spec.pool("knote", {"kn"}, true);
  const VariableId lock =
      spec.constant_field(pool, "lock", spec.pools()[mutexes.pool].reference, {1});
  const VariableId flags = spec.field(pool, "flags", integer_type(0, 3), 0);
  spec.set_guard(flags, [&](const Expr& object) { return spec.read(lock, object); });
  const Expr kn = spec.object(pool, 0);
  EXPECT_EQ(lower([&](Steps& s) {
              s.set("alloc", {{spec.read(*spec.pools()[pool].allocated, kn), true},
                              {spec.read(flags, kn), 3}});
            }),
            (Lines{"t.alloc: when true do kn.allocated := true, kn.flags := 3 then done"}));
  const SingleRun end = run(spec);
  EXPECT_EQ(end.failure.property, "");
  EXPECT_EQ(world.value(end.state, spec.read(flags, kn)), 3);
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
  const PoolId pool = spec.pool("knote", {"kn"}, false);
  const VariableId link = spec.constant_field(pool, "hidden", boolean_type(), {0});
  lower([&](Steps& s) {
    const Expr kn = s.local("kn", spec.pools()[pool].reference);
    s.set(kn, spec.nothing(pool));
    s.check("kassert", kn != spec.nothing(pool), "kn != NULL");
    s.if_(spec.read(link, kn), [&] { s.step("work", {}); });
  });
  EXPECT_EQ(run(spec).failure.property, "kassert");
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
  const PoolId pool = spec.pool("knote", {"kn"}, true);
  const TypeRef reference = spec.pools()[pool].reference;
  const VariableId flags = spec.field(pool, "flags", integer_type(0, 3), 0);
  const VariableId list = spec.field_list(pool, "list", reference, 1);
  const Expr kn = spec.object(pool, 0);
  lower([&](Steps& s) {
    s.either({[&] { s.set(s.local("i", integer_type(0, 3)), spec.read(flags, kn)); },
              [&] { s.set(s.local("first", reference), spec.list_front(list, kn)); },
              [&] { s.set(s.local("sum", integer_type(0, 3)), Expr(2) + 2 - count); }});
  });
  ASSERT_EQ(spec.actions().size(), 3U);
  for (ActionId id = 0; id < 2; ++id)
    EXPECT_EQ(take(spec, spec.initial_state(), spec.actions()[id]).failure.property,
              fault::use_after_free);
  State held = spec.initial_state();
  held[spec.variables()[mutexes.owner(m).node().variable].first_slot] = 1;
  EXPECT_EQ(take(spec, held, spec.actions()[2]).failure.property, fault::bounds);
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
  for (const Point& point : first.spec.threads()[0].points)
    points.push_back(point.label);
  EXPECT_EQ(points, (Lines{"t.while", "t.either", "t.end", "done"}));
}

// --- what is refused; every message names the step ---

class Refusal : public Lowering {
protected:
  std::string refusal(const std::function<void(Steps&)>& write) {
    world.body(write);
    return error_of([&] { spec.finish(); });
  }
};

TEST_F(Refusal, AStepThatCannotBeReached) {
  EXPECT_EQ(refusal([&](Steps& s) {
              s.return_();
              s.step("late", {});
            }),
            "t.late can never be reached");
}

TEST_F(Refusal, ACheckThatCannotBeReached) {
  EXPECT_EQ(refusal([&](Steps& s) {
              s.step("work", {});
              s.return_();
              s.check("kassert", open, "");
            }),
            "t.kassert can never be reached");
}

TEST_F(Refusal, ABranchThatIsNeverTaken) {
  EXPECT_EQ(refusal([&](Steps& s) { s.if_(false, [&] { s.step("never", {}); }); }),
            "t.never can never be reached");
}

TEST_F(Refusal, ALoopWithoutAStep) {
  EXPECT_EQ(refusal([&](Steps& s) { s.loop("spin", {}); }), "t.spin: a loop without a step");
}

TEST_F(Refusal, ALoopThatMayGoRoundWithoutAStep) {
  EXPECT_EQ(refusal([&](Steps& s) {
              const Expr local = s.local("i", integer_type(0, 3));
              s.set(local, 1);
              s.while_(local == 1, [&] { s.if_(local == 0, [&] { s.step("work", {}); }); });
            }),
            "t.while: a loop without a step");
}

TEST_F(Refusal, ALocalReadBeforeItIsAssigned) {
  EXPECT_EQ(refusal([&](Steps& s) {
              const Expr local = s.local("i", integer_type(0, 3));
              s.if_(open, [&] { s.set(local, 1); });
              s.if_(!open, [&] { s.set("use", {{open, local == 1}}); });
            }),
            "t.use: local t.i may be read before it is assigned");
}

TEST_F(Refusal, NamesTheReaderThatComesTooEarlyNotOneThatIsRight) {
  EXPECT_EQ(refusal([&](Steps& s) {
              const Expr local = s.local("i", integer_type(0, 3));
              s.either({[&] {
                          s.set(local, 1);
                          s.set("right", {{open, local == 1}});
                        },
                        [&] {
                          s.set("wrong", {{open, local == 1}});
                        }});
            }),
            "t.wrong: local t.i may be read before it is assigned");
}

TEST_F(Refusal, TwoUpdatesOfOneVariable) {
  EXPECT_EQ(refusal([&](Steps& s) {
              s.set("twice", {{open, true}, {open, false}});
            }),
            "t.twice: two updates of open");
}

TEST_F(Refusal, TwoUpdatesOfOneFieldUnlessTheObjectsDiffer) {
  const PoolId pool = spec.pool("knote", {"a", "b"}, false);
  const VariableId flag = spec.field(pool, "flag", boolean_type(), 0);
  const Expr pointer = world.global("pointer", spec.pools()[pool].reference);
  EXPECT_EQ(refusal([&](Steps& s) {
              s.set("different", {{spec.read(flag, spec.object(pool, 0)), true},
                                  {spec.read(flag, spec.object(pool, 1)), true}});
              s.set("maybe_same", {{spec.read(flag, spec.object(pool, 0)), true},
                                   {spec.read(flag, pointer), true}});
            }),
            "t.maybe_same: two updates of flag");
}

TEST_F(Refusal, AValueThatCannotBeInRange) {
  EXPECT_EQ(refusal([&](Steps& s) { s.unguarded().set(count, 4); }),
            "t.set_count: count := 4 leaves its range 0..3");
}

TEST_F(Refusal, AValueOfAnotherType) {
  EXPECT_EQ(refusal([&](Steps& s) { s.set(open, count); }),
            "t.set_open: open (bool) cannot hold count (0..3)");
}

TEST_F(Refusal, AGhostInAGuard) {
  spec.set_ghost(open.node().variable);
  EXPECT_EQ(refusal([&](Steps& s) { s.await("wait", open); }),
            "t.wait: a guard reads a ghost variable");
}

TEST_F(Refusal, AGhostInATest) {
  spec.set_ghost(open.node().variable);
  EXPECT_EQ(refusal([&](Steps& s) { s.if_(open, [&] { s.step("go", {}); }); }),
            "t.if: a guard reads a ghost variable");
}

TEST_F(Refusal, AGhostInWhatIsNoGhost) {
  const Expr real = world.flag("real");
  spec.set_ghost(open.node().variable);
  EXPECT_EQ(refusal([&](Steps& s) {
              s.set("fine", {{open, real}});
              s.set("leak", {{real, open}});
            }),
            "t.leak: real depends on a ghost variable");
}

TEST_F(Refusal, AListAssignedAndAScalarPushed) {
  const VariableId list = spec.global_list("list", boolean_type(), 1);
  const auto update = [&](UpdateKind kind, VariableId variable) {
    Step step;
    step.updates = {{kind, variable, {}, Expr(true), {}}};
    return step;
  };
  EXPECT_EQ(refusal([&](Steps& s) { s.step("put", update(UpdateKind::assign, list)); }),
            "t.put: list is a list");
  World other;
  const Expr flag = other.flag("flag");
  other.body([&](Steps& s) { s.step("put", update(UpdateKind::push_back, flag.node().variable)); });
  EXPECT_EQ(error_of([&] { other.spec.finish(); }), "t.put: flag is no list");
}

TEST_F(Refusal, AnUpdateWithoutAValue) {
  EXPECT_EQ(refusal([&](Steps& s) {
              s.set("put", {{open, Expr()}});
            }),
            "t.put: open (bool) cannot hold (nothing)");
}

TEST_F(Refusal, AnInsertionWithoutAPosition) {
  const VariableId list = spec.global_list("list", boolean_type(), 1);
  EXPECT_EQ(refusal([&](Steps& s) {
              Step step;
              step.updates = {{UpdateKind::insert_before, list, {}, Expr(true), {}}};
              s.step("put", step);
            }),
            "t.put: list (bool) cannot hold (nothing)");
}

TEST_F(Refusal, AFieldOfAnObjectOfAnotherPool) {
  const PoolId pool = spec.pool("knote", {"a"}, false);
  const VariableId flag = spec.field(pool, "flag", boolean_type(), 0);
  EXPECT_EQ(refusal([&](Steps& s) {
              Step step;
              step.updates = {{UpdateKind::assign, flag, s.self(), Expr(true), {}}};
              s.step("put", step);
            }),
            "t.put: t has no field flag");
}

TEST_F(Refusal, AConstantThatIsAssigned) {
  const PoolId pool = spec.pool("proc", {"a"}, false);
  const VariableId pid = spec.constant_field(pool, "p_pid", integer_type(0, 9), {7});
  EXPECT_EQ(refusal([&](Steps& s) { s.set(spec.read(pid, spec.object(pool, 0)), 8); }),
            "t.set_p_pid: p_pid is constant");
}

TEST_F(Refusal, ALocalOfAnotherThread) {
  const Expr theirs = spec.read(spec.local(1, "u.theirs", boolean_type(), 0));
  EXPECT_EQ(refusal([&](Steps& s) {
              s.set("peek", {{open, theirs}});
            }),
            "t.peek: u.theirs is local to another thread");
}

TEST_F(Refusal, ALocalOfAnotherThreadAsATarget) {
  const Expr theirs = spec.read(spec.local(1, "u.theirs", boolean_type(), 0));
  EXPECT_EQ(refusal([&](Steps& s) {
              s.set("poke", {{theirs, true}});
            }),
            "t.poke: u.theirs is local to another thread");
}

TEST_F(Refusal, WhatIsNoCondition) {
  EXPECT_EQ(refusal([&](Steps& s) { s.if_(count, {}); }), "t.if: count is no condition");
}
TEST_F(Refusal, ATestWithoutACondition) {
  EXPECT_EQ(refusal([&](Steps& s) { s.if_(Expr(), {}); }), "t.if: (nothing) is no condition");
}
TEST_F(Refusal, AGuardThatIsNoCondition) {
  EXPECT_EQ(refusal([&](Steps& s) { s.await("wait", count); }),
            "t.wait: the guard is no condition: count");
}
TEST_F(Refusal, ACheckWithoutACondition) {
  EXPECT_EQ(refusal([&](Steps& s) { s.check("kassert", {}, ""); }),
            "t.kassert: (nothing) is no condition");
}
TEST_F(Refusal, AnIdleConditionThatIsNone) {
  EXPECT_EQ(refusal([&](Steps& s) { s.await("wait", open, count); }),
            "t.wait: the idle_when is no condition: count");
}

TEST_F(Refusal, AnEffectOnWhatIsNoLock) {
  EXPECT_EQ(refusal([&](Steps& s) {
              Step step;
              step.effects = {{EffectKind::release, s.self(), Mode::exclusive}};
              s.step("exit", step);
            }),
            "t.exit: t is no lock");
}

TEST_F(Refusal, AGuardThatIsNoLock) {
  spec.set_guard(open.node().variable, [&](const Expr&) { return spec.self(0); });
  EXPECT_EQ(refusal([&](Steps& s) { s.set(open, true); }),
            "t.set_open: the guard of open is no lock: t");
}

} // namespace
} // namespace interlock::tests
