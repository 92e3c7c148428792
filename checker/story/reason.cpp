// Conditions taken apart; see reason.hpp.
#include "story/reason.hpp"

#include "lang/observer.hpp"

namespace interlock::checker {

using lang::Expr;
using lang::Node;
using lang::Op;
using lang::Spec;
using lang::State;

namespace {

bool is_true(const Spec& spec, const State& state, const Expr& condition) {
  return evaluate(spec, state, condition).value != 0;
}

void add_reasons(std::vector<Reason>& found, const Spec& spec, const State& state,
                 const Expr& condition) {
  const Node& node = condition.node();
  const bool holds = is_true(spec, state, condition);
  switch (node.op) {
  case Op::literal:
    return;
  case Op::logical_not:
    add_reasons(found, spec, state, node.operands[0]);
    return;
  case Op::logical_and:
  case Op::logical_or:
    // All operands count where none of them decides alone.
    if (holds == (node.op == Op::logical_and)) {
      add_reasons(found, spec, state, node.operands[0]);
      add_reasons(found, spec, state, node.operands[1]);
    } else {
      const bool first = is_true(spec, state, node.operands[0]) == holds;
      add_reasons(found, spec, state, node.operands[first ? 0 : 1]);
    }
    return;
  case Op::choose:
    add_reasons(found, spec, state, node.operands[0]);
    add_reasons(found, spec, state, node.operands[is_true(spec, state, node.operands[0]) ? 1 : 2]);
    return;
  default:
    found.push_back({condition, holds});
  }
}

bool is_freed(const Spec& spec, const State& state, const Expr& reference, lang::Value value) {
  const Expr object = lang::literal(reference.type_ref(), value);
  return evaluate(spec, state, spec.is_allocated(object)).value == 0;
}

bool is_list_operation(Op op) {
  return op == Op::list_size || op == Op::list_front || op == Op::list_back ||
         op == Op::list_next || op == Op::list_has;
}

std::optional<Stumble> over_object(const Spec& spec, const State& state, const Expr& reference) {
  const lang::Evaluation found = evaluate(spec, state, reference);
  if (found.failure)
    return stumble(spec, state, reference);
  if (found.value == lang::none || is_freed(spec, state, reference, found.value))
    return Stumble{reference, {}, {}};
  return std::nullopt;
}

} // namespace

std::vector<Reason> reasons(const Spec& spec, const State& state, const Expr& condition) {
  std::vector<Reason> found;
  add_reasons(found, spec, state, condition);
  return found;
}

std::optional<Stumble> stumble(const Spec& spec, const State& state, const Expr& expression) {
  if (expression.empty() || !evaluate(spec, state, expression).failure)
    return std::nullopt;
  const Node& node = expression.node();
  const bool of_element = node.op == Op::list_next || node.op == Op::list_has;
  const bool of_object = node.op == Op::field || (is_list_operation(node.op) &&
                                                  node.operands.size() > (of_element ? 1U : 0U));
  if (of_object)
    if (auto found = over_object(spec, state, node.operands[0]))
      return found;
  for (const Expr& operand : node.operands) {
    if (node.op == Op::choose && &operand != &node.operands[0] &&
        &operand != &node.operands[is_true(spec, state, node.operands[0]) ? 1 : 2])
      continue;
    if (auto found = stumble(spec, state, operand))
      return found;
  }
  if (node.op == Op::list_next)
    return Stumble{node.operands.back(), node.variable, of_object ? node.operands[0] : Expr()};
  return std::nullopt;
}

std::optional<Stumble> stumble(const Spec& spec, const State& state, const lang::Action& action) {
  std::optional<Stumble> found = stumble(spec, state, action.path);
  const auto checks = [&](const std::vector<lang::Check>& list) {
    for (const lang::Check& check : list)
      if (!found)
        found = stumble(spec, state, check.condition);
  };
  checks(action.entry_checks);
  if (!found)
    found = stumble(spec, state, action.guard);
  checks(action.checks);
  for (const lang::Update& update : action.updates) {
    if (!found && !update.object.empty() && !initialises(spec, action, update))
      found = over_object(spec, state, update.object);
    if (!found)
      found = stumble(spec, state, update.value);
    if (!found)
      found = stumble(spec, state, update.position);
  }
  return found;
}

const lang::Check* failing_check(const Spec& spec, const State& state, const lang::Action& action) {
  for (const auto* list : {&action.entry_checks, &action.checks})
    for (const lang::Check& check : *list) {
      const lang::Evaluation found = evaluate(spec, state, check.condition);
      if (found.failure)
        return nullptr;
      if (found.value == 0)
        return &check;
    }
  return nullptr;
}

std::vector<Reason> unexplained(const Spec& spec, const State& state, const lang::Action& action) {
  std::vector<Reason> why;
  const auto look = look_on(spec, state, action);
  if (!look || look->after || look->values.size() != action.shows->values.size())
    return why;
  const std::vector<lang::Value>& values = look->values;
  const auto nearest = spec.observation()->observer->nearest(look->before, look->event, values);
  // The last says most: data, then fflags.
  for (std::size_t i = values.size(); i-- > 0;) {
    Expr value = action.shows->values[i].value;
    while (value.node().op == Op::choose) // the one that it is
      value = value.node().operands[is_true(spec, state, value.node().operands[0]) ? 1 : 2];
    const lang::Value needed = nearest.empty() ? values[i] : nearest.front()[i];
    if (nearest.empty() || needed != values[i])
      why.push_back({value == lang::literal(value.type_ref(), needed), nearest.empty()});
  }
  return why;
}

std::optional<lang::PoolId> full_pool(const Spec& spec, const State& state,
                                      const lang::Action& action) {
  std::optional<lang::PoolId> full;
  for (const auto* checks : {&action.entry_checks, &action.checks})
    for (const lang::Check& check : *checks) {
      if (check.property != lang::fault::bounds)
        continue;
      lang::for_each_node(check.condition, [&](const Node& node) {
        if (node.op != Op::first_free || full)
          return;
        const lang::Evaluation free = evaluate(spec, state, spec.first_free(node.pool));
        if (!free.failure && free.value == lang::none)
          full = node.pool;
      });
    }
  return full;
}

} // namespace interlock::checker
