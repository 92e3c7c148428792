// Declarations of a specification, the layout of its state, and what is refused.
#include "support/lang_world.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

using namespace lang;

TEST(Declaration, SlotsAreNamedAndStartWithTheirInitialValues) {
  World world({"parent", "child"});
  SpecBuilder& builder = world.builder;
  const PoolId pool = builder.pool("proc", {"proc0", "proc1"}, Lifetime::allocated);
  builder.global("forks", integer_type(0, 9), 4);
  const VariableId nice = builder.field(pool, "p_nice", integer_type(1, 3), 2);
  builder.set_initial(nice, 1, 3);
  builder.constant_field(pool, "p_pid", integer_type(0, 9), {7, 8});
  builder.global_list("allproc", builder.pools()[pool].reference, 2);
  const Spec& spec = world.finish();

  const std::vector<std::pair<std::string, Value>> expected{
      {"parent.pc", 0},  {"child.pc", 0},     {"proc0.allocated", 0}, {"proc1.allocated", 0},
      {"forks", 4},      {"proc0.p_nice", 2}, {"proc1.p_nice", 3},    {"allproc.size", 0},
      {"allproc[0]", 0}, {"allproc[1]", 0}};
  const State state = spec.initial_state();
  ASSERT_EQ(spec.slot_count(), expected.size());
  ASSERT_EQ(state.size(), expected.size());
  for (std::uint32_t slot = 0; slot < expected.size(); ++slot) {
    EXPECT_EQ(spec.slot_name(slot), expected[slot].first);
    EXPECT_EQ(state[slot], expected[slot].second) << spec.slot_name(slot);
  }
  EXPECT_EQ(spec.slot_type(7).high, 2); // the size of a list of 2
}

TEST(Declaration, AListMayStartWithElements) {
  World world;
  SpecBuilder& builder = world.builder;
  const PoolId pool = builder.pool("proc", {"proc0", "proc1"}, Lifetime::permanent);
  const VariableId members = builder.global_list("members", builder.pools()[pool].reference, 2);
  builder.set_initial_list(members, 0, {2, 1});
  EXPECT_EQ(error_of([&] {
              builder.set_initial_list(members, 0, {1, 2, 1});
            }),
            "list members cannot start with 3 elements");
  EXPECT_EQ(error_of([&] { builder.set_initial_list(members, 0, {3}); }),
            "list members cannot start with 3");
  const Spec& spec = world.finish();
  const State state = spec.initial_state();
  const std::uint32_t first = spec.variables()[members].first_slot;
  EXPECT_EQ(std::vector<Value>(state.begin() + first, state.begin() + first + 3),
            (std::vector<Value>{2, 2, 1}));
}

TEST(Declaration, AThreadWithoutABodyIsDoneAtOnce) {
  World world;
  world.finish();
  EXPECT_EQ(world.spec().threads()[0].done(), start_point);
  EXPECT_EQ(standing(world.spec(), world.spec().initial_state(), 0), Standing::done);
}

TEST(Declaration, ANestingRuleIsAskedForEachTwoLocksOfItsClass) {
  World world;
  SpecBuilder& builder = world.builder;
  const PoolId pool = builder.pool("mutex", {"p", "q", "kq"}, Lifetime::permanent);
  builder.set_lock_pool(pool, {"mutex", {}, {}, {}}, {"p_lock", "p_lock", "kq_lock"});
  const Expr p = builder.object(pool, 0);
  builder.nesting("p_lock", "p first", [&](const Expr& held, const Expr&) { return held == p; });
  const Spec& spec = world.finish();
  ASSERT_EQ(spec.nestings().size(), 1U);
  const Nesting& rule = spec.nestings()[0];
  EXPECT_EQ(rule.text, "p first");
  ASSERT_EQ(rule.allowed.size(), 2U) << "p then q, and q then p";
  const auto allowed = [&](std::uint32_t held, std::uint32_t taken) {
    return evaluate(spec, spec.initial_state(), rule.allowed.at({{pool, held}, {pool, taken}}))
        .value;
  };
  EXPECT_EQ(allowed(0, 1), 1);
  EXPECT_EQ(allowed(1, 0), 0);
}

TEST(Declaration, ANestingRuleNeedsLocksAConditionAndAClassWithoutOne) {
  World world;
  SpecBuilder& builder = world.builder;
  const Expr number = world.number("x");
  const VariableId local = builder.local(0, "kn", boolean_type(), 0);
  const PoolId pool = builder.pool("mutex", {"p", "q"}, Lifetime::permanent);
  builder.set_lock_pool(pool, {"mutex", {}, {}, {}}, {"p_lock", "p_lock"});
  const auto declare = [&](const std::string& lock_class, const Expr& condition) {
    return error_of([&] {
      builder.nesting(lock_class, "", [&](const Expr&, const Expr&) { return condition; });
    });
  };
  EXPECT_EQ(declare("kq_lock", Expr(true)),
            "the nesting rule of lock class kq_lock: no lock is of this class");
  EXPECT_EQ(declare("p_lock", number),
            "the nesting rule of lock class p_lock needs a condition, not x");
  EXPECT_EQ(declare("p_lock", builder.read(local)),
            "the nesting rule of lock class p_lock reads the local kn, which is reset when it is "
            "dead");
  EXPECT_EQ(declare("p_lock", Expr(true)), "");
  EXPECT_EQ(declare("p_lock", Expr(true)),
            "the nesting rule of lock class p_lock is declared twice");
}

TEST(Declaration, NamesAreUniqueInTheirScope) {
  World world;
  SpecBuilder& builder = world.builder;
  const PoolId pool = builder.pool("proc", {"a"}, Lifetime::permanent);
  const PoolId other = builder.pool("lwp", {"b"}, Lifetime::permanent);
  builder.field(pool, "flag", boolean_type(), 0);
  builder.field(other, "flag", boolean_type(), 0); // another scope
  builder.global("flag", boolean_type(), 0);       // another scope
  EXPECT_EQ(error_of([&] { builder.field(pool, "flag", boolean_type(), 0); }),
            "variable flag is declared twice");
  EXPECT_EQ(error_of([&] { builder.global("flag", boolean_type(), 0); }),
            "variable flag is declared twice");
  EXPECT_EQ(error_of([&] { builder.pool("proc", {"c"}, Lifetime::permanent); }),
            "pool proc is declared twice");
  EXPECT_EQ(error_of([&] { builder.pool("thread", {"c"}, Lifetime::permanent); }),
            "pool thread is declared twice");
  EXPECT_EQ(error_of([] { World({"t", "t"}); }), "thread t is declared twice");
}

TEST(Declaration, ImpossibleDeclarationsAreRefused) {
  World world;
  SpecBuilder& builder = world.builder;
  const PoolId pool = builder.pool("proc", {"a", "b"}, Lifetime::permanent);
  EXPECT_EQ(error_of([&] { builder.pool("none", {}, Lifetime::permanent); }),
            "pool none has no objects");
  EXPECT_EQ(error_of([&] {
              builder.pool("twice", {"x", "x"}, Lifetime::permanent);
            }),
            "type twice has the name x twice");
  EXPECT_EQ(error_of([&] { builder.global("g", integer_type(1, 2), 0); }),
            "variable g starts with 0, which is no value of 1..2");
  EXPECT_EQ(error_of([&] { builder.constant_field(pool, "c", boolean_type(), {1}); }),
            "constant field c needs one value per object of proc");
  EXPECT_EQ(error_of([&] {
              builder.constant_field(pool, "c", boolean_type(), {1, 2});
            }),
            "variable c starts with 2, which is no value of bool");
  EXPECT_EQ(error_of([&] { builder.global_list("l", boolean_type(), 0); }), "list l has no room");
  EXPECT_EQ(error_of([&] { builder.field_list(pool, "l", boolean_type(), 0); }),
            "list l has no room");
  EXPECT_EQ(error_of([&] { builder.global_list("l", integer_type(1, 2), 3); }),
            "list l of 1..2: unused places hold 0, which is no value of it");
  const VariableId flag = builder.global("flag", boolean_type(), 0);
  EXPECT_EQ(error_of([&] { builder.set_initial(flag, 0, 2); }),
            "variable flag cannot start with 2");
  EXPECT_EQ(error_of([&] { builder.set_lock_pool(pool, {}, {"p_lock"}); }),
            "lock pool proc needs one class per lock");
}

TEST(Declaration, ThreadsComeBeforeWhatKnowsOfThem) {
  World world;
  world.builder.global("x", boolean_type(), 0);
  EXPECT_EQ(error_of([&] { world.builder.thread("late"); }),
            "thread late is declared after variable x");
  World local;
  local.builder.local(0, "who", local.builder.pools()[thread_pool].reference, none);
  EXPECT_EQ(error_of([&] { local.builder.thread("late"); }),
            "thread late is declared after variable who");
}

template <class Builder>
concept FinishesWhileItIsKept = requires(Builder& builder) {
  builder.finish();
};
static_assert(!FinishesWhileItIsKept<SpecBuilder>, "nothing can be declared afterwards");

TEST(Declaration, CopiesOfABuilderAreFinishedApart) {
  World world;
  world.body([&](Steps& s) {
    s.check("kassert", world.flag("open"), "open");
    s.step("work", {});
  });
  SpecBuilder without = world.builder;
  without.select_properties({"no-deadlock"});
  EXPECT_TRUE(std::move(without).finish().actions()[0].entry_checks.empty());
  EXPECT_EQ(world.finish().actions()[0].entry_checks.size(), 1U);
}

TEST(Declaration, PropertiesNeedAConditionOverSharedState) {
  World number;
  number.builder.property({"balance", PropertyKind::invariant, number.number("x"), ""});
  EXPECT_EQ(error_of([&] { number.finish(); }), "property balance needs a condition, not x");
  World missing;
  missing.builder.property({"balance", PropertyKind::at_rest, {}, ""});
  EXPECT_EQ(error_of([&] { missing.finish(); }),
            "property balance needs a condition, not (nothing)");
  World local;
  const Expr mine = local.builder.read(local.builder.local(0, "mine", boolean_type(), 0));
  local.builder.property({"balance", PropertyKind::invariant, !mine, ""});
  EXPECT_EQ(error_of([&] { local.finish(); }),
            "property balance reads the local mine, which is reset when it is dead");
}

TEST(Declaration, AFieldIsFoundByNameOrTheNearestIsNamed) {
  World world;
  const PoolId pool = world.builder.pool("kqueue", {"kq"}, Lifetime::permanent);
  const VariableId lock = world.builder.field(pool, "kq_lock", boolean_type(), 0);
  EXPECT_EQ(world.builder.field_named(pool, "kq_lock"), lock);
  EXPECT_EQ(error_of([&] { world.builder.field_named(pool, "kq_lok"); }),
            "a kqueue has no field kq_lok; did you mean kq_lock?");
}

} // namespace
} // namespace interlock::tests
