// Facts of the kernels, as statements about single states of single paths.  A fact is a `check`
// that a patch plants before a step.
#include "support/broken.hpp"
#include "support/facts.hpp"

#include <map>

namespace interlock::tests {
namespace {

// A state in which the thread of that label can take the step and the condition holds, or none.
struct Reached {
  Checked checked;
  lang::State state;

  std::string value(const std::string& slot) const {
    for (std::uint32_t i = 0; i < checked.spec().slot_count(); ++i)
      if (checked.spec().slot_name(i) == slot)
        return lang::format_value(checked.spec().slot_type(i), state[i]);
    return "there is no slot " + slot;
  }
};

Reached reach(const ScenarioText& scenario, const std::string& label,
              const std::string& condition) {
  Reached reached{check(scenario.property("assertion").before(label, "check !(" + condition + ")")),
                  {}};
  if (reached.checked.result.trace)
    reached.state = lang::follow(reached.checked.spec(), *reached.checked.result.trace).back();
  EXPECT_FALSE(reached.state.empty()) << "never reached: " << label << " with " << condition;
  return reached;
}

// --- 1.129: NOTE_TRACK ---

TEST(TrackedChild, HasTheKnoteOfNoteChildFirstInItsBucket) {
  const Reached reached =
      reach(fork_and_read("exit,track"), "knote_proc_fork_track.knote_activate", "okn != none");
  const std::string bucket = "fd.watcher.fd_knhash[child].knotes";
  const std::string first = reached.value(bucket + "[0]");
  const std::string second = reached.value(bucket + "[1]");
  EXPECT_EQ(reached.value(bucket + ".size"), "2");
  EXPECT_EQ(reached.value(first + ".kn_fflags"), "NOTE_CHILD");
  EXPECT_EQ(reached.value(first + ".kn_data"), "pid(parent)");
  EXPECT_EQ(reached.value(first + ".kn_status"), "KN_DETACHED");
  EXPECT_EQ(reached.value(first + ".kn_flags"), "EV_ONESHOT|EV_CLEAR");
  EXPECT_EQ(reached.value(second + ".kn_sfflags"), "NOTE_EXIT|NOTE_TRACK");
  EXPECT_EQ(reached.value(second + ".kn_fflags"), "0");
  // Only the tracking knote is on the child's list.
  EXPECT_EQ(reached.value(reached.value(second + ".kn_obj") + ".p_klist[0]"), second);
}

TEST(TrackedChild, IsNotFoundByPidBeforeItRuns) {
  // Nobody but its parent touches the child's list while it is SIDL.
  expect_always(fork_and_read("exit,track"), "knote_proc_fork_track.insert_p_klist",
                "p2.p_stat == SIDL && size(p2.p_klist) == 0");
  // EV_ADD for a process whose pid is taken and that is SIDL fails with ESRCH.
  expect_either(fork_and_wait(), "filt_procattach.return_ESRCH", "kn.kn_id.proc == none");
}

TEST(TrackingAFork, DropsItsLocksWithTheKnoteInFluxAndTakesThemAgain) {
  const std::string path = "knote_proc_fork_track.";
  expect_always(fork_and_delete(), path + "copy_udata",
                "okn.kn_influx > 0 && p1.p_lock.owner != self && okn.kn_kq.kq_lock.owner != self");
  expect_always(fork_and_delete(), path + "leave_flux",
                "p1.p_lock.owner == self && okn.kn_kq.kq_lock.owner == self");
  // The forking thread takes the tracker's fd_lock before the child's p_lock.
  expect_always(fork_and_delete(), path + "mutex_enter_p_lock",
                "okn.kn_kq.kq_fdp.fd_lock.owner == self && p2.p_lock.owner == none");
}

TEST(Fork, DropsProcLockOnlyAroundPostingItsKnotes) {
  expect_always(fork_and_read(), "knote_proc_fork.mutex_enter_p_lock", "proc_lock.owner != self");
  for (const std::string step : {"insert_p_children", "set_SACTIVE", "sched_enqueue"})
    expect_always(fork_and_read(), "fork1." + step, "proc_lock.owner == self");
  // Without a knote on the list it is not dropped at all.
  const ScenarioText unwatched = ScenarioText()
                                     .thread("parent", {"fork child"})
                                     .thread("child", {})
                                     .thread("watcher", {"kevent wait poll"})
                                     .property("assertion");
  EXPECT_EQ(
      check(unwatched.before("fork1.mutex_exit_proc_lock", "check proc_lock == none")).verdict(),
      "holds");
}

TEST(Delete, OfAKnoteInFluxSleepsUntilTheForkIsThrough) {
  expect_always(fork_and_delete(), "knote_detach.remove_from_fd_knhash", "kn.kn_influx == 0");
  expect_either(fork_and_delete(), "kqueue_register_delete.set_KN_WILLDETACH", "kn.kn_influx == 0");
  // The claim leaves its mark in udata.
  expect_always(fork_and_delete(), "kqueue_register_delete.test_in_flux",
                "kn.udata == lwp(tracker)");
}

TEST(Enable, QueuesWhatBecameActiveWhileItWasDisabled) {
  const ScenarioText scenario =
      ScenarioText()
          .thread("parent", {"fork child"})
          .thread("child", {})
          .thread("watcher", {"kevent add proc parent fork", "kevent disable proc parent fork",
                              "kevent enable proc parent fork", "kevent loop"});
  EXPECT_EQ(check(scenario).verdict(), "holds");
  expect_always(scenario, "knote_enqueue.queue",
                "(kn.kn_status & KN_ACTIVE) != 0 && (kn.kn_status & KN_DISABLED) == 0");
  // Without it the event is lost.
  EXPECT_EQ(
      check(scenario.property("kevent-contract").drop("knote_enqueue.if", "nothing")).verdict(),
      "kevent-contract/delivery: NOTE_FORK of parent was promised on kq and never delivered");
}

// --- exit ---

TEST(Exit, LeavesTheWaitStatusInTheKnoteAndTakesItOffTheList) {
  for (const char* revision : {before_change, after_change}) {
    SCOPED_TRACE(revision);
    const ScenarioText scenario = exit_and_read("exit", revision);
    // Whoever reads it later needs no process: it is KN_DETACHED.
    expect_always(scenario, "kqueue_scan.copy_kn_kevent",
                  "kn.kn_data == status(3) && (kn.kn_status & KN_DETACHED) != 0 && "
                  "(kn.kn_flags & EV_ONESHOT) != 0");
  }
  // 1.129 posts when nobody can attach any more, 1.128 before.
  expect_always(exit_and_read(), "knote_proc_exit.set_kn_data", "p.p_stat == SDEAD");
  expect_always(exit_and_read("exit", before_change), "filt_proc_exit.set_kn_data",
                "kn.kn_obj.p_stat == SDYING");
}

TEST(Exit, MeetsNoKnoteInFlux) {
  expect_always(fork_and_read(), "knote_proc_exit.set_kn_data", "kn.kn_influx == 0");
}

TEST(Exit, EitherRefusesALateEvAddOrNotifiesIt) {
  // EV_ADD may put its knote on the list of a process that is dying.
  expect_either(exit_and_read(), "filt_procattach.insert_p_klist", "p.p_stat == SACTIVE");
  expect_always(exit_and_read(), "filt_procattach.return_ESRCH",
                "kn.kn_id.proc == none || kn.kn_id.proc.p_stat != SACTIVE");
  EXPECT_EQ(check(exit_and_read().property("kevent-contract")).verdict(), "holds");
  // Never on that of one whose exit has been posted.
  expect_always(exit_and_read(), "filt_procattach.insert_p_klist",
                "p.p_stat == SACTIVE || p.p_stat == SDYING || p.p_stat == SDEAD");
}

TEST(Wait, FreesTheProcessAndItsSlotIsUsedAgain) {
  // Three processes one after the other, in two slots.
  const ScenarioText scenario =
      ScenarioText()
          .thread("parent", {"fork first", "wait4", "fork second", "wait4", "kevent wait poll"})
          .thread("first", {"exit 1"})
          .thread("second", {"exit 2"})
          .bound("procs", 2);
  EXPECT_EQ(check(scenario).verdict(), "holds");
  expect_always(scenario, "fork second > fork1 > proc_alloc.enter_pid_table", "p2 == proc1");
  expect_always(scenario, "fork first > fork1 > proc_alloc.enter_pid_table", "p2 == proc1");
  expect_always(scenario, "do_sys_wait.return_0", "!allocated(proc1)");
}

TEST(Wait, ATooSmallTableOfProcessesIsNoVerdictOnTheKernel) {
  const ScenarioText both = ScenarioText()
                                .thread("parent", {"fork first", "fork second", "kevent wait poll"})
                                .thread("first", {})
                                .thread("second", {})
                                .bound("procs", 2);
  EXPECT_TRUE(check(both).verdict().starts_with("bounds: all 2 proc objects are in use"));
}

// --- 1.128: KERNEL_LOCK ---

TEST(KernelLock, IsGivenUpWhileItsHolderSleepsOnAMutex) {
  // fork and EV_ADD meet at proc_lock, and EV_ADD comes with KERNEL_LOCK.
  const ScenarioText scenario = fork_and_wait(before_change).property("lock-not-held");
  const Checked checked = check(scenario);
  EXPECT_EQ(checked.verdict(), "holds");
  std::map<std::string, std::uint64_t> taken;
  for (lang::ActionId id = 0; id < checked.spec().actions().size(); ++id)
    taken[checked.spec().actions()[id].label] += checked.result.statistics.action_counts[id];
  const std::string enter = "filt_procattach.mutex_enter_proc_lock";
  for (const std::string step : {"", ".block", ".sleep", ".kernel_lock"})
    EXPECT_GT(taken[enter + step], 0U) << step;
  // With the mutex the thread has KERNEL_LOCK again.
  expect_always(fork_and_wait(before_change), "filt_procattach.proc_find",
                "proc_lock.owner == self && KERNEL_LOCK.owner == self");
}

TEST(KernelLock, DoesNotProtectTheListThatKnoteWalks) {
  // 1.128: an element is removed from the list while fork walks it with no lock of the list.
  EXPECT_TRUE(check(fork_and_delete(before_change).property("use-after-free"))
                  .verdict()
                  .starts_with("use-after-free: "));
}

// --- kqueue_scan ---

TEST(TwoReaders, WaitForEachOthersMarkers) {
  const ScenarioText scenario =
      ScenarioText()
          .process("tracker", {"reader1", "reader2"})
          .thread("parent", {"exit 3"})
          .thread("reader1", {"kevent add proc parent exit", "kevent wait poll"})
          .thread("reader2", {"kevent wait poll"});
  EXPECT_EQ(check(scenario).verdict(), "holds");
  const Reached reached =
      reach(scenario, "reader1 > kevent wait poll > kqueue_scan.KQ_FLUX_WAIT_kq_cv",
            "kn == marker.reader2");
  EXPECT_EQ(reached.value("marker.reader2.kn_status"), "KN_MARKER");
  EXPECT_EQ(reached.value("kq.kq_head[0]"), "marker.reader2");
}

} // namespace
} // namespace interlock::tests
