// Which free object an allocation takes: the lowest, or any that can be told apart.
#include "support/lang_world.hpp"

#include <gtest/gtest.h>

#include <set>

namespace interlock::tests {
namespace {

using namespace lang;

// A thread that gets an object, keeps a pointer to it and frees it, gets another one, and looks
// through the old pointer.
class FreeSlots : public ::testing::Test {
protected:
  // The states in which it has the second object: which one that is, and whether the old pointer
  // leads to something that is there.
  std::set<std::pair<std::string, bool>> second(bool any, bool keeps_pointer) {
    if (any)
      builder_.take_any_slot();
    world_.body([&](Steps& s) {
      get(s, "first", old_);
      Step free;
      free.updates = {{UpdateKind::assign, allocated_, old_, Expr(false), {}}};
      if (!keeps_pointer)
        free.updates.push_back(assign(old_, builder_.nothing(pool_)));
      s.step("free", free);
      get(s, "second", new_);
    });
    const Spec& spec = world_.finish();
    std::set<std::pair<std::string, bool>> found;
    std::vector<State> work{spec.initial_state()};
    while (!work.empty()) {
      const State state = work.back();
      work.pop_back();
      if (point_of(spec, state, 0) == spec.threads()[0].done())
        found.emplace(format_value(*reference_, evaluate(spec, state, new_).value),
                      evaluate(spec, state, old_).value != none &&
                          evaluate(spec, state, spec.is_allocated(old_)).value != 0);
      for (const Action& action : spec.actions())
        if (Result next = take(spec, state, action); next.outcome == Outcome::taken)
          work.push_back(std::move(next.state));
        else
          EXPECT_NE(next.outcome, Outcome::failed) << next.failure.message;
    }
    return found;
  }

private:
  void get(Steps& s, const std::string& label, const Expr& target) {
    const Expr free = builder_.first_free(pool_);
    Step step;
    step.checks = {{fault::bounds, free != builder_.nothing(pool_), "all are in use"}};
    step.updates = {assign(target, free), {UpdateKind::assign, allocated_, free, Expr(true), {}}};
    s.step(label, step);
  }

  World world_;
  SpecBuilder& builder_ = world_.builder;
  PoolId pool_ = builder_.pool("knote", {"a", "b", "c"}, Lifetime::allocated);
  VariableId allocated_ = *builder_.pools()[pool_].allocated;
  TypeRef reference_ = builder_.pools()[pool_].reference;
  Expr old_ = builder_.read(builder_.global("old", reference_, none));
  Expr new_ = builder_.read(builder_.global("new", reference_, none));
};

using Found = std::set<std::pair<std::string, bool>>;

TEST_F(FreeSlots, TheLowestHidesAPointerToWhatWasFreed) {
  EXPECT_EQ(second(false, true), (Found{{"a", true}}));
}
TEST_F(FreeSlots, AnyShowsIt) { EXPECT_EQ(second(true, true), (Found{{"a", true}, {"b", false}})); }
TEST_F(FreeSlots, WhatNobodyRefersToCannotBeToldApart) {
  EXPECT_EQ(second(true, false), (Found{{"a", false}}));
}

} // namespace
} // namespace interlock::tests
