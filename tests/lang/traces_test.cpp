// Following a trace: the states it passes, and the refusal of one that the specification does not
// have.
#include "lang/trace.hpp"
#include "support/lang_world.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

using namespace lang;

// t: x := 1, wait until x is 2 (never), ...; u: check x == 0 while stepping.
class Following : public ::testing::Test {
protected:
  World world{{"t", "u"}};
  Expr x = world.number("x");
  static constexpr ActionId set = 0;
  static constexpr ActionId wait = 1;
  static constexpr ActionId assertion = 2;

  void SetUp() override {
    world.body(0, [&](Steps& s) {
      s.set("set", {{x, 1}});
      s.await("wait", x == 2);
    });
    world.body(1, [&](Steps& s) {
      Step step;
      step.checks = {{"kassert", x == 0, "x is not 0"}};
      s.step("assert", step);
    });
    world.finish();
  }

  std::vector<State> follow_to(const std::vector<ActionId>& actions, const Violation& violation) {
    return follow(world.spec(), {actions, violation});
  }
  std::string refusal(const std::vector<ActionId>& actions, const Violation& violation) {
    return error_of([&] { follow_to(actions, violation); });
  }
  const Violation deadlock{ViolationKind::deadlock, "no-deadlock", ""};
  const Violation kassert{ViolationKind::check, "kassert", ""};
};

TEST_F(Following, GivesEachStateInOrder) {
  const std::vector<State> states = follow_to({assertion, set}, deadlock);
  ASSERT_EQ(states.size(), 3U);
  EXPECT_EQ(states[0], world.spec().initial_state());
  EXPECT_EQ(world.value(states[1], x), 0);
  EXPECT_EQ(world.value(states[2], x), 1);
}

TEST_F(Following, AnEmptyTraceIsTheInitialState) {
  EXPECT_EQ(follow_to({}, {ViolationKind::invariant, "balance", ""}).size(), 1U);
}

TEST_F(Following, AFailingStepHasNoStateBehindIt) {
  EXPECT_EQ(follow_to({set, assertion}, kassert).size(), 2U);
}

TEST_F(Following, RefusesWhatTheSpecificationDoesNotDo) {
  EXPECT_EQ(refusal({wait}, deadlock), "step 1 (t: t.wait) is not enabled");
  EXPECT_EQ(refusal({set, wait}, deadlock), "step 2 (t: t.wait) is not enabled");
  EXPECT_EQ(refusal({set, assertion}, deadlock), "step 2 (u: u.assert) fails: x is not 0");
  EXPECT_EQ(refusal({assertion}, kassert), "step 1 (u: u.assert) does not fail");
  EXPECT_EQ(refusal({set, assertion}, {ViolationKind::check, "bounds", ""}),
            "step 2 (u: u.assert) violates kassert, not bounds");
  EXPECT_EQ(refusal({}, kassert), "a trace that ends in a failing step has no steps");
  EXPECT_EQ(refusal({99}, deadlock), "step 1 takes an action that does not exist");
}

} // namespace
} // namespace interlock::tests
