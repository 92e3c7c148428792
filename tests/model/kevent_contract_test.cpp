// Every part of kevent's contract can fail: events, with each of their values, the answers of
// calls, and what may not be missing in the end.
#include "support/broken.hpp"

#include "contract/rules.hpp"

namespace interlock::tests {
namespace {

Broken broken(const std::string& name, const std::string& rule, const std::string& message,
              const ScenarioText& kernel,
              const std::optional<ScenarioText>& sibling = std::nullopt) {
  return {name, "kevent-contract/" + rule, message, "", kernel, sibling};
}

ScenarioText fork_then_exit(const std::string& notes) {
  return ScenarioText()
      .thread("parent", {"fork child", "exit 2"})
      .thread("child", {})
      .thread("watcher", {"kevent add proc parent " + notes, "kevent loop"});
}

ScenarioText grandchild(const std::string& notes) {
  return ScenarioText()
      .thread("parent", {"fork child"})
      .thread("child", {"fork grandchild"})
      .thread("grandchild", {})
      .thread("watcher", {"kevent add proc parent " + notes, "kevent loop 2"});
}

// The tracker reads after it has tried to delete the child's registration.
ScenarioText delete_child(const std::string& delete_call) {
  return ScenarioText()
      .thread("parent",
              {"kevent add proc parent exit,track", "fork child", delete_call, "kevent loop"})
      .thread("child", {"exit 1"});
}

std::vector<Broken> at_delivery() {
  const ScenarioText two_kqueues =
      ScenarioText()
          .kqueue("kq1", "watcher")
          .kqueue("kq2", "watcher")
          .thread("parent", {"fork child"})
          .thread("child", {"exit 1"})
          .thread("watcher", {"kevent add proc parent exit,track on kq1",
                              "kevent add proc watcher exit on kq2", "kevent loop on kq2"});
  return {
      broken("AnotherKqueuesChild", "exactly-once", "gets ident child",
             two_kqueues.after("knote_proc_fork_track.init_kntrack", "set kntrack.kn_kq, kq2")),
      broken("ExitOfAProcessWatchedForForks", "fflags", "fflags 0", exit_and_read("fork"),
             exit_and_read("fork,exit")),
      broken("ForkReportedUnasked", "exactly-once", "ident parent, fflags NOTE_FORK",
             fork_and_read("exit,track")
                 .replace("knote_proc_fork.add_NOTE_FORK",
                          "set kn.kn_fflags, kn.kn_fflags | NOTE_FORK")),
      broken("ForkReportedTwice", "fflags", "allowed here: fflags NOTE_EXIT",
             fork_then_exit("exit,fork")
                 .replace("kqueue_scan.reset", "set kn.kn_status, 0")
                 .after("kqueue_scan.set_kn_status", "set kn.kn_kq.kq_count, 0")),
      broken("TrackingErrorWithoutReason", "track-error",
             "NOTE_TRACKERR, data 0, udata 0; allowed here: fflags NOTE_FORK",
             fork_and_read().replace("knote_proc_fork.if_2", "condition kn != none")),
      broken("TrackedUnasked", "exactly-once", "ident child, fflags NOTE_CHILD",
             fork_and_read("exit,fork")
                 .bound("knotes", 3)
                 .replace("knote_proc_fork.if", "condition kn != none")),
      broken("ChildReportedWithStatus1128", "fflags",
             "allowed here: fflags NOTE_CHILD, data pid(parent)",
             fork_and_read("exit,track", before_change), fork_and_read("exit,track")),
      broken("ChildWithoutParentsPid", "child-data", "allowed here: data pid(parent)",
             fork_and_read("track").after("knote_proc_fork_track.init_knchild",
                                          "set knchild.kn_data, kntrack.kn_data"),
             fork_and_read("exit,track")),
      broken("ExitReportedUnasked", "exactly-once", "ident parent, fflags NOTE_EXIT",
             exit_and_read("fork").replace("knote_proc_exit.add_NOTE_EXIT",
                                           "set kn.kn_fflags, NOTE_EXIT"),
             exit_and_read("fork,exit")),
      broken("ExitReportedAfterDelete", "exactly-once", "ident child, fflags NOTE_EXIT",
             delete_child("kevent delete proc child"), delete_child("kevent delete proc parent")),
      broken("ExitWithoutStatus", "exit-status", "allowed here: data status(3)",
             exit_and_read().drop("knote_proc_exit.set_kn_data")),
      broken("ExitOfAChildNeverReported", "order",
             "allowed here: fflags NOTE_CHILD, data pid(parent)",
             fork_and_read("exit,track").drop("knote_proc_fork_track.knote_activate")),
      broken("ForkOfAChildNeverReported", "order",
             "allowed here: fflags NOTE_CHILD, data pid(parent)",
             grandchild("fork,track").drop("knote_proc_fork_track.knote_activate")),
      broken("ExitWithForkForgotten", "fflags", "allowed here: fflags NOTE_EXIT|NOTE_FORK",
             fork_then_exit("exit,fork").drop("knote_proc_fork.add_NOTE_FORK")),
      broken(
          "UdataForgotten", "udata", "allowed here: udata cookie",
          ScenarioText()
              .thread("parent", {"fork child"})
              .thread("child", {"exit 1"})
              .thread("watcher", {"kevent add proc parent exit,track udata cookie", "kevent loop"})
              .drop("knote_proc_fork_track.copy_udata")),
  };
}

std::vector<Broken> in_the_end() {
  const ScenarioText fork_only =
      ScenarioText()
          .thread("parent", {"fork child"})
          .thread("child", {})
          .thread("watcher", {"kevent add proc parent track", "kevent loop"});
  return {
      broken("ExitNotActivated", "delivery",
             "NOTE_EXIT of parent was promised on kq and never delivered",
             exit_and_read().drop("knote_proc_exit.knote_activate_locked")),
      broken("ChildNotActivated", "delivery",
             "NOTE_CHILD of child was promised on kq and never delivered",
             fork_only.drop("knote_proc_fork_track.knote_activate")),
      broken("ForkNotAdded", "delivery",
             "NOTE_FORK of parent was promised on kq and never delivered",
             fork_and_read("fork").drop("knote_proc_fork.add_NOTE_FORK"), fork_and_read("fork")),
      broken("TrackingErrorNotAddedForMemory", "track-error",
             "NOTE_TRACKERR of parent was promised on kq and never delivered",
             fork_only.environment("allocation-fails").drop("knote_proc_fork.add_NOTE_TRACKERR")),
      broken(
          "TrackingErrorNotAddedForPermission", "track-error",
          "NOTE_TRACKERR of parent was promised on kq and never delivered",
          fork_only.environment("authorization-denied").drop("knote_proc_fork.add_NOTE_TRACKERR")),
      broken("ExitLostWhenAddedWhileExiting1128", "delivery",
             "NOTE_EXIT of child was promised on kq and never delivered",
             fork_and_wait(before_change)
                 .thread("reader", {"kevent loop"})
                 .process("watching", {"watcher", "reader"})
                 .environment("authorization-denied"),
             fork_and_wait()
                 .thread("reader", {"kevent loop"})
                 .process("watching", {"watcher", "reader"})
                 .environment("authorization-denied")),
  };
}

std::vector<Broken> answers() {
  const ScenarioText nothing_happens = ScenarioText().thread("parent", {});
  return {
      broken("LiveProcessNotFound", "error", "returns errno ESRCH; allowed here: errno 0",
             nothing_happens.thread("watcher", {"kevent add proc parent exit"})
                 .after("filt_procattach.proc_find", "set p, none")),
      broken("NothingIsDeleted", "error", "returns errno 0; allowed here: errno ENOENT",
             nothing_happens.thread("watcher", {"kevent delete proc parent"})
                 .replace("kqueue_register_locked.return_ENOENT", "set errno, 0")),
      broken("PollMissesTheExit", "poll", "returns errno 0; nothing of the kind is allowed here",
             ScenarioText()
                 .thread("parent", {"exit 3"})
                 .thread("watcher",
                         {"kevent add proc parent exit", "await parent.exit 3", "kevent wait poll"})
                 .drop("knote_proc_exit.knote_activate_locked")),
      broken("ChildIsNotFound", "wait4", "returns errno ECHILD; ",
             fork_and_wait().replace("do_sys_wait.if", "condition true")),
  };
}

std::vector<Broken> all_of_them() {
  std::vector<Broken> all = at_delivery();
  for (const auto& more : {in_the_end(), answers()})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

TEST(Contract, EachRuleIsBrokenBySomeKernel) {
  std::set<std::string> broken_ones;
  for (const Broken& broken : all_of_them())
    broken_ones.insert(broken.property);
  for (const contract::Rule& rule : contract::rules())
    EXPECT_TRUE(broken_ones.contains("kevent-contract/" + rule.name)) << rule.name;
}

TEST(Contract, APollMayMissAnEventWhereNobodyAsks) {
  const ScenarioText misses = ScenarioText()
                                  .property("kevent-contract")
                                  .thread("parent", {"exit 3"})
                                  .thread("watcher", {"kevent add proc parent exit",
                                                      "await parent.exit 3", "kevent wait poll"})
                                  .drop("knote_proc_exit.knote_activate_locked");
  EXPECT_EQ(check(misses).verdict(), "holds");
  EXPECT_EQ(check(misses.property("kevent-contract/poll")).verdict(),
            "kevent-contract/poll: watcher: kevent wait poll returns errno 0; nothing of the kind "
            "is allowed here");
}

// An event with a wrong udata and a child that was never told of: each is found beside the other.
TEST(Contract, ARuleThatIsExcusedHidesNoOther) {
  const ScenarioText twice_wrong =
      ScenarioText()
          .property("kevent-contract")
          .thread("parent", {"fork child", "exit 2"})
          .thread("child", {})
          .thread("watcher", {"kevent add proc parent exit,track udata cookie", "kevent loop"})
          .drop("knote_proc_fork_track.copy_udata")
          .drop("knote_proc_exit.set_kn_data");
  const auto violated = [](const ScenarioText& text) {
    const Checked checked = check(text);
    return checked.result.trace ? checked.result.trace->violation.property : checked.verdict();
  };
  EXPECT_EQ(violated(twice_wrong.excuse("kevent-contract/exit-status")), "kevent-contract/udata");
  EXPECT_EQ(violated(twice_wrong.excuse("kevent-contract/udata")), "kevent-contract/exit-status");
  EXPECT_EQ(
      violated(twice_wrong.excuse("kevent-contract/udata").excuse("kevent-contract/exit-status")),
      "holds");
}

// What a registration is excused from while it is disabled: the event is kept, not delivered.
TEST(Contract, ADisabledRegistrationMayKeepItsEvent) {
  for (const std::string call : {"disable", "modify"}) {
    const ScenarioText scenario =
        ScenarioText()
            .property("kevent-contract")
            .thread("parent", {"exit 3"})
            .thread("watcher", {"kevent add proc parent exit",
                                "kevent " + call + " proc parent exit", "kevent loop"})
            .drop("knote_proc_exit.knote_activate_locked");
    EXPECT_EQ(check(scenario).holds(), call == "disable") << check(scenario).verdict();
  }
}

// EV_ADD of a child that cannot be found yet fails; what the child inherits from its parent's
// registration may come all the same.
TEST(Contract, AFailedAddLeavesWhatAForkUnderWayPromises) {
  const ScenarioText scenario =
      ScenarioText()
          .property("kevent-contract")
          .thread("parent", {"fork child"})
          .thread("child", {})
          .thread("watcher",
                  {"kevent add proc parent track", "kevent add proc child exit", "kevent loop"});
  EXPECT_EQ(check(scenario).verdict(), "holds");
}

// Nobody waits: nothing can be missing.
TEST(Contract, WhatIsLeftOfAnExitedProcessMayBeAddedAgain) {
  const auto again = [](const std::string& notes) {
    return check(ScenarioText()
                     .property("kevent-contract")
                     .thread("parent", {"exit 1"})
                     .thread("watcher",
                             {"kevent add proc parent fork", "kevent add proc parent " + notes}))
        .holds();
  };
  EXPECT_TRUE(again("fork"));
  // The knote that is left is changed, answers 0, and nothing ever comes.
  EXPECT_FALSE(again("exit"));
}

TEST(Contract, OnlyAReaderCanMissAnEvent) {
  const ScenarioText scenario = ScenarioText()
                                    .property("kevent-contract")
                                    .thread("parent", {"exit 3"})
                                    .thread("watcher", {"kevent add proc parent exit"})
                                    .drop("knote_proc_exit.knote_activate_locked");
  EXPECT_EQ(check(scenario).verdict(), "holds");
}

INSTANTIATE_TEST_SUITE_P(Contract, BrokenKernel, testing::ValuesIn(all_of_them()), name_of);

} // namespace
} // namespace interlock::tests
