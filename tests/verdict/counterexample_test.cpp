// Which counterexample is shown when there are several.
#include "support/tiny_spec.hpp"
#include "verdict/check.hpp"

#include <gtest/gtest.h>

namespace interlock::checker {
namespace {

using lang::PropertyKind;
using lang::Steps;
using tests::steps_of;
using tests::TinySpec;
using Names = std::vector<std::string>;

Names counterexample_of(TinySpec& tiny) {
  const lang::Spec& spec = tiny.finish();
  const CheckResult result = check(spec, {});
  EXPECT_TRUE(result.trace);
  if (!result.trace)
    return {};
  EXPECT_NO_THROW(lang::follow(spec, *result.trace));
  return steps_of(spec, *result.trace);
}

// `a` takes the first steps and `b` the others, and all of them together are a violation.
TinySpec both(const Names& a, const Names& b) {
  TinySpec tiny({"a", "b"});
  const lang::Expr a_done = tiny.flag("a_done");
  const lang::Expr b_done = tiny.flag("b_done");
  tiny.property("not-both", PropertyKind::invariant, !(a_done && b_done));
  const auto write = [&](lang::ThreadId thread, const Names& names, const lang::Expr& done) {
    tiny.body(thread, [&](Steps& s) {
      for (std::size_t i = 0; i < names.size(); ++i)
        s.set(names[i], i + 1 == names.size()
                            ? std::vector<std::pair<lang::Expr, lang::Expr>>{{done, true}}
                            : std::vector<std::pair<lang::Expr, lang::Expr>>{});
    });
  };
  write(0, a, a_done);
  write(1, b, b_done);
  return tiny;
}

TEST(Counterexample, SwitchesAsRarelyAsPossible) {
  // Of the six orders of a's two and b's two steps, two switch once; labels decide between those.
  TinySpec tiny = both({"a1", "a2"}, {"b1", "b2"});
  EXPECT_EQ(counterexample_of(tiny), (Names{"a:a1", "a:a2", "b:b1", "b:b2"}));
}

TEST(Counterexample, IsTheFirstInTheOrderOfLabelsWhoeverTakesThem) {
  // Labels carry the name of the path, here the thread's; so it is renamed by the order of the
  // threads.
  TinySpec tiny({"z", "a"});
  const lang::Expr z_done = tiny.flag("z_done");
  const lang::Expr a_done = tiny.flag("a_done");
  tiny.property("not-both", PropertyKind::invariant, !(a_done && z_done));
  tiny.body(0, [&](Steps& s) { s.set("step", {{z_done, true}}); });
  tiny.body(1, [&](Steps& s) { s.set("step", {{a_done, true}}); });
  EXPECT_EQ(counterexample_of(tiny), (Names{"a:step", "z:step"}));
}

TEST(Counterexample, LetsTheFirstThreadGoFirstWhereLabelsAreEqual) {
  TinySpec tiny({"z", "a"});
  const lang::Expr z_done = tiny.flag("z_done");
  const lang::Expr a_done = tiny.flag("a_done");
  tiny.property("not-both", PropertyKind::invariant, !(a_done && z_done));
  for (const lang::ThreadId thread : {0U, 1U})
    tiny.body(thread, [&, thread](Steps& s) {
      s.path({"f.c", "1", "path", 0}, {}, [&] {
        s.set("step", {{thread == 0 ? z_done : a_done, true}});
      });
    });
  EXPECT_EQ(counterexample_of(tiny), (Names{"z:step", "a:step"}));
}

TEST(Counterexample, PrefersAShorterOneToOneWithFewerSwitches) {
  // Alone, a needs three steps; with one step of b in between, two.
  TinySpec tiny({"a", "b"});
  const lang::Expr short_cut = tiny.flag("short_cut");
  const lang::Expr bad = tiny.flag("bad");
  tiny.property("good", PropertyKind::invariant, !bad);
  tiny.body(0, [&](Steps& s) {
    s.either({[&] {
                s.step("detour", {});
                s.step("detour", {});
                s.set("arrive", {{bad, true}});
              },
              [&] {
                lang::Step jump;
                jump.guard = short_cut;
                jump.updates.push_back(lang::assign(bad, true));
                s.step("jump", jump);
              }});
  });
  tiny.body(1, [&](Steps& s) { s.set("open", {{short_cut, true}}); });
  EXPECT_EQ(counterexample_of(tiny), (Names{"b:open", "a:jump"}));
}

TEST(Counterexample, PrefersAStuckStateToAFailingStepThatComesOneLater) {
  TinySpec tiny({"a", "b"});
  tiny.add_locks({"l0", "l1"});
  tiny.property("no-deadlock", PropertyKind::no_deadlock);
  tiny.property("asserted", PropertyKind::check);
  tiny.body(0, [&](Steps& s) {
    s.step("first", tiny.enter(s, 0));
    s.step("second", tiny.enter(s, 1));
    s.step("fail", TinySpec::failing("asserted")); // the third step of a
  });
  tiny.body(1, [&](Steps& s) {
    s.step("first", tiny.enter(s, 1));
    s.step("second", tiny.enter(s, 0)); // with a's first: stuck after two
    s.step("leave_second", tiny.leave(0));
    s.step("leave_first", tiny.leave(1));
  });
  EXPECT_EQ(counterexample_of(tiny), (Names{"a:first", "b:first"}));
}

TEST(Counterexample, ComparesAStuckStateWithAFailingStepOfTheSameLength) {
  // Two steps either way; the failing step needs no switch.
  TinySpec tiny({"a", "b"});
  tiny.add_locks({"l0", "l1"});
  tiny.property("no-deadlock", PropertyKind::no_deadlock);
  tiny.property("asserted", PropertyKind::check);
  for (const lang::ThreadId thread : {0U, 1U})
    tiny.body(thread, [&, thread](Steps& s) {
      s.step("first", tiny.enter(s, thread));
      lang::Step second = tiny.enter(s, 1 - thread);
      if (thread == 1)
        second.checks.push_back({"asserted", lang::Expr(false), "as it must"});
      s.step("second", second);
      s.step("leave_second", tiny.leave(1 - thread));
      s.step("leave_first", tiny.leave(thread));
    });
  EXPECT_EQ(counterexample_of(tiny), (Names{"b:first", "b:second"}));
}

TEST(Counterexample, IsTheSameEveryTime) {
  Names first;
  for (int i = 0; i < 3; ++i) {
    TinySpec tiny = both({"x", "y", "z"}, {"y", "x"});
    const Names names = counterexample_of(tiny);
    EXPECT_TRUE(i == 0 || names == first);
    first = names;
  }
}

} // namespace
} // namespace interlock::checker
