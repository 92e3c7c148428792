// for_each with the cursor rules of queue(3): what each does when the body changes the list.
#include "support/lang_world.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

using namespace lang;
using Lines = std::vector<std::string>;

// What a run writes down in a list, as a text; and how it fails, if it does.
std::string visits(const Spec& spec, VariableId list) {
  const auto result = run(spec);
  const Variable& visited = spec.variables()[list];
  std::string text;
  for (Value i = 0; i < result.state[visited.first_slot]; ++i)
    text += format_value(*visited.type,
                         result.state[visited.first_slot + 1 + static_cast<std::uint32_t>(i)]);
  if (!result.failure.property.empty())
    text += " " + result.failure.property + " at " + result.labels.back();
  return text;
}

// A thread that walks a list of a, b and c, writes down whom it meets, and removes an element when
// it meets one of choice.
class Cursors : public ::testing::Test {
protected:
  SpecBuilder& builder = world_.builder;

  // What the walk visits, in order, as a text; and how it failed, if it did.
  std::string walk(Cursor rule, Value remove_when_at, Value removed, bool skip_rest = false) {
    world_.body([&](Steps& s) {
      Step fill;
      fill.updates = {{UpdateKind::push_back, list_, {}, builder.object(pool_, 0), {}}};
      s.step("add_a", fill);
      fill.updates[0].value = builder.object(pool_, 1);
      s.step("add_b", fill);
      fill.updates[0].value = builder.object(pool_, 2);
      s.step("add_c", fill);
      const Expr at = s.local("at", reference_);
      s.for_each(at, list_, {}, rule, [&] {
        Step visit;
        visit.updates = {{UpdateKind::push_back, visited_, {}, at, {}}};
        s.step("visit", visit);
        s.if_(at == literal(reference_, remove_when_at), [&] {
          Step remove;
          remove.updates = {{UpdateKind::remove, list_, {}, literal(reference_, removed), {}}};
          s.step("remove", remove);
        });
        if (skip_rest) {
          s.continue_();
        }
      });
    });
    world_.finish();
    return visits(world_.spec(), visited_);
  }

  static constexpr Value a = 1;
  static constexpr Value b = 2;

private:
  World world_;
  PoolId pool_ = builder.pool("knote", {"a", "b", "c"}, Lifetime::permanent);
  TypeRef reference_ = builder.pools()[pool_].reference;
  VariableId list_ = builder.global_list("klist", reference_, 3);
  VariableId visited_ = builder.global_list("visited", reference_, 5);
};

TEST_F(Cursors, NextReadAfterBodyVisitsAll) {
  EXPECT_EQ(walk(Cursor::next_read_after_body, none, none), "abc");
}
TEST_F(Cursors, NextReadAfterBodyFaultsWhereTheCurrentElementIsGone) {
  EXPECT_EQ(walk(Cursor::next_read_after_body, b, b), "ab not-on-list at t.for_each_klist.next");
}
TEST_F(Cursors, NextReadAfterBodySkipsARemovedNextElement) {
  EXPECT_EQ(walk(Cursor::next_read_after_body, a, b), "ac");
}

TEST_F(Cursors, NextReadBeforeBodyVisitsAll) {
  EXPECT_EQ(walk(Cursor::next_read_before_body, none, none), "abc");
}
TEST_F(Cursors, NextReadBeforeBodySurvivesRemovalOfTheCurrentElement) {
  EXPECT_EQ(walk(Cursor::next_read_before_body, b, b), "abc");
}
TEST_F(Cursors, NextReadBeforeBodyStillVisitsARemovedNextElement) {
  // The saved pointer leads to b, which is on no list: reading its successor is the fault.
  EXPECT_EQ(walk(Cursor::next_read_before_body, a, b),
            "a not-on-list at t.for_each_klist.save_next");
}

// Who checks for use after free alone wants to see where C would go from an element off the list.
class StaleLinks : public ::testing::Test {
protected:
  // The walk meets a, takes it off and does what is given; whom it meets then, or how it fails.
  std::string walk(Cursor rule, const std::function<void(Steps&)>& at_a,
                   std::vector<std::string> selected = {fault::use_after_free}) {
    builder_.select_properties(std::move(selected));
    world_.body([&](Steps& s) {
      for (std::uint32_t i = 0; i < 3; ++i) {
        Step add;
        add.updates = {{UpdateKind::push_back, list_, {}, builder_.object(pool_, i), {}},
                       {UpdateKind::assign,
                        *builder_.pools()[pool_].allocated,
                        builder_.object(pool_, i),
                        Expr(true),
                        {}}};
        s.step("add" + std::to_string(i), add);
      }
      const Expr at = s.local("at", reference_);
      s.for_each(at, list_, {}, rule, [&] {
        Step visit;
        visit.checks = {{fault::use_after_free, builder_.is_allocated(at), "freed"}};
        visit.updates = {{UpdateKind::push_back, visited_, {}, at, {}}};
        s.step("visit", visit);
        s.if_(at == builder_.object(pool_, 0), [&] {
          take_off(s, 0);
          at_a(s);
        });
      });
    });
    world_.finish();
    return visits(world_.spec(), visited_);
  }
  void take_off(Steps& s, std::uint32_t element) {
    Step step;
    step.updates = {{UpdateKind::remove, list_, {}, builder_.object(pool_, element), {}}};
    s.step("remove" + std::to_string(element), step);
  }
  void free(Steps& s, std::uint32_t element) {
    Step step;
    step.updates = {{UpdateKind::assign,
                     *builder_.pools()[pool_].allocated,
                     builder_.object(pool_, element),
                     Expr(false),
                     {}}};
    s.step("free" + std::to_string(element), step);
  }

private:
  World world_;
  SpecBuilder& builder_ = world_.builder;
  PoolId pool_ = builder_.pool("knote", {"a", "b", "c"}, Lifetime::allocated);
  TypeRef reference_ = builder_.pools()[pool_].reference;
  VariableId list_ = builder_.global_list("klist", reference_, 3);
  VariableId visited_ = builder_.global_list("visited", reference_, 5);
};

TEST_F(StaleLinks, AWalkGoesOnFromAnElementThatIsTakenOff) {
  EXPECT_EQ(walk(Cursor::next_read_after_body, [](Steps&) {}), "abc");
}
TEST_F(StaleLinks, WhereWalkingOnIsCheckedItEndsThere) {
  EXPECT_EQ(walk(Cursor::next_read_after_body, [](Steps&) {},
                 {fault::use_after_free, fault::not_on_list}),
            "a not-on-list at t.for_each_klist.next");
}
TEST_F(StaleLinks, ItLeadsToWhatStoodBehindThenAndNotToWhatDoesNow) {
  EXPECT_EQ(walk(Cursor::next_read_after_body, [&](Steps& s) { take_off(s, 1); }), "abc");
}
TEST_F(StaleLinks, ItLeadsToWhatIsFreed) {
  EXPECT_EQ(walk(Cursor::next_read_after_body,
                 [&](Steps& s) {
                   take_off(s, 1);
                   free(s, 1);
                 }),
            "a use-after-free at t.visit");
}
TEST_F(StaleLinks, AnElementThatIsFreedHasNone) {
  EXPECT_EQ(walk(Cursor::next_read_after_body, [&](Steps& s) { free(s, 0); }),
            "a use-after-free at t.for_each_klist.next");
}

TEST_F(Cursors, NextReadOfUnlinkedVisitsAll) {
  EXPECT_EQ(walk(Cursor::next_read_of_unlinked, none, none), "abc");
}
TEST_F(Cursors, NextReadOfUnlinkedGoesOnFromWhatIsTakenOff) {
  EXPECT_EQ(walk(Cursor::next_read_of_unlinked, b, b), "abc");
  EXPECT_EQ(walk(Cursor::next_read_of_unlinked, b, b, true), "abc"); // by `continue`, too
}
TEST_F(Cursors, NextReadOfUnlinkedSkipsARemovedNextElement) {
  EXPECT_EQ(walk(Cursor::next_read_of_unlinked, a, b), "ac");
}

TEST_F(Cursors, RestartFromHeadEndsOnceTheListIsEmpty) {
  // Each round removes what it met only where that is b; a stays at the head for ever.
  const std::string visited = walk(Cursor::restart_from_head, none, none);
  EXPECT_EQ(visited, "aaaaa bounds at t.visit"); // the record of visits is full: it never ends
}
TEST_F(Cursors, RestartFromHeadTakesTheNewHeadAfterRemovalOfTheCurrentElement) {
  EXPECT_EQ(walk(Cursor::restart_from_head, a, a), "abbbb bounds at t.visit");
}

TEST_F(Cursors, ContinueGoesOnWithTheNextElement) {
  EXPECT_EQ(walk(Cursor::next_read_after_body, none, none, true), "abc");
}
TEST_F(Cursors, ContinueGoesOnWithTheSavedElement) {
  EXPECT_EQ(walk(Cursor::next_read_before_body, b, b, true), "abc");
}

TEST(Cursor, ADrainedListEndsTheRestartingLoop) {
  World world;
  SpecBuilder& builder = world.builder;
  const PoolId pool = builder.pool("knote", {"a", "b"}, Lifetime::permanent);
  const TypeRef reference = builder.pools()[pool].reference;
  const VariableId list = builder.global_list("klist", reference, 2);
  world.body([&](Steps& s) {
    const Expr kn = s.local("kn", reference);
    for (std::uint32_t i = 0; i < 2; ++i) {
      Step add;
      add.updates = {{UpdateKind::push_back, list, {}, builder.object(pool, i), {}}};
      s.step("add", add);
    }
    s.for_each(kn, list, {}, Cursor::restart_from_head, [&] {
      Step remove;
      remove.updates = {{UpdateKind::remove, list, {}, kn, {}}};
      s.step("remove", remove);
    });
  });
  const Spec& spec = world.finish();
  EXPECT_EQ(run(spec).labels,
            (Lines{"t.add", "t.add_2", "t.for_each_klist.first", "t.remove",
                   "t.for_each_klist.restart", "t.remove", "t.for_each_klist.restart",
                   "t.for_each_klist"})); // the last test, which ends the thread
}

TEST(Cursor, ABodyThatAlwaysLeavesTheLoopIsAllowed) {
  World world;
  SpecBuilder& builder = world.builder;
  const PoolId pool = builder.pool("knote", {"a"}, Lifetime::permanent);
  const VariableId list = builder.global_list("klist", builder.pools()[pool].reference, 1);
  world.body([&](Steps& s) {
    const Expr kn = s.local("kn", builder.pools()[pool].reference);
    s.for_each(kn, list, {}, Cursor::next_read_after_body, [&] {
      s.step("found", {});
      s.break_();
    });
  });
  EXPECT_EQ(error_of([&] { world.finish(); }), "");
}

TEST(Cursor, AnEmptyListIsPassed) {
  World world;
  SpecBuilder& builder = world.builder;
  const PoolId pool = builder.pool("knote", {"a"}, Lifetime::permanent);
  const VariableId list = builder.field_list(pool, "klist", builder.pools()[pool].reference, 1);
  world.body([&](Steps& s) {
    const Expr kn = s.local("kn", builder.pools()[pool].reference);
    s.for_each(kn, list, builder.object(pool, 0), Cursor::next_read_before_body,
               [&] { s.step("visit", {}); });
    s.step("after", {});
  });
  const Spec& spec = world.finish();
  EXPECT_EQ(run(spec).labels, (Lines{"t.for_each_klist.first", "t.after"}));
}

} // namespace
} // namespace interlock::tests
