// Sleeps that a timeout ends: of the kernel's own, which is no more than a second look, and of
// kevent(2)'s caller, who is told late.
#include "support/dragonfly.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

// EV_DELETE waits for the knote that fork has.  knote_drop() itself wakes nobody who waits for what
// it drops, which is mended here.
ScenarioText
delete_during_fork(const ScenarioText& system = dragonfly::kernel().before("knote_drop.knote_free",
                                                                           "wakeup kn.kn")) {
  return system.property("missed-wakeup")
      .thread("parent", {"fork child"})
      .thread("child", {})
      .thread("watcher", {"kevent add proc parent track", "kevent delete proc parent"})
      .environment("allocation-sleeps");
}

TEST(LateWakeup, ASleepThatSomebodyEndsNeedsNoTimeout) {
  const Checked checked = check(delete_during_fork());
  EXPECT_TRUE(checked.holds()) << checked.verdict();
}

TEST(LateWakeup, ASleepThatOnlyItsTimeoutEndsIsFound) {
  EXPECT_EQ(check(delete_during_fork().drop("knote_release.wakeup_kn")).verdict(),
            "missed-wakeup: watcher sleeps on though what it waits for is so: only "
            "knote_acquire.tsleep_kqepts.timeout ends it");
  EXPECT_EQ(check(delete_during_fork(dragonfly::kernel())).verdict(),
            "missed-wakeup: parent sleeps on though what it waits for is so: only "
            "knote.tsleep_knotec.timeout ends it");
}

// kevent(2) with a timeout: whoever waits has to be woken too.
ScenarioText timed_wait() {
  return ScenarioText()
      .property("kevent-contract")
      .thread("watcher", {"kevent add proc parent fork", "kevent wait timeout"})
      .thread("parent", {"fork child"})
      .thread("child", {});
}

TEST(LateWakeup, ATimedWaitIsWoken) {
  EXPECT_TRUE(check(timed_wait()).holds()) << check(timed_wait()).verdict();
}

TEST(LateWakeup, ATimedWaitThatOnlyItsTimeoutEndsMissesItsEvent) {
  const Checked checked = check(timed_wait().drop("knote_activate_locked.cv_broadcast_kq_cv"));
  EXPECT_EQ(checked.verdict(),
            "kevent-contract/delivery: NOTE_FORK of parent was promised on kq and never delivered");
}

} // namespace
} // namespace interlock::tests
