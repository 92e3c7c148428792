// What SpecBuilder::finish() refuses: every message names the step.
#include "support/lang_world.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

using namespace lang;

class Refusal : public ::testing::Test {
protected:
  World world{{"t", "u"}};
  SpecBuilder& builder = world.builder;
  Mutexes mutexes{builder, {"m"}};
  Expr count = world.number("count");
  Expr open = world.flag("open");

  std::string refusal(const std::function<void(Steps&)>& write) {
    world.body(write);
    return error_of([&] { world.finish(); });
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
  const PoolId pool = builder.pool("knote", {"a", "b"}, Lifetime::permanent);
  const VariableId flag = builder.field(pool, "flag", boolean_type(), 0);
  const Expr pointer = world.global("pointer", builder.pools()[pool].reference);
  EXPECT_EQ(refusal([&](Steps& s) {
              s.set("different", {{builder.read(flag, builder.object(pool, 0)), true},
                                  {builder.read(flag, builder.object(pool, 1)), true}});
              s.set("maybe_same", {{builder.read(flag, builder.object(pool, 0)), true},
                                   {builder.read(flag, pointer), true}});
            }),
            "t.maybe_same: two updates of flag");
}

TEST_F(Refusal, AValueThatCannotBeInRange) {
  EXPECT_EQ(refusal([&](Steps& s) { s.set(count, 4); }),
            "t.set_count: count := 4 leaves its range 0..3");
}

TEST_F(Refusal, AValueOfAnotherType) {
  EXPECT_EQ(refusal([&](Steps& s) { s.set(open, count); }),
            "t.set_open: open (bool) cannot hold count (0..3)");
}

TEST_F(Refusal, AGhostInAGuard) {
  builder.set_ghost(open.node().variable);
  EXPECT_EQ(refusal([&](Steps& s) { s.await("wait", open); }),
            "t.wait: a guard reads a ghost variable");
}

TEST_F(Refusal, AGhostInATest) {
  builder.set_ghost(open.node().variable);
  EXPECT_EQ(refusal([&](Steps& s) { s.if_(open, [&] { s.step("go", {}); }); }),
            "t.if: a guard reads a ghost variable");
}

TEST_F(Refusal, AGhostInWhatIsNoGhost) {
  const Expr real = world.flag("real");
  builder.set_ghost(open.node().variable);
  EXPECT_EQ(refusal([&](Steps& s) {
              s.set("fine", {{open, real}});
              s.set("leak", {{real, open}});
            }),
            "t.leak: real depends on a ghost variable");
}

TEST_F(Refusal, AListAssignedAndAScalarPushed) {
  const VariableId list = builder.global_list("list", boolean_type(), 1);
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
  EXPECT_EQ(error_of([&] { other.finish(); }), "t.put: flag is no list");
}

TEST_F(Refusal, AnUpdateWithoutAValue) {
  EXPECT_EQ(refusal([&](Steps& s) {
              s.set("put", {{open, Expr()}});
            }),
            "t.put: open (bool) cannot hold (nothing)");
}

TEST_F(Refusal, AnInsertionWithoutAPosition) {
  const VariableId list = builder.global_list("list", boolean_type(), 1);
  EXPECT_EQ(refusal([&](Steps& s) {
              Step step;
              step.updates = {{UpdateKind::insert_before, list, {}, Expr(true), {}}};
              s.step("put", step);
            }),
            "t.put: list (bool) cannot hold (nothing)");
}

TEST_F(Refusal, AFieldOfAnObjectOfAnotherPool) {
  const PoolId pool = builder.pool("knote", {"a"}, Lifetime::permanent);
  const VariableId flag = builder.field(pool, "flag", boolean_type(), 0);
  EXPECT_EQ(refusal([&](Steps& s) {
              Step step;
              step.updates = {{UpdateKind::assign, flag, s.self(), Expr(true), {}}};
              s.step("put", step);
            }),
            "t.put: t has no field flag");
}

TEST_F(Refusal, AConstantThatIsAssigned) {
  const PoolId pool = builder.pool("proc", {"a"}, Lifetime::permanent);
  const VariableId pid = builder.constant_field(pool, "p_pid", integer_type(0, 9), {7});
  EXPECT_EQ(refusal([&](Steps& s) { s.set(builder.read(pid, builder.object(pool, 0)), 8); }),
            "t.set_p_pid: p_pid is constant");
}

TEST_F(Refusal, ALocalOfAnotherThread) {
  const Expr theirs = builder.read(builder.local(1, "u.theirs", boolean_type(), 0));
  EXPECT_EQ(refusal([&](Steps& s) {
              s.set("peek", {{open, theirs}});
            }),
            "t.peek: u.theirs is local to another thread");
}

TEST_F(Refusal, ALocalOfAnotherThreadAsATarget) {
  const Expr theirs = builder.read(builder.local(1, "u.theirs", boolean_type(), 0));
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
  builder.set_guard(open.node().variable, [&](const Expr&) { return builder.self(0); });
  EXPECT_EQ(refusal([&](Steps& s) { s.set(open, true); }),
            "t.set_open: the guard of open is no lock: t");
}

} // namespace
} // namespace interlock::tests
