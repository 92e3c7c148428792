// DragonFly: its revisions, choices and documented lock order, and how its kernel is declared.
#include "actions/dragonfly/calls.hpp"
#include "systems/assembly.hpp"
#include "systems/dragonfly_primitives.hpp"

namespace interlock::systems {

namespace {

using actions::dragonfly::Environment;
using actions::dragonfly::PpwaitInterlock;
using actions::dragonfly::Revision;
using states::dragonfly::Kernel;

using Table = SystemTable<Kernel, actions::dragonfly::Path>;

// From the newest, each older one without what the newer ones changed.
std::vector<Table::RevisionEntry> revisions() {
  Revision revision;
  std::vector<Table::RevisionEntry> table;
  const auto add = [&](const char* name, const char* commit, const char* text) {
    revision.commit = commit;
    table.insert(table.begin(), {{name, text}, revision});
  };
  add("kern_fork-d9d67b59", "d9d67b59",
      "fork and vfork with an interlocked P_PPWAIT, kqueue as of 2016-02: kqueue_wakeup() wakes "
      "one");
  revision.kq_wakeup_one = false;
  add("before-7adc569540", "d9d67b59", "2015-12: the same, and kqueue_wakeup() wakes all");
  revision.kqueue = false;
  revision.reaper = false;
  revision.pid_spinlock = true;
  add("kern_fork-51818c080a", "51818c080a",
      "2013-10: P_PPWAIT is interlocked by a compare-and-set, wait4 by p_waitgen; no kevent");
  revision.ppwait = PpwaitInterlock::token;
  revision.waitgen = false;
  revision.pid_spinlock = false;
  revision.serial_reaping = false;
  add("kern_exit-82354ad856", "82354ad856",
      "2011-11-30: exit wakes a vfork's parent before it waits for holds to go away; no kevent");
  revision.exit_wakes_first = false;
  revision.holds_wake = false;
  add("kern_fork-de7ac1d675", "de7ac1d675",
      "2011-11-30: fork holds the child's p_token, and the child while it starts it; no kevent");
  revision.child_token = false;
  revision.child_held = false;
  revision.zombie_token = false;
  revision.wakes_late = false;
  add("before-de7ac1d675", "ee934fe9e6",
      "2011-11: vfork waits with the child's p_token, fork does not hold it; no kevent");
  revision.ppwait = PpwaitInterlock::none;
  add("before-ee934fe9e6", "ee934fe9e6~1",
      "2011-10: vfork looks at P_PPWAIT and sleeps, without an interlock; no kevent");
  return table;
}

std::vector<Table::Choice> environment() {
  return {
      {{"allocation-sleeps", "kmalloc(M_WAITOK) may sleep; all tokens are given up meanwhile"},
       &Environment::allocation_sleeps},
      {{"authorization-denied",
        "PRISON_CHECK may refuse a caller EVFILT_PROC on a process: always or never"},
       &Environment::authorization_denied},
      {{"signals", "a signal may end a sleep in kevent(2) or wait4(2)"}, &Environment::signals},
      {.entry =
           {"sigchld-ignored",
            "every process but init ignores SIGCHLD, and so init reaps its children (since 2013)"},
       .field = &Environment::sigchld_ignored,
       .offered = [](const Revision& revision) { return revision.waitgen; },
       .needs_init = true},
  };
}

std::unique_ptr<Kernel> declare(lang::SpecBuilder& spec, const ReadScenario& read,
                                const Revision& revision) {
  states::dragonfly::Features features;
  features.kqueue = revision.kqueue;
  features.signals = read.any(ScenarioCall::Kind::kill) || read.any(ScenarioCall::Kind::killpg);
  features.waitgen = revision.waitgen;
  return std::make_unique<Kernel>(spec, read.plan, features);
}

const Table& table() {
  static const Table table{
      .name = "dragonfly",
      .text = "DragonFly: fork, vfork, exit, wait and kill under LWKT tokens, kern_fork.c "
              "2011 to d9d67b59; kqueue as of 2016-02",
      .revisions = revisions(),
      .environment = environment(),
      .has_kqueue = [](const Revision& revision) { return revision.kqueue; },
      .knotes_per_tracked_fork = [](const Revision&) -> std::size_t { return 1; },
      .knotes_help = "one per EV_ADD and one per tracked fork",
      .lock_order = {"pg_lock"},
      .declare = declare,
      .calls = actions::dragonfly::kernel_calls,
      // filt_procattach() asks zpfind() too; the file of a kqueue stays while a thread is in
      // kevent(2).
      .contract =
          [](const Revision&) {
            return contract::Parameters{.finds_zombies = true, .close_keeps_waiters = true};
          },
      .primitives = dragonfly_primitives,
  };
  return table;
}

} // namespace

System dragonfly() { return system_of_table<table>(); }

} // namespace interlock::systems
