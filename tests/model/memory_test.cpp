// Memory: use after free, null pointers, double free, leaks, pools that are too small; and access
// to what a lock protects without that lock.
#include "support/broken.hpp"

#include <set>

namespace interlock::tests {
namespace {

std::vector<Broken> of_memory() {
  const ScenarioText two_deleters =
      ScenarioText()
          .process("tracker", {"first", "second"})
          .thread("parent", {"fork child"})
          .thread("child", {})
          .thread("first", {"kevent add proc parent exit,track", "kevent delete proc parent"})
          .thread("second", {"kevent delete proc parent"});
  const ScenarioText twice =
      ScenarioText()
          .thread("parent", {})
          .thread("watcher", {"kevent add proc parent exit", "kevent add proc parent exit"});
  return {
      {"KnoteUsedAfterDelete", "use-after-free", "knote0", "",
       fork_and_delete()
           .drop("knote_proc_fork_track.enter_flux")
           .drop("knote_proc_fork_track.assert_in_flux")
           .drop("knote_proc_fork_track.leave_flux")},
      {"KnoteUsedAfterDelete1128", "use-after-free", "freed", "", fork_and_delete(before_change),
       fork_and_delete()},
      {"QueueWithoutMarker", "null-dereference", "", "kqueue_scan",
       ScenarioText()
           .thread("parent", {"fork child"})
           .thread("child", {})
           .thread("watcher", {"kevent add proc parent fork", "kevent disable proc parent fork",
                               "kevent wait poll"})
           .drop("kqueue_scan.insert_marker")},
      {"ProcessThatIsNotThere", "null-dereference", "", "filt_procattach",
       fork_and_wait().drop("filt_procattach.if", "nothing")},
      {"NobodyClaims", "double-free", "is freed already", "knote_detach",
       two_deleters.drop("kqueue_register_delete.set_KN_WILLDETACH")
           .drop("knote_detach.remove_from_fd_knhash")},
      {"NobodyClaimsWhileForkWalks", "not-on-list", "is not on the list", "knote_proc_fork",
       two_deleters.drop("kqueue_register_delete.set_KN_WILLDETACH")},
      {"UnusedKnoteKept", "leak", "knote1 is allocated, but it is on no hash", "",
       twice.drop("kqueue_register.kmem_free_newkn")},
      {"ZombieKept", "leak", "is allocated, but it has no pid", "",
       fork_and_wait().drop("proc_free.pool_cache_put")},
      {"KqueueKept", "leak", "kq is allocated, but its descriptor is closed", "",
       fork_and_close().drop("kqueue_close.kmem_free_kq")},
  };
}

INSTANTIATE_TEST_SUITE_P(Memory, BrokenKernel, testing::ValuesIn(of_memory()), name_of);

TEST(Memory, APoolThatIsTooSmallIsSaidAndIsNoVerdictOnTheKernel) {
  const ScenarioText scenario =
      ScenarioText()
          .thread("parent", {})
          .thread("watcher", {"kevent add proc parent exit", "kevent add proc parent exit"});
  EXPECT_EQ(check(scenario.bound("knotes", 2)).verdict(), "holds");
  EXPECT_EQ(check(scenario.bound("knotes", 1)).verdict(),
            "bounds: all 1 knote objects are in use: the config's bounds give too few");
}

// --- guarded-access: one kernel for each variable that a lock protects ---

struct Unguarded {
  std::string variable;
  ScenarioText kernel;
};

std::vector<Unguarded> unguarded() {
  return {
      {"kq_count", fork_and_read().drop("kqueue_scan.mutex_spin_enter_kq_lock")},
      {"KQ_RESTART", ScenarioText()
                         .process("tracker", {"reader", "closer"})
                         .thread("reader", {"kevent wait"})
                         .thread("closer", {"close kq"})
                         .drop("kqueue_restart.mutex_spin_enter_kq_lock")},
      {"kq_head", fork_and_read()
                      .drop("kqueue_scan.mutex_spin_enter_kq_lock_2")
                      .before("kqueue_scan.first", "mutex_spin_exit kq.kq_lock")},
      {"kn_status", fork_and_delete().drop("kqueue_register_delete.mutex_spin_enter_kq_lock")},
      {"kn_fflags", fork_and_read().drop("knote_proc_fork.mutex_spin_enter_kq_lock")},
      {"kn_flags", exit_and_read()
                       .before("knote_proc_exit.set_kn_data", "mutex_spin_exit kn.kn_kq.kq_lock")
                       .replace("knote_proc_exit.set_kn_data", "set kn.kn_flags, EV_ONESHOT")},
      {"kn_data", exit_and_read().drop("knote_proc_exit.mutex_spin_enter_kq_lock")},
      {"kn_influx", fork_and_read().drop("knote_proc_fork_track.mutex_spin_enter_kq_lock")},
      {"p_klist", fork_and_read().drop("knote_proc_fork.mutex_enter_p_lock")},
      {"knotes", fork_and_read().before("knote_proc_fork_track.insert_kntrack",
                                        "mutex_exit okn.kn_kq.kq_fdp.fd_lock")},
      {"fd_knhashmask", fork_and_read().drop("kqueue_register.mutex_enter_fd_lock")},
      {"fd_knhash",
       fork_and_read().before("kqueue_register_locked.hashinit", "mutex_exit fdp.fd_lock")},
      {"p_nlwps", fork_and_wait().after("fork1.sched_enqueue", "set p1.p_nlwps, 1")},
      {"p_nzlwps", fork_and_wait().before("exit1.mutex_enter_p_lock", "set p.p_nzlwps, 1")},
      {"p_nrlwps", fork_and_wait().drop("fork1.mutex_enter_p_lock_2")},
      {"PL_PPWAIT", vfork_and_exit().drop("exit1.mutex_enter_proc_lock")},
      {"p_vforklwp",
       vfork_and_exit().before("exit1_vfork.clear_PL_PPWAIT", "mutex_exit proc_lock")},
      {"l_vforkwaiting",
       vfork_and_exit().before("exit1_vfork.clear_l_vforkwaiting", "mutex_exit proc_lock")},
      {"KQ_CLOSING", fork_and_close().drop("knote_proc_fork_track.mutex_enter_fd_lock")},
      {"p_pptr", fork_and_wait().before("exit1.if_2", "mutex_exit proc_lock")},
      {"proc", fork_and_wait().drop("proc_alloc.mutex_enter_proc_lock")},
      {"p_children", fork_and_wait().drop("fork1.mutex_enter_proc_lock")},
  };
}

TEST(GuardedAccess, IsViolatedForEachVariableThatALockProtects) {
  for (const Unguarded& broken : unguarded()) {
    SCOPED_TRACE(broken.variable);
    const ScenarioText kernel = broken.kernel.property("guarded-access");
    EXPECT_EQ(check(kernel.without_patches()).verdict(), "holds");
    const std::string verdict = check(kernel).verdict();
    EXPECT_TRUE(verdict.starts_with("guarded-access: " + broken.variable + " is touched without "))
        << verdict;
  }
}

TEST(GuardedAccess, LeavesNoProtectedVariableWithoutABrokenKernel) {
  std::set<std::string> guarded;
  for (const ScenarioText& scenario : {fork_and_close(), vfork_and_exit()}) {
    const systems::BuiltSpec built = systems::build(scenario.scenario());
    for (const lang::Variable& variable : built.spec->variables())
      if (variable.protection == lang::Protection::guarded)
        guarded.insert(variable.name.substr(variable.name.rfind('.') + 1));
  }
  std::set<std::string> broken;
  for (const Unguarded& kernel : unguarded())
    broken.insert(kernel.variable);
  EXPECT_EQ(broken, guarded);
}

} // namespace
} // namespace interlock::tests
