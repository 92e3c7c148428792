// The reference evaluator: every operator, every update, every fault.
#include "support/lang_world.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

using namespace lang;

// knote0 is allocated, knote1 is not; `head` holds knote0 and knote1; x is 1, y is 2; p is true.
class EvaluationTest : public ::testing::Test {
protected:
  World world;
  SpecBuilder& builder = world.builder;
  TypeRef notes = flags_type("note", {"NOTE_EXIT", "NOTE_FORK"});
  PoolId pool = builder.pool("knote", {"knote0", "knote1", "knote2"}, Lifetime::allocated);
  TypeRef knote = builder.pools()[pool].reference;
  PoolId fixed = builder.pool("proc", {"proc0"}, Lifetime::permanent);
  Expr x = world.global("x", integer_type(0, 3), 1);
  Expr y = world.global("y", integer_type(0, 3), 2);
  Expr p = world.global("p", boolean_type(), 1);
  Expr flags = world.global("flags", notes, 1);
  Expr kn = world.global("kn", knote, 1);
  Expr nowhere = world.global("nowhere", knote, none);
  Expr freed = world.global("freed", knote, 2);
  VariableId link = builder.field(pool, "link", knote, 1);
  VariableId pid = builder.constant_field(pool, "pid", integer_type(0, 9), {7, 8, 9});
  VariableId list = builder.global_list("head", knote, 3);
  VariableId queue = builder.field_list(pool, "queue", knote, 2);
  Expr knote0 = builder.object(pool, 0);
  Expr knote1 = builder.object(pool, 1);
  Expr knote2 = builder.object(pool, 2);
  Expr no_knote = builder.nothing(pool);
  State state;

  // Finishes the specification with one step of these updates, and makes the state above.
  void finish(const std::vector<Update>& updates = {}) {
    world.body([&](Steps& s) {
      Step step;
      step.updates = updates;
      s.step("step", step);
    });
    world.finish();
    state = world.spec().initial_state();
    const Variable& allocated = world.spec().variables()[*world.spec().pools()[pool].allocated];
    state[allocated.first_slot] = 1;
    const std::uint32_t head = world.spec().variables()[list].first_slot;
    state[head] = 2;
    state[head + 1] = 1;
    state[head + 2] = 2;
  }

  // Value or fault, as text.
  std::string of(const Expr& expression) {
    if (state.empty())
      finish();
    const Evaluation result = evaluate(world.spec(), state, expression);
    return result.failure ? result.failure->property
                          : format_value(expression.type(), result.value);
  }

  std::string message_of(const Expr& expression) {
    finish();
    return evaluate(world.spec(), state, expression)
        .failure.value_or(Failure{"", "no fault"})
        .message;
  }

  // What a list holds after one step with the update; or the fault.
  std::string after(const Update& update) {
    finish({update});
    const Result result = take(world.spec(), state, world.spec().actions()[0]);
    if (result.outcome != Outcome::taken)
      return result.failure.property;
    const Variable& variable = world.spec().variables()[update.variable];
    if (variable.capacity == 0)
      return format_value(*variable.type, result.state[variable.first_slot]);
    std::string text;
    for (std::uint32_t part = 1; part < variable.stride; ++part)
      text += (text.empty() ? "" : " ") +
              format_value(*variable.type, result.state[variable.first_slot + part]);
    return std::to_string(result.state[variable.first_slot]) + ": " + text;
  }
};

TEST_F(EvaluationTest, Arithmetic) {
  EXPECT_EQ(of(x + y), "3");
  EXPECT_EQ(of(x - y), "-1");
}

TEST_F(EvaluationTest, Comparisons) {
  EXPECT_EQ(of(x == 1), "true");
  EXPECT_EQ(of(x == y), "false");
  EXPECT_EQ(of(x != y), "true");
  EXPECT_EQ(of(x < y), "true");
  EXPECT_EQ(of(y < x), "false");
  EXPECT_EQ(of(x < 1), "false");
  EXPECT_EQ(of(x <= 1), "true");
  EXPECT_EQ(of(x > y), "false");
  EXPECT_EQ(of(y >= 2), "true");
}

TEST_F(EvaluationTest, Logic) {
  const Expr q = x == 0; // false
  EXPECT_EQ(of(!p), "false");
  EXPECT_EQ(of(p && p), "true");
  EXPECT_EQ(of(p && q), "false");
  EXPECT_EQ(of(q || p), "true");
  EXPECT_EQ(of(q || q), "false");
  EXPECT_EQ(of(choose(p, x, y)), "1");
  EXPECT_EQ(of(choose(q, x, y)), "2");
}

TEST_F(EvaluationTest, Bits) {
  const Expr exit = literal(notes, 1);
  const Expr fork = literal(notes, 2);
  EXPECT_EQ(of(flags | fork), "NOTE_EXIT|NOTE_FORK");
  EXPECT_EQ(of(flags & fork), "0");
  EXPECT_EQ(of(flags & exit), "NOTE_EXIT");
  EXPECT_EQ(of(bit_clear(flags, exit)), "0");
  EXPECT_EQ(of(bit_clear(flags, fork)), "NOTE_EXIT");
}

TEST_F(EvaluationTest, References) {
  EXPECT_EQ(of(builder.read(link, kn)), "knote0");
  EXPECT_EQ(of(builder.read(link, builder.read(link, kn))), "knote0");
  EXPECT_EQ(of(builder.read(pid, kn)), "7");
  EXPECT_EQ(of(builder.is_allocated(kn)), "true");
  EXPECT_EQ(of(builder.is_allocated(freed)), "false");
  EXPECT_EQ(of(builder.is_allocated(nowhere)), "false");
  EXPECT_EQ(of(builder.is_allocated(builder.object(fixed, 0))), "true");
  EXPECT_EQ(of(builder.first_free(pool)), "knote1");
  EXPECT_EQ(of(builder.first_free(fixed)), "none");
}

TEST_F(EvaluationTest, Lists) {
  EXPECT_EQ(of(builder.list_size(list)), "2");
  EXPECT_EQ(of(builder.list_front(list)), "knote0");
  EXPECT_EQ(of(builder.list_back(list)), "knote1");
  EXPECT_EQ(of(builder.list_next(list, {}, knote0)), "knote1");
  EXPECT_EQ(of(builder.list_next(list, {}, knote1)), "none");
  EXPECT_EQ(of(builder.list_has(list, {}, knote1)), "true");
  EXPECT_EQ(of(builder.list_has(list, {}, knote2)), "false");
  EXPECT_EQ(of(builder.list_has(list, {}, nowhere)), "false"); // unused places are no elements
  EXPECT_EQ(of(builder.list_size(queue, kn)), "0");
  EXPECT_EQ(of(builder.list_front(queue, kn)), "none");
  EXPECT_EQ(of(builder.list_back(queue, kn)), "none");
}

TEST_F(EvaluationTest, ReadingThroughNoneFaults) {
  EXPECT_EQ(of(builder.read(link, nowhere)), fault::null_dereference);
  EXPECT_EQ(of(builder.read(pid, nowhere)), fault::null_dereference);
  EXPECT_EQ(of(builder.list_size(queue, nowhere)), fault::null_dereference);
}

TEST_F(EvaluationTest, ReadingAFreedObjectFaults) {
  EXPECT_EQ(of(builder.read(link, freed)), fault::use_after_free);
  EXPECT_EQ(of(builder.read(pid, freed)), fault::use_after_free);
  EXPECT_EQ(of(builder.list_front(queue, freed)), fault::use_after_free);
}

TEST_F(EvaluationTest, ACursorThatIsNotOnItsListFaults) {
  EXPECT_EQ(of(builder.list_next(list, {}, knote2)), fault::not_on_list);
  EXPECT_EQ(of(builder.list_next(list, {}, nowhere)), fault::not_on_list);
}

TEST_F(EvaluationTest, AFaultSaysWhatWasRead) {
  EXPECT_EQ(message_of(builder.read(link, nowhere)), "nowhere.link: nowhere is none");
}
TEST_F(EvaluationTest, AFaultSaysWhichObjectWasFreed) {
  EXPECT_EQ(message_of(builder.read(link, freed)), "freed.link: knote1 is not allocated");
}

TEST_F(EvaluationTest, WhatIsNotReachedDoesNotFault) {
  const Expr faults = builder.read(link, nowhere) == no_knote;
  EXPECT_EQ(of(!p && faults), "false");
  EXPECT_EQ(of(p || faults), "true");
  EXPECT_EQ(of(choose(p, x == 1, faults)), "true");
  EXPECT_EQ(of(choose(!p, faults, x == 1)), "true");
  EXPECT_EQ(of(p && faults), fault::null_dereference);
  EXPECT_EQ(of(!p || faults), fault::null_dereference);
}

TEST_F(EvaluationTest, TheFirstFaultFromTheLeftIsTheOne) {
  EXPECT_EQ(of(builder.read(link, nowhere) == builder.read(link, freed)), fault::null_dereference);
}
TEST_F(EvaluationTest, TheFirstFaultFromTheLeftIsTheOneTurnedAround) {
  EXPECT_EQ(of(builder.read(link, freed) == builder.read(link, nowhere)), fault::use_after_free);
}

// --- updates ---

TEST_F(EvaluationTest, AssignStoresTheValue) { EXPECT_EQ(after(assign(x, y + 1)), "3"); }
TEST_F(EvaluationTest, AssignBelowTheRangeFaults) { EXPECT_EQ(after(assign(x, x - y)), "bounds"); }
TEST_F(EvaluationTest, AssignAboveTheRangeFaults) {
  EXPECT_EQ(after(assign(x, y + 2)), fault::bounds);
}
TEST_F(EvaluationTest, PushFront) {
  EXPECT_EQ(after({UpdateKind::push_front, list, {}, knote2, {}}), "3: knote2 knote0 knote1");
}
TEST_F(EvaluationTest, PushBack) {
  EXPECT_EQ(after({UpdateKind::push_back, list, {}, knote2, {}}), "3: knote0 knote1 knote2");
}
TEST_F(EvaluationTest, RemoveClosesTheGap) {
  EXPECT_EQ(after({UpdateKind::remove, list, {}, knote0, {}}), "1: knote1 none none");
}
TEST_F(EvaluationTest, RemoveOfWhatIsNotThereChangesNothing) {
  EXPECT_EQ(after({UpdateKind::remove, list, {}, knote2, {}}), "2: knote0 knote1 none");
}
TEST_F(EvaluationTest, InsertBefore) {
  EXPECT_EQ(after({UpdateKind::insert_before, list, {}, knote2, knote1}),
            "3: knote0 knote2 knote1");
}
TEST_F(EvaluationTest, InsertBeforeWhatIsNotThereFaults) {
  EXPECT_EQ(after({UpdateKind::insert_before, list, {}, knote0, knote2}), fault::not_on_list);
}
TEST_F(EvaluationTest, ClearLeavesNothingBehind) {
  EXPECT_EQ(after({UpdateKind::clear, list, {}, {}, {}}), "0: none none none");
}
TEST_F(EvaluationTest, WritingThroughNoneFaults) {
  EXPECT_EQ(after(assign(builder.read(link, nowhere), knote0)), fault::null_dereference);
}
TEST_F(EvaluationTest, WritingToAFreedObjectFaults) {
  EXPECT_EQ(after(assign(builder.read(link, freed), knote0)), fault::use_after_free);
}
TEST_F(EvaluationTest, FreeingAFreedObjectFaults) {
  EXPECT_EQ(after(assign(builder.read(*builder.pools()[pool].allocated, freed), false)),
            fault::use_after_free);
}
TEST_F(EvaluationTest, AllocatingMakesTheObjectReadable) {
  finish({assign(builder.read(*builder.pools()[pool].allocated, freed), true),
          assign(builder.read(link, freed), no_knote)});
  const Result result = take(world.spec(), state, world.spec().actions()[0]);
  ASSERT_EQ(result.outcome, Outcome::taken) << result.failure.message;
  EXPECT_EQ(evaluate(world.spec(), result.state, builder.read(link, freed)).value, none);
}

TEST_F(EvaluationTest, AFullListFaults) {
  finish({{UpdateKind::push_back, list, {}, knote2, {}}});
  const std::uint32_t head = world.spec().variables()[list].first_slot;
  state[head] = 3;
  state[head + 3] = 3;
  const Result result = take(world.spec(), state, world.spec().actions()[0]);
  EXPECT_EQ(result.failure.property, fault::bounds);
  EXPECT_EQ(result.failure.message, "head is full");
}

// --- actions: the order of path, checks and guard ---

class Taking : public ::testing::Test {
protected:
  World world;
  Expr ready = world.flag("ready");
  Expr fine = world.flag("fine");
  Expr entered = world.flag("entered");

  // The outcome of the only step in the state with these values.
  std::string outcome(bool is_ready, bool is_fine, bool is_entered) {
    world.body([&](Steps& s) {
      Step step;
      step.guard = ready;
      step.checks = {{"kassert", fine, "not fine"}};
      step.entry_checks = {{"on-entry", entered, "not entered"}};
      s.step("step", step);
    });
    const Spec& spec = world.finish();
    State state = spec.initial_state();
    const auto set = [&](const Expr& variable, bool value) {
      state[spec.variables()[variable.node().variable].first_slot] = value ? 1 : 0;
    };
    set(ready, is_ready);
    set(fine, is_fine);
    set(entered, is_entered);
    const Result result = take(spec, state, spec.actions()[0]);
    switch (result.outcome) {
    case Outcome::disabled:
      return "disabled";
    case Outcome::taken:
      return point_of(spec, result.state, 0) == spec.threads()[0].done() ? "done" : "?";
    case Outcome::failed:
      return result.failure.property + ": " + result.failure.message;
    }
    return "";
  }
};

TEST_F(Taking, NeedsTheGuard) { EXPECT_EQ(outcome(false, true, true), "disabled"); }
TEST_F(Taking, GoesOnWhereAllHolds) { EXPECT_EQ(outcome(true, true, true), "done"); }
TEST_F(Taking, AnEntryCheckFailsEvenWhereTheGuardIsFalse) {
  EXPECT_EQ(outcome(false, true, false), "on-entry: not entered");
}
TEST_F(Taking, ACheckFailsOnlyWhereTheGuardHolds) {
  EXPECT_EQ(outcome(false, false, true), "disabled");
  EXPECT_EQ(outcome(true, false, true), "kassert: not fine");
}
TEST_F(Taking, AnEntryCheckComesFirst) {
  EXPECT_EQ(outcome(true, false, false), "on-entry: not entered");
}
TEST_F(Taking, AnActionElsewhereIsDisabled) {
  outcome(true, true, true);
  State done = world.spec().initial_state();
  done[world.spec().variables()[world.spec().threads()[0].counter].first_slot] =
      world.spec().threads()[0].done();
  EXPECT_EQ(take(world.spec(), done, world.spec().actions()[0]).outcome, Outcome::disabled);
}

} // namespace
} // namespace interlock::tests
