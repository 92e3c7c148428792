// Every KASSERT of the modelled code can fail.
#include "support/broken.hpp"

#include <set>

namespace interlock::tests {
namespace {

constexpr const char* fd_lock_owned = "KASSERT(mutex_owned(&fdp->fd_lock))";
constexpr const char* kq_lock_owned = "KASSERT(mutex_owned(&kn->kn_kq->kq_lock))"; // about flux
constexpr const char* not_in_flux = "KASSERT(kn_in_flux(kn) == false)";
constexpr const char* has_fop = "KASSERT(kn->kn_fop != NULL)";
constexpr const char* has_proc_filtops = "KASSERT(fop == &proc_filtops)";

Broken broken(const std::string& name, const std::string& message, const std::string& path,
              const ScenarioText& kernel) {
  return {name, "kassert", message, path, kernel};
}

// Two threads of the tracker; the first registers.
ScenarioText two_trackers(const std::vector<std::string>& first,
                          const std::vector<std::string>& second) {
  return ScenarioText()
      .process("tracker", {"first", "second"})
      .thread("parent", {"fork child"})
      .thread("child", {})
      .thread("first", first)
      .thread("second", second);
}

std::vector<Broken> of_fork() {
  return {
      broken("TrackingWithoutPLock", "KASSERT(mutex_owned(p1->p_lock))", "knote_proc_fork_track",
             fork_and_read().drop("knote_proc_fork.mutex_enter_p_lock")),
      broken("TrackingWithoutKqLock", "KASSERT(mutex_owned(&kq->kq_lock))", "knote_proc_fork_track",
             fork_and_read().drop("knote_proc_fork.mutex_spin_enter_kq_lock")),
      broken("TooManyFluxes", "KASSERT(kn->kn_influx < UINT_MAX)", "knote_proc_fork_track",
             fork_and_read().after("knote_proc_fork_track.test_KN_WILLDETACH",
                                   "set okn.kn_influx, 3")), // as many as there are threads
      broken("EnteringTheFluxWithoutKqLock", kq_lock_owned, "knote_proc_fork_track",
             fork_and_read().before("knote_proc_fork_track.assert_kq_lock",
                                    "mutex_spin_exit okn.kn_kq.kq_lock")),
      broken("LeavingTheFluxWithoutKqLock", kq_lock_owned, "knote_proc_fork_track",
             fork_and_read().drop("knote_proc_fork_track.mutex_spin_enter_kq_lock")),
      broken("LeavingAFluxThatWasNotEntered", "KASSERT(kn->kn_influx > 0)", "knote_proc_fork_track",
             fork_and_read().drop("knote_proc_fork_track.enter_flux")),
      broken("TrackingReturnsWithoutPLock", "KASSERT(mutex_owned(p1->p_lock))", "knote_proc_fork",
             fork_and_read().drop("knote_proc_fork_track.mutex_enter_p_lock_2")),
      broken(
          "TrackingReturnsWithoutKqLock", "KASSERT(mutex_owned(&kq->kq_lock))", "knote_proc_fork",
          fork_and_read().after("knote_proc_fork_track.if", "mutex_spin_exit okn.kn_kq.kq_lock")),
      broken("NoFilterInTheTrackingKnote", has_proc_filtops, "knote_proc_fork",
             ScenarioText()
                 .thread("parent", {"fork child"})
                 .thread("child", {"fork grandchild"})
                 .thread("grandchild", {})
                 .thread("tracker", {"kevent add proc parent track"})
                 .after("knote_proc_fork_track.init_kntrack", "set kntrack.kn_fop, NULL")),
      broken("NoHashAllocated", "KASSERT(fdp->fd_knhashmask != 0)", "knote_proc_fork_track",
             fork_and_read().drop("kqueue_register_locked.hashinit")),
      broken(
          "HashMaskWithoutAHash", "KASSERT(fdp->fd_knhash != NULL)", "knote_proc_fork_track",
          fork_and_read().replace("kqueue_register_locked.hashinit", "set fdp.fd_knhashmask, 1")),
      broken("ForkWithoutAnLwp", "KASSERT(p2->p_nrlwps == 1)", "fork1",
             fork_and_wait().replace("fork1.lwp_create", "set p2.p_nlwps, 1")),
      broken("ForkOfALiveProcess", "KASSERT(p->p_stat == SIDL)", "proc_alloc",
             fork_and_wait().replace("proc_alloc.set_SIDL", "set p2.p_stat, SACTIVE")),
      broken("ExecWithTwoLwps", "KASSERT(p->p_nlwps == 1)", "execve_runproc",
             ScenarioText()
                 .thread("parent", {"fork child"})
                 .thread("child", {"exec"})
                 .after("fork1.lwp_create", "set p2.p_nlwps, 2")),
  };
}

std::vector<Broken> of_exit() {
  return {
      broken("ExitWithoutPLock", "KASSERT(mutex_owned(p->p_lock))", "exit1",
             exit_and_read().drop("exit 3.mutex_enter_p_lock")),
      broken("PostingExitWithoutPLock", "KASSERT(mutex_owned(p->p_lock))", "knote_proc_exit",
             exit_and_read().drop("exit1.mutex_enter_p_lock")),
      broken("AnotherProcessKnoteOnTheList", "KASSERT(kn->kn_obj == p)", "knote_proc_exit",
             fork_and_read().after("knote_proc_fork_track.init_kntrack", "set kntrack.kn_obj, p1")),
      broken("ReapingWithoutProcLock", "KASSERT(mutex_owned(&proc_lock))", "proc_free",
             fork_and_wait().before("do_sys_wait.proc_free", "mutex_exit proc_lock")),
      // The counts of the living differ from those of a zombie, so that they are kept apart here.
      broken("ReapingTheLiving", "KASSERT(p->p_stat == SZOMB)", "proc_free",
             fork_and_wait()
                 .replace("do_sys_wait.test_SZOMB", "condition child != none")
                 .drop("proc_free.assert_p_nlwps")
                 .drop("proc_free.assert_p_nzlwps")
                 .drop("proc_free.assert_p_nrlwps")),
      broken("WaitingWithoutProcLock", "KASSERT(mutex_owned(&proc_lock))", "do_sys_wait",
             fork_and_wait().drop("do_sys_wait.mutex_enter_proc_lock")),
      broken("OrphansWithoutProcLock", "KASSERT(mutex_owned(&proc_lock))", "exit1",
             ScenarioText()
                 .thread("parent", {"fork child", "exit 1"})
                 .thread("child", {})
                 .drop("exit1.mutex_enter_proc_lock")),
      broken("ExitWithTwoLwps", "KASSERT(p->p_nlwps == 1)", "exit1",
             fork_and_wait().after("fork1.lwp_create", "set p2.p_nlwps, 2")),
      broken("ExitWithoutRunning", "KASSERT(p->p_nrlwps == 1)", "exit1",
             fork_and_wait().after("fork1.set_SACTIVE", "set p2.p_nrlwps, 0")),
      broken("ReapingTwoLwps", "KASSERT(p->p_nlwps == 1)", "proc_free",
             fork_and_wait().after("exit1.set_SZOMB", "set p.p_nlwps, 2")),
      broken("TheLwpIsNoZombie", "KASSERT(p->p_nzlwps == 1)", "proc_free",
             fork_and_wait().replace("exit1.set_SZOMB", "set p.p_stat, SZOMB")),
      broken("TheZombieStillRuns", "KASSERT(p->p_nrlwps == 0)", "proc_free",
             fork_and_wait().after("exit1.set_SZOMB", "set p.p_nrlwps, 1")),
      broken("NoFilterAtExit", has_proc_filtops, "knote_proc_exit",
             ScenarioText()
                 .thread("parent", {"fork child"})
                 .thread("child", {"exit 1"})
                 .thread("tracker", {"kevent add proc parent track"})
                 .after("knote_proc_fork_track.init_kntrack", "set kntrack.kn_fop, NULL")),
  };
}

std::vector<Broken> of_delete() {
  return {
      broken("DeleteDoesNotWaitForTheFlux", not_in_flux, "kqueue_register_delete",
             fork_and_delete().drop("kqueue_register_delete.wait_flux")),
      broken("DeleteWithoutKqLock", kq_lock_owned, "kqueue_register_delete",
             fork_and_delete().drop("kqueue_register_delete.mutex_spin_enter_kq_lock")),
      broken("DetachWithoutFdLock", fd_lock_owned, "knote_detach",
             fork_and_delete().drop("kqueue_register_delete.mutex_enter_fd_lock")),
      broken("DetachWithoutKqLock", kq_lock_owned, "knote_detach",
             fork_and_delete().drop("knote_detach.mutex_spin_enter_kq_lock")),
      broken(
          "DetachWithoutFilter", has_fop, "knote_detach",
          fork_and_delete().before("kqueue_register_delete.knote_detach", "set kn.kn_fop, NULL")),
      broken("DetachOfAKnoteThatLosesItsFilter", has_fop, "filter_detach",
             fork_and_delete().before("knote_detach.filter_detach", "set kn.kn_fop, NULL")),
      broken("RegisteringWithoutFilter", has_fop, "kqueue_register_locked",
             fork_and_delete().after("kqueue_register_locked.init_kn", "set kn.kn_fop, NULL")),
      broken(
          "AttachingWithoutFilter", has_fop, "filter_attach",
          fork_and_delete().before("kqueue_register_locked.filter_attach", "set kn.kn_fop, NULL")),
      broken("DetachWithoutClaim", "KASSERT((kn->kn_status & KN_WILLDETACH) != 0)", "knote_detach",
             fork_and_delete().drop("kqueue_register_delete.set_KN_WILLDETACH")),
      broken("DetachInFlux", not_in_flux, "knote_detach",
             fork_and_delete().replace("kqueue_register_delete.test_in_flux",
                                       "mutex_spin_exit kn.kn_kq.kq_lock")),
      broken("QueuedButNotCounted", "KASSERT(KQ_COUNT(kq) != 0)", "knote_detach",
             fork_and_delete().before("knote_detach.kassert_3", "set kq.kq_count, 0")),
      broken("TooManyKnotesQueued", "KASSERT(KQ_COUNT(kq) < KQ_MAXCOUNT)", "knote_activate_locked",
             fork_and_read().before("knote_activate_locked.if",
                                    "set kn.kn_kq.kq_count, 6")), // two for each of three knotes
      broken(
          "TooManyKnotesQueuedAgain", "KASSERT(KQ_COUNT(kq) < KQ_MAXCOUNT)", "knote_enqueue",
          ScenarioText()
              .thread("parent", {"kevent add proc parent fork", "kevent disable proc parent fork",
                                 "fork child", "kevent enable proc parent fork"})
              .thread("child", {})
              .bound("knotes", 3)
              .before("knote_enqueue.if", "set kn.kn_kq.kq_count, 6")),
      broken("WaitingForTheFluxWithoutKqLock", kq_lock_owned, "kn_wait_flux",
             fork_and_delete().before("kqueue_register_delete.wait_flux",
                                      "mutex_spin_exit kn.kn_kq.kq_lock")),
      broken("RegisteringWithoutFdLock", fd_lock_owned, "kqueue_register_locked",
             fork_and_delete().drop("kqueue_register.mutex_enter_fd_lock")),
      broken("FailedAttachWithoutKqLock", kq_lock_owned, "kqueue_register_locked",
             fork_and_wait().drop("kqueue_register_locked.mutex_spin_enter_kq_lock")),
      // Nobody else can reach a knote that was never attached, so the flux has to be planted.
      broken(
          "FailedAttachInFlux", not_in_flux, "kqueue_register_locked",
          fork_and_wait().after("kqueue_register_locked.set_KN_WILLDETACH", "set kn.kn_influx, 1")),
  };
}

std::vector<Broken> of_close() {
  const auto close_with_a_second_thread = [](const std::vector<std::string>& calls) {
    return two_trackers({"kevent add proc parent exit,track", "close kq"}, calls);
  };
  const ScenarioText owner_exits =
      ScenarioText().thread("parent", {"kevent add proc parent exit", "exit 1"});
  return {
      broken("CloseWithoutFdLock", fd_lock_owned, "kqueue_doclose",
             fork_and_close().drop("kqueue_close.mutex_enter_fd_lock")),
      broken(
          "QuiesceWithoutFdLock", fd_lock_owned, "knote_detach_quiesce",
          fork_and_close().before("kqueue_doclose.knote_detach_quiesce", "mutex_exit fdp.fd_lock")),
      broken("QuiesceWithoutKqLock", kq_lock_owned, "knote_detach_quiesce",
             fork_and_close().drop("knote_detach_quiesce.mutex_spin_enter_kq_lock")),
      // A close waits for all calls on its kqueue, so that nobody else claims its knotes.
      broken("QuiesceOfSomebodyElsesKnote",
             "KASSERT((kn->kn_status & KN_WILLDETACH) == 0 || kn->kn_kevent.udata == curlwp)",
             "knote_detach_quiesce",
             fork_and_close().after("knote_detach_quiesce.test_KN_WILLDETACH",
                                    "set kn.kn_status, KN_WILLDETACH")),
      broken("QuiesceOfTheOwnKnoteInFlux",
             "KASSERT((kn->kn_status & KN_WILLDETACH) == 0 || kn_in_flux(kn) == false)",
             "knote_detach_quiesce",
             fork_and_close()
                 .drop("knote_detach_quiesce.wait_flux")
                 .drop("knote_detach_quiesce.kassert_4")),
      broken("QuiesceDoesNotWaitForTheFlux", not_in_flux, "knote_detach_quiesce",
             fork_and_close().drop("knote_detach_quiesce.wait_flux")),
      broken("ClosedWithAKnoteQueued", "KASSERT(TAILQ_EMPTY(&kq->kq_head))", "kqueue_close",
             fork_and_close().drop("knote_proc_fork_track.test_KQ_CLOSING", "nothing")),
      broken("ClosedWithAWrongCount", "KASSERT(KQ_COUNT(kq) == 0)", "kqueue_close",
             fork_and_close().before("kqueue_close.assert_KQ_COUNT", "set kq.kq_count, 1")),
      broken("ClosedByAProcessWithAnotherTable", "KASSERT(kq->kq_fdp == curlwp->l_fd)",
             "kqueue_close",
             fork_and_close().before("kqueue_close.assert_kq_fdp", "set curlwp.l_fd, none")),
      broken("RegisteringOnAKqueueThatCloses", "KASSERT((kq->kq_count & KQ_CLOSING) == 0)",
             "kqueue_register_locked",
             close_with_a_second_thread({"kevent delete proc parent"}).drop("fd_close.while")),
      broken("PuttingAReferenceThatNobodyHas", "KASSERT((ff->ff_refcnt & FR_MASK) > 0)",
             "fd_putfile",
             close_with_a_second_thread({"kevent wait poll"})
                 .before("fd_putfile.assert_ff_refcnt", "set ff.ff_refcnt, 0")),
      broken("JoiningACloseWithoutAReference", "KASSERT((ff->ff_refcnt & FR_MASK) > 0)",
             "fd_close_join",
             close_with_a_second_thread({"kevent wait poll"})
                 .before("fd_close_join.assert_ff_refcnt", "set ff.ff_refcnt, 0")),
      broken("OpenAndClosing", "KASSERT((ff->ff_refcnt & FR_CLOSING) == 0)", "fd_close",
             close_with_a_second_thread({"kevent wait poll"})
                 .before("fd_close.assert_not_closing", "set ff.FR_CLOSING, true")),
      broken("UsedAfterTheOwnerExited", "KASSERT(ff->ff_refcnt == 0)", "fd_free",
             owner_exits.before("fd_free.assert_ff_refcnt", "set ff.ff_refcnt, 1")),
      broken("OpenAfterTheOwnerExited", "KASSERT(ff->ff_file == NULL)", "fd_free",
             owner_exits.before("fd_free.assert_ff_file", "set ff.ff_file, true")),
  };
}

std::vector<Broken> of_scan() {
  const ScenarioText two_forks =
      ScenarioText()
          .thread("parent", {"fork child", "fork second"})
          .thread("child", {})
          .thread("second", {})
          .thread("watcher", {"kevent add proc parent fork", "kevent wait"});
  const ScenarioText two_forks_oneshot =
      ScenarioText()
          .thread("parent", {"fork child", "fork second"})
          .thread("child", {})
          .thread("second", {})
          .thread("watcher", {"kevent add proc parent fork,track oneshot", "kevent wait 2"});
  const ScenarioText delete_and_scan =
      ScenarioText()
          .process("parent", {"forker", "reader", "deleter"})
          .thread("forker", {"kevent add proc parent fork,track", "fork child", "fork second"})
          .thread("child", {})
          .thread("second", {})
          .thread("reader", {"kevent wait 2 poll"})
          .thread("deleter", {"kevent delete proc parent"});
  return {
      broken("SteppingBackFromAnythingAtAll", "KASSERT(kn->kn_status & KN_WILLDETACH)",
             "kqueue_scan",
             fork_and_read().replace("kqueue_scan.test_foreign", "condition kn != none")),
      broken("BusyKnoteOnTheQueue", "KASSERT((kn->kn_status & KN_BUSY) == 0)", "kqueue_scan",
             two_forks.drop("kqueue_scan.queued_again")),
      broken("ScanWithoutKqLock", kq_lock_owned, "kqueue_scan",
             fork_and_read().drop("kqueue_scan.mutex_spin_enter_kq_lock_2")),
      broken("FilterWithAHint", "KASSERT((hint & (NOTE_EXEC|NOTE_EXIT|NOTE_FORK)) == 0)",
             "filt_proc",
             fork_and_read().before("kqueue_scan.filter_event", "set hint, NOTE_FORK")),
      broken("EventWithoutFilter", has_fop, "filter_event",
             fork_and_read().before("kqueue_scan.filter_event", "set kn.kn_fop, NULL")),
      broken("CollectingWithoutFilter", has_fop, "kqueue_scan",
             fork_and_read().before("kqueue_scan.assert_kn_fop", "set kn.kn_fop, NULL")),
      broken("FilterWithoutFdLock", fd_lock_owned, "kqueue_scan",
             fork_and_read().drop("kqueue_scan.mutex_enter_fd_lock")),
      broken("CollectingAKnoteThatWillBeDetached", "KASSERT((kn->kn_status & KN_WILLDETACH) == 0)",
             "kqueue_scan", delete_and_scan.drop("kqueue_scan.test_foreign", "nothing")),
      broken("OneshotKnoteInFlux", not_in_flux, "kqueue_scan",
             two_forks_oneshot.drop("kqueue_scan.test_foreign", "nothing")),
      broken("OneshotKnoteThatIsNotClaimed",
             "KASSERT((kn->kn_status & KN_WILLDETACH) != 0 && kn->kn_kevent.udata == curlwp)",
             "kqueue_scan", exit_and_read().drop("kqueue_scan.set_KN_WILLDETACH")),
      // Markers are on no list of a process and on no hash, so they have to be planted.
      broken("DetachingAMarker1128", "KASSERT((kn->kn_status & KN_MARKER) == 0)", "knote_detach",
             fork_and_delete(before_change)
                 .before("kqueue_register_delete.knote_detach", "set kn.kn_status, KN_MARKER")),
      broken("ActivatingAMarker", "KASSERT((kn->kn_status & KN_MARKER) == 0)",
             "knote_activate_locked",
             fork_and_read().before("knote_proc_fork.knote_activate_locked",
                                    "set kn.kn_status, KN_MARKER")),
      broken(
          "EnqueueingAMarker", "KASSERT((kn->kn_status & KN_MARKER) == 0)", "knote_enqueue",
          ScenarioText()
              .thread("parent", {})
              .thread("watcher", {"kevent add proc parent exit", "kevent enable proc parent exit"})
              .before("knote_enqueue.kassert", "set kn.kn_status, KN_MARKER")),
  };
}

std::vector<Broken> all_of_them() {
  std::vector<Broken> all;
  for (const auto& some : {of_fork(), of_exit(), of_delete(), of_close(), of_scan()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

INSTANTIATE_TEST_SUITE_P(Kassert, BrokenKernel, testing::ValuesIn(all_of_them()), name_of);

// "PATH: MESSAGE" of every KASSERT in a block.
void collect(const lang::Block& block, const std::string& path, std::set<std::string>& found) {
  for (const std::shared_ptr<lang::Statement>& statement : block) {
    if (statement->kind == lang::StatementKind::check && statement->check.property == "kassert")
      found.insert(path + ": " + statement->check.message);
    for (const lang::Block& inner : statement->blocks)
      collect(inner, statement->kind == lang::StatementKind::call ? statement->path : path, found);
  }
}

// "PATH: MESSAGE" of every KASSERT of a revision.
std::set<std::string> present_in(const std::string& revision) {
  ScenarioText everything =
      ScenarioText(revision)
          .thread("parent", {"fork child", "wait4"})
          .thread("child", {"exec", "exit 1"})
          .thread("tracker", {"kevent add proc parent exit,fork,track oneshot",
                              "kevent disable proc parent exit", "kevent enable proc parent exit",
                              "kevent delete proc parent", "kevent wait", "close kq", "exit 0"})
          .environment("authorization-denied");
  if (revision == after_change) // 1.128 waits for memory
    everything = everything.environment("allocation-fails");
  const systems::BuiltSpec built = systems::build(everything.scenario());
  std::set<std::string> present;
  for (lang::ThreadId thread = 0; thread < built.spec->thread_count(); ++thread)
    collect(built.spec->body(thread), "", present);
  return present;
}

TEST(Kassert, EachHasAKernelThatViolatesIt) {
  std::set<std::string> violated;
  for (const Broken& broken : all_of_them())
    violated.insert(broken.path + ": " + broken.message);
  std::set<std::string> present = present_in(after_change);
  present.merge(present_in(before_change));
  EXPECT_EQ(violated, present);
}

} // namespace
} // namespace interlock::tests
