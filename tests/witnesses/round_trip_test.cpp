// What write() writes, read() reads back, and the specification agrees with every word of it.
#include "small_traces.hpp"
#include "json/source.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

using json::Source;
using witnesses::Witness;

Witness read_back(const Witness& witness) {
  return witnesses::read(json::Source("w.json", witnesses::write(witness)));
}

TEST(WitnessRoundTrip, DeadlockCheckAndInvariantComeBackEqual) {
  for (const SmallTrace& small : {opposite_orders(), failing_check(), broken_invariant()}) {
    const Witness witness = witness_of(small);
    EXPECT_EQ(read_back(witness), witness) << witness.property;
    const lang::Trace trace = witnesses::trace_of(*small.spec, read_back(witness));
    EXPECT_EQ(trace.actions, small.trace.actions) << witness.property;
    EXPECT_EQ(trace.violation.property, small.trace.violation.property);
    EXPECT_EQ(trace.violation.kind, small.trace.violation.kind);
    EXPECT_EQ(trace.violation.message, small.trace.violation.message);
  }
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
