// FreeBSD: the table of its revisions and calls, and how a scenario becomes a specification.
#include "actions/freebsd/calls.hpp"
#include "systems/build.hpp"
#include "systems/freebsd_primitives.hpp"
#include "systems/reader.hpp"
#include "systems/system.hpp"

namespace interlock::systems {

namespace {

using actions::freebsd::Revision;

struct RevisionEntry {
  Entry entry;
  Revision revision;
};

Revision of_91() {
  Revision revision;
  revision.kern_event = "r225617";
  revision.kern_fork = "r236239";
  revision.kern_exit = "r233920";
  revision.kern_proc = "r238647";
  revision.kn_scan = revision.ev_drop = revision.error_first = false;
  return revision;
}

Revision of_2008() {
  Revision revision = of_91();
  revision.kern_event = "before 7054ee4e38";
  revision.kern_fork = "before 7054ee4e38";
  revision.kern_proc = "before 8e6fa660f2";
  revision.knote_fork = revision.p_pwait = revision.p_state_locked = false;
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
  revision.safe_walk = true;
  return revision;
}

// In the order of the kernel's own history.
const std::vector<RevisionEntry>& revisions() {
  static const std::vector<RevisionEntry> table{
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
  return table;
}

// 8e6fa660f2 is about a provider that may be loaded or not.
std::vector<Entry> environment_of(const Revision* revision) {
  std::vector<Entry> choices{
      {"allocation-fails",
       "knote_alloc() may fail in knote_fork(), which does not wait for memory"},
      {"authorization-denied", "p_cansee() may refuse EVFILT_PROC on a process"},
      {"signals", "a signal may end a sleep in kevent(2) or wait4(2)"},
  };
  if (revision == nullptr || (!revision->p_state_locked && revision->knote_fork))
    choices.push_back({"fasttrap", "the DTrace fasttrap provider is loaded, and fork locks both "
                                   "processes for it (fork-before-8e6fa660f2 only)"});
  return choices;
}

void add_call(actions::freebsd::Path& s, const ScenarioCall& call) {
  namespace freebsd = actions::freebsd;
  using Kind = ScenarioCall::Kind;
  switch (call.kind) {
  case Kind::fork:
  case Kind::vfork:
    freebsd::fork_call(s, call.text, call.process, call.kind == Kind::vfork);
    break;
  case Kind::exit:
    freebsd::exit_call(s, call.text);
    break;
  case Kind::wait4:
    freebsd::wait4_call(s, call.text);
    break;
  case Kind::kill:
    freebsd::kill_call(s, call.text, call.process);
    break;
  case Kind::sigsuspend:
    freebsd::sigsuspend_call(s, call.text);
    break;
  case Kind::ptrace:
    freebsd::ptrace_attach_call(s, call.text, call.process);
    break;
  case Kind::wait:
    freebsd::kevent_wait_call(s, call.text, wait_of(call));
    break;
  case Kind::close:
    freebsd::close_call(s, call.text, call.kqueue);
    break;
  case Kind::change:
    freebsd::kevent_change_call(s, call.text, change_of(s.kernel(), call));
    break;
  default: // not in the vocabulary
    throw lang::SpecError("freebsd has no call '" + call.text + "'");
  }
}

} // namespace

const SystemDescription& freebsd() {
  static const SystemDescription description = [] {
    SystemDescription freebsd;
    freebsd.name = "freebsd";
    freebsd.text = "FreeBSD: fork, exit, wait and kqueue from 2008 to 10.4";
    for (const RevisionEntry& entry : revisions())
      freebsd.revisions.push_back(entry.entry);
    freebsd.calls = {
        {"fork PROCESS", "fork(2): makes the process and starts its thread"},
        {"vfork PROCESS", "vfork(2): the caller waits until the process exits"},
        {"exit [STATUS]", "_exit(2) of a single-threaded process; its last call"},
        {"wait4", "wait4(2) for any child; as many as the process forks"},
        {"kill PROCESS", "kill(2) with a signal that PROCESS catches: it ends a sigsuspend"},
        {"sigsuspend", "sigsuspend(2): waits for a signal"},
        {"ptrace attach PROCESS", "ptrace(2), PT_ATTACH: the process becomes a child of the "
                                  "caller's; that it stops is left out"},
        {"kevent add proc PROCESS NOTES [oneshot] [udata NAME] [on KQUEUE]",
         "kevent(2) with EV_ADD; NOTES is a list of exit, fork, track"},
        {"kevent modify proc PROCESS NOTES [oneshot] [udata NAME] [on KQUEUE]",
         "EV_ADD for what is registered already"},
        {"kevent delete proc PROCESS [on KQUEUE]", "kevent(2) with EV_DELETE"},
        {"kevent enable proc PROCESS NOTES [udata NAME] [on KQUEUE]",
         "kevent(2) with EV_ENABLE, which stores fflags and udata too"},
        {"kevent disable proc PROCESS NOTES [udata NAME] [on KQUEUE]",
         "kevent(2) with EV_DISABLE, which stores fflags and udata too"},
        {"kevent wait [COUNT] [poll|timeout] [on KQUEUE]",
         "kevent(2) for up to COUNT events (1): for ever, with timeout 0, or with a timeout that "
         "may expire"},
        {"kevent loop [COUNT] [on KQUEUE]", "kevent wait again and again; a thread's last call"},
        {"close KQUEUE", "close(2) of the kqueue's descriptor"},
    };
    freebsd.properties = describe_properties(freebsd.name);
    freebsd.environment = environment_of(nullptr);
    freebsd.bounds = {
        {"knotes", "slots for struct knote; usually one per EV_ADD and one or two per tracked "
                   "fork"},
        {"procs", "slots for struct proc; fewer than processes lets slots be used again"},
    };
    freebsd.lock_order = {"fd_sx", "proctree_lock", "allproc_lock", "p_mtx", "kq_lock"};
    freebsd.nestable_locks = {{"p_mtx", states::freebsd::proc_lock_rule}};
    return freebsd;
  }();
  return description;
}

BuiltSpec build_freebsd(const Scenario& scenario) {
  const std::string& name = freebsd().name;
  const Revision& revision = find_revision(revisions(), scenario.revision, name).revision;
  const std::vector<std::string> properties = select_properties(scenario, name);
  const Vocabulary vocabulary{
      name,
      {"fork", "vfork", "exit", "wait4", "kill", "sigsuspend", "ptrace", "kevent", "close"},
      environment_of(&revision),
      revision.child_note ? 2U : 1U};
  const ReadScenario read = read_scenario(scenario, vocabulary);

  lang::SpecBuilder spec;
  for (const states::KernelPlan::Thread& thread : read.plan.threads)
    spec.thread(thread.name);
  states::freebsd::Kernel kernel(spec, read.plan);
  const states::Watches watches(kernel, read.registrations);
  const actions::Promises promises(watches);
  actions::freebsd::Context context;
  context.revision = revision;
  context.environment = {read.environment.contains("allocation-fails"),
                         read.environment.contains("authorization-denied"),
                         read.environment.contains("signals"),
                         read.environment.contains("fasttrap")};
  context.promises = &promises;
  context.closable = read.closable;
  context.disables = read.any([](const ScenarioCall& call) { return call.disable; });
  context.vforks =
      read.any([](const ScenarioCall& call) { return call.kind == ScenarioCall::Kind::vfork; });
  context.threads_of = read.threads_of();

  for (std::size_t t = 0; t < read.calls.size(); ++t) {
    actions::freebsd::Path path(kernel, static_cast<lang::ThreadId>(t), context);
    if (read.plan.processes[read.plan.threads[t].process].parent)
      actions::wait_until_started(path);
    for (const ScenarioCall& call : read.calls[t])
      add_call(path, call);
    spec.set_body(static_cast<lang::ThreadId>(t), path.take());
  }
  return finish({kernel, watches}, scenario, name, properties, freebsd_primitives(kernel, context));
}

} // namespace interlock::systems
