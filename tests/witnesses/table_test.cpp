// The table shows each step in its thread's column and hides what the reader need not see.
#include "small_traces.hpp"
#include "witnesses/table.hpp"

#include <gtest/gtest.h>
#include <sstream>

namespace interlock::tests {
namespace {

using witnesses::table;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  return lines;
}

TEST(Table, StepsStandInTheColumnOfTheirThread) {
  EXPECT_EQ(table(witness_of(opposite_orders()), {}),
            " step  left              right             changes\n"
            " ----  ----------------  ----------------  ----------------------------------------\n"
            "    1  go_left.enter_m                     held: 0 -> 1\n"
            "         +m                                * took: m\n"
            "    2                    go_right.enter_n\n"
            "                           +n\n");
}

TEST(Table, FullShowsGhostsLocksCountersAndBothEndStates) {
  const std::string text = table(witness_of(opposite_orders()), {true, 140});
  for (const char* part : {"seen: false -> true", "m.owner: none -> left",
                           "left.pc: ", "initial state\n", "final state\n", "  held = 1\n"})
    EXPECT_NE(text.find(part), std::string::npos) << part << " is missing in\n" << text;
}

TEST(Table, AFailingLastStepIsMarked) {
  EXPECT_NE(table(witness_of(failing_check()), {}).find("*** FAILS: kassert ***"),
            std::string::npos);
}

TEST(Table, AGhostIsShownWhenItIsAllThatAStepChanges) {
  witnesses::Witness witness = witness_of(broken_invariant());
  for (witnesses::Variable& variable : witness.variables)
    if (variable.name == "count")
      variable.role = witnesses::Role::ghost;
  EXPECT_NE(table(witness, {}).find("count: 0 -> 1"), std::string::npos);
}

TEST(Table, LinesStayWithinTheWidthEvenWithManyThreadsAndLongNames) {
  witnesses::Witness witness = witness_of(opposite_orders());
  witness.threads.push_back("a-third-thread-with-a-long-name");
  witness.threads.push_back("fourth");
  witness.steps[0].label = "knote_proc_fork_track.enter_flux_and_then_some_more_of_the_same_again";
  witness.steps[1].changes.push_back({"knote1.kn_fflags", std::string(90, 'A'), "none"});
  for (const std::string& line : lines_of(table(witness, {false, 120})))
    EXPECT_LE(line.size(), 120U) << line;
}

TEST(Endings, ADeadlockHasTheShapeOfWitness4AndItsCycle) {
  EXPECT_EQ(witnesses::endings(witness_of(opposite_orders())),
            " 1st n (n_lock, adaptive mutex) held by right @ sys/kern/small.c:20 (go_right)\n"
            " 2nd m (m_lock, adaptive mutex) held by left @ sys/kern/small.c:10 (go_left)\n"
            "n attempted by left @ sys/kern/small.c:11 (go_left), step go_left.enter_n\n"
            "m attempted by right @ sys/kern/small.c:21 (go_right), step go_right.enter_m\n"
            "wait-for cycle: left -> n -> right -> m -> left\n");
}

TEST(Endings, AThreadThatWaitsOutsideAnyCycleIsNamed) {
  witnesses::Witness witness = witness_of(opposite_orders());
  witness.endings[1].holders.clear();
  witness.endings[1].asleep = true;
  const std::string text = witnesses::endings(witness);
  EXPECT_NE(text.find("right is blocked at go_right.enter_m, asleep on m"), std::string::npos);
  EXPECT_EQ(text.find("cycle"), std::string::npos);
}

} // namespace
} // namespace interlock::tests
