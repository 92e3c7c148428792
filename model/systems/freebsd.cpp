// FreeBSD: its revisions, choices and documented lock order, and how its kernel is declared.
#include "actions/freebsd/calls.hpp"
#include "systems/assembly.hpp"
#include "systems/freebsd_primitives.hpp"

namespace interlock::systems {

namespace {

using actions::freebsd::Environment;
using actions::freebsd::Revision;
using states::freebsd::Kernel;

using Table = SystemTable<Kernel, actions::freebsd::Path>;

Revision of_91() {
  Revision revision;
  revision.kern_event = "r225617";
  revision.kern_fork = "r236239";
  revision.kern_exit = "r233920";
  revision.kern_proc = "r238647";
  revision.kn_scan = revision.ev_drop = revision.error_first = false;
  revision.kern_wait6 = revision.pfind_locked = false;
  return revision;
}

Revision of_2008() {
  Revision revision = of_91();
  revision.kern_event = "before 7054ee4e38";
  revision.kern_fork = "before 7054ee4e38";
  revision.kern_proc = "before 8e6fa660f2";
  revision.knote_fork = revision.p_pwait = revision.p_state_locked = false;
  revision.do_fork = false;
  return revision;
}

Revision before_8e6fa660f2() {
  Revision revision = of_91();
  revision.kern_fork = "before 8e6fa660f2";
  revision.kern_proc = "before 8e6fa660f2";
  revision.p_state_locked = false;
  return revision;
}

Revision of_8e6fa660f2() {
  Revision revision = of_91();
  revision.kern_fork = "8e6fa660f2";
  revision.kern_proc = "8e6fa660f2";
  return revision;
}

Revision of_93() {
  Revision revision;
  revision.kern_event = "r264369";
  revision.kern_fork = "r263282";
  revision.kern_exit = "releng/9.3";
  revision.kern_proc = "releng/9.3";
  return revision;
}

Revision of_r295012() {
  Revision revision = of_93();
  revision.kern_event = "r295012";
  revision.child_note = true;
  return revision;
}

Revision of_104() {
  Revision revision = of_r295012();
  revision.kern_event = "r320293";
  revision.kern_fork = "r321020";
  revision.kern_exit = "r310585";
  revision.kern_proc = "r315260";
  revision.safe_walk = revision.fdescfree = revision.nprocs_atomic = true;
  revision.signals_reaper = true;
  revision.destroy_clears = false;
  return revision;
}

std::vector<Table::RevisionEntry> revisions() {
  return {
      {{"kqueue-2008-06", "before 7054ee4e38: NOTE_TRACK registers the child from inside the "
                          "parent's event, with PROC_LOCK and KQ_LOCK held"},
       of_2008()},
      {{"fork-before-8e6fa660f2", "PRS_NEW ends without the proc lock, the parent is locked before "
                                  "the child, pfind() tests PRS_NEW before it locks"},
       before_8e6fa660f2()},
      {{"fork-8e6fa660f2", "PRS_NEW ends under both proc locks, the child's first; pfind() locks "
                           "before it tests"},
       of_8e6fa660f2()},
      {{"kqueue-9.1", "9.1.0: knote_fork() puts the knote in flux and registers the child with no "
                      "lock held; NOTE_CHILD and NOTE_EXIT share a knote"},
       of_91()},
      {{"kqueue-9.3", "9.3: KN_SCAN lets events reach a knote that a scan or a change has in flux; "
                      "EV_DROP; NOTE_TRACKERR is reported"},
       of_93()},
      {{"kqueue-r295012", "9.3 with r295012: NOTE_CHILD has a knote of its own"}, of_r295012()},
      {{"kqueue-10.4", "10.4.0: and knote() reads the next knote before the filter runs"},
       of_104()},
  };
}

// 8e6fa660f2 is about a provider that may be loaded or not.
bool has_fasttrap(const Revision& revision) {
  return !revision.p_state_locked && revision.knote_fork;
}

std::vector<Table::Choice> environment() {
  return {
      {{"allocation-fails",
        "knote_alloc() may fail in knote_fork(), which does not wait for memory"},
       &Environment::allocation_fails},
      {{"authorization-denied",
        "p_cansee() may refuse a caller EVFILT_PROC on a process: always or never"},
       &Environment::authorization_denied},
      {{"signals", "a signal may end a sleep in kevent(2) or wait4(2)"}, &Environment::signals},
      {.entry = {"sigchld-ignored",
                 "every process but init ignores SIGCHLD, and so init reaps its children"},
       .field = &Environment::sigchld_ignored,
       .needs_init = true},
      {{"fasttrap", "the DTrace fasttrap provider is loaded, and fork locks both "
                    "processes for it (fork-before-8e6fa660f2 only)"},
       &Environment::fasttrap,
       has_fasttrap},
  };
}

std::unique_ptr<Kernel> declare(lang::SpecBuilder& spec, const ReadScenario& read,
                                const Revision&) {
  return std::make_unique<Kernel>(
      spec, read.plan, states::freebsd::Features{.group = read.any(ScenarioCall::Kind::killpg)});
}

const Table& table() {
  static const Table table{
      .name = "freebsd",
      .text = "FreeBSD: fork, exit, wait and kqueue from 2008 to 10.4",
      .revisions = revisions(),
      .environment = environment(),
      .knotes_per_tracked_fork = [](const Revision& revision) -> std::size_t {
        return revision.child_note ? 2 : 1;
      },
      .knotes_help = "one per EV_ADD and one or two per tracked fork",
      .lock_order = {"fd_sx", "proctree_lock", "allproc_lock", "pg_mtx", "p_mtx", "kq_lock"},
      .nestable_locks = {{"p_mtx", states::freebsd::proc_lock_rule}},
      .declare = declare,
      .calls = actions::freebsd::kernel_calls,
      // filt_procattach() asks zpfind() too; the file of a kqueue stays while a thread is in
      // kevent(2).
      .contract =
          [](const Revision&) {
            return contract::Parameters{.finds_zombies = true, .close_keeps_waiters = true};
          },
      .primitives = freebsd_primitives,
  };
  return table;
}

} // namespace

System freebsd() { return system_of_table<table>(); }

} // namespace interlock::systems
