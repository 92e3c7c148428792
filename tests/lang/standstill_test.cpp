// Who can move, who need not, and what that makes of a state; cycles of threads and of graphs.
#include "lang/cycles.hpp"
#include "lang/violations.hpp"
#include "support/lang_world.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

using namespace lang;

// A thread that can do one thing, which a guard, its coming late or its idle_when may hold back.
struct OneStep {
  OneStep(bool guard, Comes comes, bool may_idle) {
    const Expr opened = world.flag("opened");
    const Expr waits = world.flag("waits");
    world.body([&](Steps& s) {
      Step step;
      step.guard = guard ? !opened : opened;
      step.comes = comes;
      if (may_idle)
        step.idle_when = !waits;
      s.step("go", std::move(step));
    });
    world.builder.property({"no-deadlock", PropertyKind::no_deadlock, {}, ""});
    world.builder.property({"missed-wakeup", PropertyKind::no_oversleep, {}, ""});
    world.builder.property({"rest", PropertyKind::at_rest, Expr(false) || waits, "somebody waits"});
    world.finish();
  }
  Standing stands() const { return standing(world.spec(), world.spec().initial_state(), 0); }
  // The kinds of violation of the first state.
  std::vector<ViolationKind> found() const {
    const State state = world.spec().initial_state();
    std::vector<ViolationKind> kinds;
    for (const Property& property : world.spec().properties())
      if (const auto violation =
              violation_in(world.spec(), state, standstill(world.spec(), state), property))
        kinds.push_back(violation->kind);
    return kinds;
  }
  World world;
};

using Kinds = std::vector<ViolationKind>;

TEST(Standstill, AThreadWithAnEnabledStepCanMove) {
  EXPECT_EQ(OneStep(true, Comes::surely, false).stands(), Standing::can_move);
  EXPECT_EQ(OneStep(true, Comes::surely, true).stands(), Standing::can_move);
  EXPECT_EQ(OneStep(true, Comes::surely, false).found(), Kinds{});
}

TEST(Standstill, WhatMayNeverComeMovesNobody) {
  EXPECT_EQ(OneStep(true, Comes::by_chance, false).stands(), Standing::blocked);
  EXPECT_EQ(OneStep(true, Comes::by_chance, true).stands(), Standing::idle);
  EXPECT_EQ(OneStep(true, Comes::by_chance, false).found(), Kinds{ViolationKind::deadlock});
  EXPECT_EQ(OneStep(true, Comes::by_chance, true).found(), Kinds{ViolationKind::at_rest});
}

TEST(Standstill, WhomOnlyASecondLookMovesOversleeps) {
  EXPECT_EQ(OneStep(true, Comes::by_retry, false).stands(), Standing::oversleeps);
  EXPECT_EQ(OneStep(true, Comes::by_retry, true).stands(), Standing::oversleeps);
  EXPECT_EQ(OneStep(true, Comes::by_retry, true).found(), Kinds{ViolationKind::at_rest});
  EXPECT_EQ(OneStep(false, Comes::by_retry, false).stands(), Standing::blocked);
}

TEST(Standstill, AStateWhereOnlyCallersTimeoutsMoveIsAtRestAndNoDeadlock) {
  EXPECT_EQ(OneStep(true, Comes::by_timeout, false).stands(), Standing::timed);
  EXPECT_EQ(OneStep(true, Comes::by_timeout, false).found(), Kinds{ViolationKind::at_rest});
  EXPECT_FALSE(Standstill({Standing::timed, Standing::blocked}).is_deadlock());
  EXPECT_FALSE(Standstill({Standing::timed, Standing::blocked}).is_at_rest());
  EXPECT_FALSE(Standstill({Standing::timed, Standing::oversleeps}).is_at_rest());
}

TEST(Standstill, NobodyOversleepsWhileSomebodyCanMove) {
  EXPECT_FALSE(Standstill({Standing::oversleeps, Standing::can_move}).oversleeper());
  EXPECT_EQ(Standstill({Standing::blocked, Standing::oversleeps}).oversleeper(), ThreadId{1});
  EXPECT_FALSE(Standstill({Standing::idle, Standing::timed}).oversleeper());
}

TEST(Standstill, AThreadWhoseGuardIsFalseIsBlockedUnlessItMayWait) {
  EXPECT_EQ(OneStep(false, Comes::surely, false).stands(), Standing::blocked);
  EXPECT_EQ(OneStep(false, Comes::surely, true).stands(), Standing::idle);
  EXPECT_EQ(OneStep(false, Comes::surely, false).found(), Kinds{ViolationKind::deadlock});
  EXPECT_EQ(OneStep(false, Comes::surely, true).found(), Kinds{ViolationKind::at_rest});
}

TEST(Standstill, AStepThatFailsIsAMove) {
  World world;
  const Expr never = world.flag("never");
  world.body([&](Steps& s) {
    s.check("kassert", never, "it must be so");
    s.await("wait", never);
  });
  world.finish();
  EXPECT_EQ(standing(world.spec(), world.spec().initial_state(), 0), Standing::can_move);
}

TEST(Standstill, OneThreadThatCanMoveIsEnough) {
  const Standstill all({Standing::blocked, Standing::can_move, Standing::done});
  EXPECT_TRUE(all.someone_can_move());
  EXPECT_FALSE(all.is_deadlock());
  EXPECT_FALSE(all.is_at_rest());
  EXPECT_TRUE(Standstill({Standing::blocked, Standing::done}).is_deadlock());
  EXPECT_TRUE(Standstill({Standing::idle, Standing::done}).is_at_rest());
}

TEST(Cycles, TheShortestThroughTheLeastNodeOnOneBeginsThere) {
  EXPECT_EQ(first_cycle({}), Nodes{});
  EXPECT_EQ(first_cycle({{1}, {2}, {}}), Nodes{});
  EXPECT_EQ(first_cycle({{0}}), Nodes{0});
  EXPECT_EQ(first_cycle({{1}, {2}, {1}}), (Nodes{1, 2}));    // 0 leads to it
  EXPECT_EQ(first_cycle({{1, 2}, {2}, {0}}), (Nodes{0, 2})); // 0 1 2 is longer
  EXPECT_EQ(first_cycle({{2}, {1}, {0}}), (Nodes{0, 2}));    // 1 comes later, though shorter
  EXPECT_EQ(first_cycle({{1}, {2}, {3}, {1, 0}}), (Nodes{0, 1, 2, 3}));
}

TEST(Cycles, PathsAreShortest) {
  const Graph graph{{1, 2}, {3}, {3}, {4}, {}};
  EXPECT_EQ(shortest_path(graph, 0, 4), (Nodes{0, 1, 3, 4}));
  EXPECT_EQ(shortest_path(graph, 2, 2), Nodes{2});
  EXPECT_EQ(shortest_path(graph, 4, 0), Nodes{});
}

// Threads each of which holds one mutex and wants another: `wants[i]` of thread i.
std::string explained(const std::vector<std::uint32_t>& wants) {
  std::vector<std::string> threads;
  std::vector<std::string> mutexes;
  for (std::size_t i = 0; i < wants.size(); ++i) {
    threads.emplace_back(1, static_cast<char>('a' + i));
    mutexes.push_back("m" + std::to_string(i));
  }
  World world(threads);
  const Mutexes pool(world.builder, mutexes);
  for (ThreadId thread = 0; thread < wants.size(); ++thread)
    world.body(thread, [&](Steps& s) {
      pool.enter(s, pool.lock(thread));
      pool.enter(s, pool.lock(wants[thread]));
    });
  world.finish();
  State state = world.spec().initial_state();
  for (const Action& action : world.spec().actions())
    if (const Result result = take(world.spec(), state, action);
        result.outcome == Outcome::taken && action.from == start_point)
      state = result.state;
  return explain_deadlock(world.spec(), state);
}

TEST(DeadlockInWords, NamesTheCycleAndLeavesOutWhoRunsIntoIt) {
  EXPECT_EQ(explained({1, 0}), "a waits for m1 held by b; b waits for m0 held by a");
  EXPECT_EQ(explained({1, 2, 1}), "b waits for m2 held by c; c waits for m1 held by b");
  EXPECT_EQ(explained({0}), "a waits for m0 held by itself");
}

TEST(DeadlockInWords, EndsWithWhoCannotGoOnWhereThereIsNoCycle) {
  World world({"a", "b"});
  const Mutexes mutexes(world.builder, {"m"});
  const Expr never = world.flag("never");
  world.body(0, [&](Steps& s) { mutexes.enter(s, mutexes.lock()); });
  world.body(1, [&](Steps& s) {
    mutexes.enter(s, mutexes.lock());
    s.await("for_ever", never);
  });
  world.finish();
  State state = world.spec().initial_state();
  for (const Action& action : world.spec().actions())
    if (action.thread == 1 && action.from == start_point)
      state = take(world.spec(), state, action).state;
  EXPECT_EQ(explain_deadlock(world.spec(), state),
            "a waits for m held by b; b cannot go on at b.for_ever");
}

} // namespace
} // namespace interlock::tests
