// Facts of DragonFly's tokens, holds and paths, as statements about single states.
#include "support/dragonfly.hpp"
#include "support/facts.hpp"

namespace interlock::tests::dragonfly {
namespace {

// --- tokens ---

TEST(DragonflyTokens, AreGivenUpByWhoSleepsAndHeldAgainBeforeItGoesOn) {
  expect_always(fork_and_wait(), "kern_wait.tsleep_wait.wakeup", "q.p_token.owner != self");
  expect_always(fork_and_wait(), "kern_wait.read_p_waitgen", "q.p_token.owner == self");
}

TEST(DragonflyTokens, AreAllGivenUpByWhoWaitsForOneMore) {
  // exit1() holds the child's token when it signals the parent, and wants the parent's.
  expect_always(fork_and_wait(), "lwpsignal.lwkt_gettoken_p_token.switched_in",
                "proc1.p_token.owner != child && proc0.p_token.owner != child");
  expect_always(fork_and_wait(), "lwpsignal.lwkt_reltoken_p_token",
                "proc1.p_token.owner == child && proc0.p_token.owner == child");
}

TEST(DragonflyTokens, ThatAreHeldTwiceStayHeldWhenTheyAreReleasedOnce) {
  expect_always(fork_and_wait(), "fork1.PHOLD", "p1.p_token.owner == self");
}

TEST(DragonflyTokens, MayBeSharedByMany) {
  const ScenarioText killers = kernel()
                                   .thread("parent", {})
                                   .thread("first", {"kill parent"})
                                   .thread("second", {"kill parent"});
  expect_always(killers, "pfind.find", "proc_token.owner == none && proc_token.readers != 0");
  expect_either(killers, "pfind.find", "proc_token.readers == (first|second)");
}

TEST(DragonflyTokens, AreTriedWithoutWaiting) {
  const ScenarioText tried =
      fork_and_wait().before("kern_wait.pholdzomb", "lwkt_trytoken p.p_token, alone");
  EXPECT_EQ(verdict_with(tried, "kern_wait.pholdzomb", "alone == (p.p_token.owner == self)"),
            "holds");
  expect_either(tried, "kern_wait.pholdzomb", "alone");
}

// --- lockmgr locks ---

TEST(DragonflyLockmgr, IsWaitedForWithoutTokens) {
  expect_always(fork_and_killpg(), "fork1.lockmgr_shared_pg_lock.woken",
                "p1.p_token.owner != self");
}

TEST(DragonflyLockmgr, KeepsSignalsToTheGroupOutOfAFork) {
  expect_always(fork_and_killpg(), "fork1.kmalloc_p2",
                "p1.p_token.owner == self && pgrp0.pg_lock.readers != 0 && "
                "pgrp0.pg_lock.owner == none");
  expect_always(fork_and_killpg(), "dokillpg.test_SZOMB",
                "pgrp0.pg_lock.owner == self && pgrp0.pg_token.owner != self");
}

// --- exit ---

TEST(DragonflyExit, GivesChildrenToInitWithItsToken) {
  expect_always(orphan(), "exit1.insert_p_children",
                "q.p_pptr.p_pid == init && q.p_pptr.p_token.owner == self && "
                "q.p_token.owner == self && q.p_pptr.p_lock > 0");
  expect_always(orphan("kern_exit-82354ad856"), "exit1.insert_p_children",
                "q.p_pptr.p_pid == init && q.p_pptr.p_token.owner == self");
  expect_always(orphan(), "exit1.wakeup_reproc",
                "size(p.p_children) == 0 && proc1.p_token.owner != self");
}

TEST(DragonflyExit, WakesWhoWaitsForTheThreadsOfTheProcess) {
  expect_always(fork_and_wait(), "lwp_exit.wakeup_p_nthreads",
                "p.p_token.owner != self && p.p_nthreads == 0 && "
                "(p.p_flags & P_MAYBETHREADED) != 0");
  expect_either(fork_and_wait(), "lwp_exit.wakeup_p_nthreads", "p.p_nthreads_channel.waiters == 0");
  // Until de7ac1d675, with the token held.
  expect_always(fork_and_wait("before-de7ac1d675"), "lwp_exit.wakeup_p_nthreads",
                "p.p_token.owner == self && p.p_nthreads == 0");
}

// --- processes and knotes ---

TEST(DragonflyPfind, FindsAProcessThatIsBeingMade) {
  const ScenarioText added = kernel()
                                 .thread("parent", {"fork child"})
                                 .thread("child", {})
                                 .thread("watcher", {"kevent add proc child exit"});
  expect_either(added, "filt_procattach.attach", "p.p_stat == SIDL");
}

TEST(DragonflyFork, RegistersTheChildWithAllTokensAndTheKnoteInHand) {
  expect_always(tracked_fork(), "filt_proc.copy_kev",
                "proc0.p_token.owner == self && proc2.p_token.owner == self && "
                "mp_token.owner == self && (kn.kn_status & KN_PROCESSING) != 0");
}

TEST(DragonflyExit, TellsItsKnotesAsAZombieAndTakesThemOff) {
  expect_always(exit_watched(), "knote.set_KN_PROCESSING", "p.p_stat == SZOMB");
  expect_always(exit_watched(), "filt_proc.set_EV_EOF",
                "(kn.kn_status & KN_DETACHED) != 0 && kn.kn_obj == none");
}

// --- revisions ---

TEST(DragonflyRevision, RefusesCallsThatItDoesNotHaveAndSaysWhatItHas) {
  const ScenarioText old = kernel("before-ee934fe9e6").thread("parent", {"kevent wait"});
  try {
    static_cast<void>(systems::build(old.scenario()));
    FAIL() << "it has no kevent";
  } catch (const systems::ScenarioError& error) {
    EXPECT_STREQ(error.what(), "'kevent' is no system call of dragonfly before-ee934fe9e6; "
                               "allowed: fork, vfork, exit, wait4, kill, killpg, await, if");
    EXPECT_EQ(error.pointer(), "/scenario/threads/parent/0");
  }
}

} // namespace
} // namespace interlock::tests::dragonfly
