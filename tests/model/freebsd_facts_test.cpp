// Facts of FreeBSD's paths, as statements about single states.
#include "support/facts.hpp"
#include "support/freebsd.hpp"

namespace interlock::tests::freebsd {
namespace {

// A process is forked while another looks for it.
ScenarioText fork_and_add() {
  return kernel()
      .thread("parent", {"fork child"})
      .thread("child", {})
      .thread("watcher", {"kevent add proc child exit"});
}

TEST(FreebsdFork, EndsPrsNewWithBothProcLocksHeld) {
  expect_always(track(), "do_fork.set_PRS_NORMAL",
                "p1.p_mtx.owner == self && p2.p_mtx.owner == self");
  expect_always(track(), "do_fork.sched_add", "p1.p_mtx.owner == self && p2.p_mtx.owner != self");
}

TEST(FreebsdFork, TellsItsKnotesWithNoLockHeldSince7054ee4e38) {
  expect_always(track(), "do_fork.knote_fork", "p1.p_mtx.owner != self && p2.p_mtx.owner != self");
  expect_always(
      track(), "knote_fork.copy_udata",
      "(kn.kn_status & KN_INFLUX) != 0 && p1.p_mtx.owner != self && kq.kq_lock.owner != self");
  const ScenarioText old =
      kernel("kqueue-2008-06")
          .thread("parent", {"kevent add proc parent track,exit", "fork child", "kevent wait"})
          .thread("child", {"sigsuspend"});
  expect_always(old, "filt_proc.copy_udata",
                "p1.p_mtx.owner == self && kn.kn_kq.kq_lock.owner == self");
}

TEST(FreebsdPfind, GivesAProcessLockedAndNeverOneThatIsNew) {
  expect_always(
      fork_and_add(), "filt_procattach.attach",
      "p.p_mtx.owner == self && p.p_state == PRS_NORMAL && kn.kn_kq.kq_lock.owner != self");
  // Not found, since it is not there yet, or since it is new.
  expect_either(fork_and_add(), "filt_procattach.return_ESRCH", "kn.kn_id.proc == none");
}

TEST(FreebsdNoteChild, ComesFromAKnoteOfItsOwnThatIsOnNoList) {
  const std::string own = "(kn.kn_status & KN_DETACHED) != 0 && kn.p_proc == none";
  expect_always(track("kqueue-r295012"), "kqueue_scan.copy_kn_kevent",
                "(kn.kn_fflags & NOTE_CHILD) == 0 || (" + own + ")");
  // Before, the child's only knote carries it, on the child's list until the child exits.
  expect_either(track("kqueue-9.3"), "filt_procattach.mtx_unlock_p_mtx",
                "(kn.kn_fflags & NOTE_CHILD) == 0");
}

TEST(FreebsdExit, PostsWhenOnlyZpfindCanFindTheProcess) {
  expect_always(track(), "knote.mtx_lock_kq_lock",
                "p.P_WEXIT && p.on_zombproc && p.p_state == PRS_NORMAL && "
                "proctree_lock.owner == self && p.p_mtx.owner == self");
}

TEST(FreebsdExit, GivesChildrenToInitAndTellsItOfZombies) {
  expect_always(orphan(), "exit1.lock_to_signal_init",
                "q.p_pptr.p_pid == init && q in q.p_pptr.p_children && q.p_mtx.owner == self");
  // The wake-up comes before, without init's lock.
  expect_always(orphan(), "exit1.wakeup_init",
                "size(p.p_children) != 0 && proctree_lock.owner == self && "
                "proc1.p_mtx.owner != self");
}

TEST(FreebsdExit, IsAZombieBeforeItsParentsLockIsFree) {
  expect_always(reap(), "exit1.set_PRS_ZOMBIE",
                "p.p_mtx.owner == self && p.p_pptr.p_mtx.owner == self && "
                "proctree_lock.owner != self");
}

} // namespace
} // namespace interlock::tests::freebsd
