// Expressions over the declarations.
#include "lang/declarations.hpp"

#include "lang/fault.hpp"
#include "text/nearest.hpp"

#include <algorithm>

namespace interlock::lang {

Declarations::Declarations() {
  pools_.push_back({"thread", {}, {}, reference_type("thread", thread_pool, {}), {}, {}});
}

bool Declarations::keeps(const std::string& property) const {
  return std::find(std::begin(fault::all), std::end(fault::all), property) !=
             std::end(fault::all) ||
         selects(property);
}

bool Declarations::selects(const std::string& property) const {
  return selected_.empty() ||
         std::find(selected_.begin(), selected_.end(), property) != selected_.end();
}

namespace {

Expr node_of(Op op, TypeRef type, const Variable& variable, VariableId id,
             std::vector<Expr> operands) {
  Node node;
  node.op = op;
  node.type = std::move(type);
  node.variable = id;
  node.name = variable.name;
  node.operands = std::move(operands);
  return Expr(std::move(node));
}

void require_object(const Variable& variable, const Expr& object) {
  if (variable.scope != Scope::field) {
    if (!object.empty())
      throw SpecError("variable " + variable.name + " is no field");
    return;
  }
  if (object.empty() || object.type().kind != Kind::reference ||
      object.type().pool != variable.pool)
    throw SpecError("field " + variable.name + " is read of " + to_string(object) +
                    ", which is no object of its pool");
}

} // namespace

Expr Declarations::read(VariableId variable) const { return read(variable, {}); }

Expr Declarations::read(VariableId field, const Expr& object) const {
  const Variable& variable = variables_.at(field);
  if (variable.capacity != 0)
    throw SpecError("list " + variable.name + " is read as a scalar");
  require_object(variable, object);
  if (object.empty())
    return node_of(Op::variable, variable.type, variable, field, {});
  return node_of(Op::field, variable.type, variable, field, {object});
}

Expr Declarations::object(PoolId pool, std::uint32_t index) const {
  return literal(pools_.at(pool).reference, static_cast<Value>(index) + 1);
}

Expr Declarations::nothing(PoolId pool) const { return literal(pools_.at(pool).reference, none); }

Expr Declarations::first_free(PoolId pool) const {
  Node node;
  node.op = Op::first_free;
  node.type = pools_.at(pool).reference;
  node.pool = pool;
  node.name = pools_[pool].name;
  return Expr(std::move(node));
}

Expr Declarations::is_allocated(const Expr& object) const {
  if (object.empty() || object.type().kind != Kind::reference)
    throw SpecError("allocated() needs a reference: " + to_string(object));
  Node node;
  node.op = Op::is_allocated;
  node.type = boolean_type();
  node.pool = object.type().pool;
  node.operands = {object};
  return Expr(std::move(node));
}

namespace {

Expr list_node(const Declarations& declarations, Op op, VariableId id, const Expr& object,
               const Expr& element) {
  const Variable& variable = declarations.variables().at(id);
  if (variable.capacity == 0)
    throw SpecError("variable " + variable.name + " is no list");
  require_object(variable, object);
  std::vector<Expr> operands;
  if (!object.empty())
    operands.push_back(object);
  if (!element.empty()) {
    if (!compatible(element.type(), *variable.type))
      throw SpecError(to_string(element) + " is no element of list " + variable.name);
    operands.push_back(element);
  }
  TypeRef type = variable.type;
  if (op == Op::list_size)
    type = integer_type(0, variable.capacity);
  else if (op == Op::list_has)
    type = boolean_type();
  return node_of(op, std::move(type), variable, id, std::move(operands));
}

} // namespace

Expr Declarations::list_size(VariableId list, const Expr& object) const {
  return list_node(*this, Op::list_size, list, object, {});
}
Expr Declarations::list_front(VariableId list, const Expr& object) const {
  return list_node(*this, Op::list_front, list, object, {});
}
Expr Declarations::list_back(VariableId list, const Expr& object) const {
  return list_node(*this, Op::list_back, list, object, {});
}
Expr Declarations::list_next(VariableId list, const Expr& object, const Expr& element) const {
  return list_node(*this, Op::list_next, list, object, element);
}
Expr Declarations::list_has(VariableId list, const Expr& object, const Expr& element) const {
  return list_node(*this, Op::list_has, list, object, element);
}

std::optional<VariableId> Declarations::find_local(ThreadId thread, const std::string& name) const {
  for (VariableId id = 0; id < variables_.size(); ++id) {
    const Variable& variable = variables_[id];
    if (variable.scope == Scope::local && variable.thread == thread && variable.name == name)
      return id;
  }
  return std::nullopt;
}

VariableId Declarations::field_named(PoolId pool, const std::string& name) const {
  std::vector<std::string> known;
  for (VariableId id = 0; id < variables_.size(); ++id) {
    const Variable& variable = variables_[id];
    if (variable.scope != Scope::field || variable.pool != pool)
      continue;
    if (variable.name == name)
      return id;
    known.push_back(variable.name);
  }
  throw SpecError("a " + pools_.at(pool).name + " has no field " + name +
                  text::nearest_hint(name, known));
}

} // namespace interlock::lang
