// NetBSD: the table of its revisions and calls, and how a scenario becomes a specification.
#include "actions/netbsd_calls.hpp"
#include "lang/nearest.hpp"
#include "lang/patch.hpp"
#include "properties/property.hpp"
#include "systems/netbsd_primitives.hpp"
#include "systems/netbsd_scenario.hpp"
#include "systems/system.hpp"

#include <algorithm>

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
  };
  return table;
}

const Revision& find_revision(const Text& name) {
  std::vector<std::string> names;
  std::string known;
  for (const RevisionEntry& entry : revisions()) {
    if (entry.entry.name == name.text)
      return entry.revision;
    names.push_back(entry.entry.name);
    known += (known.empty() ? "" : ", ") + entry.entry.name;
  }
  throw ScenarioError("unknown revision '" + name.text + "' of netbsd; there is " + known +
                          lang::nearest_hint(name.text, names),
                      name.pointer);
}

std::vector<std::string> select_properties(const Scenario& scenario) {
  std::vector<std::string> known;
  std::vector<std::string> standard; // where none is named
  for (const properties::Entry& entry : properties::all()) {
    known.push_back(entry.name);
    if (!entry.analysis)
      standard.push_back(entry.name);
  }
  if (scenario.properties.empty()) {
    if (!scenario.patches.empty()) // a patch may add checks of its own
      standard.emplace_back(lang::patched_check);
    return standard;
  }
  std::vector<std::string> selected;
  for (const Text& name : scenario.properties) {
    if (std::find(known.begin(), known.end(), name.text) == known.end() &&
        name.text != lang::patched_check)
      throw ScenarioError("unknown property '" + name.text + "'" +
                              lang::nearest_hint(name.text, known),
                          name.pointer);
    if (std::find(selected.begin(), selected.end(), name.text) != selected.end())
      throw ScenarioError("property " + name.text + " is there twice", name.pointer);
    selected.push_back(name.text);
  }
  return selected;
}

void add_call(actions::netbsd::Path& s, const NetbsdCall& call) {
  namespace netbsd = actions::netbsd;
  switch (call.kind) {
  case NetbsdCall::Kind::fork:
    netbsd::fork_call(s, call.text, call.process);
    break;
  case NetbsdCall::Kind::exit:
    netbsd::exit_call(s, call.text);
    break;
  case NetbsdCall::Kind::wait4:
    netbsd::wait4_call(s, call.text);
    break;
  case NetbsdCall::Kind::wait:
    netbsd::kevent_wait_call(s, call.text, call.kqueue, call.most, call.timeout, call.forever);
    break;
  case NetbsdCall::Kind::close:
    netbsd::close_call(s, call.text, call.kqueue);
    break;
  case NetbsdCall::Kind::change: {
    netbsd::ChangeCall change;
    change.request = {call.kqueue, call.process,
                      lang::literal(s.kernel().types().note,
                                    lang::parse_value(*s.kernel().types().note, call.notes)),
                      s.kernel().udata(call.udata), call.oneshot};
    change.add = call.add;
    change.remove = call.remove;
    change.enable = call.enable;
    change.disable = call.disable;
    netbsd::kevent_change_call(s, call.text, change);
    break;
  }
  }
}

void apply(lang::Spec& spec, states::Kernel& kernel, const actions::netbsd::Context& context,
           const Scenario& scenario) {
  std::vector<lang::Patch> patches;
  for (const Patch& patch : scenario.patches)
    patches.push_back(
        {static_cast<lang::Patch::Kind>(patch.kind), patch.label.text, patch.argument.text});
  try {
    lang::apply_patches(spec, patches, netbsd_primitives(kernel, context));
  } catch (const lang::PatchError& error) {
    const Patch& patch = scenario.patches[error.patch()];
    const Text& part = error.part() == lang::PatchError::Part::label ? patch.label : patch.argument;
    throw ScenarioError(error.what(), part.pointer, error.offset());
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
        {"exit [STATUS]", "exit(2) of a single-threaded process; its last call"},
        {"wait4", "wait4(2) for any child; as many as the process forks"},
        {"kevent add proc PROCESS NOTES [oneshot] [udata NAME] [on KQUEUE]",
         "kevent(2) with EV_ADD; NOTES is a list of exit, fork, track"},
        {"kevent modify proc PROCESS NOTES [udata NAME] [on KQUEUE]",
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
    for (const properties::Entry& entry : properties::all())
      netbsd.properties.push_back({entry.name, entry.text});
    netbsd.environment = {
        {"allocation-fails", "kmem_zalloc(KM_NOSLEEP) may fail in knote_proc_fork_track()"},
        {"authorization-denied", "kauth may refuse EVFILT_PROC on a process"},
        {"signals", "a signal may end a sleep in kevent(2) or wait4(2)"},
    };
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
  const Revision& revision = find_revision(scenario.revision);
  BuiltSpec built{std::make_unique<lang::Spec>(), select_properties(scenario)};
  NetbsdScenario read = read_netbsd_scenario(scenario);
  read.plan.kernel_lock = !revision.mpsafe_proc_filter;
  read.plan.in_flux = revision.mpsafe_proc_filter;
  read.plan.kn_data_under_kq_lock = revision.mpsafe_proc_filter;
  read.plan.p_klist_under_p_lock = revision.mpsafe_proc_filter;

  lang::Spec& spec = *built.spec;
  for (const states::KernelPlan::Thread& thread : read.plan.threads)
    spec.thread(thread.name);
  states::Kernel kernel(spec, read.plan);
  const states::Watches watches(kernel, read.registrations);
  const actions::Promises promises(watches);
  actions::netbsd::Context context;
  context.revision = revision;
  context.environment = read.environment;
  context.promises = &promises;
  context.closable = read.closable;
  for (const std::vector<NetbsdCall>& calls : read.calls)
    for (const NetbsdCall& call : calls)
      context.disables = context.disables || call.disable;
  context.threads_of.resize(read.plan.processes.size());
  for (std::size_t t = 0; t < read.plan.threads.size(); ++t)
    context.threads_of[read.plan.threads[t].process].push_back(static_cast<lang::ThreadId>(t));

  for (std::size_t t = 0; t < read.calls.size(); ++t) {
    actions::netbsd::Path path(kernel, static_cast<lang::ThreadId>(t), context);
    if (read.plan.processes[read.plan.threads[t].process].parent)
      actions::netbsd::wait_until_started(path);
    for (const NetbsdCall& call : read.calls[t])
      add_call(path, call);
    spec.set_body(static_cast<lang::ThreadId>(t), path.take());
  }
  for (const properties::Entry& entry : properties::all())
    entry.add({kernel, watches});
  spec.property({lang::patched_check, lang::PropertyKind::check, {}, ""});
  apply(spec, kernel, context, scenario);
  std::vector<std::string> kept = built.properties;
  kept.emplace_back(
      actions::property::double_free); // memory is corrupt afterwards, as after a fault
  spec.select_properties(std::move(kept));
  spec.finish();
  return built;
}

} // namespace interlock::systems
