// vfork(2) and exec: who waits for whom, for how long, and what the wait may look at.
#include "support/broken.hpp"
#include "support/dragonfly.hpp"
#include "support/freebsd.hpp"

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

// Two threads of a process are in vfork(2) at once; one child runs for ever.
ScenarioText two_vforks(const ScenarioText& kernel) {
  return kernel.process("parent", {"first", "second"})
      .thread("first", {"vfork child1"})
      .thread("second", {"vfork child2"})
      .thread("child1", {"exit 1"})
      .thread("child2", {});
}

// What a wait can lack, in any kernel: itself, the right sense of its test, and the flag.
std::vector<Broken> without_wait(const std::string& suffix, const ScenarioText& sound,
                                 const std::string& loop, const ScenarioText& negated,
                                 const std::string& flag) {
  const char* const message = "returns while the child still uses its parent's memory";
  return {{"NoWait" + suffix, "vfork-waits", message, "", sound.drop(loop, "nothing")},
          {"TestNegated" + suffix, "vfork-waits", message, "", negated},
          {"FlagNotSet" + suffix, "vfork-waits", message, "", sound.drop(flag)}};
}

std::vector<Broken> of_waits() {
  const ScenarioText old = vfork_and_exit(after_change);
  const ScenarioText in_lwp = vfork_and_exit(vfork_change);
  const ScenarioText shared = vfork_and_exit("kqueue-2008-06").system("freebsd");
  const ScenarioText own = vfork_and_exit(freebsd::newest).system("freebsd");
  const ScenarioText tokens = dragonfly::vfork_and_exit();
  const char* const netbsd_loop = "fork1_vfork.while_waiting";
  const char* const freebsd_loop = "do_fork.while";
  std::vector<Broken> cases;
  const auto add = [&](const std::vector<Broken>& more) {
    cases.insert(cases.end(), more.begin(), more.end());
  };
  add(without_wait("OfNetBSD", old, netbsd_loop,
                   old.replace(netbsd_loop, "condition !p2.PL_PPWAIT"), "fork1.set_PL_PPWAIT"));
  add(without_wait("InTheLwp", in_lwp, netbsd_loop,
                   in_lwp.replace(netbsd_loop, "condition !l1.l_vforkwaiting"),
                   "fork1.set_PL_PPWAIT"));
  add(without_wait("OfFreeBSD", own, freebsd_loop,
                   own.replace(freebsd_loop, "condition !p2.P_PPWAIT"), "do_fork.set_P_PPWAIT"));
  add(without_wait("OfFreeBSD2008", shared, freebsd_loop,
                   shared.replace(freebsd_loop, "condition !p2.P_PPWAIT"), "do_fork.set_P_PPWAIT"));
  add(without_wait("OfDragonFly", tokens, "start_forked_proc.ppwait",
                   tokens.replace("start_forked_proc.if", "condition (pflags & P_PPWAIT) != 0"),
                   "fork1.set_P_PPWAIT"));
  // Woken for the other thread's child, on the channel of both.  Where each has its own, a test
  // that is not made again is no fault.
  const auto once = [&](const std::string& name, const ScenarioText& kernel, const char* loop,
                        const ScenarioText& sibling) {
    cases.push_back({name, "vfork-waits", "", "", two_vforks(kernel).replace(loop, "if"),
                     two_vforks(sibling).replace(loop, "if")});
  };
  once("TestedOnceOfNetBSD", ScenarioText(after_change), netbsd_loop, ScenarioText(vfork_change));
  once("TestedOnceOfFreeBSD", freebsd::kernel("kqueue-2008-06"), freebsd_loop,
       freebsd::kernel("kqueue-9.1"));
  cases.push_back({"TestedOnceOfDragonFly", "vfork-waits", "", "",
                   two_vforks(dragonfly::kernel())
                       .after("start_forked_proc.tsleep_ppwait_interlocked", "break ppwait")});
  return cases;
}

INSTANTIATE_TEST_SUITE_P(Vfork, BrokenKernel, testing::ValuesIn(of_vfork()), name_of);
INSTANTIATE_TEST_SUITE_P(VforkWaits, BrokenKernel, testing::ValuesIn(of_waits()), name_of);

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

TEST(Vfork, OfAChildThatHasCalledExecDoesNotWaitForEver) {
  // Whatever PL_PPWAIT says: exec leaves it set and wakes nobody.
  EXPECT_TRUE(check(ScenarioText(after_change)
                        .thread("parent", {"vfork child"})
                        .thread("child", {"exec"})
                        .drop("execve_runproc.test_PL_PPWAIT", "nothing")
                        .property("no-deadlock"))
                  .verdict()
                  .starts_with("no-deadlock: "));
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
