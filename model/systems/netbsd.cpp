// NetBSD: the table of its revisions and calls, and how a scenario becomes a specification.
#include "actions/netbsd/calls.hpp"
#include "systems/build.hpp"
#include "systems/netbsd_primitives.hpp"
#include "systems/reader.hpp"
#include "systems/system.hpp"

namespace interlock::systems {

namespace {

using actions::netbsd::Revision;

struct RevisionEntry {
  Entry entry;
  Revision revision;
};

const std::vector<RevisionEntry>& revisions() {
  static const std::vector<RevisionEntry> table{
      {{"kern_event-1.128", "kqueue before 2021-10-10: filter operations under KERNEL_LOCK, "
                            "NOTE_TRACK registers recursively, one "
                            "knote for NOTE_CHILD and NOTE_EXIT"},
       {"1.128", false}},
      {{"kern_event-1.129", "kqueue since 2021-10-10: EVFILT_PROC is MP-safe, knotes in flux, "
                            "KN_WILLDETACH, KQ_CLOSING"},
       {"1.129", true}},
      {{"kern_fork-1.231",
        "kern_event-1.129, and who calls vfork(2) waits in its own lwp and not for "
        "the child's struct proc"},
       {"1.129", true, true}},
  };
  return table;
}

const std::vector<Entry>& environment() {
  static const std::vector<Entry> choices{
      {"allocation-fails",
       "kmem_zalloc(KM_NOSLEEP) may fail in knote_proc_fork_track() (not in 1.128)"},
      {"authorization-denied", "kauth may refuse EVFILT_PROC on a process"},
      {"signals", "a signal may end a sleep in kevent(2) or wait4(2)"},
      {"sigchld-ignored", "every process but init ignores SIGCHLD, and so init reaps its children"},
  };
  return choices;
}

// 1.128 waits for the memory that a tracked fork needs.
std::vector<Entry> environment_of(const Revision& revision) {
  std::vector<Entry> choices = environment();
  if (!revision.mpsafe_proc_filter)
    choices.erase(choices.begin());
  return choices;
}

void add_call(actions::netbsd::Path& s, const ScenarioCall& call) {
  namespace netbsd = actions::netbsd;
  switch (call.kind) {
  case ScenarioCall::Kind::fork:
    netbsd::fork_call(s, call.text, call.process, netbsd::Fork::ordinary);
    break;
  case ScenarioCall::Kind::vfork:
    netbsd::fork_call(s, call.text, call.process, netbsd::Fork::vfork);
    break;
  case ScenarioCall::Kind::exec:
    netbsd::exec_call(s, call.text);
    break;
  case ScenarioCall::Kind::exit:
    netbsd::exit_call(s, call.text);
    break;
  case ScenarioCall::Kind::wait4:
    netbsd::wait4_call(s, call.text);
    break;
  case ScenarioCall::Kind::wait:
    netbsd::kevent_wait_call(s, call.text, wait_of(call));
    break;
  case ScenarioCall::Kind::close:
    netbsd::close_call(s, call.text, call.kqueue);
    break;
  case ScenarioCall::Kind::change:
    netbsd::kevent_change_call(s, call.text, change_of(s.kernel(), call));
    break;
  default: // not in the vocabulary
    throw lang::SpecError("netbsd has no call '" + call.text + "'");
  }
}

} // namespace

const SystemDescription& netbsd() {
  static const SystemDescription description = [] {
    SystemDescription netbsd;
    netbsd.name = "netbsd";
    netbsd.text =
        "NetBSD: kern_fork.c 1.209, exit and wait, kqueue before and after kern_event.c 1.129";
    for (const RevisionEntry& entry : revisions())
      netbsd.revisions.push_back(entry.entry);
    netbsd.calls = {
        {"fork PROCESS", "fork(2): makes the process and starts its thread"},
        {"vfork PROCESS", "vfork(2): the same, and waits until that process exits or calls exec"},
        {"exec", "execve(2) of a single-threaded process, as far as vfork(2) is concerned"},
        {"exit [STATUS]", "exit(2) of a single-threaded process; its last call"},
        {"wait4", "wait4(2) for any child; as many as the process forks. A process called init "
                  "waits for orphans, too"},
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
    netbsd.properties = describe_properties(netbsd.name);
    netbsd.environment = environment();
    netbsd.bounds = {
        {"knotes", "slots for struct knote; usually one per EV_ADD and two per tracked fork"},
        {"procs", "slots for struct proc; fewer than processes lets slots be used again"},
    };
    netbsd.lock_order = {"kqueue_filter_lock", "fd_lock", "proc_lock", "p_lock", "kq_lock"};
    return netbsd;
  }();
  return description;
}

BuiltSpec build_netbsd(const Scenario& scenario) {
  const std::string& name = netbsd().name;
  const Revision& revision = find_revision(revisions(), scenario.revision, name).revision;
  const std::vector<std::string> properties = select_properties(scenario, name);
  const Vocabulary vocabulary{name,
                              {"fork", "vfork", "exec", "exit", "wait4", "kevent", "close"},
                              environment_of(revision),
                              2,
                              true};
  const ReadScenario read = read_scenario(scenario, vocabulary);

  if (read.environment.contains("sigchld-ignored") && !read.plan.init)
    throw ScenarioError("sigchld-ignored needs a process called init, which reaps", "/environment");
  lang::SpecBuilder spec;
  for (const states::KernelPlan::Thread& thread : read.plan.threads)
    spec.thread(thread.name);
  const bool mpsafe = revision.mpsafe_proc_filter;
  const bool vfork =
      read.any([](const ScenarioCall& call) { return call.kind == ScenarioCall::Kind::vfork; });
  states::netbsd::Kernel kernel(spec, read.plan,
                                {!mpsafe, mpsafe, mpsafe, mpsafe, vfork, revision.vfork_in_lwp});
  const states::Watches watches(kernel, read.registrations);
  const actions::Promises promises(watches);
  actions::netbsd::Context context;
  context.revision = revision;
  context.environment = {read.environment.contains("allocation-fails"),
                         read.environment.contains("authorization-denied"),
                         read.environment.contains("signals"),
                         read.environment.contains("sigchld-ignored")};
  context.promises = &promises;
  context.closable = read.closable;
  context.disables = read.any([](const ScenarioCall& call) { return call.disable; });
  context.threads_of = read.threads_of();

  for (std::size_t t = 0; t < read.calls.size(); ++t) {
    actions::netbsd::Path path(kernel, static_cast<lang::ThreadId>(t), context);
    if (read.plan.processes[read.plan.threads[t].process].parent)
      actions::wait_until_started(path);
    for (const ScenarioCall& call : read.calls[t])
      add_call(path, call);
    spec.set_body(static_cast<lang::ThreadId>(t), path.take());
  }
  return finish({kernel, watches}, scenario, name, properties, netbsd_primitives(kernel, context));
}

} // namespace interlock::systems
