// Declarations, expressions over them, and the layout of the state.
#include "lang/spec.hpp"

#include "lang/lower.hpp"
#include "text/nearest.hpp"

#include <algorithm>

namespace interlock::lang {

Spec::Spec() {
  pools_.push_back({"thread", {}, {}, reference_type("thread", thread_pool, {}), {}, {}});
}

ThreadId Spec::thread(std::string name) {
  require_unfinished("thread " + name);
  Pool& threads = pools_[thread_pool];
  // Types and fields that know of the threads know of those declared so far.
  for (const Variable& variable : variables_)
    if (variable.scope != Scope::local || compatible(*variable.type, *threads.reference))
      throw SpecError("thread " + name + " is declared after variable " + variable.name);
  if (std::find(threads.objects.begin(), threads.objects.end(), name) != threads.objects.end())
    throw SpecError("thread " + name + " is declared twice");
  threads.objects.push_back(name);
  threads.reference = reference_type("thread", thread_pool, threads.objects);
  threads_.emplace_back().name = std::move(name);
  return static_cast<ThreadId>(threads_.size() - 1);
}

PoolId Spec::pool(std::string name, std::vector<std::string> objects, bool allocatable) {
  require_unfinished("pool " + name);
  for (const Pool& other : pools_)
    if (other.name == name)
      throw SpecError("pool " + name + " is declared twice");
  if (objects.empty())
    throw SpecError("pool " + name + " has no objects");
  const auto id = static_cast<PoolId>(pools_.size());
  TypeRef reference = reference_type(name, id, objects);
  pools_.push_back({std::move(name), std::move(objects), {}, std::move(reference), {}, {}});
  if (allocatable) {
    const VariableId flag = field(id, "allocated", boolean_type(), 0);
    pools_[id].allocated = flag;
  }
  return id;
}

void Spec::require_unfinished(const std::string& what) const {
  if (finished_)
    throw SpecError(what + " is declared after the specification was finished");
}

VariableId Spec::declare(Variable variable) {
  require_unfinished("variable " + variable.name);
  for (const Variable& other : variables_)
    if (other.name == variable.name && other.scope == variable.scope &&
        (variable.scope == Scope::global ||
         (variable.scope == Scope::field ? other.pool == variable.pool
                                         : other.thread == variable.thread)))
      throw SpecError("variable " + variable.name + " is declared twice");
  for (const Value value : variable.initial)
    if (variable.capacity == 0 && (value < variable.type->low || value > variable.type->high))
      throw SpecError("variable " + variable.name + " starts with " + std::to_string(value) +
                      ", which is no value of " + variable.type->name);
  if (variable.capacity != 0 && (variable.type->low > 0 || variable.type->high < 0))
    throw SpecError("list " + variable.name + " of " + variable.type->name +
                    ": unused places hold 0, which is no value of it");
  variables_.push_back(std::move(variable));
  return static_cast<VariableId>(variables_.size() - 1);
}

namespace {

Variable describe(std::string name, TypeRef type, Scope scope, std::size_t objects, Value initial,
                  std::uint32_t capacity) {
  Variable variable;
  variable.name = std::move(name);
  variable.type = std::move(type);
  variable.scope = scope;
  variable.capacity = capacity;
  variable.objects = static_cast<std::uint32_t>(objects);
  variable.initial.assign(objects, initial);
  return variable;
}

} // namespace

VariableId Spec::global(std::string name, TypeRef type, Value initial) {
  return declare(describe(std::move(name), std::move(type), Scope::global, 1, initial, 0));
}

VariableId Spec::global_list(std::string name, TypeRef element, std::uint32_t capacity) {
  if (capacity == 0)
    throw SpecError("list " + name + " has no room");
  return declare(describe(std::move(name), std::move(element), Scope::global, 1, 0, capacity));
}

VariableId Spec::field(PoolId pool, std::string name, TypeRef type, Value initial) {
  Variable variable = describe(std::move(name), std::move(type), Scope::field,
                               pools_.at(pool).objects.size(), initial, 0);
  variable.pool = pool;
  return declare(std::move(variable));
}

VariableId Spec::field_list(PoolId pool, std::string name, TypeRef element,
                            std::uint32_t capacity) {
  if (capacity == 0)
    throw SpecError("list " + name + " has no room");
  Variable variable = describe(std::move(name), std::move(element), Scope::field,
                               pools_.at(pool).objects.size(), 0, capacity);
  variable.pool = pool;
  return declare(std::move(variable));
}

VariableId Spec::constant_field(PoolId pool, std::string name, TypeRef type,
                                std::vector<Value> values) {
  if (values.size() != pools_.at(pool).objects.size())
    throw SpecError("constant field " + name + " needs one value per object of " +
                    pools_[pool].name);
  Variable variable = describe(std::move(name), std::move(type), Scope::field, values.size(), 0, 0);
  variable.pool = pool;
  variable.protection = Protection::immutable;
  variable.initial = std::move(values);
  return declare(std::move(variable));
}

VariableId Spec::local(ThreadId thread, std::string name, TypeRef type, Value initial) {
  Variable variable = describe(std::move(name), std::move(type), Scope::local, 1, initial, 0);
  variable.thread = thread;
  return declare(std::move(variable));
}

void Spec::set_initial(VariableId variable, std::uint32_t object, Value value) {
  Variable& target = variables_.at(variable);
  if (target.capacity != 0 || value < target.type->low || value > target.type->high)
    throw SpecError("variable " + target.name + " cannot start with " + std::to_string(value));
  target.initial.at(object) = value;
}

void Spec::set_initial_list(VariableId variable, std::uint32_t object,
                            std::vector<Value> elements) {
  Variable& target = variables_.at(variable);
  if (elements.size() > target.capacity || object >= target.objects)
    throw SpecError("list " + target.name + " cannot start with " +
                    std::to_string(elements.size()) + " elements");
  for (const Value element : elements)
    if (element < target.type->low || element > target.type->high)
      throw SpecError("list " + target.name + " cannot start with " + std::to_string(element));
  target.initial_lists[object] = std::move(elements);
}

void Spec::set_ghost(VariableId variable) { variables_.at(variable).ghost = true; }

void Spec::set_guard(VariableId variable, std::function<Expr(const Expr& object)> lock) {
  variables_.at(variable).protection = Protection::guarded;
  variables_[variable].guard = std::move(lock);
}

void Spec::set_write_once(VariableId variable) {
  variables_.at(variable).protection = Protection::write_once;
}

void Spec::set_lock_pool(PoolId pool, LockPool lock, std::vector<std::string> classes) {
  if (classes.size() != pools_.at(pool).objects.size())
    throw SpecError("lock pool " + pools_[pool].name + " needs one class per lock");
  pools_[pool].lock = std::move(lock);
  pools_[pool].classes = std::move(classes);
}

void Spec::set_body(ThreadId thread, Block body) {
  require_unfinished("the body of thread " + threads_.at(thread).name);
  threads_[thread].body = std::move(body);
}

void Spec::property(Property property) {
  require_unfinished("property " + property.name);
  properties_.push_back(std::move(property));
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

Expr Spec::read(VariableId variable) const { return read(variable, {}); }

Expr Spec::read(VariableId field, const Expr& object) const {
  const Variable& variable = variables_.at(field);
  if (variable.capacity != 0)
    throw SpecError("list " + variable.name + " is read as a scalar");
  require_object(variable, object);
  if (object.empty())
    return node_of(Op::variable, variable.type, variable, field, {});
  return node_of(Op::field, variable.type, variable, field, {object});
}

Expr Spec::object(PoolId pool, std::uint32_t index) const {
  return literal(pools_.at(pool).reference, static_cast<Value>(index) + 1);
}

Expr Spec::nothing(PoolId pool) const { return literal(pools_.at(pool).reference, none); }

Expr Spec::first_free(PoolId pool) const {
  Node node;
  node.op = Op::first_free;
  node.type = pools_.at(pool).reference;
  node.pool = pool;
  node.name = pools_[pool].name;
  return Expr(std::move(node));
}

Expr Spec::is_allocated(const Expr& object) const {
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

Expr list_node(const Spec& spec, Op op, VariableId id, const Expr& object, const Expr& element) {
  const Variable& variable = spec.variables().at(id);
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

Expr Spec::list_size(VariableId list, const Expr& object) const {
  return list_node(*this, Op::list_size, list, object, {});
}
Expr Spec::list_front(VariableId list, const Expr& object) const {
  return list_node(*this, Op::list_front, list, object, {});
}
Expr Spec::list_back(VariableId list, const Expr& object) const {
  return list_node(*this, Op::list_back, list, object, {});
}
Expr Spec::list_next(VariableId list, const Expr& object, const Expr& element) const {
  return list_node(*this, Op::list_next, list, object, element);
}
Expr Spec::list_has(VariableId list, const Expr& object, const Expr& element) const {
  return list_node(*this, Op::list_has, list, object, element);
}

void Spec::require_sound_properties() const {
  for (const Property& property : properties_)
    if (property.kind == PropertyKind::invariant || property.kind == PropertyKind::at_rest)
      require_condition("property " + property.name, property.condition);
}

void Spec::require_condition(const std::string& what, const Expr& condition) const {
  if (condition.empty() || condition.type().kind != Kind::boolean)
    throw SpecError(what + " needs a condition, not " + to_string(condition));
  for_each_node(condition, [&](const Node& node) {
    if (node.op == Op::variable && variables_[node.variable].scope == Scope::local)
      throw SpecError(what + " reads the local " + node.name + ", which is reset when it is dead");
  });
}

void Spec::select_properties(std::vector<std::string> names) { selected_ = std::move(names); }

bool Spec::keeps(const std::string& property) const {
  return selected_.empty() || property == fault::bounds || property == fault::use_after_free ||
         property == fault::not_on_list || property == fault::null_dereference ||
         std::find(selected_.begin(), selected_.end(), property) != selected_.end();
}

void Spec::drop_unselected(Block& block) const {
  const auto unselected = [&](const Check& check) { return !keeps(check.property); };
  std::erase_if(block, [&](const std::shared_ptr<Statement>& statement) {
    return statement->kind == StatementKind::check && unselected(statement->check);
  });
  for (const auto& statement : block) {
    std::erase_if(statement->step.entry_checks, unselected);
    std::erase_if(statement->step.checks, unselected);
    for (Block& inner : statement->blocks)
      drop_unselected(inner);
  }
}

void Spec::finish() {
  if (finished_)
    throw SpecError("the specification is finished already");
  try {
    require_sound_properties();
    std::erase_if(properties_, [&](const Property& property) { return !keeps(property.name); });
    for (Thread& thread : threads_)
      drop_unselected(thread.body);
    lower_threads(*this, threads_, actions_);
  } catch (const SpecError& error) {
    if (!patched_)
      throw;
    throw SpecError(std::string(error.what()) + " (a patch may have caused this)");
  }
  lay_out();
  for (Variable& variable : variables_)
    variable.guard = nullptr; // it may refer to what exists only while the specification is built
  finished_ = true;
}

void Spec::lay_out() {
  // Program counters first: they are what the explorer reads most.
  std::vector<VariableId> order;
  for (const Thread& thread : threads_)
    order.push_back(thread.counter);
  for (VariableId id = 0; id < variables_.size(); ++id)
    if (std::find(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(threads_.size()),
                  id) == order.begin() + static_cast<std::ptrdiff_t>(threads_.size()))
      order.push_back(id);

  for (const VariableId id : order) {
    Variable& variable = variables_[id];
    if (variable.protection == Protection::immutable)
      continue;
    variable.first_slot = slot_count_;
    variable.stride = variable.capacity == 0 ? 1 : variable.capacity + 1;
    for (std::uint32_t object = 0; object < variable.objects; ++object) {
      std::string base = variable.name;
      if (variable.scope == Scope::field)
        base = pools_[variable.pool].objects[object] + "." + variable.name;
      else if (variable.scope == Scope::local)
        base = threads_[variable.thread].name + "." + variable.name;
      for (std::uint32_t part = 0; part < variable.stride; ++part) {
        const bool size = variable.capacity != 0 && part == 0;
        slot_names_.push_back(variable.capacity == 0 ? base
                              : size                 ? base + ".size"
                                                     : base + "[" + std::to_string(part - 1) + "]");
        slot_types_.push_back(size ? integer_type(0, variable.capacity) : variable.type);
        slot_ghost_.push_back(variable.ghost);
        ++slot_count_;
      }
    }
  }
}

State Spec::initial_state() const {
  State state(slot_count_, 0);
  for (const Variable& variable : variables_)
    if (variable.capacity == 0 && variable.protection != Protection::immutable)
      for (std::uint32_t object = 0; object < variable.objects; ++object)
        state[variable.first_slot + object] = variable.initial[object];
  for (const Variable& variable : variables_)
    for (const auto& [object, elements] : variable.initial_lists) {
      const std::uint32_t first = variable.first_slot + object * variable.stride;
      state[first] = static_cast<Value>(elements.size());
      std::copy(elements.begin(), elements.end(), state.begin() + first + 1);
    }
  return state;
}

std::optional<VariableId> Spec::find_local(ThreadId thread, const std::string& name) const {
  for (VariableId id = 0; id < variables_.size(); ++id) {
    const Variable& variable = variables_[id];
    if (variable.scope == Scope::local && variable.thread == thread && variable.name == name)
      return id;
  }
  return std::nullopt;
}

VariableId Spec::field_named(PoolId pool, const std::string& name) const {
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
