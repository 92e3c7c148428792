// Rules for single steps; see step_rules.hpp.
#include "lang/step_rules.hpp"

#include "lang/conjuncts.hpp"
#include "lang/evaluate.hpp"
#include "lang/footprint.hpp"
#include "lang/lower.hpp"

#include <algorithm>

namespace interlock::lang {

namespace {

bool is_list(Op op) {
  return op == Op::list_size || op == Op::list_front || op == Op::list_back ||
         op == Op::list_next || op == Op::list_has;
}

bool is_variable(const Node& node) {
  return node.op == Op::variable || node.op == Op::field || is_list(node.op);
}

} // namespace

bool is_stable(const SpecBuilder& spec, const Expr& condition, ThreadId thread) {
  const Node& node = condition.node();
  // What others do leaves a thread's own hold of a lock as it is.
  if (const Expr lock = lock_of_own_hold(spec, node, thread); !lock.empty())
    return is_stable(spec, lock, thread);
  if (node.op == Op::first_free || node.op == Op::is_allocated)
    return false;
  if (is_variable(node)) {
    const Variable& variable = spec.variables()[node.variable];
    if (variable.scope == Scope::local ? variable.thread != thread
                                       : variable.protection == Protection::unprotected)
      return false;
    // Only the check that the guard is held makes a guarded variable stable.
    if (variable.protection == Protection::guarded && !spec.keeps(guarded_access))
      return false;
  }
  return std::all_of(node.operands.begin(), node.operands.end(),
                     [&](const Expr& operand) { return is_stable(spec, operand, thread); });
}

bool may_fault(const Expr& expression) {
  bool found = false;
  for_each_node(expression, [&](const Node& node) {
    const std::size_t elements = node.op == Op::list_next || node.op == Op::list_has ? 1 : 0;
    const bool of_object = is_list(node.op) && node.operands.size() > elements;
    found = found || node.op == Op::field || node.op == Op::list_next || of_object;
  });
  return found;
}

namespace {

[[noreturn]] void refuse(const Action& action, const std::string& why) {
  throw SpecError(action.label + ": " + why);
}

void refuse_ghosts(const SpecBuilder& spec, const Action& action) {
  const auto reads_ghost = [&](const Expr& expression) {
    const std::vector<Place> places = reads_of(spec, expression);
    return std::any_of(places.begin(), places.end(),
                       [&](const Place& place) { return spec.variables()[place.variable].ghost; });
  };
  if (reads_ghost(action.path) || reads_ghost(action.guard))
    refuse(action, "a guard reads a ghost variable");
  for (const Update& update : action.updates)
    if (!spec.variables()[update.variable].ghost &&
        (reads_ghost(update.value) || reads_ghost(update.object) || reads_ghost(update.position)))
      refuse(action, spec.variables()[update.variable].name + " depends on a ghost variable");
}

void refuse_foreign_locals(const SpecBuilder& spec, const Action& action) {
  for (const Read& read : footprint_of(spec, action).reads) {
    const Variable& variable = spec.variables()[read.place.variable];
    if (variable.scope == Scope::local && variable.thread != action.thread)
      refuse(action, variable.name + " is local to another thread");
  }
}

void require_condition(const Action& action, const Expr& condition, const std::string& what) {
  if (condition.empty() || condition.type().kind != Kind::boolean)
    refuse(action, "the " + what + " is no condition: " + to_string(condition));
}

void require_well_formed(const SpecBuilder& spec, const Action& action) {
  require_condition(action, action.guard, "guard");
  if (!action.idle_when.empty())
    require_condition(action, action.idle_when, "idle_when");
  for (const std::vector<Check>* checks : {&action.entry_checks, &action.checks})
    for (const Check& check : *checks)
      require_condition(action, check.condition, "check of " + check.property);
  for (const Effect& effect : action.effects)
    if (effect.lock.empty() || effect.lock.type().kind != Kind::reference ||
        !spec.pools()[effect.lock.type().pool].lock)
      refuse(action, to_string(effect.lock) + " is no lock");
  for (const Report& report : action.reports)
    if (report.value.empty())
      refuse(action, "report " + report.name + " has no value");
  if (action.shows)
    for (const Report& report : action.shows->values)
      if (report.value.empty())
        refuse(action, "what it shows as " + report.name + " has no value");
}

// Two updates of a variable clash unless they are of objects that are surely different.
bool may_clash(const Update& a, const Update& b) {
  if (a.variable != b.variable)
    return false;
  return a.object.empty() || !a.object.is_literal() || !b.object.is_literal() ||
         a.object.node().value == b.object.node().value;
}

void require_place(const Action& action, const Update& update, const Variable& variable) {
  if (variable.protection == Protection::immutable)
    refuse(action, variable.name + " is constant");
  if (variable.scope == Scope::local && variable.thread != action.thread)
    refuse(action, variable.name + " is local to another thread");
  if ((variable.capacity != 0) != (update.kind != UpdateKind::assign))
    refuse(action, variable.name + (variable.capacity != 0 ? " is a list" : " is no list"));
  if ((variable.scope == Scope::field) == update.object.empty())
    refuse(action, variable.name + " needs exactly one object if it is a field");
  if (!update.object.empty() &&
      (update.object.type().kind != Kind::reference || update.object.type().pool != variable.pool))
    refuse(action, to_string(update.object) + " has no field " + variable.name);
}

void require_sound_update(const SpecBuilder& spec, const Action& action, std::size_t index) {
  const Update& update = action.updates[index];
  const Variable& variable = spec.variables().at(update.variable);
  require_place(action, update, variable);
  for (std::size_t other = 0; other < index; ++other)
    if (may_clash(action.updates[other], update))
      refuse(action, "two updates of " + variable.name);
  const auto require_operand = [&](const Expr& value, bool needed) {
    if (value.empty() && !needed)
      return;
    if (value.empty() || !compatible(value.type(), *variable.type))
      refuse(action, variable.name + " (" + variable.type->name + ") cannot hold " +
                         to_string(value) + (value.empty() ? "" : " (" + value.type().name + ")"));
    const Type& type = value.type();
    if (type.low > variable.type->high || type.high < variable.type->low)
      refuse(action, variable.name + " := " + to_string(value) + " leaves its range " +
                         variable.type->name);
  };
  require_operand(update.value, update.kind != UpdateKind::clear);
  require_operand(update.position, update.kind == UpdateKind::insert_before);
}

// Calls `visit` for each variable that the expression reads, with the condition under which
// evaluation comes to it: the right side of && and || and the branches of ?: are not always
// evaluated.
using Visit = std::function<void(const Node& node, const Expr& under)>;
void for_each_read(const Expr& expression, const Expr& under, const Visit& visit) {
  if (expression.empty())
    return;
  const Node& node = expression.node();
  const std::vector<Expr>& parts = node.operands;
  if (is_variable(node))
    visit(node, under);
  switch (node.op) {
  case Op::logical_and:
  case Op::logical_or:
    for_each_read(parts[0], under, visit);
    for_each_read(parts[1], under && (node.op == Op::logical_and ? parts[0] : !parts[0]), visit);
    return;
  case Op::choose:
    for_each_read(parts[0], under, visit);
    for_each_read(parts[1], under && parts[0], visit);
    for_each_read(parts[2], under && !parts[0], visit);
    return;
  default:
    for (const Expr& part : parts)
      for_each_read(part, under, visit);
  }
}

class GuardChecks {
public:
  GuardChecks(const SpecBuilder& spec, Action& action) : spec_(spec), action_(action) {}

  void add(std::size_t folded_checks, bool unguarded) {
    for_each_conjunct(action_.path, [&](const Expr& test) { reads(test, false, entry_); });
    for (std::size_t i = 0; i < action_.entry_checks.size(); ++i) {
      if (i < folded_checks || !unguarded)
        reads(action_.entry_checks[i].condition, i >= folded_checks, entry_);
      entry_.push_back(action_.entry_checks[i]);
    }
    if (!unguarded) {
      reads(action_.guard, true, entry_);
      for (const Check& check : action_.checks) {
        reads(check.condition, true, checks_);
        checks_.push_back(check);
      }
      for (const Update& update : action_.updates)
        touches(update);
      action_.checks = std::move(checks_);
    }
    action_.entry_checks = std::move(entry_);
  }

private:
  void reads(const Expr& expression, bool in_step, std::vector<Check>& checks) {
    for_each_read(expression, Expr(true), [&](const Node& node, const Expr& under) {
      const Variable& variable = spec_.variables()[node.variable];
      const Expr object = variable.scope == Scope::field ? node.operands[0] : Expr();
      require({node.variable, object, under, false, in_step}, checks);
    });
  }

  void touches(const Update& update) {
    reads(update.object, true, checks_);
    reads(update.value, true, checks_);
    reads(update.position, true, checks_);
    if (!initialises(spec_, action_, update)) // what is being allocated is private still
      require({update.variable, update.object, Expr(true), true, true}, checks_);
  }

  struct Access {
    VariableId variable;
    Expr object;
    Expr under;
    bool write;
    bool in_step; // not in what is folded into the step
  };

  bool acquired_here(const Expr& lock, bool write) const {
    return std::any_of(action_.effects.begin(), action_.effects.end(), [&](const Effect& effect) {
      const bool acquires =
          effect.kind == EffectKind::acquire || effect.kind == EffectKind::try_acquire;
      return acquires && same(effect.lock, lock) && (!write || effect.mode == Mode::exclusive);
    });
  }

  Expr is_held(const Variable& variable, const Expr& lock, bool write) const {
    const Type& type = lock.empty() ? *boolean_type() : lock.type();
    if (type.kind != Kind::reference || !spec_.pools()[type.pool].lock ||
        !spec_.pools()[type.pool].lock->owner)
      refuse(action_, "the guard of " + variable.name + " is no lock: " + to_string(lock));
    const LockPool& kind = *spec_.pools()[type.pool].lock;
    Expr held = spec_.read(*kind.owner, lock) == spec_.self(action_.thread);
    if (!write && kind.readers) {
      const TypeRef threads = spec_.variables()[*kind.readers].type;
      held = held ||
             (spec_.read(*kind.readers, lock) & literal(threads, Value{1} << action_.thread)) != 0;
    }
    return held;
  }

  void require(const Access& access, std::vector<Check>& checks) {
    const Variable& variable = spec_.variables()[access.variable];
    if (variable.protection != Protection::guarded)
      return;
    const Expr lock = spec_.guard_of(access.variable, access.object);
    const Expr held = !access.under || is_held(variable, lock, access.write);
    if (access.in_step && acquired_here(lock, access.write))
      return;
    for (const std::vector<Check>* known : {&entry_, &checks})
      for (const Check& check : *known)
        if (same(check.condition, held))
          return;
    checks.push_back(
        {guarded_access, held, variable.name + " is touched without " + to_string(lock)});
  }

  const SpecBuilder& spec_;
  Action& action_;
  std::vector<Check> entry_;
  std::vector<Check> checks_;
};

} // namespace

void apply_step_rules(const SpecBuilder& spec, Action& action, std::size_t folded_checks,
                      bool unguarded) {
  require_well_formed(spec, action);
  refuse_ghosts(spec, action);
  refuse_foreign_locals(spec, action);
  for (std::size_t i = 0; i < action.updates.size(); ++i)
    require_sound_update(spec, action, i);
  if (spec.keeps(guarded_access))
    GuardChecks(spec, action).add(folded_checks, unguarded);
}

} // namespace interlock::lang
