// Names and values of states, locks held, and how threads stand.
#include "witnesses/words.hpp"

#include "lang/wait_for.hpp"

#include <algorithm>

namespace interlock::witnesses {

namespace {

Role role_of(const lang::Spec& spec, lang::VariableId id) {
  const lang::Variable& variable = spec.variables()[id];
  if (variable.ghost)
    return Role::ghost;
  for (const lang::Thread& thread : spec.threads())
    if (thread.counter == id)
      return Role::counter;
  for (const lang::Pool& pool : spec.pools())
    if (pool.lock && (pool.lock->owner == id || pool.lock->readers == id))
      return Role::lock;
  return variable.scope == lang::Scope::local ? Role::local : Role::value;
}

std::string name_of(const lang::Spec& spec, const lang::Variable& variable, std::uint32_t object) {
  switch (variable.scope) {
  case lang::Scope::field:
    return spec.pools()[variable.pool].objects[object] + "." + variable.name;
  case lang::Scope::local:
    return spec.threads()[variable.thread].name + "." + variable.name;
  default:
    return variable.name;
  }
}

std::string name_of(lang::Standing standing) {
  switch (standing) {
  case lang::Standing::can_move:
    return "can move";
  case lang::Standing::oversleeps:
    return "sleeps until its timeout";
  case lang::Standing::timed:
    return "waits until its timeout";
  case lang::Standing::idle:
    return "idle";
  case lang::Standing::blocked:
    return "blocked";
  case lang::Standing::done:
    return "done";
  }
  return "";
}

} // namespace

std::vector<Word> words_of(const lang::Spec& spec) {
  std::vector<Word> words;
  for (lang::VariableId id = 0; id < spec.variables().size(); ++id) {
    const lang::Variable& variable = spec.variables()[id];
    // The number of the observer's set means something within one exploration only.
    const bool is_set = spec.observation() && spec.observation()->set == id;
    if (variable.protection == lang::Protection::immutable || is_set)
      continue;
    const Role role = role_of(spec, id);
    const std::string type =
        variable.capacity == 0 ? variable.type->name : "list of " + variable.type->name;
    for (std::uint32_t object = 0; object < variable.objects; ++object)
      words.push_back(
          {{name_of(spec, variable, object), role == Role::counter ? "label" : type, role},
           id,
           variable.first_slot + object * variable.stride});
  }
  std::sort(words.begin(), words.end(),
            [](const Word& a, const Word& b) { return a.slot < b.slot; });
  return words;
}

std::string value_of(const lang::Spec& spec, const Word& word, const lang::State& state) {
  const lang::Variable& variable = spec.variables()[word.id];
  if (word.variable.role == Role::counter) {
    const lang::Thread& thread = spec.threads()[variable.thread];
    return thread.points[static_cast<lang::PointId>(state[word.slot])].label;
  }
  if (variable.capacity == 0)
    return format_value(*variable.type, state[word.slot]);
  std::string list = "[";
  for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(state[word.slot]); ++i)
    list += (i == 0 ? "" : ", ") + format_value(*variable.type, state[word.slot + 1 + i]);
  return list + "]";
}

std::vector<Held> held_by(const lang::Spec& spec, const lang::State& state, lang::ThreadId thread) {
  std::vector<Held> held;
  for (const lang::HeldLock& lock : held_locks(spec, state, thread))
    held.push_back({spec.pools()[lock.pool].objects[lock.object], lock.mode == lang::Mode::shared});
  return held;
}

std::vector<Ending> endings_of(const lang::Spec& spec, const lang::State& state) {
  const std::vector<lang::WaitEdge> graph = wait_for_graph(spec, state);
  std::vector<Ending> endings;
  for (lang::ThreadId thread = 0; thread < spec.threads().size(); ++thread) {
    Ending ending;
    ending.thread = spec.threads()[thread].name;
    ending.standing = name_of(standing(spec, state, thread));
    ending.label = spec.threads()[thread].points[point_of(spec, state, thread)].label;
    const auto edge =
        std::find_if(graph.begin(), graph.end(),
                     [&](const lang::WaitEdge& candidate) { return candidate.thread == thread; });
    if (edge != graph.end()) {
      ending.label = spec.actions()[edge->action].label;
      ending.waits_for = spec.pools()[edge->pool].objects[edge->object];
      ending.asleep = edge->asleep;
      for (const lang::ThreadId holder : edge->holders)
        ending.holders.push_back(spec.threads()[holder].name);
      ending.source = source_of(spec.actions()[edge->action].anchor);
    }
    endings.push_back(std::move(ending));
  }
  return endings;
}

Source source_of(const lang::Anchor& anchor) {
  return {anchor.file, anchor.revision, anchor.function, anchor.line};
}

} // namespace interlock::witnesses
