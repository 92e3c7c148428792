// Liveness of locals, by the usual backward fixed point (Aho et al., Compilers, 9.2.5).
#include "lang/dead_locals.hpp"

#include "lang/footprint.hpp"
#include "lang/step_rules.hpp"

#include <algorithm>
#include <set>

namespace interlock::lang {

namespace {

using Locals = std::set<VariableId>;

struct Uses {
  Locals read;
  Locals assigned;
};

Uses uses_of(const Declarations& spec, const Action& action) {
  Uses uses;
  const auto keep_local = [&](const Place& place, Locals& into) {
    if (spec.variables()[place.variable].scope == Scope::local)
      into.insert(place.variable);
  };
  const Footprint footprint = footprint_of(spec, action);
  for (const Read& read : footprint.reads)
    keep_local(read.place, uses.read);
  for (const Place& place : footprint.writes)
    keep_local(place, uses.assigned);
  return uses;
}

// What is left of an assignment to a dead local: the value goes nowhere, but it is still computed,
// with the faults of reading memory and of leaving the range.
void keep_faults(const Variable& variable, const Expr& value, std::vector<Check>& checks) {
  const Type& type = *variable.type;
  if (type.kind == Kind::integer && (value.type().low < type.low || value.type().high > type.high))
    checks.push_back({fault::bounds, Expr(type.low) <= value && value <= Expr(type.high),
                      variable.name + " leaves its range " + type.name});
  else if (may_fault(value)) {
    const Expr& again = value;
    checks.push_back({fault::bounds, value == again, "never fails"});
  }
}

// An action that reads the local and that the thread may come to without having assigned it.
const Action& reader_before_assignment(const Thread& thread, const std::vector<Action>& actions,
                                       const std::function<bool(ActionId)>& reads,
                                       const std::function<bool(ActionId)>& assigns) {
  std::vector<PointId> work{start_point};
  std::set<PointId> known{start_point};
  while (true) { // ends: the local is live at the start
    const PointId point = work.back();
    work.pop_back();
    for (const ActionId id : thread.points[point].actions) {
      if (reads(id))
        return actions[id];
      if (!assigns(id) && known.insert(actions[id].to).second)
        work.push_back(actions[id].to);
    }
  }
}

} // namespace

void reset_dead_locals(const SpecBuilder& spec, const Thread& thread, ThreadId id,
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

  for (const VariableId variable : live[start_point]) {
    const Action& reader = reader_before_assignment(
        thread, actions,
        [&](ActionId action) { return uses[action - first_action].read.contains(variable); },
        [&](ActionId action) { return uses[action - first_action].assigned.contains(variable); });
    const std::string taken = spec.taken_assignment(variable);
    throw SpecError(reader.label + ": local " + spec.variables()[variable].name +
                    " may be read before it is assigned" +
                    (taken.empty()
                         ? ""
                         : ": " + taken + ", which a patch has taken out, assigns it; keep " +
                               "\"locals\" of that step, or set " +
                               spec.variables()[variable].name + " before"));
  }

  for (std::size_t i = first_action; i < actions.size(); ++i) {
    Action& action = actions[i];
    const Locals& later = live[action.to];
    std::erase_if(action.updates, [&](const Update& update) {
      const bool dead = spec.variables()[update.variable].scope == Scope::local &&
                        !later.contains(update.variable);
      if (dead)
        keep_faults(spec.variables()[update.variable], update.value, action.checks);
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
