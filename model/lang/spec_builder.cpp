// Declarations, and what is made of them when all are there.
#include "lang/spec_builder.hpp"

#include "lang/checkpoint.hpp"
#include "lang/lower.hpp"
#include "lang/observer.hpp"

#include <algorithm>

namespace interlock::lang {

ThreadId SpecBuilder::thread(std::string name) {
  Pool& threads = pools_[thread_pool];
  // Types and fields that know of the threads know of those declared so far.
  for (const Variable& variable : variables_)
    if (variable.scope != Scope::local || compatible(*variable.type, *threads.reference))
      throw SpecError("thread " + name + " is declared after variable " + variable.name);
  if (std::find(threads.objects.begin(), threads.objects.end(), name) != threads.objects.end())
    throw SpecError("thread " + name + " is declared twice");
  threads.objects.push_back(std::move(name));
  threads.reference = reference_type("thread", thread_pool, threads.objects);
  bodies_.emplace_back();
  return static_cast<ThreadId>(bodies_.size() - 1);
}

PoolId SpecBuilder::pool(std::string name, std::vector<std::string> objects, Lifetime lifetime) {
  for (const Pool& other : pools_)
    if (other.name == name)
      throw SpecError("pool " + name + " is declared twice");
  if (objects.empty())
    throw SpecError("pool " + name + " has no objects");
  const auto id = static_cast<PoolId>(pools_.size());
  TypeRef reference = reference_type(name, id, objects);
  pools_.push_back({std::move(name), std::move(objects), {}, std::move(reference), {}, {}});
  if (lifetime == Lifetime::allocated) {
    const VariableId flag = field(id, "allocated", boolean_type(), 0);
    pools_[id].allocated = flag;
  }
  return id;
}

VariableId SpecBuilder::declare(Variable variable) {
  checkpoint();
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

VariableId SpecBuilder::global(std::string name, TypeRef type, Value initial) {
  return declare(describe(std::move(name), std::move(type), Scope::global, 1, initial, 0));
}

VariableId SpecBuilder::global_list(std::string name, TypeRef element, std::uint32_t capacity) {
  if (capacity == 0)
    throw SpecError("list " + name + " has no room");
  return declare(describe(std::move(name), std::move(element), Scope::global, 1, 0, capacity));
}

VariableId SpecBuilder::field(PoolId pool, std::string name, TypeRef type, Value initial) {
  Variable variable = describe(std::move(name), std::move(type), Scope::field,
                               pools_.at(pool).objects.size(), initial, 0);
  variable.pool = pool;
  return declare(std::move(variable));
}

VariableId SpecBuilder::field_list(PoolId pool, std::string name, TypeRef element,
                                   std::uint32_t capacity) {
  if (capacity == 0)
    throw SpecError("list " + name + " has no room");
  Variable variable = describe(std::move(name), std::move(element), Scope::field,
                               pools_.at(pool).objects.size(), 0, capacity);
  variable.pool = pool;
  return declare(std::move(variable));
}

VariableId SpecBuilder::constant_field(PoolId pool, std::string name, TypeRef type,
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

VariableId SpecBuilder::local(ThreadId thread, std::string name, TypeRef type, Value initial) {
  Variable variable = describe(std::move(name), std::move(type), Scope::local, 1, initial, 0);
  variable.thread = thread;
  return declare(std::move(variable));
}

void SpecBuilder::forget_locals(std::size_t count) {
  for (std::size_t id = count; id < variables_.size(); ++id)
    if (variables_[id].scope != Scope::local)
      throw SpecError(variables_[id].name + " is no local and cannot be forgotten");
  variables_.resize(std::min(count, variables_.size()));
}

std::string SpecBuilder::taken_assignment(VariableId local) const {
  const auto taken = taken_.find(local);
  return taken == taken_.end() ? "" : taken->second;
}

void SpecBuilder::set_initial(VariableId variable, std::uint32_t object, Value value) {
  Variable& target = variables_.at(variable);
  if (target.capacity != 0 || value < target.type->low || value > target.type->high)
    throw SpecError("variable " + target.name + " cannot start with " + std::to_string(value));
  target.initial.at(object) = value;
}

void SpecBuilder::set_initial_list(VariableId variable, std::uint32_t object,
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

void SpecBuilder::set_ghost(VariableId variable) { variables_.at(variable).ghost = true; }
void SpecBuilder::set_drawn(VariableId variable) { variables_.at(variable).drawn = true; }

void SpecBuilder::set_guard(VariableId variable, std::function<Expr(const Expr& object)> lock) {
  variables_.at(variable).protection = Protection::guarded;
  guards_[variable] = std::move(lock);
}

Expr SpecBuilder::guard_of(VariableId variable, const Expr& object) const {
  return guards_.at(variable)(object);
}

void SpecBuilder::set_write_once(VariableId variable) {
  variables_.at(variable).protection = Protection::write_once;
}

void SpecBuilder::set_lock_pool(PoolId pool, LockPool lock, std::vector<std::string> classes) {
  if (classes.size() != pools_.at(pool).objects.size())
    throw SpecError("lock pool " + pools_[pool].name + " needs one class per lock");
  pools_[pool].lock = std::move(lock);
  pools_[pool].classes = std::move(classes);
}

void SpecBuilder::set_body(ThreadId thread, Block body) { bodies_.at(thread) = std::move(body); }

void SpecBuilder::property(Property property) { properties_.push_back(std::move(property)); }

bool SpecBuilder::has_property(const std::string& name) const {
  return std::any_of(properties_.begin(), properties_.end(),
                     [&](const Property& property) { return property.name == name; });
}

void SpecBuilder::require_sound_properties() const {
  for (const Property& property : properties_)
    if (property.kind == PropertyKind::invariant || property.kind == PropertyKind::at_rest)
      require_condition("property " + property.name, property.condition);
}

void SpecBuilder::require_condition(const std::string& what, const Expr& condition) const {
  if (condition.empty() || condition.type().kind != Kind::boolean)
    throw SpecError(what + " needs a condition, not " + to_string(condition));
  for_each_node(condition, [&](const Node& node) {
    if (node.op == Op::variable && variables_[node.variable].scope == Scope::local)
      throw SpecError(what + " reads the local " + node.name + ", which is reset when it is dead");
  });
}

void SpecBuilder::nesting(std::string lock_class, std::string text,
                          const std::function<Expr(const Expr& held, const Expr& taken)>& allows) {
  const std::string what = "the nesting rule of lock class " + lock_class;
  for (const Nesting& other : nestings_)
    if (other.lock_class == lock_class)
      throw SpecError(what + " is declared twice");
  std::vector<Nesting::Lock> locks;
  for (PoolId pool = 0; pool < pools_.size(); ++pool)
    for (std::uint32_t object = 0; object < pools_[pool].classes.size(); ++object)
      if (pools_[pool].classes[object] == lock_class)
        locks.emplace_back(pool, object);
  if (locks.empty())
    throw SpecError(what + ": no lock is of this class");
  Nesting rule{std::move(lock_class), std::move(text), {}};
  for (const Nesting::Lock& held : locks)
    for (const Nesting::Lock& taken : locks) {
      if (held == taken)
        continue;
      Expr allowed = allows(object(held.first, held.second), object(taken.first, taken.second));
      require_condition(what, allowed);
      rule.allowed.emplace(std::pair(held, taken), std::move(allowed));
    }
  nestings_.push_back(std::move(rule));
}

void SpecBuilder::set_observer(std::string property, std::shared_ptr<Observer> observer) {
  observation_ = {std::move(observer), std::move(property), 0, 0};
}

// Where the property of the observer is not kept, nobody looks on.
void SpecBuilder::let_look_on() {
  if (!observation_ || !keeps(observation_->property)) {
    observation_.reset();
    return;
  }
  observation_->set =
      global("explanations", integer_type(0, Observer::most_sets), Observer::first());
  set_ghost(observation_->set);
}

void SpecBuilder::select_properties(std::vector<std::string> names) {
  selected_ = std::move(names);
}

Block& SpecBuilder::body_for_patching(ThreadId thread) {
  patched_ = true;
  return bodies_.at(thread);
}

Spec SpecBuilder::finish() && {
  std::vector<Thread> threads;
  std::vector<Action> actions;
  try {
    require_sound_properties();
    std::erase_if(properties_, [&](const Property& property) { return !keeps(property.name); });
    lower_threads(*this, threads, actions);
    let_look_on();
  } catch (const SpecError& error) {
    if (!patched_)
      throw;
    throw SpecError(std::string(error.what()) + " (a patch may have caused this)");
  }
  return Spec(std::move(*this), std::move(threads), std::move(actions), std::move(properties_),
              std::move(nestings_), std::move(observation_));
}

} // namespace interlock::lang
