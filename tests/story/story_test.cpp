// The story names what is behind a violation: writers, holders, who freed what, who sleeps.
#include "story/story_text.hpp"
#include "support/lang_world.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

using checker::Story;
using checker::StoryPart;
using lang::Expr;
using Names = std::vector<std::string>;

lang::Anchor in(const std::string& function) { return {"sys/kern/small.c", "1.1", function, 0}; }

// The trace in which the threads take their steps in this order, with the failure that ends it.
lang::Trace trace_of(const lang::Spec& spec, const std::vector<lang::ThreadId>& order) {
  lang::Trace trace;
  lang::State state = spec.initial_state();
  for (const lang::ThreadId thread : order)
    for (lang::ActionId id = 0; id < spec.actions().size(); ++id) {
      const lang::Result next = lang::take(spec, state, spec.actions()[id]);
      if (spec.actions()[id].thread != thread || next.outcome == lang::Outcome::disabled)
        continue;
      trace.actions.push_back(id);
      if (next.outcome == lang::Outcome::failed)
        trace.violation = {lang::ViolationKind::check, next.failure.property, next.failure.message};
      else
        state = next.state;
      break;
    }
  return trace;
}

const StoryPart* part_of(const Story& story, const std::string& subject) {
  for (const StoryPart& part : story.parts)
    if (part.subject == subject)
      return &part;
  return nullptr;
}

Names deeds(const StoryPart& part) {
  Names names;
  for (const checker::Moment& moment : part.moments)
    names.push_back(std::to_string(moment.step) + " " + moment.thread + " " + moment.does);
  return names;
}

// Threads a and b write `value` with the mutex held; a finds in the end that it is not its own.
class Overwritten : public testing::Test {
protected:
  Overwritten() {
    world.body(0, [&](lang::Steps& s) {
      s.path(in("first"), {}, [&] {
        mutexes.enter(s, mutexes.lock());
        s.line(7);
        s.set("write", {{value, Expr(1)}});
        mutexes.exit(s, mutexes.lock());
        lang::Step look;
        look.checks.push_back({"kassert", value == Expr(1), "value is mine"});
        s.step("look", std::move(look));
      });
    });
    world.body(1, [&](lang::Steps& s) {
      s.path(in("second"), {}, [&] {
        mutexes.enter(s, mutexes.lock());
        s.line(9);
        s.set("write", {{value, Expr(2)}});
        mutexes.exit(s, mutexes.lock());
      });
    });
  }

  World world{{"a", "b"}};
  Mutexes mutexes{world.builder, {"m"}};
  Expr value = world.number("value");
};

TEST_F(Overwritten, AValueHasItsLastWritersAndWhatItShouldBe) {
  const lang::Spec& spec = world.finish();
  const Story story = checker::story_of(spec, trace_of(spec, {0, 0, 0, 1, 1, 0}));
  ASSERT_TRUE(story.failure);
  EXPECT_EQ(story.failure->label, "first.look");
  const StoryPart* part = part_of(story, "value");
  ASSERT_NE(part, nullptr);
  EXPECT_EQ(part->headline, "value is 2, not 1");
  EXPECT_EQ(deeds(*part), (Names{"2 a 0 -> 1", "5 b 1 -> 2"}));
  EXPECT_EQ(part->moments[0].source.line, 7);
  EXPECT_EQ(part->moments[1].held, (std::vector<witnesses::Held>{{"m", false}}));
}

TEST_F(Overwritten, WhatOrdersTwoWritersIsSaidWithWhereItWasGivenUp) {
  const lang::Spec& spec = world.finish();
  const Story story = checker::story_of(spec, trace_of(spec, {0, 0, 0, 1, 1, 0}));
  const StoryPart* part = part_of(story, "value");
  ASSERT_NE(part, nullptr);
  EXPECT_EQ(part->remarks, (Names{"1 was overwritten at 5 before anybody had read it",
                                  "m is held at 2 and at 5, and given up at 3"}));
}

TEST_F(Overwritten, TheTextHasFilesLinesAndLocks) {
  const lang::Spec& spec = world.finish();
  const Story story = checker::story_of(spec, trace_of(spec, {0, 0, 0, 1, 1, 0}));
  EXPECT_EQ(checker::story_text(story, {}),
            "At step 6 a fails in first (small.c, look), with no lock held.\n"
            "value is 2, not 1:\n"
            "    2  a  0 -> 1 in first (small.c:7), with m\n"
            "    5  b  1 -> 2 in second (small.c:9), with m\n"
            "       1 was overwritten at 5 before anybody had read it\n"
            "       m is held at 2 and at 5, and given up at 3\n");
}

TEST_F(Overwritten, TheJsonHasTheSame) {
  const lang::Spec& spec = world.finish();
  const auto json =
      checker::story_json(checker::story_of(spec, trace_of(spec, {0, 0, 0, 1, 1, 0})));
  EXPECT_EQ(json["failure"]["step"], 6);
  EXPECT_EQ(json["failure"]["line"], nullptr);
  EXPECT_EQ(json["parts"][0]["subject"], "value");
  EXPECT_EQ(json["parts"][0]["steps"][1]["held"][0]["lock"], "m");
  EXPECT_EQ(json["parts"][0]["steps"][1]["line"], 9);
}

TEST(Story, WithoutALockInCommonItSaysSo) {
  World world{{"a", "b"}};
  const Expr value = world.number("value");
  world.body(0, [&](lang::Steps& s) {
    s.set("write", {{value, Expr(1)}});
    lang::Step look;
    look.checks.push_back({"kassert", value == Expr(1), "value is mine"});
    s.step("look", std::move(look));
  });
  world.body(1, [&](lang::Steps& s) { s.set("write", {{value, Expr(2)}}); });
  const lang::Spec& spec = world.finish();
  const Story story = checker::story_of(spec, trace_of(spec, {0, 1, 0}));
  const StoryPart* part = part_of(story, "value");
  ASSERT_NE(part, nullptr);
  EXPECT_EQ(part->remarks.back(), "no lock is held both at 1 and at 2");
}

TEST(Story, AValueThatIsReadInBetweenIsNotCalledUnread) {
  World world{{"a", "b"}};
  const Expr value = world.number("value");
  const Expr copy = world.number("copy");
  world.body(0, [&](lang::Steps& s) {
    s.set("write", {{value, Expr(1)}});
    s.set("read", {{copy, value}});
    lang::Step look;
    look.checks.push_back({"kassert", value == Expr(1), "value is mine"});
    s.step("look", std::move(look));
  });
  world.body(1, [&](lang::Steps& s) { s.set("write", {{value, Expr(2)}}); });
  const lang::Spec& spec = world.finish();
  const Story story = checker::story_of(spec, trace_of(spec, {0, 0, 1, 0}));
  const StoryPart* part = part_of(story, "value");
  ASSERT_NE(part, nullptr);
  EXPECT_EQ(part->remarks, Names{"no lock is held both at 1 and at 3"});
}

// What a property remembers is no deed of the kernel's.
TEST(Story, AGhostIsToldAsRemembered) {
  World world{{"a"}};
  const lang::VariableId id = world.builder.global("seen", lang::integer_type(0, 3), 0);
  world.builder.set_ghost(id);
  const Expr seen = world.builder.read(id);
  world.body([&](lang::Steps& s) {
    s.set("see", {{seen, Expr(2)}});
    lang::Step look;
    look.checks.push_back({"kassert", seen == Expr(1), "seen once"});
    s.step("look", std::move(look));
  });
  const lang::Spec& spec = world.finish();
  const Story story = checker::story_of(spec, trace_of(spec, {0, 0}));
  const StoryPart* part = part_of(story, "seen");
  ASSERT_NE(part, nullptr);
  EXPECT_TRUE(part->remembered);
  EXPECT_EQ(part->headline, "the property remembers seen: 2");
}

TEST(Story, OfAFreedObjectItSaysWhoFreedItAndWhoHadThePointer) {
  World world{{"user", "owner"}};
  const lang::PoolId pool = world.builder.pool("thing", {"thing0"}, lang::Lifetime::allocated);
  const lang::VariableId field = world.builder.field(pool, "count", lang::integer_type(0, 3), 0);
  const Expr thing = world.builder.object(pool, 0);
  const Expr there = world.global("there", world.builder.pools()[pool].reference, 1);
  const lang::VariableId flag = *world.builder.pools()[pool].allocated;
  world.body(0, [&](lang::Steps& s) {
    s.path(in("use"), {}, [&] {
      const Expr mine = s.local("mine", world.builder.pools()[pool].reference);
      s.set("get", {{mine, there}});
      s.set("touch", {{world.builder.read(field, mine), Expr(1)}});
    });
  });
  world.body(1, [&](lang::Steps& s) {
    s.path(in("drop"), {}, [&] {
      lang::Step make;
      make.updates.push_back({lang::UpdateKind::assign, flag, thing, Expr(true), {}});
      s.step("make", std::move(make));
      lang::Step drop;
      drop.updates.push_back({lang::UpdateKind::assign, flag, thing, Expr(false), {}});
      s.step("free", std::move(drop));
    });
  });
  const lang::Spec& spec = world.finish();
  const Story story = checker::story_of(spec, trace_of(spec, {1, 0, 1, 0}));
  const StoryPart* part = part_of(story, "thing0");
  ASSERT_NE(part, nullptr);
  EXPECT_EQ(deeds(*part), (Names{"2 user gets the pointer from there", "3 owner frees thing0"}));
  EXPECT_EQ(part->remarks, Names{"at 3 user holds no lock; nothing there keeps owner out"});
}

TEST(Story, OfAnElementThatIsOnAListAndShouldNotBeItSaysWhoPutItThere) {
  World world{{"user", "owner"}};
  const lang::PoolId pool = world.builder.pool("thing", {"thing0"}, lang::Lifetime::permanent);
  const Expr thing = world.builder.object(pool, 0);
  const lang::VariableId queue =
      world.builder.global_list("queue", world.builder.pools()[pool].reference, 1);
  world.body(0, [&](lang::Steps& s) {
    s.path(in("use"), {}, [&] {
      lang::Step put;
      put.updates.push_back({lang::UpdateKind::push_back, queue, {}, thing, {}});
      s.step("put", std::move(put));
    });
  });
  world.body(1, [&](lang::Steps& s) {
    s.path(in("drop"), {}, [&] {
      lang::Step drop;
      drop.entry_checks.push_back(
          {"held", !world.builder.list_has(queue, {}, thing), "the thing is on the queue"});
      s.step("free", std::move(drop));
    });
  });
  const lang::Spec& spec = world.finish();
  const Story story = checker::story_of(spec, trace_of(spec, {0, 1}));
  const StoryPart* part = part_of(story, "thing0");
  ASSERT_NE(part, nullptr);
  EXPECT_EQ(part->headline, "thing0 is on queue");
  EXPECT_EQ(deeds(*part), Names{"1 user puts it there"});
  EXPECT_EQ(part->remarks, Names{"no lock is held both at 1 and at 2"});
}

// Lines that were recorded for another text would mislead beside a tree.
TEST_F(Overwritten, BesideATreeStepsHaveItsLinesAndItsCOrNone) {
  const lang::Spec& spec = world.finish();
  Story story = checker::story_of(spec, trace_of(spec, {0, 0, 0, 1, 1, 0}));
  checker::tell_statements(story, {{"second.write", {"tree/small.c", 40, "value = 2"}}});
  const std::string text = checker::story_text(story, {});
  EXPECT_NE(text.find("in second (small.c:40: value = 2)"), std::string::npos) << text;
  EXPECT_NE(text.find("in first (small.c, write)"), std::string::npos) << text;
}

TEST_F(Overwritten, WithoutStatementsNothingChanges) {
  const lang::Spec& spec = world.finish();
  const Story before = checker::story_of(spec, trace_of(spec, {0, 0, 0, 1, 1, 0}));
  Story story = before;
  checker::tell_statements(story, {});
  EXPECT_EQ(story.parts, before.parts);
}

TEST(Story, OfADeadlockItSaysWhoTookWhatWhere) {
  World world{{"left", "right"}};
  Mutexes mutexes(world.builder, {"m", "n"});
  world.builder.property({"no-deadlock", lang::PropertyKind::no_deadlock, {}, "stuck"});
  const auto take_both = [&](lang::ThreadId thread, std::uint32_t one, std::uint32_t other) {
    world.body(thread, [&, one, other](lang::Steps& s) {
      mutexes.enter(s, mutexes.lock(one));
      mutexes.enter(s, mutexes.lock(other));
      mutexes.exit(s, mutexes.lock(other));
      mutexes.exit(s, mutexes.lock(one));
    });
  };
  take_both(0, 0, 1);
  take_both(1, 1, 0);
  const lang::Spec& spec = world.finish();
  lang::Trace trace = trace_of(spec, {0, 1});
  trace.violation = {lang::ViolationKind::deadlock, "no-deadlock", ""};
  const Story story = checker::story_of(spec, trace);
  EXPECT_FALSE(story.failure);
  ASSERT_EQ(story.parts.size(), 2U);
  EXPECT_EQ(story.parts[0].headline, "left waits for n, held by right");
  EXPECT_EQ(deeds(story.parts[0]), (Names{"2 right takes n", "0 left waits for n"}));
}

TEST(Story, AStepWithoutALineHasThatOfItsFunctionBesideItsLabel) {
  World world{{"a"}};
  const Expr value = world.number("value");
  world.body([&](lang::Steps& s) {
    s.path({"sys/kern/small.c", "1.1", "f", 30}, {}, [&] {
      s.set("write", {{value, Expr(2)}});
      s.line(33);
      lang::Step look;
      look.checks.push_back({"kassert", value == Expr(1), "value is 1"});
      s.step("look", std::move(look));
    });
  });
  const lang::Spec& spec = world.finish();
  const std::string text = checker::story_text(checker::story_of(spec, trace_of(spec, {0, 0})), {});
  EXPECT_NE(text.find("in f (small.c:30, write)"), std::string::npos) << text;
  EXPECT_NE(text.find("fails in f (small.c:33)"), std::string::npos) << text;
}

// Of many calls the outermost and the innermost are told, and those of the step before not again.
TEST(Story, TheCallsOfLocksAreToldInFewWords) {
  checker::Moment take;
  take.step = 1;
  take.thread = "a";
  take.does = "takes m";
  take.label = "e.take";
  take.calls = "fork > b > c > d > e";
  checker::Moment want = take;
  want.step = 0;
  want.does = "takes n next";
  checker::Moment other = want;
  other.calls = "fork > b > c > d";
  const std::string text =
      checker::story_text({{}, {{"n", "n", {take, want, other}, {}, false}}}, {});
  EXPECT_EQ(text, "n:\n"
                  "    1  a  takes m in e.take, called by fork > .. > c > d > e, with no lock\n"
                  "  end  a  takes n next in e.take, by the same calls, with no lock\n"
                  "  end  a  takes n next in e.take, called by fork > b > c > d, with no lock\n");
}

TEST(Story, PartsThatDoNotFitAreLeftOutButForTheFirst) {
  Story story;
  story.parts = {{"a", "a", {}, {"1", "2"}, false}, {"b", "b", {}, {}, false}};
  EXPECT_EQ(checker::story_text(story, {.width = 80, .items = 3, .paint = {}}),
            "a\n       1\n       2\n");
  EXPECT_EQ(checker::story_text(story, {.width = 80, .items = 1, .paint = {}}),
            "a\n       1\n       2\n");
}

TEST(Story, KeepsWithinTheWidth) {
  Story story;
  story.parts = {{"a", std::string(90, 'a') + " b", {}, {std::string(90, 'c')}, false}};
  const std::string text = checker::story_text(story, {.width = 40, .items = 15, .paint = {}});
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(line.size(), 40U) << line;
}

// A name from a file cannot paint by itself.
TEST(Story, WhatIsPaintedIsPrintable) {
  Story story;
  story.parts = {{"a", "a\x1b[2Jb", {}, {}, false}};
  const std::string text =
      checker::story_text(story, {.width = 80, .items = 15, .paint = text::Paint(true)});
  EXPECT_EQ(text.find("\x1b[2J"), std::string::npos) << text;
}

} // namespace
} // namespace interlock::tests
