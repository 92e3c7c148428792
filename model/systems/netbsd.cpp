// NetBSD: its revisions, choices and documented lock order, and how its kernel is declared.
#include "actions/netbsd/calls.hpp"
#include "systems/assembly.hpp"
#include "systems/netbsd_primitives.hpp"

namespace interlock::systems {

namespace {

using actions::netbsd::Environment;
using actions::netbsd::Revision;
using states::netbsd::Kernel;

using Table = SystemTable<Kernel, actions::netbsd::Path>;

std::vector<Table::RevisionEntry> revisions() {
  Revision before;
  before.kern_event = "1.128";
  before.mpsafe_proc_filter = false;
  Revision vfork;
  vfork.vfork_in_lwp = true;
  return {
      {{"kern_event-1.128", "kqueue before 2021-10-10: filter operations under KERNEL_LOCK, "
                            "NOTE_TRACK registers recursively, one "
                            "knote for NOTE_CHILD and NOTE_EXIT"},
       before},
      {{"kern_event-1.129", "kqueue since 2021-10-10: EVFILT_PROC is MP-safe, knotes in flux, "
                            "KN_WILLDETACH, KQ_CLOSING"},
       Revision{}},
      {{"kern_fork-1.231",
        "kern_event-1.129, and who calls vfork(2) waits in its own lwp and not for "
        "the child's struct proc"},
       vfork},
  };
}

// 1.128 waits for the memory that a tracked fork needs.
bool allocates_without_sleeping(const Revision& revision) { return revision.mpsafe_proc_filter; }

std::vector<Table::Choice> environment() {
  return {
      {{"allocation-fails",
        "kmem_zalloc(KM_NOSLEEP) may fail in knote_proc_fork_track() (not in 1.128)"},
       &Environment::allocation_fails,
       allocates_without_sleeping},
      {{"authorization-denied",
        "kauth may refuse a caller EVFILT_PROC on a process: always or never"},
       &Environment::authorization_denied},
      {{"signals", "a signal may end a sleep in kevent(2) or wait4(2)"}, &Environment::signals},
      {.entry = {"sigchld-ignored",
                 "every process but init ignores SIGCHLD, and so init reaps its children"},
       .field = &Environment::sigchld_ignored,
       .needs_init = true},
  };
}

std::unique_ptr<Kernel> declare(lang::SpecBuilder& spec, const ReadScenario& read,
                                const Revision& revision) {
  const bool mpsafe = revision.mpsafe_proc_filter;
  states::netbsd::Features features;
  features.kernel_lock = !mpsafe;
  features.in_flux = mpsafe;
  features.kn_data_under_kq_lock = mpsafe;
  features.p_klist_under_p_lock = mpsafe;
  features.vfork = read.any(ScenarioCall::Kind::vfork);
  features.vfork_in_lwp = revision.vfork_in_lwp;
  features.group = read.any(ScenarioCall::Kind::killpg);
  return std::make_unique<Kernel>(spec, read.plan, features);
}

const Table& table() {
  static const Table table{
      .name = "netbsd",
      .text =
          "NetBSD: kern_fork.c 1.209, exit and wait, kqueue before and after kern_event.c 1.129",
      .revisions = revisions(),
      .environment = environment(),
      .knotes_per_tracked_fork = [](const Revision&) -> std::size_t { return 2; },
      .knotes_help = "one per EV_ADD and two per tracked fork",
      .lock_order = {"kqueue_filter_lock", "fd_lock", "proc_lock", "p_lock", "kq_lock"},
      .declare = declare,
      .calls = actions::netbsd::kernel_calls,
      // kqueue_register(): of a knote with KN_WILLDETACH, which is on its way out, nothing is left
      // to be done.
      .contract =
          [](const Revision& revision) {
            return contract::Parameters{.joint_deletes = revision.mpsafe_proc_filter};
          },
      .primitives = netbsd_primitives,
  };
  return table;
}

} // namespace

System netbsd() { return system_of_table<table>(); }

} // namespace interlock::systems
