// FreeBSD: every assertion of the modelled code can fail, and so can what the primitives demand.
#include "support/broken.hpp"
#include "support/freebsd.hpp"

#include <set>

namespace interlock::tests::freebsd {
namespace {

Broken broken(const std::string& name, const std::string& message, const std::string& path,
              const ScenarioText& kernel) {
  return {name, "kassert", message, path, kernel};
}

std::vector<Broken> of_lists() {
  return {
      broken("ActivatingWithoutKqLock", "mtx_assert(&(kn)->kn_kq->kq_lock, MA_OWNED)",
             "KNOTE_ACTIVATE", track().drop("filt_procattach.mtx_lock_kq_lock")),
      broken("DroppingWithKqLock", "KQ_NOTOWNED(kq)", "knote_drop",
             track().before("kqueue_scan.knote_drop_2", "mtx_lock kn.kn_kq.kq_lock")),
      broken("DroppingOutOfFlux", "KASSERT((kn->kn_status & KN_INFLUX) == KN_INFLUX)", "knote_drop",
             track().before("kqueue_scan.test_KN_DETACHED_2", "set kn.kn_status, KN_DETACHED")),
      broken("AddingWithoutListLock", "KNL_ASSERT_LOCK(knl, 1)", "knlist_add",
             delete_own().before("filt_procattach.knlist_add", "mtx_unlock p.p_mtx")),
      broken("AddingWithKqLock", "KQ_NOTOWNED(kn->kn_kq)", "knlist_add",
             delete_own().before("filt_procattach.knlist_add", "mtx_lock kn.kn_kq.kq_lock")),
      broken("AddingWhatIsOnAList", "KASSERT(knote is KN_INFLUX and KN_DETACHED)", "knlist_add",
             delete_own().before("filt_procattach.knlist_add", "set kn.kn_status, KN_INFLUX")),
      broken("RemovingWithListLock", "KNL_ASSERT_LOCK(knl, 0)", "knlist_remove",
             delete_own().before("filt_procdetach.knlist_remove", "mtx_lock p.p_mtx")),
      broken("RemovingWithKqLock", "mtx_assert(&kn->kn_kq->kq_lock, MA_NOTOWNED)", "knlist_remove",
             delete_own().before("filt_procdetach.knlist_remove", "mtx_lock kn.kn_kq.kq_lock")),
      broken("RemovingOutOfFlux",
             "KASSERT(knlist_remove called with the knote KN_INFLUX and not removed)",
             "knlist_remove", delete_own().drop("kqueue_register_change.set_KN_INFLUX")),
      broken("RemovingInEventWithoutListLock", "KNL_ASSERT_LOCK(knl, 1)", "knlist_remove_inevent",
             exit_watched().before("filt_proc.knlist_remove_inevent", "mtx_unlock p.p_mtx")),
      broken(
          "RemovingInEventWithoutKqLock", "mtx_assert(&kn->kn_kq->kq_lock, MA_OWNED)",
          "knlist_remove_inevent",
          exit_watched().before("filt_proc.knlist_remove_inevent", "mtx_unlock kn.kn_kq.kq_lock")),
      broken("ClearingWithoutListLock", "KNL_ASSERT_LOCKED(knl)", "knlist_clear",
             exit_watched().before("exit1.knlist_clear", "mtx_unlock p.p_mtx")),
      // The lock of the list is held, so the flag has to be taken away.
      broken("ClearingWaitsForAKnoteOutOfFlux", "KASSERT(kn->kn_status & KN_INFLUX)",
             "knlist_clear",
             exit_watched()
                 .after("knlist_clear.mtx_lock_kq_lock_2", "set kn.kn_status, KN_ACTIVE")
                 .drop("kqueue_register_change.clear_KN_INFLUX")),
      broken("ClearedWithoutListLock", "KNL_ASSERT_LOCKED(knl), at the end", "exit1",
             exit_watched().before("knlist_clear.kassert_3", "mtx_unlock p.p_mtx")),
  };
}

std::vector<Broken> of_queues() {
  return {
      broken("EnqueueingWithoutKqLock", "KQ_OWNED(kn->kn_kq)", "knote_enqueue",
             track().before("KNOTE_ACTIVATE.knote_enqueue", "mtx_unlock kn.kn_kq.kq_lock")),
      broken("EnqueueingTwice", "KASSERT((kn->kn_status & KN_QUEUED) == 0)", "knote_enqueue",
             track().before("KNOTE_ACTIVATE.knote_enqueue", "set kn.kn_status, KN_QUEUED")),
      broken("WakingWithoutKqLock", "kqueue_wakeup: KQ_OWNED(kq)", "knote_enqueue",
             track().after("knote_enqueue.enqueue", "mtx_unlock kn.kn_kq.kq_lock")),
      broken("DequeueingWithoutKqLock", "knote_dequeue: KQ_OWNED(kn->kn_kq)", "knote_drop",
             delete_queued().before("knote_drop.kassert_3", "mtx_unlock kn.kn_kq.kq_lock")),
      broken("DequeueingWhatIsNotQueued", "KASSERT(knote_dequeue: kn->kn_status & KN_QUEUED)",
             "knote_drop",
             delete_queued().before("knote_drop.kassert_4", "set kn.kn_status, KN_INFLUX")),
      broken("ExpandedWithKqLock", "kqueue_expand: KQ_NOTOWNED(kq), at the end",
             "kqueue_register_change",
             delete_own().before("kqueue_register_change.kassert_2", "mtx_lock kq.kq_lock")),
      broken(
          "AttachingOutOfFlux", "KASSERT(knote_attach: kn->kn_status & KN_INFLUX)",
          "kqueue_register_change",
          delete_own().before("kqueue_register_change.kassert_3", "set kn.kn_status, KN_DETACHED")),
      broken("AttachingWithoutKqLock", "knote_attach: KQ_OWNED(kq)", "kqueue_register_change",
             delete_own().before("kqueue_register_change.kassert_4", "mtx_unlock kq.kq_lock")),
      broken("ScanningWithoutKqLock", "KQ_OWNED(kq)", "kqueue_scan",
             exit_watched().before("kqueue_scan.kassert", "mtx_unlock kq.kq_lock")),
      broken("ScannedWithoutKqLock", "KQ_OWNED(kq), at done", "kqueue_scan",
             exit_watched().before("kqueue_scan.kassert_3", "mtx_unlock kq.kq_lock")),
      broken("ScannedWithKqLock", "KQ_NOTOWNED(kq), at done_nl", "kevent loop",
             exit_watched().before("kqueue_scan.kassert_4", "mtx_lock kq.kq_lock")),
  };
}

std::vector<Broken> of_processes() {
  return {
      broken("ReparentingWithoutTheTree", "sx_assert(&proctree_lock, SX_XLOCKED)", "proc_reparent",
             leave_child().before("exit1.proc_reparent", "sx_xunlock proctree_lock")),
      broken("ReapingWithoutTheTree", "sx_assert(&proctree_lock, SA_XLOCKED)", "proc_to_reap",
             reap().before("kern_wait.proc_to_reap", "sx_xunlock proctree_lock")),
      broken("ForkingWithoutTheTree", "sx_assert(&proctree_lock, SX_SLOCKED)", "do_fork",
             leave_child().before("fork1.do_fork", "sx_sunlock proctree_lock")),
      broken("ForkingWithoutAllproc", "sx_assert(&allproc_lock, SX_XLOCKED)", "do_fork",
             leave_child().before("fork1.do_fork", "sx_xunlock allproc_lock")),
      broken("FindingWithoutAllproc", "pfind_locked: sx_assert(&allproc_lock, SX_LOCKED)", "pfind",
             delete_own().drop("pfind.sx_slock_allproc_lock")),
      broken("FindingAZombieWithoutAllproc", "zpfind_locked: sx_assert(&allproc_lock, SX_LOCKED)",
             "zpfind", reap_watched().drop("zpfind.sx_slock_allproc_lock")),
  };
}

std::vector<Broken> of_paths() {
  // Before 7054ee4e38, where nothing is tracked.
  const ScenarioText old = kernel("kqueue-2008-06")
                               .thread("parent", {"kevent add proc parent fork", "fork child"})
                               .thread("child", {});
  return {
      broken("ExitWithoutListLock", "KNL_ASSERT_LOCK(list, 1)", "knote",
             exit_watched().drop("exit1.mtx_lock_p_mtx_3")),
      broken("ForkWithoutListLock", "KNL_ASSERT_LOCK(list, 1)", "knote",
             old.drop("do_fork.mtx_lock_p_mtx_5")),
      broken("RegisteringWithKqLock", "kqueue_expand: KQ_NOTOWNED(kq)", "kqueue_register_change",
             delete_own().before("kqueue_register.kqueue_register_change", "mtx_lock kq.kq_lock")),
      broken("ScanningAKnoteInFlux", "KASSERT((kn->kn_status & KN_INFLUX) == 0)", "kqueue_scan",
             exit_watched().after("kqueue_scan.remove_kq_head",
                                  "set kn.kn_status, KN_INFLUX|KN_QUEUED")),
      broken("SleepingWithTheInterlockTakenTwice", "mtx_assert(kq_lock, MA_OWNED | MA_NOTRECURSED)",
             "kqueue_scan",
             exit_watched().before("kqueue_scan.mtx_lock_kq_lock", "mtx_lock kq.kq_lock")),
      broken("ReparentingWithoutTheChild", "PROC_LOCK_ASSERT(child, MA_OWNED)", "proc_reparent",
             leave_child().drop("exit1.mtx_lock_p_mtx_2")),
      broken("ReapingWithoutTheChild", "PROC_LOCK_ASSERT(p, MA_OWNED)", "proc_reap",
             reap().before("proc_to_reap.proc_reap", "mtx_unlock p.p_mtx")),
      broken("ReapingALiveChild", "KASSERT(p->p_state == PRS_ZOMBIE)", "proc_reap",
             reap().replace("proc_to_reap.if", "condition p.p_state != PRS_NEW")),
  };
}

std::vector<Broken> of_primitives() {
  const auto with = [](const std::string& name, const std::string& property,
                       const std::string& message, const ScenarioText& kernel) {
    return Broken{name, property, message, "", kernel};
  };
  return {
      with("SxWithMutex", "sx-with-mutex", "sx_xlock_proctree_lock with mtx proc0.p_mtx held",
           exit_watched().after("exit1.mtx_lock_p_mtx", "sx_xlock proctree_lock")),
      with("SharedSxWithMutex", "sx-with-mutex", "sx_slock_allproc_lock with mtx",
           exit_watched().after("exit1.mtx_lock_p_mtx", "sx_slock allproc_lock")),
      with("SleepWithTheListLocked", "sleep-with-mutex", "msleep_kq with mtx proc0.p_mtx held",
           exit_while_changing("kqueue-9.1").drop("knlist_clear.mtx_unlock_p_mtx")),
      with("SleepWithAnotherMutex", "sleep-with-mutex", "msleep_proc with mtx kq.kq_lock held",
           reap().before("kern_wait.msleep_proc", "mtx_lock kq.kq_lock")),
      with("TwoInterlocksOnAChannel", "channel-interlock",
           "another thread sleeps there with another interlock than p_mtx",
           two_readers()
               .before("second > kevent wait > kqueue_scan.msleep_kq", "mtx_lock proc0.p_mtx")
               .replace("second > kevent wait > kqueue_scan.msleep_kq",
                        "msleep kq.kq, proc0.p_mtx")),
      with("Recursion", "lock-recursion", "mtx_lock_p_mtx: p_mtx is held by the caller already",
           exit_watched().drop("exit1.mtx_unlock_p_mtx")),
      with("RecursionOfSx", "lock-recursion", "sx_xlock_allproc_lock: allproc_lock is held",
           leave_child().drop("do_fork.sx_xunlock_allproc_lock")),
      with("MutexNotHeld", "lock-not-held", "mtx_unlock_p_mtx: p_mtx is not held",
           exit_watched().drop("exit1.mtx_lock_p_mtx")),
      with("SxNotHeld", "lock-not-held", "sx_xunlock_allproc_lock: allproc_lock is not held",
           exit_watched().drop("exit1.sx_xlock_allproc_lock")),
      with("SharedSxNotHeld", "lock-not-held", "sx_sunlock_proctree_lock: proctree_lock is not",
           leave_child().drop("fork1.sx_slock_proctree_lock")),
      with("InterlockNotHeld", "lock-not-held", "msleep_kq: the interlock kq_lock is not held",
           exit_watched().drop("kqueue_scan.mtx_lock_kq_lock")),
      with("MutexOnReturn", "locks-held-on-return", "a lock is held on return to user mode",
           reap().drop("kern_wait.mtx_unlock_p_mtx")),
  };
}

std::vector<Broken> of_init() {
  std::vector<Broken> cases;
  for (const char* revision : {"kqueue-9.1", newest}) {
    const std::string suffix = revision == std::string(newest) ? "" : "In91";
    const char* const sleeps = "init sleeps on proc1.proc";
    const ScenarioText told = orphan(revision)
                                  .before("exit1.wakeup_init", "mtx_lock proc1.p_mtx")
                                  .after("exit1.wakeup_init", "mtx_unlock proc1.p_mtx");
    cases.push_back(
        {"InitWokenBeforeItSleeps" + suffix, "no-deadlock", sleeps, "", orphan(revision), told});
    cases.push_back(
        {"InitNotWoken" + suffix, "no-deadlock", sleeps, "", told.drop("exit1.wakeup_init"), told});
  }
  return cases;
}

INSTANTIATE_TEST_SUITE_P(FreebsdInit, BrokenKernel, testing::ValuesIn(of_init()), name_of);
INSTANTIATE_TEST_SUITE_P(FreebsdLists, BrokenKernel, testing::ValuesIn(of_lists()), name_of);
INSTANTIATE_TEST_SUITE_P(FreebsdQueues, BrokenKernel, testing::ValuesIn(of_queues()), name_of);
INSTANTIATE_TEST_SUITE_P(FreebsdProcesses, BrokenKernel, testing::ValuesIn(of_processes()),
                         name_of);
INSTANTIATE_TEST_SUITE_P(FreebsdPaths, BrokenKernel, testing::ValuesIn(of_paths()), name_of);
INSTANTIATE_TEST_SUITE_P(FreebsdPrimitives, BrokenKernel, testing::ValuesIn(of_primitives()),
                         name_of);

// Each text of an assertion in the specification of all calls is one that a case above breaks.
TEST(FreebsdAssertions, EachHasABrokenKernel) {
  std::set<std::string> tested;
  for (const std::vector<Broken>& cases : {of_lists(), of_queues(), of_processes(), of_paths()})
    for (const Broken& broken : cases)
      tested.insert(broken.message);
  const ScenarioText everything =
      kernel()
          .process("parent", {"main", "closer"})
          .thread("main", {"kevent add proc parent track,exit", "fork child", "kevent wait",
                           "kevent delete proc parent", "wait4"})
          .thread("closer", {"close kq"})
          .thread("child", {"fork grandchild", "exit 1"})
          .thread("grandchild", {});
  for (const char* revision : {newest, "kqueue-2008-06"}) {
    const systems::BuiltSpec built = systems::build(everything.revision(revision).scenario());
    for (const lang::Action& action : built.spec->actions())
      for (const std::vector<lang::Check>& checks : {action.entry_checks, action.checks})
        for (const lang::Check& check : checks)
          if (check.property == "kassert" &&
              check.message.find("MA_NOTRECURSED") == std::string::npos) {
            EXPECT_TRUE(tested.contains(check.message)) << check.message;
          }
  }
}

} // namespace
} // namespace interlock::tests::freebsd
