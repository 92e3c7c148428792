// DragonFly: the table of its revisions and calls, and how a scenario becomes a specification.
#include "actions/dragonfly/calls.hpp"
#include "systems/build.hpp"
#include "systems/dragonfly_primitives.hpp"
#include "systems/reader.hpp"
#include "systems/system.hpp"

namespace interlock::systems {

namespace {

using actions::dragonfly::PpwaitInterlock;
using actions::dragonfly::Revision;

struct RevisionEntry {
  Entry entry;
  Revision revision;
};

// From the newest, each older one without what the newer ones changed.
std::vector<RevisionEntry> make_revisions() {
  Revision revision;
  std::vector<RevisionEntry> table;
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
  add("kern_fork-51818c080a", "51818c080a",
      "2013-10: P_PPWAIT is interlocked by a compare-and-set, wait4 by p_waitgen; no kevent");
  revision.ppwait = PpwaitInterlock::token;
  revision.waitgen = false;
  revision.serial_reaping = false;
  add("kern_exit-82354ad856", "82354ad856",
      "2011-11-30: exit wakes a vfork's parent before it waits for holds to go away; no kevent");
  revision.exit_wakes_first = false;
  revision.holds_wake = false;
  add("kern_fork-de7ac1d675", "de7ac1d675",
      "2011-11-30: fork holds the child's p_token, and the child while it starts it; no kevent");
  revision.child_token = false;
  revision.child_held = false;
  add("before-de7ac1d675", "ee934fe9e6",
      "2011-11: vfork waits with the child's p_token, fork does not hold it; no kevent");
  revision.ppwait = PpwaitInterlock::none;
  add("before-ee934fe9e6", "ee934fe9e6~1",
      "2011-10: vfork looks at P_PPWAIT and sleeps, without an interlock; no kevent");
  return table;
}

const std::vector<RevisionEntry>& revisions() {
  static const std::vector<RevisionEntry> table = make_revisions();
  return table;
}

const std::vector<Entry>& environment() {
  static const std::vector<Entry> choices{
      {"allocation-sleeps", "kmalloc(M_WAITOK) may sleep; all tokens are given up meanwhile"},
      {"authorization-denied", "PRISON_CHECK may refuse EVFILT_PROC on a process"},
      {"signals", "a signal may end a sleep in kevent(2) or wait4(2)"},
  };
  return choices;
}

void add_call(actions::dragonfly::Path& s, const ScenarioCall& call) {
  namespace dragonfly = actions::dragonfly;
  switch (call.kind) {
  case ScenarioCall::Kind::fork:
    dragonfly::fork_call(s, call.text, call.process);
    break;
  case ScenarioCall::Kind::vfork:
    dragonfly::vfork_call(s, call.text, call.process);
    break;
  case ScenarioCall::Kind::exit:
    dragonfly::exit_call(s, call.text);
    break;
  case ScenarioCall::Kind::wait4:
    dragonfly::wait4_call(s, call.text);
    break;
  case ScenarioCall::Kind::kill:
    dragonfly::kill_call(s, call.text, call.process);
    break;
  case ScenarioCall::Kind::killpg:
    dragonfly::killpg_call(s, call.text);
    break;
  case ScenarioCall::Kind::wait:
    dragonfly::kevent_wait_call(s, call.text, wait_of(call));
    break;
  case ScenarioCall::Kind::close:
    dragonfly::close_call(s, call.text, call.kqueue);
    break;
  case ScenarioCall::Kind::change:
    dragonfly::kevent_change_call(s, call.text, change_of(s.kernel(), call));
    break;
  default: // not in the vocabulary
    throw lang::SpecError("dragonfly has no call '" + call.text + "'");
  }
}

Vocabulary vocabulary_of(const RevisionEntry& entry) {
  Vocabulary vocabulary{"dragonfly " + entry.entry.name,
                        {"fork", "vfork", "exit", "wait4", "kill", "killpg"},
                        environment(),
                        1};
  if (entry.revision.kqueue)
    vocabulary.calls.insert(vocabulary.calls.end(), {"kevent", "close"});
  return vocabulary;
}

bool sends_signals(const ScenarioCall& call) {
  return call.kind == ScenarioCall::Kind::kill || call.kind == ScenarioCall::Kind::killpg;
}

} // namespace

const SystemDescription& dragonfly() {
  static const SystemDescription description = [] {
    SystemDescription dragonfly;
    dragonfly.name = "dragonfly";
    dragonfly.text = "DragonFly: fork, vfork, exit, wait and kill under LWKT tokens, kern_fork.c "
                     "2011 to d9d67b59; kqueue as of 2016-02";
    for (const RevisionEntry& entry : revisions())
      dragonfly.revisions.push_back(entry.entry);
    dragonfly.calls = {
        {"fork PROCESS", "fork(2): makes the process and starts its thread"},
        {"vfork PROCESS", "vfork(2): the same, and waits until the process has exited"},
        {"exit [STATUS]", "exit(2) of a single-threaded process; its last call"},
        {"wait4", "wait4(2) for any child; as many as the process forks"},
        {"kill PROCESS", "kill(2) with SIGTSTP, which the process catches"},
        {"killpg PROCESS", "kill(2) with SIGINT, caught, of the group that all processes are in"},
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
    dragonfly.properties = describe_properties(dragonfly.name);
    dragonfly.environment = environment();
    dragonfly.bounds = {
        {"knotes", "slots for struct knote; usually one per EV_ADD and one per tracked fork"},
        {"procs", "slots for struct proc; fewer than processes lets slots be used again"},
    };
    dragonfly.lock_order = {"pg_lock"};
    return dragonfly;
  }();
  return description;
}

BuiltSpec build_dragonfly(const Scenario& scenario) {
  const std::string& name = dragonfly().name;
  const RevisionEntry& entry = find_revision(revisions(), scenario.revision, name);
  const std::vector<std::string> properties = select_properties(scenario, name);
  const ReadScenario read = read_scenario(scenario, vocabulary_of(entry));

  lang::SpecBuilder spec;
  for (const states::KernelPlan::Thread& thread : read.plan.threads)
    spec.thread(thread.name);
  states::dragonfly::Kernel kernel(
      spec, read.plan, {entry.revision.kqueue, read.any(sends_signals), entry.revision.waitgen});
  const states::Watches watches(kernel, read.registrations);
  const actions::Promises promises(watches);
  actions::dragonfly::Context context;
  context.revision = entry.revision;
  context.environment = {read.environment.contains("allocation-sleeps"),
                         read.environment.contains("authorization-denied"),
                         read.environment.contains("signals")};
  context.promises = &promises;
  context.closable = read.closable;
  context.disables = read.any([](const ScenarioCall& call) { return call.disable; });
  context.threads_of = read.threads_of();

  for (std::size_t t = 0; t < read.calls.size(); ++t) {
    actions::dragonfly::Path path(kernel, static_cast<lang::ThreadId>(t), context);
    if (read.plan.processes[read.plan.threads[t].process].parent)
      actions::wait_until_started(path);
    for (const ScenarioCall& call : read.calls[t])
      add_call(path, call);
    spec.set_body(static_cast<lang::ThreadId>(t), path.take());
  }
  return finish({kernel, watches}, scenario, name, properties,
                dragonfly_primitives(kernel, context));
}

} // namespace interlock::systems
