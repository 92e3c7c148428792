// DragonFly: every assertion of the modelled code can fail, and so can what the primitives demand.
#include "support/broken.hpp"
#include "support/dragonfly.hpp"

#include <set>

namespace interlock::tests::dragonfly {
namespace {

Broken broken(const std::string& name, const std::string& message, const std::string& path,
              const ScenarioText& kernel) {
  return {name, "kassert", message, path, kernel};
}

const char* const lifo = "p_token is not the token that was taken last";
const char* const livelock = "token p_token s/x livelock";

std::vector<Broken> of_tokens() {
  return {
      broken("ReleasingOutOfOrder", lifo, "fork1",
             fork_and_wait().move_before("fork1.lwkt_reltoken_p_token_3",
                                         "fork1.lwkt_reltoken_p_token_2")),
      broken("ExclusiveAfterShared", livelock, "fork1",
             fork_and_wait().replace("fork1.lwkt_gettoken_p_token",
                                     "lwkt_gettoken_shared p1.p_token")),
      broken("ExitWithoutToken", "ASSERT_LWKT_TOKEN_HELD(&p->p_token)", "lwp_exit",
             fork_and_wait().drop("exit1.lwkt_gettoken_p_token")),
  };
}

std::vector<Broken> of_processes() {
  return {
      broken("StartingTheRunning",
             "KASSERT(p2->p_stat == SIDL): cannot start forked process, bad status",
             "start_forked_proc",
             fork_and_wait().before("start_forked_proc.kassert", "set p2.p_stat, SACTIVE")),
      broken("ReleasingWhatIsNotHeld", "KASSERT((o & PLOCK_MASK) > 0)", "prele",
             fork_and_wait().drop("sys_fork.PHOLD")),
      broken("ReleasingAnotherZombie", "KKASSERT(p->p_lock & PLOCK_ZOMB)", "prelezomb",
             fork_and_wait().before("kern_wait.prelezomb_2", "set p.PLOCK_ZOMB, false")),
      broken("ReapingWithThreads", "KKASSERT(p->p_nthreads == 0)", "kern_wait",
             fork_and_wait().before("kern_wait.kassert", "set p.p_nthreads, 1")),
      broken("FreeingWhatRuns", "KASSERT((td->td_flags & TDF_EXITING) == TDF_EXITING)", "reaplwp",
             fork_and_wait().before("reaplwp.kassert", "set p.TDF_EXITING, false")),
  };
}

std::vector<Broken> of_knotes() {
  const ScenarioText modified =
      kernel()
          .thread("parent", {"exit 1"})
          .thread("watcher", {"kevent add proc parent exit", "kevent modify proc parent exit"});
  const ScenarioText closed =
      kernel()
          .process("watcher", {"first", "closer"})
          .thread("parent", {"exit 1"})
          .thread("first", {"kevent add proc parent exit", "kevent wait poll"})
          .thread("closer", {"close kq"});
  const char* const processing = "KKASSERT(kn->kn_status & KN_PROCESSING)";
  return {
      broken("InsertingUnacquired", processing, "knote_insert",
             exit_watched().before("knote_insert.kassert", "set kn.kn_status, 0")),
      broken("RemovingUnacquired", processing, "knote_remove",
             exit_watched().before("knote_remove.kassert", "set kn.kn_status, 0")),
      broken("ModifyingUnacquired", processing, "kqueue_register",
             modified.before("kqueue_register.kassert", "set kn.kn_status, 0")),
      broken("QueuingTwice", "KASSERT((kn->kn_status & KN_QUEUED) == 0)", "knote_enqueue",
             exit_watched().before("knote_enqueue.kassert", "set kn.kn_status, KN_QUEUED")),
      broken("DequeuingTwice", "KASSERT(kn->kn_status & KN_QUEUED)", "knote_drop",
             closed.before("knote_drop.kassert", "set kn.kn_status, 0")),
      broken("FileWithoutReference", "KASSERT(fp->f_count > 0)", "holdfp",
             closed.before("holdfp.kassert", "set fd.kq.f_count, 0")),
      broken("DroppingTheDropped", "KASSERT(count > 0)", "fdrop",
             closed.before("fdrop.kassert", "set fd.kq.f_count, 0")),
  };
}

std::vector<Broken> of_locks() {
  return {
      {"TokenNotHeld", "lock-not-held", "lwkt_reltoken_p_token: p_token is not held", "fork1",
       fork_and_wait().drop("fork1.lwkt_gettoken_p_token")},
      {"TokenHeldOnReturn", "locks-held-on-return", "a lock is held", "",
       fork_and_wait().drop("fork1.lwkt_reltoken_p_token_3")},
      {"ChildWithoutItsToken", "guarded-access", "is touched without", "fork1",
       fork_and_wait().drop("fork1.lwkt_gettoken_p_token_2")},
      {"LockmgrTwice", "lock-recursion", "pg_lock is held by the caller already", "dokillpg",
       fork_and_killpg().after("dokillpg.lockmgr_exclusive_pg_lock",
                               "lockmgr_exclusive pgrp0.pg_lock")},
      {"LockmgrNotHeld", "lock-not-held", "lockmgr_release_pg_lock: pg_lock is not held",
       "dokillpg", fork_and_killpg().drop("dokillpg.lockmgr_exclusive_pg_lock")},
      // PRELE() of the last hold wakes who waits for it.
      {"HoldThatWakesNobody", "no-deadlock", "child sleeps on proc1.p_lock", "",
       vfork_and_exit().drop("prele.wakeup_p_lock")},
      // tsleep_interlock() comes before the last look.
      {"InterlockAfterTheLook", "no-deadlock", "child sleeps on proc1.p_lock", "",
       vfork_and_exit().move_after("pstall.tsleep_interlock_reap1", "pstall.set_PLOCK_WAITING")},
  };
}

std::vector<Broken> of_init() {
  std::vector<Broken> cases;
  for (const char* revision : {"kern_exit-82354ad856", newest})
    cases.push_back({revision == std::string(newest) ? "InitNotWoken" : "InitNotWokenBefore2015",
                     "no-deadlock", "init sleeps on proc1.p", "",
                     orphan(revision).drop("exit1.wakeup_reproc")});
  return cases;
}

INSTANTIATE_TEST_SUITE_P(DragonflyInit, BrokenKernel, testing::ValuesIn(of_init()), name_of);
INSTANTIATE_TEST_SUITE_P(DragonflyTokens, BrokenKernel, testing::ValuesIn(of_tokens()), name_of);
INSTANTIATE_TEST_SUITE_P(DragonflyProcesses, BrokenKernel, testing::ValuesIn(of_processes()),
                         name_of);
INSTANTIATE_TEST_SUITE_P(DragonflyKnotes, BrokenKernel, testing::ValuesIn(of_knotes()), name_of);
INSTANTIATE_TEST_SUITE_P(DragonflyLocks, BrokenKernel, testing::ValuesIn(of_locks()), name_of);

// Each text of an assertion in the specification of all calls is one that a case above breaks; the
// two of tokens name the token.
TEST(DragonflyAssertions, EachHasABrokenKernel) {
  std::set<std::string> tested;
  for (const std::vector<Broken>& cases : {of_tokens(), of_processes(), of_knotes()})
    for (const Broken& broken : cases)
      tested.insert(broken.message);
  const ScenarioText everything =
      kernel()
          .process("parent", {"main", "closer"})
          .thread("main", {"kevent add proc parent track,exit", "fork child", "kevent wait",
                           "kevent modify proc parent exit", "kevent delete proc parent", "wait4",
                           "killpg parent"})
          .thread("closer", {"close kq"})
          .thread("child", {"vfork grandchild", "exit 1"})
          .thread("grandchild", {});
  const systems::BuiltSpec built = systems::build(everything.scenario());
  for (const lang::Action& action : built.spec->actions())
    for (const std::vector<lang::Check>& checks : {action.entry_checks, action.checks})
      for (const lang::Check& check : checks)
        if (check.property == "kassert" && !check.message.ends_with("taken last") &&
            !check.message.ends_with("s/x livelock")) {
          EXPECT_TRUE(tested.contains(check.message)) << check.message;
        }
}

} // namespace
} // namespace interlock::tests::dragonfly
