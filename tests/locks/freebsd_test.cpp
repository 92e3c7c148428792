// The lock analysis of FreeBSD's paths: 7054ee4e38 and 8e6fa660f2, before and after.
#include "config/config.hpp"
#include "locks/report.hpp"
#include "systems/scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace interlock::checker {
namespace {

const systems::SystemDescription& freebsd() {
  return *std::find_if(systems::systems().begin(), systems::systems().end(),
                       [](const auto& system) { return system.name == "freebsd"; });
}

struct Analysed {
  explicit Analysed(const std::string& name)
      : built(build_spec(read_config(INTERLOCK_SOURCE_DIR "/configs/freebsd/" + name + ".json"))) {
    CheckOptions options;
    options.lock_order = freebsd().lock_order;
    analysis = analyse_locks(*built.spec, options);
  }

  std::set<std::string> texts(LockFindingKind kind) const {
    std::set<std::string> found;
    for (const LockFinding& finding : analysis.findings)
      if (finding.kind == kind)
        found.insert(finding.text);
    return found;
  }
  std::uint32_t rank(const std::string& lock_class) const {
    const auto& classes = analysis.graph.classes;
    const auto found = std::find(classes.begin(), classes.end(), lock_class);
    return analysis.ranks.ranks.at(static_cast<std::size_t>(found - classes.begin()));
  }

  systems::BuiltSpec built;
  LockAnalysis analysis;
};

// Fork registers the child with the parent's PROC_LOCK and the KQ_LOCK held.
TEST(FreebsdLocks, RegisteringFromInsideAnEventReversesTheOrdersAndDeadlocks) {
  const Analysed before("register-reverses-order");
  EXPECT_EQ(before.texts(LockFindingKind::order_reversal),
            (std::set<std::string>{"p_mtx -> kq_lock and kq_lock -> p_mtx",
                                   "allproc_lock -> p_mtx and p_mtx -> allproc_lock",
                                   "allproc_lock -> p_mtx, p_mtx -> kq_lock and "
                                   "kq_lock -> allproc_lock"}))
      << "KQ_LOCK is below the proc locks, and allproc_lock above all mutexes";
  EXPECT_EQ(before.texts(LockFindingKind::deadlock),
            (std::set<std::string>{"parent waits for proc1.p_mtx held by child; child waits for "
                                   "proc0.p_mtx held by parent",
                                   "parent waits for proc1.p_mtx held by child; child waits for "
                                   "kq.kq_lock held by parent"}))
      << "the child's exit wants the parent's lock, or the kqueue's";
  EXPECT_FALSE(before.analysis.ranks.ordered());
}

TEST(FreebsdLocks, BothSidesOfTheReversalAreShown) {
  const Analysed before("register-reverses-order");
  const auto found = std::find_if(before.analysis.findings.begin(), before.analysis.findings.end(),
                                  [](const LockFinding& finding) {
                                    return finding.text == "p_mtx -> kq_lock and kq_lock -> p_mtx";
                                  });
  ASSERT_NE(found, before.analysis.findings.end());
  EXPECT_TRUE(found->meet.value());
  const std::string text = finding_text(*before.built.spec, before.analysis, *found);
  for (const char* side :
       {"lock order p_mtx -> kq_lock established at", "#0 knlist_add.mtx_lock_kq_lock",
        "lock order kq_lock -> p_mtx attempted at", "#0 pfind.mtx_lock_p_mtx"})
    EXPECT_NE(text.find(side), std::string::npos) << side << "\n" << text;
}

TEST(FreebsdLocks, RecursionIsAFindingWhereTheMutexMayNotRecurse) {
  const Analysed before("register-recurses");
  EXPECT_EQ(before.texts(LockFindingKind::recursion),
            std::set<std::string>{"parent takes kq.kq_lock, which it holds"});
}

TEST(FreebsdLocks, RegisteringWithoutLocksHasTheDocumentedOrder) {
  for (const char* name : {"register-without-locks", "exit-walk-safe"}) {
    const Analysed after(name);
    EXPECT_TRUE(after.analysis.findings.empty()) << name;
    ASSERT_TRUE(after.analysis.ranks.ordered()) << name;
    EXPECT_LT(after.rank("proctree_lock"), after.rank("allproc_lock"));
    EXPECT_LT(after.rank("allproc_lock"), after.rank("p_mtx"));
    EXPECT_LT(after.rank("p_mtx"), after.rank("kq_lock"));
  }
}

TEST(FreebsdLocks, ForkLocksTheParentFirstBefore8e6fa660f2) {
  const Analysed before("fork-locks-parent-first");
  EXPECT_EQ(before.texts(LockFindingKind::duplicate),
            std::set<std::string>{"parent takes proc1.p_mtx with proc0.p_mtx held, against the "
                                  "rule of class p_mtx"});
  const Analysed after("prs-new-locked");
  EXPECT_TRUE(after.analysis.findings.empty());
  EXPECT_TRUE(after.analysis.ranks.ordered());
}

} // namespace
} // namespace interlock::checker
