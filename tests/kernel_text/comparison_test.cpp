// A function beside its path: what is matched, what is left out and by which reason, and what is
// not.
#include "kernel_text/comparison.hpp"
#include "kernel_text/read.hpp"
#include "nodes.hpp"

#include <gtest/gtest.h>

namespace interlock::kernel_text {
namespace {

Node step(Act act, std::set<std::string> names, const std::string& label) {
  return step_of("f", label, act, std::move(names));
}
Node lock(const std::string& name) { return step(Act::takes, {name}, "lock_" + name); }
Node unlock(const std::string& name) { return step(Act::gives, {name}, "unlock_" + name); }

// What an entry leaves out, with all that it has to say.
struct LeftOut {
  std::vector<std::string> functions = {}, names = {};
  std::string condition = {};
  LedgerBranch branch = LedgerBranch::then;
  std::string behind = {};
  std::optional<Act> act = {};
  std::string label = {};
};
LedgerEntry entry(const LeftOut& left_out) {
  return {.functions = left_out.functions,
          .names = left_out.names,
          .condition = left_out.condition,
          .branch = left_out.branch,
          .behind = left_out.behind,
          .act = left_out.act,
          .label = left_out.label,
          .reason = "a leaf",
          .could_hide = "no-deadlock",
          .but = "nothing sleeps under it",
          .order = "nothing is taken under it"};
}

class Compared {
public:
  Compared(const std::string& body, std::vector<Skeleton> variants, Ledger ledger = {})
      : ledger_(std::move(ledger)) {
    const File file = read_text("a.c", "void f(void) {\n" + body + "}\n", {});
    ModelFunction model;
    model.variants = std::move(variants);
    const Modelled modelled{
        "freebsd", {"kn_status", "KN_ACTIVE", "KN_QUEUED", "kq_count"}, {}, &ledger_};
    result_ = compare(file.functions.at(0), model, modelled, used_);
  }
  const Comparison& result() const { return result_; }
  // `LINE finding` of each operation.
  std::vector<std::string> findings() const {
    std::vector<std::string> found;
    for (const ComparedRow& row : result_.rows)
      if (row.operation)
        found.push_back(std::to_string(row.line) + " " + word_of(row.finding));
    return found;
  }
  std::vector<std::string> objections() const { return used_.objections(ledger_, {"f"}); }

private:
  Ledger ledger_;
  LedgerUse used_;
  Comparison result_;
};

using Findings = std::vector<std::string>;

TEST(Comparison, WhatBothDoInOneOrderIsMatched) {
  const Compared compared("PROC_LOCK(p);\nPROC_UNLOCK(p);\n", {{lock("p_mtx"), unlock("p_mtx")}});
  EXPECT_EQ(compared.findings(), (Findings{"2 matched", "3 matched"}));
  EXPECT_TRUE(compared.result().explained());
}

TEST(Comparison, WhatOneOfTheTwoDoesNotDoIsSaid) {
  const Compared compared("PROC_LOCK(p);\nKQ_LOCK(kq);\nPROC_UNLOCK(p);\n",
                          {{lock("p_mtx"), lock("fd_sx"), unlock("p_mtx")}});
  EXPECT_EQ(compared.findings(),
            (Findings{"2 matched", "3 not in the model", "4 matched", "0 not in the C"}));
  EXPECT_FALSE(compared.result().explained());
}

TEST(Comparison, AnotherOrderIsSaid) {
  const Compared compared("PROC_LOCK(p);\nKQ_LOCK(kq);\n", {{lock("kq_lock"), lock("p_mtx")}});
  EXPECT_EQ(compared.result().count(Finding::inverted), 1U);
  EXPECT_FALSE(compared.result().explained());
}

TEST(Comparison, ASharedLockIsNoExclusiveOne) {
  const Compared compared("sx_slock(&proctree_lock);\n", {{lock("proctree_lock")}});
  EXPECT_EQ(compared.findings(), (Findings{"2 shared in one of the two"}));
}

// A model's test of KN_QUEUED.
Node if_queued(Skeleton inside) {
  Node test = step_of("f", "if_queued", Act::branch, {"kn_status", "KN_QUEUED"}, std::move(inside));
  test.decision = Decision{{"KN_QUEUED"}, {false, true}};
  return test;
}

TEST(Comparison, AnotherConditionIsSaid) {
  const std::string body = " {\nPROC_LOCK(p);\nPROC_UNLOCK(p);\n}\n";
  const Skeleton model{if_queued({lock("p_mtx"), unlock("p_mtx")})};
  EXPECT_TRUE(Compared("if (kn->kn_status & KN_QUEUED)" + body, {model}).result().explained());
  for (const char* other : {"if (kn->kn_status & KN_ACTIVE)", "if (!(kn->kn_status & KN_QUEUED))",
                            "if (kn->kn_status & (KN_QUEUED | KN_ACTIVE))"}) {
    const Compared compared(other + body, {model});
    EXPECT_EQ(compared.result().count(Finding::condition), 1U) << other;
    EXPECT_FALSE(compared.result().explained()) << other;
  }
}

TEST(Comparison, TheOppositeConditionIsNoOtherWhereItLeavesWhatTheModelEnters) {
  const Skeleton model{if_queued({lock("p_mtx")})};
  const std::string opposite = "if ((kn->kn_status & KN_QUEUED) == 0)\n";
  EXPECT_TRUE(Compared(opposite + "return;\nPROC_LOCK(p);\n", {model}).result().explained());
  EXPECT_FALSE(Compared(opposite + "PROC_LOCK(p);\n", {model}).result().explained());
}

// Each caller's path has what the scenario gives it: what one of them has is in the model.
TEST(Comparison, EveryVariantOfAPathCounts) {
  const Compared compared("PROC_LOCK(p);\nKQ_LOCK(kq);\n", {{lock("p_mtx")}, {lock("kq_lock")}});
  EXPECT_TRUE(compared.result().explained());
}

// What is there for another caller does not make up for it.
TEST(Comparison, WhatAVariantDoesIsInTheCForEachOfThem) {
  const Skeleton twice{lock("p_mtx"), unlock("p_mtx"), step(Act::takes, {"p_mtx"}, "again"),
                       unlock("p_mtx")};
  const Skeleton once{twice[0], twice[1]};
  const Skeleton late{twice[2], twice[3]};
  const std::string body = "PROC_LOCK(p);\nPROC_UNLOCK(p);\n";
  EXPECT_TRUE(Compared(body, {once, late}).result().explained());
  EXPECT_FALSE(Compared(body, {once, late, twice}).result().explained());
}

TEST(Comparison, TheSameAssignmentTwiceIsNotOne) {
  const Skeleton model{step(Act::sets, {"kq_count"}, "count")};
  EXPECT_TRUE(Compared("kq->kq_count++;\n", {model}).result().explained());
  EXPECT_EQ(Compared("kq->kq_count++;\nkq->kq_count++;\n", {model})
                .result()
                .count(Finding::unexplained_source),
            1U);
}

// The callers of a function run one branch each.
TEST(Comparison, EachBranchMayBeAnotherVariants) {
  const std::string body = "if (add) {\nPROC_LOCK(p);\nPROC_UNLOCK(p);\n} else {\n"
                           "PROC_LOCK(p);\nPROC_UNLOCK(p);\n}\n";
  const Skeleton one{lock("p_mtx"), unlock("p_mtx")};
  Skeleton other = one;
  other[0].label = "f.lock_p_mtx_2";
  other[1].label = "f.unlock_p_mtx_2";
  EXPECT_TRUE(Compared(body, {one, other}).result().explained());
  EXPECT_FALSE(Compared(body, {one}).result().explained());
  // ... but what one call runs twice is not two callers'.
  const std::string twice = "PROC_LOCK(p);\nPROC_UNLOCK(p);\nPROC_UNLOCK(p);\n";
  EXPECT_FALSE(Compared(twice, {one, other}).result().explained());
}

// What one scenario does without stands beside what another does without.
TEST(Comparison, VariantsAreTheSamePath) {
  const Node second = step(Act::takes, {"p_mtx"}, "lock_p_mtx_2");
  const Node end = step(Act::gives, {"p_mtx"}, "unlock_p_mtx_2");
  const Skeleton without{second, end};
  const Skeleton with{lock("p_mtx"), unlock("p_mtx"), second, end};
  const std::string section = "PROC_LOCK(p);\nPROC_UNLOCK(p);\n";
  EXPECT_TRUE(Compared(section + section, {without, with}).result().explained());
  EXPECT_FALSE(Compared(section, {without, with}).result().explained());
}

TEST(Comparison, WhatVariantsDoInsteadOfEachOtherStandsAsTheirLabelsAreNumbered) {
  const Skeleton deletes{step(Act::gives, {"kq_lock"}, "unlock"), step(Act::calls, {"a"}, "a")};
  const Skeleton modifies{step(Act::gives, {"kq_lock"}, "unlock_2"), lock("fd_sx")};
  const std::string body = "KQ_UNLOCK(kq);\na();\nKQ_UNLOCK(kq);\nFILEDESC_XLOCK(fdp);\n";
  const Skeleton first{lock("kq_lock")};
  const auto after_first = [&](const Skeleton& rest) {
    Skeleton all = first;
    all.insert(all.end(), rest.begin(), rest.end());
    return all;
  };
  EXPECT_EQ(Compared("KQ_LOCK(kq);\n" + body, {after_first(modifies), after_first(deletes)})
                .result()
                .count(Finding::unexplained_source),
            0U);
}

TEST(Comparison, AStepMayBeSeveralAssignmentsInAnyOrder) {
  const Skeleton model{lock("kq_lock"), step(Act::sets, {"kn_status", "KN_QUEUED"}, "dequeue"),
                       step(Act::sets, {"kq_count"}, "dequeue")};
  const std::string one = "kn->kn_status &= ~KN_QUEUED;\n";
  const std::string other = "kq->kq_count--;\n";
  EXPECT_TRUE(Compared("KQ_LOCK(kq);\n" + one + other, {model}).result().explained());
  EXPECT_TRUE(Compared("KQ_LOCK(kq);\n" + other + one, {model}).result().explained());
  // ... but not twice, and not across a lock.
  EXPECT_FALSE(Compared("KQ_LOCK(kq);\n" + one + other + other, {model}).result().explained());
  EXPECT_FALSE(Compared(other + "KQ_LOCK(kq);\n" + one, {model}).result().explained());
}

TEST(Comparison, AnAssignmentNeedsAllItsFlags) {
  const Skeleton model{step(Act::sets, {"kn_status", "KN_ACTIVE", "KN_QUEUED"}, "take")};
  const std::string one = "kn->kn_status &= ~KN_QUEUED;\n";
  const std::string other = "kn->kn_status |= KN_ACTIVE;\n";
  EXPECT_TRUE(Compared(one + other, {model}).result().explained());
  EXPECT_FALSE(Compared(one, {model}).result().explained());
  EXPECT_TRUE(Compared("kn->kn_status = status;\n", {model}).result().explained());
}

TEST(Comparison, WhatIsMissingInOneVariantIsMissing) {
  const Skeleton some{lock("p_mtx")};
  const Skeleton all{lock("p_mtx"), unlock("p_mtx"), step(Act::gives, {"p_mtx"}, "unlock_2")};
  EXPECT_FALSE(Compared("PROC_LOCK(p);\nPROC_UNLOCK(p);\n", {some, all}).result().explained());
}

TEST(Comparison, AnAssertionMayStandOnEitherSideOfAChangeOfSomethingElse) {
  const Skeleton model{lock("kq_lock"), step(Act::asserts, {"kq_count"}, "kassert"),
                       step(Act::asserts, {"kn_status"}, "kassert_2"),
                       step(Act::sets, {"kn_status", "KN_QUEUED"}, "queue"),
                       step(Act::sets, {"kq_count"}, "queue")};
  const std::string count = "KASSERT(kq->kq_count < 9, (\"x\"));\n";
  const std::string status = "KASSERT(kn->kn_status == 0, (\"x\"));\n";
  const std::string queue = "kn->kn_status |= KN_QUEUED;\n";
  const std::string more = "kq->kq_count++;\n";
  const auto explained = [&](const std::string& body) {
    return Compared("KQ_LOCK(kq);\n" + body, {model}).result().explained();
  };
  EXPECT_TRUE(explained(status + count + queue + more));
  EXPECT_TRUE(explained(status + queue + count + more));
  EXPECT_FALSE(explained(count + queue + status + more));
  EXPECT_FALSE(
      Compared(count + "KQ_LOCK(kq);\n" + status + queue + more, {model}).result().explained());
}

TEST(Comparison, CopiesOfAStepForOtherObjectsAreOneStep) {
  const Skeleton model{step(Act::takes, {"p_mtx"}, "lock"), step(Act::takes, {"p_mtx"}, "lock#2")};
  EXPECT_EQ(Compared("PROC_LOCK(p);\n", {model}).findings(), (Findings{"2 matched"}));
}

TEST(Comparison, AnEditThatIsDoneTwiceIsNotDoneOnce) {
  const Skeleton model{lock("kq_lock"), step(Act::sets, {"kn_status", "KN_QUEUED"}, "enqueue"),
                       step(Act::sets, {"kq_count"}, "enqueue")};
  const std::string sets = "kn->kn_status |= KN_QUEUED;\n";
  const std::string counts = "kq->kq_count++;\n";
  EXPECT_TRUE(Compared("KQ_LOCK(kq);\n" + sets + sets + counts, {model}).result().explained());
  EXPECT_FALSE(Compared("KQ_LOCK(kq);\n" + sets + counts + counts, {model}).result().explained());
}

TEST(Ledger, LeavesOutByNameOrCondition) {
  const std::string body = "PROC_LOCK(p);\nif (isfd) {\nKQ_LOCK(kq);\n} else {\nmtx_lock(&x);\n}\n";
  const Ledger by_condition{entry({.functions = {"f"}, .condition = "(isfd)"})};
  const Compared some(body, {{lock("p_mtx")}}, by_condition);
  EXPECT_EQ(some.findings(), (Findings{"2 matched", "4 left out", "6 not in the model"}));
  Ledger both = by_condition;
  both.push_back(entry({.names = {"x"}}));
  const Compared all(body, {{lock("p_mtx")}}, both);
  EXPECT_TRUE(all.result().explained());
  EXPECT_EQ(all.objections(), Findings{});
}

// Both branches unlock; the model has the second one's.
TEST(Ledger, WhatIsLeftOutIsNotTakenForWhatIsModelled) {
  const std::string body = "if (never) {\nPROC_UNLOCK(p);\n} else {\nPROC_UNLOCK(p);\n}\n";
  const Ledger then{entry({.functions = {"f"}, .condition = "(never)"})};
  EXPECT_EQ(Compared(body, {{unlock("p_mtx")}}, then).findings(),
            (Findings{"3 left out", "5 matched"}));
  const Ledger otherwise{
      entry({.functions = {"f"}, .condition = "(never)", .branch = LedgerBranch::otherwise})};
  EXPECT_EQ(Compared(body, {{unlock("p_mtx")}}, otherwise).findings(),
            (Findings{"3 matched", "5 left out"}));
}

// What stands behind a label is told apart by who comes there.
TEST(Ledger, LeavesOutBehindALabel) {
  const std::string body = "if (a) {\nKQ_LOCK(kq);\ngoto fail;\n}\nfail:\nPROC_UNLOCK(p);\n";
  const Ledger by_goto{entry({.functions = {"f"}, .behind = "goto fail"})};
  EXPECT_EQ(Compared(body, {{unlock("p_mtx")}}, by_goto).findings(),
            (Findings{"3 not in the model", "7 left out", "7 matched"}));
  const Ledger by_label{entry({.functions = {"f"}, .behind = "fail"})};
  EXPECT_EQ(Compared(body, {{lock("kq_lock"), unlock("p_mtx")}}, by_label).findings(),
            (Findings{"3 matched", "7 matched", "7 left out"}));
}

TEST(Ledger, AnEntryOfAnotherFunctionOrActLeavesNothingOut) {
  const Ledger ledger{entry({.functions = {"g"}, .names = {"p_mtx"}}),
                      entry({.functions = {"f"}, .names = {"p_mtx"}, .act = Act::gives})};
  const Compared compared("PROC_LOCK(p);\n", {{}}, ledger);
  EXPECT_EQ(compared.findings(), (Findings{"2 not in the model"}));
  // Of g() nothing was read.
  EXPECT_EQ(compared.objections(),
            Findings{"the ledger's entry \"a leaf\" leaves nothing out of this text: f(), p_mtx"});
}

TEST(Ledger, EveryNameOfAnEntryIsNeeded) {
  const Ledger ledger{entry({.functions = {"f"}, .names = {"x", "y"}})};
  EXPECT_EQ(Compared("mtx_lock(&x);\n", {}, ledger).objections(),
            Findings{"the ledger's entry \"a leaf\" leaves nothing out of this text: y"});
  EXPECT_EQ(Compared("mtx_lock(&x);\nmtx_lock(&y);\n", {}, ledger).objections(), Findings{});
}

TEST(Ledger, ALockIsLeftOutOnlyWithWhatIsSaidOfItsOrder) {
  Ledger ledger{entry({.functions = {"f"}, .names = {"x"}})};
  ledger[0].order.clear();
  EXPECT_EQ(
      Compared("mtx_lock(&x);\n", {}, ledger).objections(),
      Findings{"the ledger's entry \"a leaf\" leaves out mtx_lock(&x) of f() and does not say why "
               "its order cannot matter"});
  EXPECT_EQ(Compared("mtx_unlock(&x);\n", {}, ledger).objections(), Findings{});
}

TEST(Ledger, AnEntryIsOfTheRevisionsThatItNames) {
  Ledger ledger{entry({.functions = {"f"}}), entry({.functions = {"g"}})};
  ledger[0].revisions = {"new"};
  EXPECT_EQ(of_revision(ledger, "old").size(), 1U);
  EXPECT_EQ(of_revision(ledger, "new").size(), 2U);
}

TEST(Ledger, AStepOfTheModelMayHaveNoText) {
  const Ledger ledger{entry({.functions = {"f"}, .label = "f.lock_fd_sx"})};
  const Compared compared("PROC_LOCK(p);\n", {{lock("p_mtx"), lock("fd_sx")}}, ledger);
  EXPECT_TRUE(compared.result().explained());
}

} // namespace
} // namespace interlock::kernel_text
