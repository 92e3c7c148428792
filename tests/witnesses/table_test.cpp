// The table shows each step in its thread's column, below its calls, and hides what the reader need
// not see.
#include "small_traces.hpp"
#include "witnesses/table.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <sstream>

namespace interlock::tests {
namespace {

using witnesses::Change;
using witnesses::Role;
using witnesses::table;
using witnesses::Witness;
using witnesses::WitnessStep;
using Lines = std::vector<std::string>;

Lines lines_of(const std::string& text) {
  Lines lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  return lines;
}

// The rows below the heads.
Lines rows_of(const Witness& witness, const witnesses::TableOptions& options = {}) {
  Lines lines = lines_of(table(witness, options));
  const auto rule = std::find_if(lines.begin(), lines.end(),
                                 [](const std::string& line) { return line.starts_with(" ----"); });
  if (rule == lines.end())
    return {};
  return {rule + 1, lines.end()};
}

// A step of thread `t` that changes what is given; `label` is without its path.
WitnessStep step(const std::string& chain, const std::string& label,
                 std::vector<Change> changes = {}) {
  WitnessStep step;
  step.thread = "t";
  step.chain = chain;
  const std::size_t last = chain.rfind(" > ");
  step.label = (last == std::string::npos ? chain : chain.substr(last + 3)) + "." + label;
  step.changes = std::move(changes);
  return step;
}

WitnessStep taking(const std::string& lock, WitnessStep step) {
  step.held_after.push_back({lock, false});
  return step;
}

WitnessStep releasing(const std::string& lock, WitnessStep step) {
  step.held_before.push_back({lock, false});
  return step;
}

// Threads t and u; what the steps change are shared variables but for those named "t.": locals.
Witness witness_with(std::vector<WitnessStep> steps) {
  Witness witness;
  witness.kind = lang::ViolationKind::invariant;
  witness.threads = {"t", "u"};
  witness.locks = {{"kq_cv", "kq_cv", "condition variable"}};
  for (const WitnessStep& step : steps) {
    for (const Change& change : step.changes) {
      const Role role = change.variable.starts_with("t.") ? Role::local : Role::value;
      witness.variables.push_back({change.variable, "", role});
      witness.initial.push_back(change.from);
    }
  }
  witness.steps = std::move(steps);
  return witness;
}

// left's first step counts too, hence its label beside the lock; right's does nothing else.
TEST(Table, StepsStandInTheColumnOfTheirThreadBelowTheirCalls) {
  EXPECT_EQ(
      table(witness_of(opposite_orders()), {}),
      "Per thread a column: new calls, and steps below them; +lock taken, -lock released, * "
      "reported.\n:N is the line in the file of the call.\n"
      " step  left                right               changes\n"
      " ----  ------------------  ------------------  ----------------------------------------\n"
      "       go_left (small.c)\n"
      "    1    enter_m (+m) :10                      held: 0 -> 1\n"
      "                                               * took: m\n"
      "                           go_right (small.c)\n"
      "    2                        +n :20\n");
}

TEST(Table, AHeadingShowsTheNewCallsBehindTheFunctionThatMadeThem) {
  const Lines rows = rows_of(witness_with({
      step("fork c", "enter"),
      taking("l", step("fork c > fork1 > proc_alloc", "mutex_enter_l")),
      releasing("l", step("fork c > fork1 > proc_alloc", "mutex_exit_l")),
      taking("l", step("fork c > fork1", "mutex_enter_l")),
      releasing("l", step("fork c > fork1 > knote > filt", "mutex_exit_l")),
      taking("l", step("fork c > fork1 > wakeup", "mutex_enter_l")),
      step("fork c", "return"),
      step("fork c", "enter"),
  }));
  EXPECT_EQ(rows, (Lines{
                      "       fork c",
                      "    1    enter",
                      "       fork1 > proc_alloc",
                      "    2    +l",
                      "    3    -l",
                      "       back in fork1",
                      "    4    +l",
                      "       knote > filt",
                      "    5    -l",
                      "       fork1 > wakeup",
                      "    6    +l",
                      "       fork c",
                      "    7    return",
                      "       fork c", // a second call
                      "    8    enter",
                  }));
}

TEST(Table, AFileStandsBesideTheCallWhereItIsAnotherOneThanBefore) {
  std::vector<WitnessStep> steps{
      taking("l", step("fork1", "mutex_enter_l")), releasing("l", step("fork1 > knote", "exit_l")),
      taking("l", step("fork1 > knote > filt", "enter_l")), step("fork1", "done")};
  for (WitnessStep& step : steps)
    step.source.file = "sys/kern/kern_event.c";
  steps.front().source.file = steps.back().source.file = "sys/kern/kern_fork.c";
  const Lines rows = rows_of(witness_with(steps));
  EXPECT_EQ(rows.at(0), "       fork1 (kern_fork.c)");
  EXPECT_EQ(rows.at(2), "       knote (kern_event.c)");
  EXPECT_EQ(rows.at(4), "       filt");
  EXPECT_EQ(rows.at(6), "       fork1 (kern_fork.c)");
}

// What has no line of its own has its function's in the witness.
TEST(Table, TheLineWhereAFunctionBeginsIsNotToldAsAStepsOwn) {
  WitnessStep at_begin = step("f", "first");
  at_begin.source = {"sys/kern/a.c", "1.1", "f", 7};
  WitnessStep later = step("f", "last");
  later.source = {"sys/kern/a.c", "1.1", "f", 9};
  const Witness witness = witness_with({at_begin, later});
  const Lines rows = rows_of(witness, {.tell = {.functions = {at_begin.source}}});
  EXPECT_EQ(rows, (Lines{"       f (a.c)", "    1    first", "    2    last :9"}));
}

TEST(Table, AChainThatIsTooLongShowsItsInnermostCalls) {
  const Lines rows = rows_of(witness_with(
      {step("kqueue_scan_ > knote_detach > filter_detach > filt_procdetach", "first")}));
  EXPECT_EQ(rows.at(0), "       ..filter_detach > filt_procdetach");
}

TEST(Table, ASleeperSleepsIsWokenByAnotherAndWakes) {
  WitnessStep broadcast = step("knote", "cv_broadcast_kq_cv", {{"kq_cv.waiters", "t|v", "0"}});
  broadcast.thread = "u";
  const Lines rows = rows_of(witness_with({
      releasing("l", step("wait", "cv_wait_kq_cv", {{"kq_cv.waiters", "v", "t|v"}})),
      broadcast,
      taking("l", step("wait", "cv_wait_kq_cv.wakeup")),
  }));
  EXPECT_EQ(rows, (Lines{
                      "       wait",
                      "    1    sleeps on kq_cv (-l)",
                      "                               knote",
                      "    2                            cv_broadcast_kq_cv  wakes t, v (kq_cv)",
                      "    3    woken (+l)",
                  }));
}

TEST(Table, AWakeUpThatFindsNobodyAsleepIsShown) {
  const Lines rows = rows_of(witness_with(
      {step("close", "enter"), step("close", "cv_broadcast_kq_cv"), step("close", "return")}));
  EXPECT_EQ(rows.at(2), "    2    cv_broadcast_kq_cv");
}

TEST(Table, AnObjectIsAllocatedAndFreedInOneLine) {
  const Lines rows = rows_of(witness_with({
      step("f", "get", {{"knote1.allocated", "false", "true"}, {"t.f.kn", "none", "knote1"}}),
      step("f", "put",
           {{"knote1.allocated", "true", "false"},
            {"knote1.kn_flags", "EV_CLEAR", "0"},
            {"knote10.kn_flags", "EV_CLEAR", "0"}}),
  }));
  EXPECT_EQ(rows, (Lines{
                      "       f",
                      "    1    get                               knote1 is allocated",
                      "                                           kn: none -> knote1",
                      "    2    put                               knote1 is freed",
                      "                                           knote10.kn_flags: EV_CLEAR -> 0",
                  }));
}

// Step 1 begins the thread, 3 sets a local to an object, 5 ends the witness.
TEST(Table, StepsThatOnlySteerTheirThreadAreLeftOutAndCounted) {
  const Witness witness = witness_with({
      step("f", "first"),
      step("f", "newkn_used", {{"t.f.used", "false", "true"}}),
      step("f", "lookup", {{"t.f.kn", "none", "knote0"}}),
      step("f", "if"),
      step("f", "while"),
  });
  EXPECT_EQ(
      rows_of(witness),
      (Lines{"       f", "    1    first",
             "    3    lookup                            kn: none -> knote0", "    5    while"}));
  const std::string note =
      "Not shown: 2 of 5 steps, which only test something or set local variables; "
      "--full shows all.\n";
  EXPECT_NE(table(witness, {}).find(note), std::string::npos);
  const std::string full = table(witness, {.tell = {.full = true}});
  EXPECT_EQ(full.find("Not shown"), std::string::npos);
  for (const char* part : {"    2    f.newkn_used ", "t.f.used: false -> true", "    4    f.if\n"})
    EXPECT_NE(full.find(part), std::string::npos) << part << " is missing in\n" << full;
}

TEST(Table, TheWordOfALockIsShownOnlyWhereTheLockIsNot) {
  const Lines rows = rows_of(witness_with({
      taking("big", step("f", "KERNEL_LOCK", {{"big.count", "0", "1"}})),
      step("f", "KERNEL_LOCK_2", {{"big.count", "1", "2"}}),
  }));
  EXPECT_EQ(rows, (Lines{"       f", "    1    +big",
                         "    2    KERNEL_LOCK_2                     big.count: 1 -> 2"}));
}

TEST(Table, APartOfAPrimitiveKeepsItsLabelBesideTheLock) {
  const Lines rows = rows_of(witness_with({releasing("big", step("f", "mutex_enter_l.block"))}));
  EXPECT_EQ(rows.at(1), "    1    mutex_enter_l.block (-big)");
}

TEST(Table, FullShowsWholeLabelsGhostsLocksCountersAndBothEndStates) {
  const std::string text = table(witness_of(opposite_orders()), {.tell = {.full = true}});
  for (const char* part :
       {"    1    go_left.enter_m ", "           +m ", "seen: false -> true",
        "m.owner: none -> left", "left.pc: ", "initial state\n", "final state\n", "  held = 1\n"})
    EXPECT_NE(text.find(part), std::string::npos) << part << " is missing in\n" << text;
}

TEST(Table, AFailingLastStepIsMarked) {
  EXPECT_NE(table(witness_of(failing_check()), {}).find("*** FAILS: kassert ***"),
            std::string::npos);
}

TEST(Table, AGhostIsShownWhenNothingElseTellsTheStep) {
  Witness witness = witness_with({
      step("f", "enter", {{"ghost", "0", "1"}}),
      taking("l", step("f > g", "mutex_enter_l", {{"ghost", "1", "2"}})),
      step("f > g", "promise", {{"ghost", "2", "3"}}),
  });
  for (witnesses::Variable& variable : witness.variables)
    variable.role = Role::ghost;
  EXPECT_EQ(rows_of(witness), (Lines{"       f", "    1    enter", "       g", "    2    +l",
                                     "    3    promise                           ghost: 2 -> 3"}));
}

TEST(Table, WhereThereIsNoRoomALabelBreaksBetweenItsWords) {
  const Lines rows = rows_of(witness_with({step("f", "some_quite_long_label")}), {.width = 80});
  EXPECT_EQ(rows, (Lines{"       f", "    1    some_quite_", "           long_label"}));
}

TEST(Table, LinesStayWithinTheWidthEvenWithManyThreadsAndLongNames) {
  Witness witness = witness_of(opposite_orders());
  witness.threads.emplace_back("a-third-thread-with-a-long-name");
  witness.threads.emplace_back("fourth");
  witness.steps[0].label = "knote_proc_fork_track.enter_flux_and_then_some_more_of_the_same_again";
  witness.steps[1].changes.push_back({"knote1.kn_fflags", std::string(90, 'A'), "none"});
  for (const std::string& line : lines_of(table(witness, {.width = 120})))
    EXPECT_LE(line.size(), 120U) << line;
}

// Steps 1 to 6 of t, 7 of u; nothing of v.
Witness long_run() {
  std::vector<WitnessStep> steps;
  for (int i = 0; i < 6; ++i)
    steps.push_back(step("f", "set", {{"x" + std::to_string(i), "0", "1"}}));
  steps.push_back(taking("l", step("g", "mutex_enter_l")));
  steps.back().thread = "u";
  Witness witness = witness_with(std::move(steps));
  witness.threads.emplace_back("v");
  witness.locks.push_back({"l", "l_lock", "mutex"});
  return witness;
}

TEST(Table, FoldedAThreadWithoutAStepHasNoColumn) {
  EXPECT_NE(table(long_run(), {}).find("  v  "), std::string::npos);
  const std::string folded = table(long_run(), {.width = 160, .fold = true});
  EXPECT_EQ(folded.find("  v  "), std::string::npos) << folded;
  EXPECT_NE(folded.find("No step of v.\n"), std::string::npos) << folded;
}

// One column of 16, which is the least that is wide enough, between gaps of 2.
TEST(Table, FoldedThreadsThatRunLongStandBelowEachOther) {
  Witness witness = long_run();
  witness.steps.insert(witness.steps.end(), 3, witness.steps.back());
  const Lines rows = rows_of(witness, {.width = 80, .fold = true});
  EXPECT_EQ(Lines(rows.begin(), rows.begin() + 2),
            (Lines{"       f", "    1    set             x0: 0 -> 1"}));
  const auto rule = std::find_if(rows.begin(), rows.end(), [](const std::string& row) {
    return row.starts_with(" ----  -- u ---");
  });
  EXPECT_NE(rule, rows.end());
}

TEST(Table, FoldedKeepsWithinANarrowTerminal) {
  Witness witness = witness_of(opposite_orders());
  witness.steps[0].label = "knote_proc_fork_track.enter_flux_and_then_some_more_of_the_same_again";
  witness.steps[1].changes.push_back({"knote1.kn_fflags", std::string(90, 'A'), "none"});
  Witness alone = witness;
  alone.steps.resize(1);
  for (const std::string& line : lines_of(table(alone, {.width = 40, .fold = true})))
    EXPECT_LE(line.size(), 40U) << line;
  for (const std::size_t width : {40U, 60U, 80U, 100U})
    for (const std::string& line : lines_of(table(witness, {.width = width, .fold = true})))
      EXPECT_LE(line.size(), width) << line;
}

// Of a range that no thread takes a step in, there is nothing to lay out.
TEST(Table, FoldedWithNoStepAtAllItStillSaysSo) {
  const std::string text =
      table(long_run(), {.tell = {.only = {"l_lock"}, .last = 1}, .width = 40, .fold = true});
  EXPECT_NE(text.find("7 of 7 steps"), std::string::npos) << text;
}

TEST(Table, OnlyWhatIsAskedForIsShownByThreadLockVariableObjectOrField) {
  const Witness witness = witness_with({
      step("f", "set", {{"knote1.kn_data", "0", "1"}}),
      step("f", "set", {{"knote2.kn_data", "0", "1"}}),
      step("f", "set", {{"knote1.kn_flags", "0", "1"}}),
      taking("l", step("f", "mutex_enter_l")),
  });
  const auto steps = [&](const std::string& name) {
    std::string numbers;
    for (const std::string& row : rows_of(witness, {.tell = {.only = {name}}}))
      if (row[4] != ' ')
        numbers += row[4];
    return numbers;
  };
  EXPECT_EQ(steps("knote1.kn_data"), "1");
  EXPECT_EQ(steps("kn_data"), "12");
  EXPECT_EQ(steps("knote1"), "13");
  EXPECT_EQ(steps("l"), "4");
  EXPECT_EQ(steps("t"), "1234");
  EXPECT_EQ(steps("u"), "");
}

TEST(Table, TheStepThatFailsIsShownWhateverIsAskedFor) {
  Witness witness = long_run();
  witness.kind = lang::ViolationKind::check;
  const Lines rows = rows_of(witness, {.tell = {.only = {"x1"}}});
  EXPECT_TRUE(rows.back().ends_with("***")) << rows.back();
  EXPECT_TRUE(rows.back().starts_with("    7")) << rows.back();
}

TEST(Table, ARangeOfStepsIsShownAndTheOthersAreCounted) {
  const Witness witness = long_run();
  const std::string text = table(witness, {.tell = {.first = 2, .last = 3}});
  EXPECT_NE(text.find("Not shown: 5 of 7 steps, which are not asked for.\n"), std::string::npos);
  EXPECT_EQ(rows_of(witness, {.tell = {.first = 2, .last = 3}}).size(), 3U); // with the heading
}

TEST(Table, WithoutLocksWhoOnlyTakesOneIsLeftOut) {
  const Witness witness = witness_with({
      step("f", "first"),
      taking("l", step("f", "mutex_enter_l")),
      taking("l", step("f", "both", {{"x", "0", "1"}})),
      step("f", "last"),
  });
  EXPECT_EQ(rows_of(witness, {.tell = {.locks = false}}),
            (Lines{"       f", "    1    first",
                   "    3    both                              x: 0 -> 1", "    4    last"}));
}

TEST(Table, NamesThatCanBeAskedForAreThoseOfThreadsLocksAndVariables) {
  const std::vector<std::string> names = witnesses::names_in(long_run());
  for (const char* name : {"t", "v", "l", "l_lock", "x3"})
    EXPECT_TRUE(std::binary_search(names.begin(), names.end(), name)) << name;
  EXPECT_FALSE(std::binary_search(names.begin(), names.end(), "x9"));
}

// What is painted takes no room, and nothing of a file's paints by itself.
TEST(Table, PaintedItIsTheSameTextOtherwise) {
  Witness witness = witness_of(failing_check());
  const std::string plain = table(witness, {});
  std::string painted = table(witness, {.paint = text::Paint(true)});
  EXPECT_NE(painted, plain);
  for (std::size_t at = painted.find('\x1b'); at != std::string::npos; at = painted.find('\x1b'))
    painted.erase(at, painted.find('m', at) + 1 - at);
  EXPECT_EQ(painted, plain);
  witness.steps[0].label += "\x1b[2J";
  EXPECT_EQ(table(witness, {.paint = text::Paint(true)}).find("\x1b[2J"), std::string::npos);
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
  Witness witness = witness_of(opposite_orders());
  witness.endings[1].holders.clear();
  witness.endings[1].asleep = true;
  const std::string text = witnesses::endings(witness);
  EXPECT_NE(text.find("right is blocked at go_right.enter_m, asleep on m"), std::string::npos);
  EXPECT_EQ(text.find("cycle"), std::string::npos);
}

// A bar tells C from what changed; recorded lines of other steps would mislead beside a tree.
TEST(Table, TheCOfATreeStandsBesideItsStepAndOtherStepsHaveNoLine) {
  const Witness witness = witness_of(failing_check());
  const std::string& label = witness.steps.front().label;
  witnesses::TellOptions tell{.full = true};
  tell.statements = {{label, {"src/a.c", 4711, "taken = \x1b[2J1"}}};
  const std::string text = table(witness, {.tell = tell, .paint = text::Paint(true)});
  EXPECT_NE(text.find(":4711"), std::string::npos) << text;
  EXPECT_NE(text.find("| taken = "), std::string::npos) << text;
  EXPECT_NE(text.find("| is the C of the step in the tree."), std::string::npos) << text;
  EXPECT_EQ(text.find("\x1b[2J"), std::string::npos) << "text of a file paints nothing";
  for (const witnesses::StepText& step : step_texts(witness, tell).steps)
    EXPECT_EQ(step.line > 0, witness.steps[step.number - 1].label == label);
}

} // namespace
} // namespace interlock::tests
