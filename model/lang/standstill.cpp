// How threads stand, by the reference evaluator.
#include "lang/standstill.hpp"

namespace interlock::lang {

namespace {

bool holds(const Spec& spec, const State& state, const Expr& condition) {
  const Evaluation result = evaluate(spec, state, condition);
  return !result.failure && result.value != 0;
}

const std::vector<ActionId>& actions_at(const Spec& spec, const State& state, ThreadId thread) {
  return spec.threads()[thread].points[point_of(spec, state, thread)].actions;
}

} // namespace

std::vector<ActionId> pending(const Spec& spec, const State& state, ThreadId thread) {
  std::vector<ActionId> result;
  for (const ActionId id : actions_at(spec, state, thread))
    if (holds(spec, state, spec.actions()[id].path))
      result.push_back(id);
  return result;
}

Standing standing(const Spec& spec, const State& state, ThreadId thread) {
  if (point_of(spec, state, thread) == spec.threads()[thread].done())
    return Standing::done;
  std::optional<Standing> late;
  for (const ActionId id : actions_at(spec, state, thread)) {
    const Action& action = spec.actions()[id];
    if (action.comes == Comes::by_chance || take(spec, state, action).outcome == Outcome::disabled)
      continue;
    if (action.comes == Comes::surely)
      return Standing::can_move;
    if (action.comes == Comes::by_retry)
      late = Standing::oversleeps;
    else if (!late)
      late = Standing::timed;
  }
  if (late)
    return *late;
  for (const ActionId id : pending(spec, state, thread)) {
    const Expr& idle = spec.actions()[id].idle_when;
    if (!idle.empty() && holds(spec, state, idle))
      return Standing::idle;
  }
  return Standing::blocked;
}

std::optional<ThreadId> Standstill::oversleeper() const {
  if (has(Standing::can_move))
    return std::nullopt;
  const auto found = std::find(threads_.begin(), threads_.end(), Standing::oversleeps);
  if (found == threads_.end())
    return std::nullopt;
  return static_cast<ThreadId>(found - threads_.begin());
}

Standstill standstill(const Spec& spec, const State& state) {
  std::vector<Standing> threads;
  for (ThreadId thread = 0; thread < spec.threads().size(); ++thread)
    threads.push_back(standing(spec, state, thread));
  return Standstill(std::move(threads));
}

} // namespace interlock::lang
