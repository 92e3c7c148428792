// How a scenario becomes a specification, the same for all systems; and the table that a system
// fills in.
#pragma once

#include "actions/kernel_path.hpp"
#include "lang/observer.hpp"
#include "systems/build.hpp"
#include "systems/contract_of.hpp"
#include "systems/gates.hpp"
#include "systems/reader.hpp"
#include "systems/system.hpp"

#include <functional>

namespace interlock::systems {

// Path is the kernel's builder of bodies, Kernel its declaration of what exists.
template <class KernelType, class PathType> struct SystemTable {
  using Kernel = KernelType;
  using Path = PathType;
  using Context = typename Path::Context;
  using Revision = typename Context::Revision;
  using Environment = typename Context::Environment;

  struct RevisionEntry {
    Entry entry;
    Revision revision;
  };
  // A choice of the environment.
  struct Choice {
    Entry entry;
    bool Environment::*field = nullptr;
    bool (*offered)(const Revision& revision) = nullptr; // null: by every revision
    bool needs_init = false; // makes sense only with a process called init
  };

  std::string name; // "netbsd"
  std::string text;
  std::vector<RevisionEntry> revisions; // in the order of the kernel's own history
  std::vector<Choice> environment = {};
  bool (*has_kqueue)(const Revision& revision) = nullptr; // null: every revision
  std::size_t (*knotes_per_tracked_fork)(const Revision& revision) = nullptr;
  std::string knotes_help; // how many slots there are for struct knote when no bound says so
  std::vector<std::string> lock_order = {}; // documented order, outermost first
  std::vector<Entry> nestable_locks = {};   // as SystemDescription has them
  std::unique_ptr<Kernel> (*declare)(lang::SpecBuilder& spec, const ReadScenario& read,
                                     const Revision& revision) = nullptr;
  const actions::KernelCalls<Path>& (*calls)() = nullptr;
  contract::Parameters (*contract)(const Revision& revision) = nullptr;
  lang::Primitives (*primitives)(Kernel& kernel, const Context& context) = nullptr;
};

// What users are told of the system.
template <class Table> SystemDescription describe(const Table& table) {
  SystemDescription description;
  description.name = table.name;
  description.text = table.text;
  for (const auto& revision : table.revisions)
    description.revisions.push_back(revision.entry);
  description.calls = describe_calls(table.name);
  describe_properties(description);
  for (const auto& choice : table.environment)
    description.environment.push_back(choice.entry);
  description.bounds = {
      {"knotes", "slots for struct knote; usually " + table.knotes_help},
      {"procs", "slots for struct proc; fewer than processes lets slots be used again"},
  };
  description.lock_order = table.lock_order;
  description.nestable_locks = table.nestable_locks;
  return description;
}

// Of one revision, or, where it is not known which one is meant, what any of them understands.
template <class Table>
Vocabulary vocabulary_of(const Table& table, const typename Table::RevisionEntry* entry) {
  Vocabulary vocabulary;
  const bool kqueue =
      entry == nullptr || table.has_kqueue == nullptr || table.has_kqueue(entry->revision);
  vocabulary.system = kqueue ? table.name : table.name + " " + entry->entry.name;
  vocabulary.calls = call_forms(table.name, kqueue);
  for (const auto& choice : table.environment)
    if (entry == nullptr || choice.offered == nullptr || choice.offered(entry->revision))
      vocabulary.environment.push_back({choice.entry.name, choice.needs_init});
  if (entry != nullptr)
    vocabulary.knotes_per_tracked_fork = table.knotes_per_tracked_fork(entry->revision);
  return vocabulary;
}

// The scenario with every name resolved.  With an objection the result is of no use, but for the
// properties, which are not there when it cannot be told which they are.
template <class Table>
ReadScenario read(const Table& table, const Scenario& scenario, Objections& objections) {
  SelectedProperties properties = select_properties(scenario, table.name, objections);
  if (objections.count() > 0 || !scenario.tells_properties())
    properties = {};
  const typename Table::RevisionEntry* entry = nullptr;
  if (!scenario.unread.revision)
    objections.attempt(
        [&] { entry = &find_revision(table.revisions, scenario.revision, table.name); });
  ReadScenario read = read_scenario(scenario, vocabulary_of(table, entry), objections);
  read.properties = std::move(properties);
  return read;
}

template <class Table> Judgement judge(const Table& table, const Scenario& scenario) {
  Objections objections;
  const ReadScenario read = systems::read(table, scenario, objections);
  return {objections.all(),
          read.properties.names.empty() ? std::nullopt : std::optional(read.properties)};
}

// What the scenario says of the call at a place.
template <class Path>
actions::Call call_at(Path& s, const ScenarioCall& call, const Gates& gates,
                      const CallPlace& place) {
  // With sigsuspend(2) a scenario parks a thread: no signal may ever come.
  return {s,
          s.lives(),
          call.text,
          gates.before(place),
          gates.after(place),
          call.kind == ScenarioCall::Kind::sigsuspend,
          gates.answered(place),
          call.answer};
}

// A call, from `enter` to `return`, as the kernel makes it.
template <class Path>
void add_call(Path& s, const ScenarioCall& call, const actions::KernelCalls<Path>& calls,
              const Gates& gates, const CallPlace& place) {
  using Kind = ScenarioCall::Kind;
  using lang::Expr;
  const actions::Call named = call_at(s, call, gates, place);
  switch (call.kind) {
  case Kind::fork:
  case Kind::vfork: {
    const auto kind = call.kind == Kind::fork ? actions::Fork::ordinary : actions::Fork::vfork;
    actions::fork_call(named, call.process, kind, [&] { calls.fork(s, call.process, kind); });
    break;
  }
  case Kind::exit:
    actions::exit_call(named, s.process(), [&] { calls.exit(s); });
    break;
  case Kind::wait4:
    actions::wait4_call(named, call.reap, s.process(), [&](const actions::ReapResult& result) {
      calls.wait4(s, call.reap, result);
    });
    break;
  case Kind::change: {
    const actions::ChangeCall change = change_of(s.kernel(), call);
    actions::change_call(named, [&](const Expr& result) {
      actions::with_file(s, calls, call.kqueue, result,
                         [&] { calls.kevent_change(s, change, result); });
    });
    break;
  }
  case Kind::wait: {
    actions::WaitCall wait = wait_of(call);
    wait.restarts = calls.restarts != nullptr && calls.restarts(s, wait);
    actions::wait_call(named, wait, [&](const actions::WaitResult& result) {
      actions::with_file(s, calls, call.kqueue, result.error,
                         [&] { calls.kevent_wait(s, wait, result); });
    });
    break;
  }
  case Kind::close:
    actions::close_call(named, [&](const Expr& result) { calls.close(s, call.kqueue, result); });
    break;
  default: {
    const auto body = [&](const Expr& result) {
      const auto& plain = calls.plain.at(call.kind);
      if (const auto* of_process = std::get_if<1>(&plain))
        (*of_process)(s, call.process, result);
      else
        std::get<0>(plain)(s, result);
    };
    if (call.kind == Kind::exec)
      actions::exec_call(named, s.process(), body);
    else
      actions::plain_call(named, body);
  }
  }
}

template <class Table> BuiltSpec assemble(const Table& table, const Scenario& scenario) {
  using Path = typename Table::Path;
  Objections objections;
  const ReadScenario read = systems::read(table, scenario, objections);
  objections.throw_any();
  const auto& revision = find_revision(table.revisions, scenario.revision, table.name).revision;

  lang::SpecBuilder spec;
  for (const states::KernelPlan::Thread& thread : read.plan.threads)
    spec.thread(thread.name);
  const std::unique_ptr<typename Table::Kernel> kernel = table.declare(spec, read, revision);
  const states::Lives lives(
      *kernel, {.told = read.properties.contains(actions::property::wait_after_note_exit),
                .exec = read.any(ScenarioCall::Kind::exec)});
  const Gates gates(spec, read);
  typename Table::Context context;
  context.revision = revision;
  for (const auto& choice : table.environment)
    context.environment.*choice.field = read.environment.contains(choice.entry.name);
  context.lives = &lives;
  const states::Authorization authorization(*kernel, context.environment.authorization_denied);
  context.authorization = &authorization;
  context.threads_of = read.threads_of();
  context.closable = read.closable;
  context.vforks = read.any(ScenarioCall::Kind::vfork);

  for (std::size_t t = 0; t < read.calls.size(); ++t) {
    Path path(*kernel, static_cast<lang::ThreadId>(t), context);
    if (read.plan.processes[read.plan.threads[t].process].parent)
      actions::wait_until_started(path);
    const std::function<void(std::size_t)> add_from = [&](std::size_t i) {
      if (i == read.calls[t].size())
        return;
      add_call(path, read.calls[t][i], table.calls(), gates, {t, i});
      if (const lang::Expr answered = gates.answered({t, i}); answered.empty())
        add_from(i + 1);
      else
        path.label("if_" + std::to_string(i + 1)).if_(answered, [&] { add_from(i + 1); });
    };
    add_from(0);
    spec.set_body(static_cast<lang::ThreadId>(t), path.take());
  }
  if (!read.registrations.empty() ||
      read.any(ScenarioCall::Kind::wait4)) // else there is nothing to judge
    add_contract(spec, *kernel, read, table.contract(revision));
  BuiltSpec built =
      finish({*kernel}, scenario, read.properties, table.primitives(*kernel, context));
  built.order = gates.texts();
  return built;
}

// The entry of the list of systems; `table` gives the table.
template <auto table> System system_of_table() {
  return {describe(table()), [](const Scenario& scenario) { return judge(table(), scenario); },
          [](const Scenario& scenario) { return assemble(table(), scenario); }};
}

} // namespace interlock::systems
