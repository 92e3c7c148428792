// By rewriting the action's expressions; see free_slots.hpp.
#include "lang/free_slots.hpp"

namespace interlock::lang {

namespace {

std::optional<PoolId> drawn_pool(const Action& action) {
  std::optional<PoolId> pool;
  const auto look = [&](const Expr& expression) {
    if (!expression.empty())
      for_each_node(expression, [&](const Node& node) {
        if (node.op == Op::first_free)
          pool = node.pool;
      });
  };
  for (const Update& update : action.updates) {
    look(update.object);
    look(update.value);
  }
  return pool;
}

Expr with_object(const Expr& expression, PoolId pool, const Expr& object) {
  if (expression.empty())
    return expression;
  Node node = expression.node();
  if (node.op == Op::first_free && node.pool == pool)
    return object;
  for (Expr& operand : node.operands)
    operand = with_object(operand, pool, object);
  return Expr(std::move(node));
}

// Whether something that changes refers to the object.
class References {
public:
  explicit References(const Declarations& spec) : spec_(spec) {}

  Expr to(const Expr& object) const {
    Expr found(false);
    for (VariableId id = 0; id < spec_.variables().size(); ++id) {
      const Variable& variable = spec_.variables()[id];
      const bool leads_there = variable.type->kind == Kind::reference &&
                               variable.type->pool == object.type().pool &&
                               variable.protection != Protection::immutable;
      if (!leads_there)
        continue;
      if (variable.scope != Scope::field) {
        found = found || holds(id, variable, {}, object);
        continue;
      }
      const Pool& owners = spec_.pools()[variable.pool];
      for (std::uint32_t i = 0; i < owners.objects.size(); ++i) {
        const Expr owner = spec_.object(variable.pool, i);
        const Expr held = holds(id, variable, owner, object);
        found = found || (owners.allocated ? spec_.is_allocated(owner) && held : held);
      }
    }
    return found;
  }

private:
  Expr holds(VariableId id, const Variable& variable, const Expr& owner, const Expr& object) const {
    if (variable.capacity != 0)
      return spec_.list_has(id, owner, object);
    return (owner.empty() ? spec_.read(id) : spec_.read(id, owner)) == object;
  }

  const Declarations& spec_;
};

} // namespace

std::vector<Action> with_each_slot(const Declarations& spec, const Action& action) {
  const std::optional<PoolId> pool = drawn_pool(action);
  if (!pool || spec.pools()[*pool].objects.size() < 2)
    return {action};
  const References references(spec);
  const auto& objects = spec.pools()[*pool].objects;
  std::vector<Action> actions;
  Expr lower(false); // one of the objects before is free, and nothing refers to it
  Expr full(true);
  for (std::uint32_t i = 0; i < objects.size(); ++i) {
    const Expr object = spec.object(*pool, i);
    const Expr is_free = !spec.is_allocated(object);
    const Expr referred = references.to(object);
    Action one = action;
    one.label += "(" + objects[i] + ")";
    one.guard =
        (action.guard.empty() ? Expr(true) : action.guard) && is_free && (!lower || referred);
    for (std::vector<Check>* checks : {&one.entry_checks, &one.checks})
      for (Check& check : *checks)
        check.condition = with_object(check.condition, *pool, object);
    for (Update& update : one.updates) {
      update.object = with_object(update.object, *pool, object);
      update.value = with_object(update.value, *pool, object);
    }
    actions.push_back(std::move(one));
    lower = lower || (is_free && !referred);
    full = full && !is_free;
  }
  Action none = action;
  none.guard = (action.guard.empty() ? Expr(true) : action.guard) && full;
  actions.push_back(std::move(none));
  return actions;
}

} // namespace interlock::lang
