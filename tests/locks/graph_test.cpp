// Orders of locks in hand-made specifications: what is an order, and what is wrong with it.
#include "lang/trace.hpp"
#include "locks/report.hpp"
#include "support/lock_world.hpp"

#include <gtest/gtest.h>

namespace interlock::checker {
namespace {

using tests::edges_of;
using tests::findings_of;
using tests::LockWorld;
using tests::single_locks;
using Texts = std::vector<std::string>;
using lang::Waiting;

TEST(LockGraph, AnOrderIsFoundWithBothItsStepsAndAShortestWay) {
  const LockWorld world(single_locks({"m", "n"}), {{"a", "+m +n -n -m"}});
  const LockAnalysis analysis = world.analyse();
  EXPECT_EQ(edges_of(analysis.graph), std::set<std::string>{"m -> n"});
  const LockEdge& edge = analysis.graph.edges.at(0);
  EXPECT_EQ(world.spec().actions()[edge.attempt].label, "a.take_n");
  EXPECT_EQ(world.spec().actions()[edge.established.value()].label, "a.take_m");
  EXPECT_EQ(edge.path, std::vector<lang::ActionId>{edge.established.value()});
  EXPECT_TRUE(analysis.findings.empty());
}

TEST(LockGraph, AReversalThatDeadlocksIsBothAndMeets) {
  const LockWorld world(single_locks({"m", "n"}), {{"a", "+m +n -n -m"}, {"b", "+n +m -m -n"}});
  const LockAnalysis analysis = world.analyse();
  EXPECT_EQ(findings_of(analysis),
            (Texts{"deadlock: a waits for n held by b; b waits for m held by a",
                   "lock order reversal: m -> n and n -> m"}));
  EXPECT_EQ(analysis.findings[0].path.size(), 2U);
  EXPECT_TRUE(analysis.findings[1].meet.value());
  EXPECT_EQ(analysis.findings[1].threads, (std::vector<lang::ThreadId>{0, 1}));
}

TEST(LockGraph, ADeadlockIsFoundWhileOtherThreadsStillRun) {
  // c goes round for ever after: its two locks are its own.
  const LockWorld world(single_locks({"m", "n", "o"}),
                        {{"a", "+m +n"}, {"b", "+n +m"}, {"c", "+o -o +o -o"}});
  const LockAnalysis analysis = world.analyse();
  ASSERT_FALSE(analysis.findings.empty());
  EXPECT_EQ(analysis.findings[0].kind, LockFindingKind::deadlock);
  EXPECT_EQ(analysis.findings[0].path.size(), 2U) << "not only when c has ended";
}

TEST(LockGraph, AReversalBehindAGateIsReportedAndNeverMeets) {
  const LockWorld world(single_locks({"gate", "m", "n"}),
                        {{"a", "+gate +m +n -n -m -gate"}, {"b", "+gate +n +m -m -n -gate"}});
  const LockAnalysis analysis = world.analyse();
  EXPECT_EQ(findings_of(analysis), Texts{"lock order reversal: m -> n and n -> m"});
  EXPECT_FALSE(analysis.findings[0].meet.value());
  EXPECT_EQ(analysis.findings[0].reason,
            "threads never meet: no reachable state has a thread that holds m and wants n and "
            "another that holds n and wants m; each takes them with gate held");
}

TEST(LockGraph, AReversalOfOneThreadAloneNeverMeets) {
  const LockWorld world(single_locks({"m", "n"}), {{"a", "+m +n -n -m +n +m -m -n"}});
  const LockAnalysis analysis = world.analyse();
  EXPECT_EQ(findings_of(analysis), Texts{"lock order reversal: m -> n and n -> m"});
  EXPECT_NE(analysis.findings[0].reason.find("too few threads"), std::string::npos);
}

TEST(LockGraph, ATryLockMakesNoOrderThatWaits) {
  const LockWorld world(single_locks({"m", "n"}), {{"a", "+m +n -n -m"}, {"b", "+n ?m -m -n"}});
  const LockAnalysis analysis = world.analyse();
  EXPECT_EQ(edges_of(analysis.graph), (std::set<std::string>{"m -> n", "n ~> m"}));
  EXPECT_TRUE(analysis.findings.empty());
}

TEST(LockGraph, ReadersAreSharedAndDoNotWaitForEachOther) {
  const LockWorld world(single_locks({"m", "n"}), {{"a", "*m *n -n -m"}, {"b", "*n *m -m -n"}});
  const LockAnalysis analysis = world.analyse();
  EXPECT_EQ(edges_of(analysis.graph), (std::set<std::string>{"m(r) -> n(r)", "n(r) -> m(r)"}));
  EXPECT_EQ(findings_of(analysis), Texts{"lock order reversal: m -> n and n -> m"})
      << "a writer would make it a deadlock";
  EXPECT_TRUE(analysis.findings[0].meet.value());
}

TEST(LockGraph, AWriterWaitsForAReader) {
  const LockWorld world(single_locks({"m", "n"}), {{"a", "*m +n"}, {"b", "*n +m"}});
  EXPECT_EQ(findings_of(world.analyse()).front(),
            "deadlock: a waits for n held by b; b waits for m held by a");
}

TEST(LockGraph, ThreeLocksInACycleAreOneReversalOfThreeOrders) {
  const LockWorld world(single_locks({"l", "m", "n"}),
                        {{"a", "+l +m -m -l"}, {"b", "+m +n -n -m"}, {"c", "+n +l -l -n"}});
  const LockAnalysis analysis = world.analyse();
  EXPECT_EQ(findings_of(analysis),
            (Texts{"deadlock: a waits for m held by b; b waits for n held by c; "
                   "c waits for l held by a",
                   "lock order reversal: l -> m, m -> n and n -> l"}));
  const std::string text = finding_text(world.spec(), analysis, analysis.findings[1]);
  for (const char* part : {" 1st ", " 2nd ", " 3rd ", "lock order l -> m established at, by a:",
                           "lock order n -> l attempted at, by c:", "CPU2 c"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

TEST(LockGraph, ASoftLockIsGivenUpByWhoSleepsButNotByWhoSpins) {
  const std::vector<LockWorld::Lock> locks{{"big", "big", true, Waiting::spins},
                                           {"mutex", "mutex", false, Waiting::sleeps},
                                           {"spin", "spin", false, Waiting::spins}};
  const LockWorld world(locks, {{"a", "+big +mutex -mutex +spin -spin -big"}});
  EXPECT_EQ(edges_of(world.analyse().graph),
            (std::set<std::string>{"big ~> mutex", "big -> spin"}));
}

TEST(LockGraph, TwoLocksOfAClassNeedARule) {
  const LockWorld world({{"p.lock", "p_lock"}, {"q.lock", "p_lock"}}, {{"a", "+p.lock +q.lock"}});
  EXPECT_EQ(findings_of(world.analyse()),
            Texts{"acquiring duplicate lock of same type: p.lock and q.lock are both p_lock"});
}

// A rule for class p_lock: the lock p may be held while q is taken, and not the other way round.
void p_before_q(LockWorld& world) {
  world.builder.nesting("p_lock", "p before q", [&](const lang::Expr& held, const lang::Expr&) {
    return lang::Expr(lang::same(held, world.lock("p")));
  });
}
const std::vector<LockWorld::Lock> two_of_a_class{{"p", "p_lock"}, {"q", "p_lock"}};

TEST(LockGraph, TwoLocksOfAClassMayBeNestedAsItsRuleSays) {
  const LockWorld world(two_of_a_class, {{"a", "+p +q"}}, p_before_q);
  EXPECT_EQ(edges_of(world.analyse().graph), std::set<std::string>{"p -> q"});
  EXPECT_TRUE(world.analyse().findings.empty());
}

TEST(LockGraph, NestingAgainstTheRuleIsFoundAlthoughNobodyElseTakesTheLocks) {
  const LockWorld world(two_of_a_class, {{"a", "+p +q -q -p +q +p"}}, p_before_q);
  const LockAnalysis analysis = world.analyse();
  ASSERT_EQ(findings_of(analysis),
            Texts{"acquiring duplicate lock of same type: a takes p with q held, against the rule "
                  "of class p_lock"});
  EXPECT_EQ(analysis.findings[0].reason, "the rule says: p before q");
  EXPECT_EQ(analysis.findings[0].path.size(), 5U) << "to the state in which q is held";
  const std::string text = finding_text(world.spec(), analysis, analysis.findings[0]);
  for (const char* part :
       {" 1st ", " 2nd ", "attempted at, by a:\n#0 ", "p_lock was taken at:\n#0 "})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  EXPECT_NE(lock_report(world.spec(), analysis).find("two of class p_lock: p before q"),
            std::string::npos);
}

TEST(LockGraph, ARuleIsAskedInEveryStateAndNotOnlyWhereTheOrderIsFirstSeen) {
  // a nests p and q twice: first without m, which is fine, then, at the same step's label, b may
  // have m.
  const auto while_m_is_free = [](LockWorld& world) {
    world.builder.nesting("p_lock", "while m is free",
                          [&](const lang::Expr&, const lang::Expr&) { return world.is_free("m"); });
  };
  std::vector<LockWorld::Lock> locks = two_of_a_class;
  locks.push_back({"m", "m"});
  const LockWorld alone(locks, {{"a", "+p +q"}}, while_m_is_free);
  EXPECT_TRUE(alone.analyse().findings.empty());
  const LockWorld world(locks, {{"a", "+p +q"}, {"b", "+m -m"}}, while_m_is_free);
  const LockAnalysis analysis = world.analyse();
  ASSERT_EQ(analysis.findings.size(), 1U);
  EXPECT_EQ(analysis.findings[0].path.size(), 2U) << "a holds p, b holds m";
}

TEST(LockGraph, ATryLockNeedsNoRule) {
  const LockWorld world(two_of_a_class, {{"a", "+q ?p"}}, p_before_q);
  EXPECT_TRUE(world.analyse().findings.empty());
}

TEST(LockGraph, TakingALockAgainIsRecursionAndNoOrder) {
  const LockWorld world(single_locks({"m"}), {{"a", "+m +m"}});
  const LockAnalysis analysis = world.analyse();
  EXPECT_TRUE(analysis.graph.edges.empty());
  EXPECT_NE(findings_of(analysis).back().find("a takes m, which it holds"), std::string::npos);
}

TEST(LockGraph, NobodySleepsOrBlocksWithALockThatForbidsIt) {
  const std::vector<LockWorld::Lock> locks{{"spin", "spin", false, Waiting::spins},
                                           {"mtx", "mtx", false, Waiting::blocks},
                                           {"sx", "sx", false, Waiting::sleeps}};
  const auto kinds = [&](const std::string& script) {
    const LockWorld world(locks, {{"a", script}});
    Texts texts;
    for (const LockFinding& finding : world.analyse().findings)
      texts.push_back(finding.text);
    return texts;
  };
  EXPECT_EQ(kinds("+spin +mtx"), Texts{"a takes mtx with lock spin held"});
  EXPECT_EQ(kinds("+mtx +sx"), Texts{"a takes sx with lock mtx held"});
  EXPECT_EQ(kinds("+mtx ~"), Texts{"a sleeps with lock mtx held"});
  EXPECT_EQ(kinds("+sx ~ +mtx +spin"), Texts{});
}

TEST(LockGraph, TheDocumentedOrderIsViolatedByASingleThread) {
  const LockWorld world(single_locks({"m", "n"}), {{"a", "+n +m"}});
  EXPECT_EQ(findings_of(world.analyse({"m", "n"})),
            Texts{"documented lock order violated: n -> m"});
  EXPECT_TRUE(world.analyse({"n", "m"}).findings.empty());
}

TEST(LockGraph, EveryPathLeadsToAStateWhereTheThreadHoldsTheLock) {
  const LockWorld world(single_locks({"l", "m", "n"}),
                        {{"a", "+l +m -l +n -n -m"}, {"b", "+m +l -l -m *n -n"}});
  const LockAnalysis analysis = world.analyse();
  ASSERT_GE(analysis.graph.edges.size(), 3U);
  for (const LockEdge& edge : analysis.graph.edges) {
    const lang::State end =
        lang::follow(world.spec(), {edge.path, {lang::ViolationKind::invariant, "", ""}}).back();
    const lang::Action& attempt = world.spec().actions()[edge.attempt];
    EXPECT_EQ(lang::point_of(world.spec(), end, attempt.thread), attempt.from);
    bool holds = false;
    for (const lang::HeldLock& held : lang::held_locks(world.spec(), end, attempt.thread))
      holds = holds || held.pool == analysis.graph.locks[edge.held].pool;
    EXPECT_TRUE(holds);
  }
}

} // namespace
} // namespace interlock::checker
