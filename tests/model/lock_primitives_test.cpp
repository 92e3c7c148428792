// What the lock primitives demand of their callers can be violated: recursion, locks that are not
// held, sleeping with a spin mutex, locks on return to user mode, and deadlock.
#include "support/broken.hpp"

namespace interlock::tests {
namespace {

// The path is that of the step that fails.
std::vector<Broken> of_recursion() {
  const auto broken = [](const std::string& name, const std::string& message,
                         const ScenarioText& kernel) {
    return Broken{name, "lock-recursion", message + " is held by the caller already", "", kernel};
  };
  const ScenarioText two_changes =
      ScenarioText()
          .thread("parent", {})
          .thread("watcher", {"kevent add proc parent exit", "kevent modify proc parent exit"});
  return {
      broken("AdaptiveMutex", "mutex_enter_p_lock_2: p_lock",
             fork_and_read().drop("knote_proc_fork_track.mutex_exit_p_lock")),
      broken("AdaptiveMutexUnderKernelLock", "mutex_enter_proc_lock: proc_lock",
             fork_and_read("exit", before_change)
                 .before("filt_procattach.mutex_enter_proc_lock", "mutex_enter proc_lock")),
      broken("SpinMutex", "mutex_spin_enter_kq_lock: kq_lock",
             fork_and_read().drop("knote_proc_fork_track.mutex_spin_exit_kq_lock")),
      broken("RwlockReader", "rw_enter_kqueue_filter_lock: kqueue_filter_lock",
             two_changes.drop("kqueue_register.rw_exit_kqueue_filter_lock")),
      broken("RwlockWriter", "rw_enter_p_reflock: p_reflock",
             exit_and_read().before("exit1.rw_enter_p_reflock", "rw_enter_writer p.p_reflock")),
  };
}

std::vector<Broken> of_locks_not_held() {
  const auto broken = [](const std::string& name, const std::string& message,
                         const ScenarioText& kernel) {
    return Broken{name, "lock-not-held", message + " is not held by the caller", "", kernel};
  };
  return {
      broken("AdaptiveMutex", "mutex_exit_proc_lock: proc_lock",
             fork_and_read().drop("fork1.mutex_enter_proc_lock")),
      broken("SpinMutex", "mutex_spin_exit_kq_lock: kq_lock",
             fork_and_read().drop("knote_proc_fork.mutex_spin_enter_kq_lock")),
      broken("RwlockReader", "rw_exit_kqueue_filter_lock: kqueue_filter_lock",
             fork_and_read().drop("kqueue_register.rw_enter_kqueue_filter_lock")),
      broken("RwlockWriter", "rw_exit_p_reflock: p_reflock",
             exit_and_read().drop("exit1.rw_enter_p_reflock")),
      broken("KernelLock", "KERNEL_UNLOCK: KERNEL_LOCK",
             fork_and_read("exit", before_change).drop("filter_attach.KERNEL_LOCK")),
      broken("SleepsWithAnotherInterlock", "cv_wait_sig_p_waitcv: the interlock proc_lock",
             fork_and_wait().drop("do_sys_wait.mutex_enter_proc_lock")),
      broken("SleepsWithAnotherSpinInterlock", "cv_timedwait_sig_kq_cv: the interlock kq_lock",
             fork_and_read().drop("kqueue_scan.mutex_spin_enter_kq_lock")),
  };
}

std::vector<Broken> of_sleeping() {
  const auto broken = [](const std::string& name, const std::string& message,
                         const ScenarioText& kernel) {
    return Broken{name, "sleep-with-spin-lock", message + " with spin mutex kq.kq_lock held", "",
                  kernel};
  };
  return {
      broken("ForAnAdaptiveMutex", "mutex_enter_fd_lock",
             fork_and_read().drop("knote_proc_fork_track.mutex_spin_exit_kq_lock")),
      broken("ForAnAdaptiveMutexUnderKernelLock", "mutex_enter_proc_lock",
             fork_and_read("exit", before_change)
                 .before("filt_procattach.mutex_enter_proc_lock",
                         "mutex_spin_enter kn.kn_kq.kq_lock")),
      broken("ForAReader", "rw_enter_kqueue_filter_lock",
             fork_and_read().before("kqueue_register.rw_enter_kqueue_filter_lock",
                                    "mutex_spin_enter kq.kq_lock")),
      broken("ForAWriter", "rw_enter_p_reflock",
             exit_and_read().before("exit1.rw_enter_p_reflock", "mutex_spin_enter kq.kq_lock")),
      broken("OnACondition", "cv_wait_sig_p_waitcv",
             fork_and_wait().before("do_sys_wait.cv_wait_sig_p_waitcv",
                                    "mutex_spin_enter kq.kq_lock")),
  };
}

std::vector<Broken> of_returning() {
  const auto broken = [](const std::string& name, const std::string& path,
                         const ScenarioText& kernel) {
    return Broken{name, "locks-held-on-return", "a lock is held on return to user mode", path,
                  kernel};
  };
  return {
      broken("WithAnAdaptiveMutex", "fork child",
             fork_and_read().drop("fork1.mutex_exit_proc_lock_2")),
      broken("WithASpinMutex", "kevent loop",
             fork_and_read().drop("kqueue_scan.mutex_spin_exit_kq_lock_7")),
      broken("WithAnRwlockRead", "kevent add proc parent exit",
             exit_and_read().drop("kqueue_register.rw_exit_kqueue_filter_lock")),
      broken("WithAnRwlockWritten", "exit 3", exit_and_read().drop("exit1.rw_exit_p_reflock")),
      broken("WithKernelLock", "kevent add proc parent exit",
             exit_and_read("exit", before_change).drop("filter_attach.KERNEL_UNLOCK")),
  };
}

std::vector<Broken> of_deadlock() {
  const auto broken = [](const std::string& name, const std::string& message,
                         const ScenarioText& kernel) {
    return Broken{name, "no-deadlock", message, "", kernel};
  };
  return {
      broken("LockThatIsNeverGivenBack", "waits for",
             fork_and_delete().drop("fork1.mutex_exit_proc_lock_2")),
      broken("WakeUpThatIsMissing", "tracker sleeps on kq.kq_cv, and no thread is left to wake it",
             fork_and_delete().drop("knote_proc_fork_track.cv_broadcast_kq_cv")),
      broken(
          "OrderReversed", "tracker waits for",
          fork_and_delete()
              .replace("filt_procdetach.mutex_tryenter_p_lock", "mutex_spin_enter kn.kn_obj.p_lock")
              .drop("filt_procdetach.test_entered", "nothing")),
      broken("ParentThatIsNotTold",
             "parent sleeps on proc0.p_waitcv, and no thread is left to wake it",
             fork_and_wait().drop("exit1.cv_broadcast_p_waitcv")),
  };
}

INSTANTIATE_TEST_SUITE_P(LockRecursion, BrokenKernel, testing::ValuesIn(of_recursion()), name_of);
INSTANTIATE_TEST_SUITE_P(LockNotHeld, BrokenKernel, testing::ValuesIn(of_locks_not_held()),
                         name_of);
INSTANTIATE_TEST_SUITE_P(SleepWithSpinLock, BrokenKernel, testing::ValuesIn(of_sleeping()),
                         name_of);
INSTANTIATE_TEST_SUITE_P(LocksHeldOnReturn, BrokenKernel, testing::ValuesIn(of_returning()),
                         name_of);
INSTANTIATE_TEST_SUITE_P(NoDeadlock, BrokenKernel, testing::ValuesIn(of_deadlock()), name_of);

} // namespace
} // namespace interlock::tests
