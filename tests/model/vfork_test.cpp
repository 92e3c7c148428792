// vfork(2) and exec: who waits for whom, and what the wait may look at.
#include "support/broken.hpp"

namespace interlock::tests {
namespace {

// Another thread of the parent reaps the child.
ScenarioText vfork_and_reap(const std::string& revision, const std::vector<std::string>& child) {
  return ScenarioText(revision)
      .process("parent", {"forker", "waiter"})
      .thread("forker", {"vfork child"})
      .thread("child", child)
      .thread("waiter", {"wait4"});
}

// The parent ignores SIGCHLD.
ScenarioText vfork_with_init(const std::string& revision) {
  return vfork_and_exit(revision).thread("init", {"wait4"}).environment("sigchld-ignored");
}

std::vector<Broken> of_vfork() {
  const ScenarioText reap = vfork_and_reap(after_change, {"exit 1"});
  const ScenarioText after_exec = vfork_and_reap(after_change, {"exec", "exit 1"});
  const ScenarioText sound = vfork_and_reap(vfork_change, {"exit 1"});
  return {
      {"ChildReapedByAnotherThread", "use-after-free", "proc1", "fork1_vfork", reap, sound},
      {"ChildReapedAfterExec", "use-after-free", "proc1", "fork1_vfork", after_exec,
       vfork_and_reap(vfork_change, {"exec", "exit 1"})},
      {"ChildReapedByInit", "use-after-free", "proc", "fork1_vfork", vfork_with_init(after_change),
       vfork_with_init(vfork_change)},
      {"ConditionStillInTheChild", "use-after-free", "proc1", "fork1_vfork",
       sound.replace("fork1_vfork.while_waiting", "condition p2.PL_PPWAIT")},
      {"ExitDoesNotWakeTheLwp", "no-deadlock", "", "", sound.drop("exit1_vfork.wake_vfork")},
      {"ExitDoesNotEndTheWait", "no-deadlock", "", "",
       sound.drop("exit1_vfork.clear_l_vforkwaiting")},
      {"ExecDoesNotWakeTheLwp", "no-deadlock", "", "",
       ScenarioText(vfork_change)
           .thread("parent", {"vfork child"})
           .thread("child", {"exec"})
           .drop("execve_runproc_vfork.wake_vfork")},
      {"OrphanThatInitIsNotToldOf", "no-deadlock", "", "",
       ScenarioText()
           .thread("parent", {"fork child", "exit 1"})
           .thread("child", {"exit 1"})
           .thread("init", {"wait4"})
           .drop("exit1.wakeinit")
           .drop("exit1.cv_broadcast_p_waitcv")},
  };
}

INSTANTIATE_TEST_SUITE_P(Vfork, BrokenKernel, testing::ValuesIn(of_vfork()), name_of);

// The condition holds wherever the step is reached, and it is reached.
void expect_always(const ScenarioText& scenario, const std::string& label,
                   const std::string& condition) {
  SCOPED_TRACE(label + ": " + condition);
  const auto verdict = [&](const std::string& checked) {
    return check(scenario.property("assertion").before(label, "check " + checked)).verdict();
  };
  EXPECT_EQ(verdict(condition), "holds");
  EXPECT_TRUE(verdict("!(" + condition + ")").starts_with("assertion: "));
}

TEST(Vfork, ReturnsWhenTheChildHasExitedOrCalledExec) {
  for (const char* revision : {before_change, after_change, vfork_change}) {
    expect_always(vfork_and_exit(revision), "fork1.mutex_exit_proc_lock_2",
                  "p2.p_stat == SZOMB && !p2.PL_PPWAIT");
    expect_always(ScenarioText(revision)
                      .thread("parent", {"vfork child"})
                      .thread("child", {"exec", "exit 1"}),
                  "fork1.mutex_exit_proc_lock_2", "!p2.PL_PPWAIT");
  }
}

TEST(Vfork, OfAChildThatRunsForEverIsNoDeadlock) {
  for (const char* revision : {after_change, vfork_change})
    EXPECT_EQ(check(ScenarioText(revision)
                        .thread("parent", {"vfork child"})
                        .thread("child", {})
                        .property("no-deadlock"))
                  .verdict(),
              "holds");
}

TEST(Vfork, TellsTheThreadThatCalledItAndNoOther) {
  // Both wait on the p_waitcv of the process in 1.209; with the fix each has its own.
  expect_always(vfork_and_reap(vfork_change, {"exit 1"}), "exit1_vfork.wake_vfork", "lp == forker");
  expect_always(vfork_and_reap(vfork_change, {"exit 1"}), "exit1_vfork.wake_vfork",
                "!lp.l_vforkwaiting");
}

TEST(SigchldIgnored, LeavesTheChildToInit) {
  const ScenarioText scenario = ScenarioText()
                                    .thread("parent", {"fork child", "wait4"})
                                    .thread("child", {"exit 1"})
                                    .thread("init", {"wait4"})
                                    .environment("sigchld-ignored");
  expect_always(scenario, "exit1.set_SZOMB", "p.p_pptr.p_pid == init");
  // wait4 of the parent finds no child in the end.
  EXPECT_TRUE(check(scenario.property("assertion")
                        .before("parent > wait4 > do_sys_wait.set_ECHILD", "check false"))
                  .verdict()
                  .starts_with("assertion: "));
  EXPECT_EQ(check(scenario).verdict(), "holds");
}

} // namespace
} // namespace interlock::tests
