// Writing paths: what each construct of Steps lowers to.
#include "support/lang_world.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

using namespace lang;
using Lines = std::vector<std::string>;

Step nothing() { return {}; }

TEST(Steps, RunInOrder) {
  World world;
  const Expr x = world.number("x");
  world.body([&](Steps& s) {
    s.set("one", {{x, 1}});
    s.set("two", {{x, 2}});
  });
  EXPECT_EQ(world.actions(), (Lines{"t.one: when true do x := 1 then t.two",
                                    "t.two: when true do x := 2 then done"}));
}

TEST(Steps, SimultaneousAssignmentsReadTheOldState) {
  World world;
  const Expr x = world.number("x");
  const Expr y = world.global("y", integer_type(0, 3), 2);
  world.body([&](Steps& s) { s.set("swap", {{x, y}, {y, x}}); });
  world.finish();
  const SingleRun end = run(world.spec());
  EXPECT_EQ(world.value(end.state, x), 2);
  EXPECT_EQ(world.value(end.state, y), 0);
}

TEST(Steps, AnUnprotectedTestIsAStepOfItsOwn) {
  World world;
  const Expr p = world.flag("p");
  world.body([&](Steps& s) {
    s.if_(
        p, [&] { s.step("then", nothing()); }, [&] { s.step("else", nothing()); });
    s.step("after", nothing());
  });
  EXPECT_EQ(world.actions(),
            (Lines{"t.if: when p do nothing then t.then", "t.if: when !p do nothing then t.else",
                   "t.then: when true do nothing then t.after",
                   "t.else: when true do nothing then t.after",
                   "t.after: when true do nothing then done"}));
}

TEST(Steps, WhileTestsBeforeEachRound) {
  World world;
  const Expr x = world.number("x");
  world.body([&](Steps& s) { s.while_(x < 2, [&] { s.set(x, x + 1); }); });
  EXPECT_EQ(world.actions(), (Lines{"t.while: when x < 2 do nothing then t.set_x",
                                    "t.while: when !(x < 2) do nothing then done",
                                    "t.set_x: when true do x := x + 1 then t.while"}));
  EXPECT_EQ(run(world.spec()).labels,
            (Lines{"t.while", "t.set_x", "t.while", "t.set_x", "t.while"}));
}

TEST(Steps, ALoopIsLeftByBreakAndContinuedAtItsHead) {
  World world;
  const Expr x = world.number("x");
  world.body([&](Steps& s) {
    s.loop("again", [&] {
      s.set(x, x + 1);
      s.if_(x < 2, [&] { s.continue_(); });
      s.step("last", nothing());
      s.break_();
    });
  });
  world.finish();
  EXPECT_EQ(run(world.spec()).labels, (Lines{"t.set_x", "t.if", "t.set_x", "t.if", "t.last"}));
}

TEST(Steps, BreakAndContinueReachTheLoopOfThatName) {
  World world;
  const Expr x = world.number("x");
  world.body([&](Steps& s) {
    s.loop("outer", [&] {
      s.set(x, x + 1);
      s.loop("inner", [&] {
        s.step("work", nothing());
        s.if_(
            x == 3, [&] { s.break_("outer"); }, [&] { s.continue_("outer"); });
      });
    });
    s.step("after", nothing());
  });
  world.finish();
  EXPECT_EQ(run(world.spec()).labels, (Lines{"t.set_x", "t.work", "t.if", "t.set_x", "t.work",
                                             "t.if", "t.set_x", "t.work", "t.if", "t.after"}));
}

TEST(Steps, ALoopOfAnUnknownNameIsNamedWithTheNearest) {
  World world;
  world.body([&](Steps& s) {
    s.loop("retry", [&] {
      s.step("work", nothing());
      s.break_("retri");
    });
  });
  EXPECT_EQ(error_of([&] { world.finish(); }),
            "t.break: there is no loop retri around it; did you mean retry?");
}

TEST(Steps, ALoopDoesNotReachIntoACall) {
  World world;
  world.body([&](Steps& s) {
    s.loop("retry", [&] { s.path({"", "", "helper", 0}, {}, [&] { s.break_("retry"); }); });
  });
  EXPECT_EQ(error_of([&] { world.finish(); }), "helper.break: there is no loop retry around it");
}

TEST(Steps, ReturnLeavesTheInnermostPathOnly) {
  World world;
  const Expr p = world.flag("p");
  world.body([&](Steps& s) {
    s.path({"", "", "helper", 0}, {}, [&] {
      s.if_(!p, [&] { s.return_(); });
      s.step("skipped", nothing());
    });
    s.step("after", nothing());
  });
  world.finish();
  EXPECT_EQ(run(world.spec()).labels, (Lines{"helper.if", "t.after"}));
}

TEST(Steps, ActionsCarryTheChainOfCallsAndTheAnchor) {
  World world;
  world.body([&](Steps& s) {
    s.path({"", "", "fork child", 0}, {}, [&] {
      s.path({"sys/kern/kern_fork.c", "1.226", "fork1", 228}, {}, [&] {
        s.line(310).step("enter", nothing());
        s.step("exit", nothing());
      });
    });
  });
  world.finish();
  const Action& enter = world.spec().actions()[0];
  EXPECT_EQ(enter.label, "fork1.enter");
  EXPECT_EQ(enter.chain, "fork child > fork1");
  EXPECT_EQ(to_string(enter.anchor), "sys/kern/kern_fork.c 1.226 fork1():310");
  EXPECT_EQ(world.spec().actions()[1].anchor.line, 228); // line() is for one statement
}

TEST(Steps, EitherOffersEveryBranch) {
  World world;
  const Expr p = world.flag("p");
  world.body([&](Steps& s) {
    s.either({[&] { s.step("left", nothing()); }, [&] { s.await("right", p); }, {}});
    s.step("after", nothing());
  });
  EXPECT_EQ(world.actions(), (Lines{"t.left: when true do nothing then t.after",
                                    "t.right: when p do nothing then t.after",
                                    "t.after: when true do nothing then done",
                                    "t.after: when true do nothing then done"}));
  EXPECT_EQ(error_of([&] {
              World one;
              one.body([](Steps& s) { s.either({{}}); });
            }),
            "t: a choice needs two branches");
}

TEST(Steps, AwaitBlocksUntilItsCondition) {
  World world({"waiter", "setter"});
  const Expr p = world.flag("p");
  world.body(0, [&](Steps& s) { s.await("wait", p); });
  world.body(1, [&](Steps& s) { s.set(p, true); });
  world.finish();
  EXPECT_EQ(standing(world.spec(), world.spec().initial_state(), 0), Standing::blocked);
  EXPECT_EQ(run(world.spec()).labels, (Lines{"setter.set_p", "waiter.wait"}));
}

TEST(Steps, LabelsAreUniqueWithinAPath) {
  World world;
  world.body([&](Steps& s) {
    s.step("work_2", nothing());
    s.step("work", nothing());
    s.step("work", nothing());
    s.step("work", nothing());
    s.label("named").step("work", nothing());
  });
  world.finish();
  EXPECT_EQ(run(world.spec()).labels,
            (Lines{"t.work_2", "t.work", "t.work_3", "t.work_4", "t.named"}));
}

TEST(Steps, EachCallOfAPathHasTheSameLabels) {
  World world;
  const auto helper = [](Steps& s) {
    s.path({"", "", "helper", 0}, {}, [&] { s.step("work", nothing()); });
  };
  world.body([&](Steps& s) {
    helper(s);
    helper(s);
  });
  EXPECT_EQ(world.actions(), (Lines{"helper.work: when true do nothing then helper.work",
                                    "helper.work: when true do nothing then done"}));
}

TEST(Steps, CallsThatAreNotNestedShareTheirLocals) {
  World world;
  const TypeRef small = integer_type(0, 3);
  std::vector<VariableId> locals;
  const auto helper = [&](Steps& s, const Body& inside) {
    s.path({"", "", "helper", 0}, {}, [&] {
      locals.push_back(s.local("i", small).node().variable);
      s.step("work", nothing());
      if (inside)
        inside();
    });
  };
  world.body([&](Steps& s) {
    helper(s, {});
    helper(s, [&] { helper(s, {}); });
  });
  ASSERT_EQ(locals.size(), 3U);
  EXPECT_EQ(locals[0], locals[1]);
  EXPECT_NE(locals[1], locals[2]); // a recursive call has its own
  EXPECT_EQ(world.builder.variables()[locals[0]].name, "helper.i");
  EXPECT_EQ(world.builder.variables()[locals[2]].name, "helper.i#2");
}

TEST(Steps, StatementsBuiltElsewhereGetLabelsOfTheirNewPlace) {
  World world;
  world.body([&](Steps& s) {
    s.path({"kern_event.c", "1.129", "knote", 0}, {}, [&] {
      s.step("work", nothing());
      s.loop("again", [&] {
        s.step("first", nothing());
        s.break_();
      });
      Steps elsewhere(world.builder, 0);
      elsewhere.step("work", nothing());
      elsewhere.loop("again", [&] {
        elsewhere.step("second", nothing());
        elsewhere.break_("again");
      });
      s.append(elsewhere.take());
    });
  });
  world.finish();
  EXPECT_EQ(run(world.spec()).labels,
            (Lines{"knote.work", "knote.first", "knote.work_2", "knote.second"}));
  EXPECT_EQ(to_string(world.spec().actions()[2].anchor), "kern_event.c 1.129 knote()");
}

TEST(Steps, ALocalIsNamedShortInTheLabelOfItsAssignment) {
  World world;
  world.body([&](Steps& s) {
    s.path({"", "", "helper", 0}, {}, [&] { s.set(s.local("i", boolean_type()), true); });
  });
  world.finish();
  EXPECT_EQ(world.spec().actions()[0].label, "helper.set_i");
}

TEST(Steps, MistakesAreNamedWithTheirPath) {
  World world;
  const Expr x = world.number("x");
  const VariableId list = world.builder.global_list("numbers", integer_type(0, 3), 2);
  SpecBuilder& builder = world.builder;
  const auto mistake = [&](const std::function<void(Steps&)>& write) {
    return error_of([&] {
      Steps steps(builder, 0);
      write(steps);
      steps.take();
    });
  };
  EXPECT_EQ(mistake([](Steps& s) { s.step("", {}); }), "t: a step without a label");
  EXPECT_EQ(mistake([](Steps& s) { s.label("lost"); }),
            "t: label(), line() or unguarded() (lost) with no statement behind it");
  EXPECT_EQ(mistake([&](Steps& s) { s.if_(x == 0, [&] { s.unguarded(); }); }),
            "t: label(), line() or unguarded() with no statement behind it");
  EXPECT_EQ(mistake([&](Steps& s) { s.set(x + 1, 0); }), "x + 1 cannot be assigned");
  EXPECT_EQ(mistake([&](Steps& s) {
              s.local("i", integer_type(0, 1));
              s.local("i", integer_type(0, 2));
            }),
            "local t.i is declared with two types: 0..1 and 0..2");
  EXPECT_EQ(mistake([&](Steps& s) { s.for_each(x, list, {}, Cursor::restart_from_head, {}); }),
            "t.for_each_numbers: the cursor x is no local reference");
  EXPECT_EQ(mistake([&](Steps& s) {
              const Expr who = s.local("who", builder.pools()[thread_pool].reference);
              s.for_each(who, list, {}, Cursor::restart_from_head, {});
            }),
            "t.for_each_numbers: numbers is no list of thread");
  EXPECT_EQ(mistake([&](Steps& s) {
              s.path({"", "", "helper", 0}, {}, [&] { s.take(); });
            }),
            "helper: the path is not finished");
  const std::function<void(Steps&)> forever = [&](Steps& s) {
    s.path({"", "", "forever", 0}, {}, [&] { forever(s); });
  };
  EXPECT_EQ(mistake(forever),
            "forever: calls are nested too deeply; does a path call itself for ever?");
}

TEST(Steps, TheBodyStaysAsWrittenAfterLowering) {
  World world;
  const PoolId pool = world.builder.pool("proc", {"a"}, Lifetime::permanent);
  const VariableId list =
      world.builder.global_list("allproc", world.builder.pools()[pool].reference, 1);
  world.body([&](Steps& s) {
    const Expr p = s.local("p", world.builder.pools()[pool].reference);
    s.for_each(p, list, {}, Cursor::next_read_after_body, [&] { s.step("work", nothing()); });
  });
  world.finish();
  ASSERT_EQ(world.spec().body(0).size(), 1U);
  EXPECT_EQ(world.spec().body(0)[0]->kind, StatementKind::for_each);
}

// An argument of a call may decide the type of its local.
TEST(Steps, ALocalOfTwoCallsMayHaveTwoTypes) {
  World world;
  SpecBuilder& spec = world.builder;
  Steps s(spec, 0);
  const auto count_to = [&](Value most) {
    Expr counted;
    s.path({"", "", "count", 0}, {}, [&] {
      counted = s.local("n", integer_type(0, most));
      s.set("count", {{counted, Expr(most)}});
    });
    return place_of(counted).variable;
  };
  const VariableId one = count_to(1);
  EXPECT_NE(count_to(2), one);
  EXPECT_EQ(count_to(1), one); // where the types agree they share
}

} // namespace
} // namespace interlock::tests
