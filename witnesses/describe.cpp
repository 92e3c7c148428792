// From a trace to a witness and back.
#include "witnesses/words.hpp"

#include <algorithm>

namespace interlock::witnesses {

namespace {

using lang::Action;
using lang::Spec;
using lang::State;
using lang::ViolationKind;

std::vector<Named> reports_of(const Spec& spec, const State& state, const Action& action) {
  std::vector<Named> reports;
  for (const lang::Report& report : action.reports) {
    const lang::Evaluation value = evaluate(spec, state, report.value);
    reports.push_back({report.name, value.failure
                                        ? "? (" + value.failure->property + ")"
                                        : format_value(report.value.type(), value.value)});
  }
  return reports;
}

// Whether the label says which step the thread takes.
bool is_the_only_one(const Spec& spec, const State& before, lang::ActionId id) {
  const Action& action = spec.actions()[id];
  const auto& others = spec.threads()[action.thread].points[action.from].actions;
  return std::none_of(others.begin(), others.end(), [&](lang::ActionId other) {
    return other != id && spec.actions()[other].label == action.label &&
           take(spec, before, spec.actions()[other]).outcome != lang::Outcome::disabled;
  });
}

WitnessStep short_step_of(const Spec& spec, lang::ActionId id, const State& before) {
  const Action& action = spec.actions()[id];
  WitnessStep step;
  step.thread = spec.threads()[action.thread].name;
  step.label = action.label;
  if (!is_the_only_one(spec, before, id))
    step.action = id;
  return step;
}

WitnessStep step_of(const Spec& spec, const std::vector<Word>& words, lang::ActionId id,
                    const State& before, const State& after) {
  const Action& action = spec.actions()[id];
  WitnessStep step;
  step.thread = spec.threads()[action.thread].name;
  step.label = action.label;
  step.chain = action.chain;
  step.action = id;
  step.source = source_of(action.anchor);
  step.held_before = held_by(spec, before, action.thread);
  step.held_after = held_by(spec, after, action.thread);
  for (const Word& word : words) {
    std::string from = value_of(spec, word, before);
    std::string to = value_of(spec, word, after);
    if (from != to)
      step.changes.push_back({word.variable.name, std::move(from), std::move(to)});
  }
  step.reports = reports_of(spec, before, action);
  return step;
}

std::vector<std::string> values_of(const Spec& spec, const std::vector<Word>& words,
                                   const State& state) {
  std::vector<std::string> values;
  values.reserve(words.size());
  for (const Word& word : words)
    values.push_back(value_of(spec, word, state));
  return values;
}

} // namespace

std::string kind_name(ViolationKind kind) {
  switch (kind) {
  case ViolationKind::check:
    return "check";
  case ViolationKind::invariant:
    return "invariant";
  case ViolationKind::at_rest:
    return "at rest";
  case ViolationKind::deadlock:
    return "deadlock";
  case ViolationKind::analysis:
    return "analysis";
  }
  return "";
}

Witness describe(const Spec& spec, const lang::Trace& trace, const Origin& origin, Form form) {
  const std::vector<State> states = follow(spec, trace);
  Witness witness;
  witness.form = form;
  witness.origin = origin;
  witness.property = trace.violation.property;
  witness.kind = trace.violation.kind;
  witness.message = trace.violation.message;
  if (form == Form::steps) {
    for (std::size_t i = 0; i < trace.actions.size(); ++i)
      witness.steps.push_back(short_step_of(spec, trace.actions[i], states[i]));
    return witness;
  }
  const std::vector<Word> words = words_of(spec);
  for (const lang::Thread& thread : spec.threads())
    witness.threads.push_back(thread.name);
  for (const lang::Pool& pool : spec.pools())
    if (pool.lock)
      for (std::size_t i = 0; i < pool.objects.size(); ++i)
        witness.locks.push_back({pool.objects[i], pool.classes.at(i), pool.lock->kind});
  for (const Word& word : words)
    witness.variables.push_back(word.variable);
  witness.initial = values_of(spec, words, states.front());
  for (std::size_t i = 0; i < trace.actions.size(); ++i) {
    const State& after = i + 1 < states.size() ? states[i + 1] : states[i]; // a failing last step
    witness.steps.push_back(step_of(spec, words, trace.actions[i], states[i], after));
    if (i > 0 && witness.steps[i].thread != witness.steps[i - 1].thread)
      ++witness.context_switches;
  }
  witness.last = values_of(spec, words, states.back());
  witness.endings = endings_of(spec, states.back());
  return witness;
}

} // namespace interlock::witnesses
