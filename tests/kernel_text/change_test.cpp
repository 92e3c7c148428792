// A change of C as patches: what each kind of edit becomes, and what cannot become anything.
#include "kernel_text/change.hpp"
#include "kernel_text/read.hpp"

#include <gtest/gtest.h>

namespace interlock::kernel_text {
namespace {

constexpr const char* walk = "void walk(struct knlist *l) {\n"
                             "  struct knote *kn;\n"
                             "  PROC_LOCK(p);\n"
                             "  SLIST_FOREACH(kn, l, kn_selnext) {\n"
                             "    KQ_LOCK(kq);\n"
                             "    if (kn->kn_status & KN_INFLUX)\n"
                             "      kn->kn_status |= KN_ACTIVE;\n"
                             "    note(kn);\n"
                             "    KQ_UNLOCK(kq);\n"
                             "  }\n"
                             "  PROC_UNLOCK(p);\n"
                             "}\n";

Node step(Act act, std::set<std::string> names, const std::string& label, const std::string& text,
          Skeleton inside = {}) {
  Node made;
  made.act = act;
  made.names = std::move(names);
  made.label = "walk." + label;
  made.text = text;
  made.inside = std::move(inside);
  return made;
}

// The model of walk().
std::map<std::string, ModelFunction> model() {
  const Skeleton in_loop{
      step(Act::takes, {"kq_lock"}, "mtx_lock_kq_lock", "kn.kn_kq.kq_lock"),
      step(Act::branch, {"kn_status", "KN_INFLUX"}, "if", "if kn.kn_status & KN_INFLUX",
           {step(Act::sets, {"kn_status", "KN_ACTIVE"}, "set_KN_ACTIVE", "kn_status")}),
      step(Act::gives, {"kq_lock"}, "mtx_unlock_kq_lock", "kn.kn_kq.kq_lock")};
  ModelFunction function;
  function.variants = {{step(Act::takes, {"p_mtx"}, "mtx_lock_p_mtx", "p.p_mtx"),
                        step(Act::walks, {"p_klist"}, "for_each_p_klist", "", in_loop),
                        step(Act::gives, {"p_mtx"}, "mtx_unlock_p_mtx", "p.p_mtx")}};
  function.names = {"p1"};
  return {{"walk", function}};
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

Changes changes(const std::string& before, const std::string& after) {
  return changes_of(read_text("old.c", before, {}), read_text("new.c", after, {}),
                    {"freebsd", {"kn_status", "KN_INFLUX", "KN_ACTIVE"}, {"walk"}}, model());
}

// The only change that there is.
Change only(const std::string& what, const std::string& by) {
  const Changes found = changes(walk, replaced(walk, what, by));
  EXPECT_EQ(found.changes.size(), 1U);
  for (const Change& change : found.changes)
    SCOPED_TRACE(change.text + " " + change.why);
  return found.changes.empty() ? Change{} : found.changes.front();
}

void expect_patch(const Change& change, lang::Patch::Kind kind, const std::string& label,
                  const std::string& argument) {
  EXPECT_EQ(change.why, "");
  ASSERT_EQ(change.patches.size(), 1U);
  EXPECT_EQ(change.patches[0].kind, kind);
  EXPECT_EQ(change.patches[0].label, label);
  EXPECT_EQ(change.patches[0].argument, argument);
}

using Kind = lang::Patch::Kind;

TEST(Changes, NothingIsOneWhereOnlySpaceAndCommentsDiffer) {
  EXPECT_TRUE(
      changes(walk, replaced(walk, "  note(kn);", " /* tell */ note( kn );\n\n")).changes.empty());
}

TEST(Changes, AStatementThatIsGoneIsDropped) {
  const Change change = only("    KQ_UNLOCK(kq);\n", "");
  EXPECT_EQ(change.old_line, 9);
  EXPECT_EQ(change.function, "walk");
  expect_patch(change, Kind::drop, "walk.mtx_unlock_kq_lock", "");
}

TEST(Changes, AConditionThatIsGoneLeavesItsBranch) {
  expect_patch(only("    if (kn->kn_status & KN_INFLUX)\n", ""), Kind::drop, "walk.if", "");
}

TEST(Changes, AStatementThatStandsElsewhereIsMoved) {
  const std::string without = replaced(walk, "    KQ_UNLOCK(kq);\n", "");
  const Changes found = changes(walk, replaced(without, "    if (kn->kn_status",
                                               "    KQ_UNLOCK(kq);\n    if (kn->kn_status"));
  ASSERT_EQ(found.changes.size(), 1U);
  EXPECT_EQ(found.changes[0].old_line, 9);
  EXPECT_EQ(found.changes[0].new_line, 6);
  expect_patch(found.changes[0], Kind::move_before, "walk.mtx_unlock_kq_lock", "walk.if");
}

TEST(Changes, ANewLockOperationIsInsertedWithTheOperandThatTheModelHasForIt) {
  const Changes found =
      changes(walk, replaced(walk, "    note(kn);\n",
                             "    note(kn);\n    KQ_UNLOCK(kq);\n    KQ_LOCK(kq);\n"));
  ASSERT_EQ(found.changes.size(), 2U);
  expect_patch(found.changes[0], Kind::insert_before, "walk.mtx_unlock_kq_lock",
               "mtx_unlock kn.kn_kq.kq_lock");
  expect_patch(found.changes[1], Kind::insert_before, "walk.mtx_unlock_kq_lock",
               "mtx_lock kn.kn_kq.kq_lock");
}

// p1's own lock is nowhere else in the function; p1 is an argument of the path.
TEST(Changes, ALockOfAnArgumentIsInsertedAsTheCSaysIt) {
  expect_patch(only("    note(kn);\n", "    note(kn);\n    PROC_LOCK(p1);\n"), Kind::insert_before,
               "walk.mtx_unlock_kq_lock", "mtx_lock p1.p_mtx");
}

TEST(Changes, AnotherWalkIsAnotherRule) {
  expect_patch(only("SLIST_FOREACH(kn, l, kn_selnext)", "SLIST_FOREACH_SAFE(kn, l, kn_selnext, t)"),
               Kind::replace, "walk.for_each_p_klist", "next_read_before_body");
}

TEST(Changes, TheOppositeOfAConditionIsNegated) {
  expect_patch(only("(kn->kn_status & KN_INFLUX)", "(!(kn->kn_status & KN_INFLUX))"), Kind::negate,
               "walk.if", "");
}

// --- what is not translated is said ---

TEST(Changes, AnotherConditionIsNotTranslated) {
  EXPECT_EQ(only("(kn->kn_status & KN_INFLUX)", "(kn->kn_status & KN_ACTIVE)").why,
            "a condition that is neither the old one nor its opposite");
}

TEST(Changes, AStatementOfNothingModelledIsNotTranslated) {
  const Changes found = changes(walk, replaced(walk, "    note(kn);\n", "    tell(kn);\n"));
  ASSERT_EQ(found.changes.size(), 2U);
  EXPECT_EQ(found.changes[0].text, "gone: note(kn)");
  EXPECT_EQ(found.changes[1].text, "new: tell(kn)");
  for (const Change& change : found.changes)
    EXPECT_EQ(change.why, "nothing that is modelled");
}

TEST(Changes, ALockThatTheFunctionDoesNotKnowIsNotTranslated) {
  const Change change = only("    note(kn);\n", "    note(kn);\n    mtx_lock(&other);\n");
  EXPECT_EQ(change.new_line, 9);
  EXPECT_NE(change.why, "");
  EXPECT_TRUE(change.patches.empty());
}

// Without the unlock, but with a condition around the lock: half of that would be a deadlock.
TEST(Changes, HalfAChangeOfAFunctionIsNone) {
  const std::string half = replaced(walk, "    KQ_UNLOCK(kq);\n", "");
  const Changes found =
      changes(walk, replaced(half, "    KQ_LOCK(kq);\n", "    if (x)\n      KQ_LOCK(kq);\n"));
  ASSERT_EQ(found.changes.size(), 2U);
  for (const Change& change : found.changes) {
    EXPECT_TRUE(change.patches.empty());
    EXPECT_FALSE(change.translated());
  }
  EXPECT_FALSE(is_whole(found.changes));
  EXPECT_TRUE(is_whole(changes(walk, half).changes));
  EXPECT_TRUE(is_whole(changes(walk, replaced(half, "    note(kn);\n", "")).changes));
}

TEST(Changes, DeclarationsAreNotTranslated) {
  EXPECT_EQ(only("  struct knote *kn;\n", "  struct knote *kn, *other;\n").why,
            "not in its statements: in declarations, or in what is compiled");
}

TEST(Changes, ADirectiveInAFunctionIsNotTranslated) {
  EXPECT_EQ(only("    note(kn);\n", "    note(kn);\n#ifdef KTRACE\n    trace(kn);\n#endif\n").why,
            "not in its statements: in declarations, or in what is compiled");
}

TEST(Changes, TextOutsideFunctionsIsNotTranslated) {
  const Changes found = changes(walk, std::string("#define KQ_LOCK(kq) do { } while (0)\n") + walk);
  ASSERT_EQ(found.changes.size(), 1U);
  EXPECT_EQ(found.changes[0].function, "");
  EXPECT_NE(found.changes[0].why, "");
}

TEST(Changes, FunctionsThatNoModelKnowsAreNamed) {
  const std::string other = "void other(void) { a(); }\n";
  EXPECT_TRUE(changes(walk + other, walk + other).changes.empty());
  const Changes changed = changes(walk + other, walk + replaced(other, "a()", "b()"));
  ASSERT_EQ(changed.changes.size(), 1U);
  EXPECT_EQ(changed.changes[0].function, "other");
  EXPECT_EQ(changed.changes[0].why, "a function that no model knows");
}

TEST(Changes, AModelledFunctionThatIsGoneIsNamed) {
  const Changes found =
      changes(std::string(walk) + "void other(void) { }\n", "void other(void) { }\n");
  ASSERT_FALSE(found.changes.empty());
  EXPECT_EQ(found.changes.back().text, "gone: walk()");
  EXPECT_EQ(found.changes.back().why, "a function that is modelled is gone");
}

// The new line of each step, also where nothing has changed.
TEST(Changes, TellWhereTheStepsStandInTheNewText) {
  const Changes found = changes(walk, replaced(walk, "    note(kn);\n", "\n\n    note(kn);\n"));
  EXPECT_EQ(found.places.at("walk.mtx_lock_kq_lock").line, 5);
  EXPECT_EQ(found.places.at("walk.mtx_unlock_kq_lock").line, 11);
  EXPECT_EQ(found.places.at("walk.mtx_unlock_kq_lock").text, "KQ_UNLOCK(kq)");
}

} // namespace
} // namespace interlock::kernel_text
