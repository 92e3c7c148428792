// Liveness of locals, by the usual backward fixed point (Aho et al., Compilers, 9.2.5).
#include "lang/dead_locals.hpp"

#include <algorithm>
#include <set>

namespace interlock::lang {

namespace {

using Locals = std::set<VariableId>;

struct Uses {
  Locals read;
  Locals assigned;
};

Uses uses_of(const Spec& spec, const Action& action) {
  Uses uses;
  const auto read = [&](const Expr& expression) {
    for_each_node(expression, [&](const Node& node) {
      if (node.op == Op::variable && spec.variables()[node.variable].scope == Scope::local)
        uses.read.insert(node.variable);
    });
  };
  read(action.path);
  read(action.guard);
  read(action.idle_when);
  for (const Check& check : action.entry_checks)
    read(check.condition);
  for (const Check& check : action.checks)
    read(check.condition);
  for (const Effect& effect : action.effects)
    read(effect.lock);
  for (const Report& report : action.reports)
    read(report.value);
  for (const Update& update : action.updates) {
    read(update.object);
    read(update.value);
    read(update.position);
    if (spec.variables()[update.variable].scope == Scope::local)
      uses.assigned.insert(update.variable);
  }
  return uses;
}

bool may_fault(const Expr& expression) {
  bool found = false;
  for_each_node(expression, [&](const Node& node) {
    found = found || node.op == Op::field || node.op == Op::list_next;
  });
  return found;
}

} // namespace

void reset_dead_locals(const Spec& spec, const Thread& thread, ThreadId id,
                       std::vector<Action>& actions, std::size_t first_action) {
  std::vector<Uses> uses;
  for (std::size_t i = first_action; i < actions.size(); ++i)
    uses.push_back(uses_of(spec, actions[i]));

  std::vector<Locals> live(thread.points.size());
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = actions.size(); i-- > first_action;) {
      Locals before = uses[i - first_action].read;
      for (const VariableId variable : live[actions[i].to])
        if (!uses[i - first_action].assigned.contains(variable))
          before.insert(variable);
      Locals& known = live[actions[i].from];
      const std::size_t size = known.size();
      known.insert(before.begin(), before.end());
      changed = changed || known.size() != size;
    }
  }

  for (const VariableId variable : live[start_point])
    for (std::size_t i = first_action; i < actions.size(); ++i)
      if (uses[i - first_action].read.contains(variable))
        throw SpecError(actions[i].label + ": local " + spec.variables()[variable].name +
                        " may be read before it is assigned");

  for (std::size_t i = first_action; i < actions.size(); ++i) {
    Action& action = actions[i];
    const Locals& later = live[action.to];
    std::erase_if(action.updates, [&](const Update& update) {
      const bool dead = spec.variables()[update.variable].scope == Scope::local &&
                        !later.contains(update.variable);
      // The value goes nowhere, but the memory behind it is still read.
      if (dead && may_fault(update.value))
        action.checks.push_back({fault::bounds, update.value == update.value, "never fails"});
      return dead;
    });
    // Only what was live before can differ from its initial value, or was assigned just now.
    for (const VariableId variable : live[action.from])
      if (!later.contains(variable) && spec.variables()[variable].thread == id) {
        const Variable& local = spec.variables()[variable];
        action.updates.push_back(
            {UpdateKind::assign, variable, {}, literal(local.type, local.initial[0]), {}});
      }
  }
}

} // namespace interlock::lang
