// What write() writes, read() reads back, and the specification agrees with every word of it.
#include "small_traces.hpp"
#include "json/source.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

using witnesses::Witness;

Witness read_back(const Witness& witness) {
  return witnesses::read(json::Source("w.json", witnesses::write(witness)));
}

void expect_to_come_back(const SmallTrace& small, const Witness& witness) {
  SCOPED_TRACE(witness.property);
  EXPECT_EQ(read_back(witness), witness);
  const lang::Trace trace =
      witnesses::trace_of(*small.spec, read_back(witness), analysis_of(small));
  EXPECT_EQ(trace.actions, small.trace.actions);
  EXPECT_EQ(trace.violation.property, small.trace.violation.property);
  EXPECT_EQ(trace.violation.kind, small.trace.violation.kind);
  EXPECT_EQ(trace.violation.message, small.trace.violation.message);
}

TEST(WitnessRoundTrip, EveryKindComesBackEqualInEveryForm) {
  for (const SmallTrace& small : all_kinds()) {
    expect_to_come_back(small, witness_of(small));
    expect_to_come_back(small, witness_of(small, witnesses::Form::steps));
  }
}

TEST(WitnessRoundTrip, TheStepsAloneGiveEveryWordOfTheFullWitness) {
  for (const SmallTrace& small : all_kinds()) {
    const Witness stored = read_back(witness_of(small, witnesses::Form::steps));
    const lang::Trace trace = witnesses::trace_of(*small.spec, stored, analysis_of(small));
    EXPECT_EQ(witnesses::describe(*small.spec, trace, stored.origin), witness_of(small));
  }
}

// A label that the thread can take in two ways needs the action's number, and only such a one.
TEST(WitnessRoundTrip, AStepThatItsLabelLeavesOpenNamesItsAction) {
  lang::SpecBuilder spec;
  const lang::ThreadId thread = spec.thread("t");
  const auto level = spec.global("level", lang::integer_type(0, 2), 0);
  lang::Steps s(spec, thread);
  const auto raise = [&](int by) {
    s.path({"a.c", "1", "raise", 0}, {}, [&] {
      s.set("level", {{spec.read(level), spec.read(level) + lang::Expr(by)}});
    });
  };
  s.either({[&] { raise(1); }, [&] { raise(2); }});
  s.set("end", {{spec.read(level), spec.read(level)}});
  spec.set_body(thread, s.take());
  spec.property({"low", lang::PropertyKind::invariant, spec.read(level) < lang::Expr(2), "high"});
  const SmallTrace small{std::make_unique<const lang::Spec>(std::move(spec).finish()),
                         {{1}, {lang::ViolationKind::invariant, "low", "high"}}};
  ASSERT_EQ(small.spec->actions()[0].label, small.spec->actions()[1].label);
  Witness witness = witness_of(small, witnesses::Form::steps);
  EXPECT_EQ(witness.steps.at(0).action, 1U);
  expect_to_come_back(small, witness);
  witness.steps[0].action.reset();
  EXPECT_THROW(witnesses::trace_of(*small.spec, witness, analysis_of(small)),
               witnesses::WitnessError);
}

TEST(WitnessRoundTrip, WritingIsDeterministic) {
  EXPECT_EQ(witnesses::write(witness_of(opposite_orders())),
            witnesses::write(witness_of(opposite_orders())));
}

TEST(WitnessRoundTrip, QuotesNewlinesAndOtherAlphabetsSurviveInTheEmbeddedConfig) {
  Witness witness = witness_of(broken_invariant());
  witness.origin.config_text = "// \"Zürich\"\n{\t\"\\u0041\": \"日本\"}\r\n";
  EXPECT_EQ(read_back(witness), witness);
}

TEST(WitnessWords, AStepSaysWhoDidWhatWhereAndWhatChanged) {
  const Witness witness = witness_of(opposite_orders());
  const witnesses::WitnessStep& first = witness.steps.at(0);
  EXPECT_EQ(first.thread, "left");
  EXPECT_EQ(first.label, "go_left.enter_m");
  EXPECT_EQ(first.source, (witnesses::Source{"sys/kern/small.c", "1.1", "go_left", 10}));
  EXPECT_TRUE(first.held_before.empty());
  EXPECT_EQ(first.held_after, (std::vector<witnesses::Held>{{"m", false}}));
  EXPECT_EQ(first.reports, (std::vector<witnesses::Named>{{"took", "m"}}));
  std::vector<std::string> changed;
  for (const witnesses::Change& change : first.changes)
    changed.push_back(change.variable + " " + change.to);
  EXPECT_EQ(changed, (std::vector<std::string>{"left.pc go_left.enter_n", "m.owner left", "held 1",
                                               "seen true"}));
}

TEST(WitnessWords, ADeadlockSaysWhoWaitsForWhomAndWhere) {
  const Witness witness = witness_of(opposite_orders());
  EXPECT_EQ(witness.context_switches, 1U);
  ASSERT_EQ(witness.endings.size(), 2U);
  EXPECT_EQ(witness.endings[0].standing, "blocked");
  EXPECT_EQ(witness.endings[0].waits_for, "n");
  EXPECT_EQ(witness.endings[0].holders, std::vector<std::string>{"right"});
  EXPECT_EQ(witness.endings[0].source.line, 11);
  EXPECT_EQ(witness.endings[1].waits_for, "m");
}

TEST(WitnessWords, AFailingStepLeavesTheStateAsItWasAndListsReadAsOneValue) {
  const Witness witness = witness_of(failing_check());
  ASSERT_EQ(witness.steps.size(), 3U);
  EXPECT_TRUE(witness.steps[2].changes.empty());
  EXPECT_EQ(witness.steps[0].changes.back(), (witnesses::Change{"log", "[]", "[readers]"}));
  EXPECT_EQ(witness.steps[1].changes.back(), (witnesses::Change{"flags", "0", "WANT|BUSY"}));
}

} // namespace
} // namespace interlock::tests
