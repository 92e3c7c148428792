// A signal to the process group while a member forks, on every system.
#include "support/dragonfly.hpp"
#include "support/facts.hpp"
#include "support/freebsd.hpp"

namespace interlock::tests {
namespace {

ScenarioText netbsd_kernel() { return ScenarioText(vfork_change); }

// Of those whose forks do not look for signals.
std::vector<ScenarioText> kernels() {
  return {netbsd_kernel(), ScenarioText(), freebsd::kernel(),
          freebsd::kernel("fork-before-8e6fa660f2")};
}

ScenarioText with_killer(const ScenarioText& kernel, const std::vector<std::string>& killer) {
  return kernel.thread("parent", {"fork child", "wait4"})
      .thread("child", {"exit 1"})
      .thread("killer", killer)
      .property("group-signal");
}

ScenarioText meanwhile(const ScenarioText& kernel) {
  return with_killer(kernel, {"killpg parent"});
}

ScenarioText afterwards(const ScenarioText& kernel) {
  return with_killer(kernel, {"await parent.1", "killpg parent"});
}

TEST(GroupSignal, IsMissedByAChildThatIsBeingForked) {
  for (const ScenarioText& kernel : kernels())
    EXPECT_EQ(check(meanwhile(kernel)).verdict(),
              "group-signal: child has missed a signal to its group that came during its fork")
        << kernel.scenario().revision.text;
}

TEST(GroupSignal, ReachesTheChildWhoseForkIsOver) {
  for (const ScenarioText& kernel : kernels())
    EXPECT_EQ(check(afterwards(kernel)).verdict(), "holds") << kernel.scenario().revision.text;
}

// As FreeBSD has it since 2023, with the lock of a table that nobody else wants for pg_killsx: fork
// has it shared from its look at pending signals until the child is there, a signal to the group
// takes it exclusively. A signal that is found is handled before the fork.
ScenarioText repaired(const std::string& look) {
  return meanwhile(freebsd::kernel())
      .before("fork1.uma_zalloc_proc_zone",
              "sx_slock fd.killer.fd_sx; while " + look +
                  " { sx_sunlock fd.killer.fd_sx; set p1.p_siglist, false; "
                  "sx_slock fd.killer.fd_sx }")
      .after("do_fork.set_PRS_NEW", "if !p1.p_siglist { set p2.p_pid.missed_signal, false }")
      .after("do_fork.sched_add", "sx_sunlock fd.killer.fd_sx")
      .before("killpg1.sx_slock_proctree_lock", "sx_xlock fd.killer.fd_sx")
      .after("killpg1.mtx_unlock_pg_mtx", "sx_xunlock fd.killer.fd_sx");
}

TEST(GroupSignal, IsNotMissedWhereForkKeepsItOutAndAsksForWhatIsPending) {
  EXPECT_EQ(check(repaired("p1.p_siglist")).verdict(), "holds");
  EXPECT_TRUE(check(repaired("false")).verdict().starts_with("group-signal: "));
}

TEST(GroupSignal, OfWhomIsReapedTheListForgets) {
  const auto verdict = [](const ScenarioText& kernel, const std::string& step) {
    return check(afterwards(kernel).property("freed-while-held").drop(step)).verdict();
  };
  EXPECT_EQ(verdict(netbsd_kernel(), "proc_free.proc_leavepgrp"),
            "freed-while-held: do_sys_wait.child is freed while it is on pgrp0.pg_members");
  EXPECT_EQ(verdict(freebsd::kernel(), "leavepgrp.remove_p_pglist"),
            "freed-while-held: kern_wait.p is freed while it is on pgrp0.pg_members");
}

TEST(GroupSignal, PassesInitBy) {
  for (const ScenarioText& kernel : kernels())
    expect_always(afterwards(kernel).thread("init", {"wait4"}), "killpg1.return_0",
                  "!proc2.p_pid.group_signalled && proc0.p_pid.group_signalled");
}

TEST(GroupSignal, PassesInitByOnDragonflyToo) {
  expect_always(dragonfly::fork_and_killpg().thread("init", {"wait4"}), "dokillpg.return_0",
                "!proc2.p_pid.group_signalled && proc0.p_pid.group_signalled");
}

} // namespace
} // namespace interlock::tests
