// The invariants I1 to I7 of the knote protocol can fail, each by a step that upholds it.
#include "support/broken.hpp"

#include <set>

namespace interlock::tests {
namespace {

Broken broken(const std::string& name, const std::string& message, const ScenarioText& kernel) {
  return {name, "knote-protocol", message, "", kernel};
}

// EV_DELETE waits for the flux while another thread enables the registration.
ScenarioText delete_and_enable() {
  return ScenarioText()
      .process("tracker", {"deleter", "enabler"})
      .thread("parent", {"fork child"})
      .thread("child", {})
      .thread("deleter", {"kevent add proc parent track", "kevent delete proc parent"})
      .thread("enabler", {"kevent enable proc parent track"});
}

std::vector<Broken> all_of_them() {
  return {
      broken("FreedInFlux", "I1: a knote is freed while it is in flux",
             fork_and_delete().replace("kqueue_register_delete.test_in_flux",
                                       "mutex_spin_exit kn.kn_kq.kq_lock")),
      broken("FreedOnTheProcessList", "I1: a knote is freed while it is on a p_klist",
             fork_and_delete().drop("knote_detach.filter_detach")),
      broken("DetachedButListed",
             "I2: a knote on a p_klist is KN_DETACHED or belongs to another process",
             fork_and_delete().replace("filt_procdetach.set_KN_DETACHED",
                                       "set kn.kn_status, kn.kn_status | KN_DETACHED")),
      broken("OnAnotherProcessList",
             "I2: a knote on a p_klist is KN_DETACHED or belongs to another process",
             fork_and_read().after("knote_proc_fork_track.init_kntrack", "set kntrack.kn_obj, p1")),
      broken("AttachedButNotListed",
             "I2: a knote that is not KN_DETACHED is not on its process' p_klist",
             fork_and_read().drop("filt_procattach.insert_p_klist")),
      broken("TakenButStillQueued", "I3: KN_QUEUED does not say whether the knote is on the queue",
             fork_and_read("fork").drop("kqueue_scan.remove_first")),
      broken("TakenButStillCounted",
             "I3: KQ_COUNT is not the number of knotes that are queued or taken by a scan",
             fork_and_read().replace("kqueue_scan.reset", "set kn.kn_status, 0")),
      broken("PutInFluxAlthoughClaimed", "I4: a knote that will be detached is put in flux",
             fork_and_delete().drop("knote_proc_fork_track.test_KN_WILLDETACH", "nothing")),
      broken("ActivatedAlthoughClaimed", "I4: a knote that will be detached is queued",
             fork_and_delete().drop("knote_activate_locked.test_KN_WILLDETACH", "nothing")),
      broken("EnqueuedAlthoughClaimed", "I4: a knote that will be detached is queued",
             delete_and_enable().replace("knote_enqueue.test_KN_WILLDETACH",
                                         "set kn.kn_status, kn.kn_status | KN_ACTIVE")),
      broken("ClaimedWithoutFdLock",
             "I5: KN_WILLDETACH with fd_lock free, and the knote was not in flux",
             fork_and_delete().drop(
                 "kevent delete proc parent > kqueue_register.mutex_enter_fd_lock")),
      broken("TakenWithoutFdLock", "I6: KN_BUSY without fd_lock held",
             fork_and_read().drop("kqueue_scan.mutex_enter_fd_lock")),
      broken("AddedToAClosedKqueue", "I7: a kqueue is freed while a knote belongs to it",
             fork_and_close().drop("knote_proc_fork_track.test_KQ_CLOSING", "nothing")),
  };
}

INSTANTIATE_TEST_SUITE_P(KnoteProtocol, BrokenKernel, testing::ValuesIn(all_of_them()), name_of);

TEST(KnoteProtocol, EachInvariantHasAKernelThatViolatesIt) {
  const systems::BuiltSpec built = systems::build(fork_and_close().scenario());
  std::set<std::string> messages;
  for (const lang::Action& action : built.spec->actions())
    for (const std::vector<lang::Check>* checks : {&action.entry_checks, &action.checks})
      for (const lang::Check& check : *checks)
        if (check.property == "knote-protocol")
          messages.insert(check.message);
  for (const lang::Property& property : built.spec->properties())
    if (property.name == "knote-protocol" && property.kind == lang::PropertyKind::invariant)
      messages.insert(property.message);
  EXPECT_EQ(messages.size(), 11U); // I1, I2, I3 and I4 have two sentences
  const std::vector<Broken> cases = all_of_them();
  for (const std::string& message : messages)
    EXPECT_TRUE(std::any_of(cases.begin(), cases.end(), [&](const Broken& broken) {
      return message.starts_with(broken.message);
    })) << message;
}

} // namespace
} // namespace interlock::tests
