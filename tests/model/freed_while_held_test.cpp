// Freed while held: for each thing that may lead to an object when it is freed a broken kernel, and
// for each kernel one that comes close and holds.
#include "support/broken.hpp"
#include "support/dragonfly.hpp"
#include "support/freebsd.hpp"
#include "systems/build.hpp"

namespace interlock::tests {
namespace {

Broken broken(const std::string& name, const std::string& message, const std::string& path,
              const ScenarioText& kernel) {
  return {name, "freed-while-held", message, path, kernel};
}

// The knote is queued when close(2) frees it.
ScenarioText queue_and_close(const ScenarioText& kernel) {
  return kernel.thread("watcher", {"kevent add proc watcher fork", "fork child", "close kq"})
      .thread("child", {});
}

ScenarioText delete_own(const ScenarioText& kernel) {
  return kernel.thread("watcher", {"kevent add proc watcher exit", "kevent delete proc watcher"});
}

// The process in the middle is reaped, and its child goes to init.
ScenarioText generations(const ScenarioText& kernel, const std::vector<std::string>& child) {
  return kernel.thread("top", {"fork middle", "wait4"})
      .thread("middle", {"fork child", "exit 1"})
      .thread("child", child)
      .thread("init", {"wait4"});
}

std::vector<Broken> of_netbsd() {
  return {
      broken("KnoteQueued", "it is on kq.kq_head", "knote_detach",
             queue_and_close(ScenarioText()).drop("knote_detach.dequeue")),
      broken("KnoteOnTheHash", "it is on fd.watcher.fd_knhash[watcher].knotes", "knote_detach",
             delete_own(ScenarioText()).drop("knote_detach.remove_from_fd_knhash")),
      broken("KnoteOfAProcess", "it is on proc0.p_klist", "knote_detach",
             delete_own(ScenarioText()).drop("filt_procdetach.set_KN_DETACHED")),
      broken("ProcAmongChildren", "it is on proc0.p_children", "proc_free",
             fork_and_wait().drop("proc_free.proc_free_pid")),
      broken("ProcWithKnotes", "its p_klist is not empty", "proc_free",
             fork_and_wait().drop("exit1.knote_proc_exit")),
      broken("ProcWithChildren", "its p_children is not empty", "proc_free",
             generations(ScenarioText(), {}).drop("exit1.for_each_p_children", "nothing")),
      broken("KqueueOfAKnote", "knote0.kn_kq points to it", "kqueue_close",
             fork_and_close().drop("kqueue_close.if", "nothing")),
  };
}

std::vector<Broken> of_freebsd() {
  const ScenarioText closed = freebsd::kernel()
                                  .process("parent", {"forker", "closer"})
                                  .thread("closer", {"close kq"})
                                  .thread("child", {});
  const auto watched = [&](const char* notes) {
    return closed.thread("forker", {std::string("kevent add proc parent ") + notes, "fork child"});
  };
  return {
      broken("KnoteQueued", "it is on kq.kq_head", "knote_drop",
             queue_and_close(freebsd::kernel()).drop("knote_drop.knote_dequeue")),
      broken("KnoteOnTheHash", "it is on kq.kq_knhash[watcher].knotes", "knote_drop",
             delete_own(freebsd::kernel()).drop("knote_drop.remove_kq_knhash")),
      broken("KnoteOfAProcess", "it is on proc0.p_klist", "knote_drop",
             delete_own(freebsd::kernel()).drop("filt_procdetach.knlist_remove")),
      broken("ProcInTheTable", "child.proc points to it", "proc_reap",
             freebsd::reap().drop("proc_reap.remove_zombproc")),
      broken("ProcAmongChildren", "it is on proc0.p_children", "proc_reap",
             freebsd::reap().drop("proc_reap.remove_p_children")),
      broken("ProcOfAChild", "p_pptr points to it", "proc_reap",
             generations(freebsd::kernel(), {"sigsuspend"}).drop("proc_reparent.set_p_pptr")),
      broken("KqueueOfAKnote", "knote0.kn_kq points to it", "kqueue_close",
             freebsd::kernel()
                 .thread("parent", {"kevent add proc parent exit", "close kq"})
                 .drop("kqueue_close.kqueue_close_bucket")),
      // As the kernel is: fork registers the child behind kqueue_close().
      {"KqueueWithAQueue", "freed-while-held", "its kq_head is not empty", "kqueue_close",
       watched("track"), watched("fork")},
  };
}

std::vector<Broken> of_dragonfly() {
  return {
      broken("KnoteQueued", "it is on kq.kq_head", "knote_drop",
             queue_and_close(dragonfly::kernel()).drop("knote_drop.knote_dequeue")),
      broken("KnoteOfAKqueue", "it is on kq.kq_knlist.knotes", "knote_drop",
             delete_own(dragonfly::kernel()).drop("knote_drop.remove_kq_knlist")),
      broken("KnoteOfAProcess", "it is on proc0.p_klist", "knote_drop",
             delete_own(dragonfly::kernel()).drop("knote_remove.remove_p_klist")),
      broken("ProcOfTheGroup", "it is on pgrp0.pg_members", "kern_wait",
             dragonfly::kernel()
                 .thread("parent", {"fork child", "wait4"})
                 .thread("child", {"exit 1"})
                 .thread("killer", {"killpg parent"})
                 .drop("kern_wait.leavepgrp")),
  };
}

INSTANTIATE_TEST_SUITE_P(FreedWhileHeldNetbsd, BrokenKernel, testing::ValuesIn(of_netbsd()),
                         name_of);
INSTANTIATE_TEST_SUITE_P(FreedWhileHeldFreebsd, BrokenKernel, testing::ValuesIn(of_freebsd()),
                         name_of);
INSTANTIATE_TEST_SUITE_P(FreedWhileHeldDragonfly, BrokenKernel, testing::ValuesIn(of_dragonfly()),
                         name_of);

TEST(FreedWhileHeld, IsWhatNoOtherPropertyFinds) {
  const auto verdict = [](ScenarioText kernel) {
    for (const systems::Entry& entry :
         systems::find_system(kernel.scenario().system.text)->properties)
      if (entry.name != "freed-while-held" && !entry.name.starts_with("lock-order") &&
          !entry.name.starts_with("lock-discipline"))
        kernel = kernel.property(entry.name);
    return check(kernel).verdict();
  };
  // The parent is gone, and its child never asks for it.
  EXPECT_EQ(verdict(generations(ScenarioText(), {}).drop("exit1.for_each_p_children", "nothing")),
            "holds");
  // The kqueue is closed, and nobody walks its queue again.
  EXPECT_EQ(verdict(queue_and_close(freebsd::kernel()).drop("knote_drop.knote_dequeue")), "holds");
  EXPECT_EQ(verdict(queue_and_close(dragonfly::kernel()).drop("knote_drop.knote_dequeue")),
            "holds");
}

TEST(FreedWhileHeld, HoldsWhereTheLastListIsLeftJustBefore) {
  const auto verdict = [](const ScenarioText& kernel) {
    return check(kernel.property("freed-while-held")).verdict();
  };
  // Off the queue first, and off the hash then.
  EXPECT_EQ(verdict(queue_and_close(ScenarioText())
                        .move_after("knote_detach.remove_from_fd_knhash", "knote_detach.again")),
            "holds");
  EXPECT_EQ(verdict(queue_and_close(freebsd::kernel())
                        .move_after("knote_drop.remove_kq_knhash", "knote_drop.if")),
            "holds");
  EXPECT_EQ(verdict(queue_and_close(dragonfly::kernel())
                        .move_after("knote_drop.remove_kq_knlist", "knote_drop.if")),
            "holds");
}

} // namespace
} // namespace interlock::tests
