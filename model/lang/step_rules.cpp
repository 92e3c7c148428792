// Rules for single steps; see step_rules.hpp.
#include "lang/step_rules.hpp"

#include "lang/lower.hpp"

#include <algorithm>

namespace interlock::lang {

bool is_stable(const Spec& spec, const Expr& condition, ThreadId thread) {
  bool stable = true;
  for_each_node(condition, [&](const Node& node) {
    if (node.op == Op::first_free || node.op == Op::is_allocated)
      stable = false;
    if (node.name.empty() || node.op == Op::first_free)
      return;
    const Variable& variable = spec.variables()[node.variable];
    if (variable.scope == Scope::local ? variable.thread != thread
                                       : variable.protection == Protection::unprotected)
      stable = false;
  });
  return stable;
}

namespace {

[[noreturn]] void refuse(const Action& action, const std::string& why) {
  throw SpecError(action.label + ": " + why);
}

bool reads_ghost(const Spec& spec, const Expr& expression) {
  bool found = false;
  for_each_node(expression, [&](const Node& node) {
    if (!node.name.empty() && node.op != Op::first_free && spec.variables()[node.variable].ghost)
      found = true;
  });
  return found;
}

void refuse_ghosts(const Spec& spec, const Action& action) {
  if (reads_ghost(spec, action.path) || reads_ghost(spec, action.guard))
    refuse(action, "a guard reads a ghost variable");
  for (const Update& update : action.updates)
    if (!spec.variables()[update.variable].ghost &&
        (reads_ghost(spec, update.value) || reads_ghost(spec, update.object) ||
         reads_ghost(spec, update.position)))
      refuse(action, spec.variables()[update.variable].name + " depends on a ghost variable");
}

// Two updates of a variable clash unless they are of objects that are surely different.
bool may_clash(const Update& a, const Update& b) {
  if (a.variable != b.variable)
    return false;
  return a.object.empty() || !a.object.is_literal() || !b.object.is_literal() ||
         a.object.node().value == b.object.node().value;
}

void require_sound_updates(const Spec& spec, const Action& action) {
  for (std::size_t i = 0; i < action.updates.size(); ++i) {
    const Update& update = action.updates[i];
    const Variable& variable = spec.variables()[update.variable];
    if (variable.protection == Protection::immutable)
      refuse(action, variable.name + " is constant");
    if (variable.scope == Scope::local && variable.thread != action.thread)
      refuse(action, variable.name + " is local to another thread");
    if ((variable.capacity != 0) != (update.kind != UpdateKind::assign))
      refuse(action, variable.name + (variable.capacity != 0 ? " is a list" : " is no list"));
    if ((variable.scope == Scope::field) == update.object.empty())
      refuse(action, variable.name + " needs exactly one object if it is a field");
    for (std::size_t j = 0; j < i; ++j)
      if (may_clash(action.updates[j], update))
        refuse(action, "two updates of " + variable.name);
    if (update.value.empty())
      continue;
    const Type& type = update.value.type();
    if (!compatible(type, *variable.type))
      refuse(action, variable.name + " (" + variable.type->name + ") cannot hold " +
                         to_string(update.value) + " (" + type.name + ")");
    if (type.low > variable.type->high || type.high < variable.type->low)
      refuse(action, variable.name + " := " + to_string(update.value) + " leaves its range " +
                         variable.type->name);
  }
}

class GuardChecks {
public:
  GuardChecks(const Spec& spec, Action& action) : spec_(spec), action_(action) {}

  void reads(const Expr& expression) {
    for_each_node(expression, [&](const Node& node) {
      if (node.name.empty() || node.op == Op::first_free)
        return;
      const Variable& variable = spec_.variables()[node.variable];
      const bool of_object = variable.scope == Scope::field;
      require(variable, of_object ? node.operands[0] : Expr(), false);
    });
  }

  void writes(const Update& update) {
    reads(update.object);
    reads(update.value);
    reads(update.position);
    require(spec_.variables()[update.variable], update.object, true);
  }

private:
  void require(const Variable& variable, const Expr& object, bool write) {
    if (variable.protection != Protection::guarded)
      return;
    const Expr lock = variable.guard(object);
    for (const Effect& effect : action_.effects)
      if (effect.kind != EffectKind::release && same(effect.lock, lock))
        return; // the step itself takes the guard
    const LockPool& kind = *spec_.pools()[lock.type().pool].lock;
    Expr held = spec_.read(*kind.owner, lock) == spec_.self(action_.thread);
    if (!write && kind.readers) {
      const TypeRef threads = spec_.variables()[*kind.readers].type;
      held = held || (spec_.read(*kind.readers, lock) & literal(threads, Value{1} << action_.thread)) != 0;
    }
    for (const Check& known : action_.entry_checks)
      if (same(known.condition, held))
        return;
    action_.entry_checks.push_back(
        {guarded_access, held, variable.name + " is touched without " + to_string(lock)});
  }

  const Spec& spec_;
  Action& action_;
};

} // namespace

void apply_step_rules(const Spec& spec, Action& action, bool unguarded) {
  refuse_ghosts(spec, action);
  require_sound_updates(spec, action);
  if (unguarded)
    return;
  GuardChecks guards(spec, action);
  guards.reads(action.path);
  guards.reads(action.guard);
  const std::vector<Check> written = action.entry_checks;
  for (const Check& check : written)
    guards.reads(check.condition);
  for (const Check& check : action.checks)
    guards.reads(check.condition);
  for (const Update& update : action.updates)
    guards.writes(update);
}

} // namespace interlock::lang
