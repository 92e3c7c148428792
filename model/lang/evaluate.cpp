// The reference evaluator.  Clarity is its only goal; see evaluate.hpp.
#include "lang/evaluate.hpp"

#include "lang/observer.hpp"

#include <algorithm>

namespace interlock::lang {

namespace {

struct Fault {
  Failure failure;
};

[[noreturn]] void fail(const char* property, const std::string& message) {
  throw Fault{{property, message}};
}

class Evaluator {
public:
  Evaluator(const Spec& spec, const State& state) : spec_(spec), state_(state) {}

  Value value(const Expr& expression) const {
    const Node& node = expression.node();
    switch (node.op) {
    case Op::literal:
      return node.value;
    case Op::variable:
      return state_[variable(node).first_slot];
    case Op::field:
      return field(node, expression);
    case Op::first_free:
      return first_free(node.pool);
    case Op::is_allocated:
      return is_allocated(node.pool, value(node.operands[0]));
    case Op::list_size:
    case Op::list_front:
    case Op::list_back:
    case Op::list_next:
    case Op::list_has:
      return list(node, expression);
    case Op::logical_not:
      return value(node.operands[0]) == 0 ? 1 : 0;
    case Op::logical_and:
      return value(node.operands[0]) != 0 && value(node.operands[1]) != 0 ? 1 : 0;
    case Op::logical_or:
      return value(node.operands[0]) != 0 || value(node.operands[1]) != 0 ? 1 : 0;
    case Op::choose:
      return value(node.operands[value(node.operands[0]) != 0 ? 1 : 2]);
    default:
      break;
    }
    const Value left = value(node.operands[0]); // first, so that its fault comes first
    return binary(node.op, left, value(node.operands[1]));
  }

  // First slot of a variable, of an object when it is a field.  Faults on none and, unless the
  // object is about to be allocated, on a freed object.
  std::uint32_t slot(VariableId id, const Expr& object, const std::string& where,
                     bool allocating = false) const {
    const Variable& variable = spec_.variables()[id];
    if (object.empty())
      return variable.first_slot;
    return variable.first_slot + index(variable.pool, object, where, allocating) * variable.stride;
  }

  bool is_allocated(PoolId pool, Value reference) const {
    if (reference == none)
      return false;
    const auto allocated = spec_.pools()[pool].allocated;
    if (!allocated)
      return true;
    const Variable& flag = spec_.variables()[*allocated];
    return state_[flag.first_slot + static_cast<std::uint32_t>(reference - 1) * flag.stride] != 0;
  }

private:
  const Variable& variable(const Node& node) const { return spec_.variables()[node.variable]; }

  std::uint32_t index(PoolId pool, const Expr& object, const std::string& where,
                      bool allocating = false) const {
    const Value reference = value(object);
    if (reference == none)
      fail(fault::null_dereference, where + ": " + to_string(object) + " is none");
    if (!allocating && !is_allocated(pool, reference))
      fail(fault::use_after_free,
           where + ": " + spec_.pools()[pool].objects[static_cast<std::size_t>(reference - 1)] +
               " is not allocated");
    return static_cast<std::uint32_t>(reference - 1);
  }

  Value field(const Node& node, const Expr& expression) const {
    const Variable& field = variable(node);
    const std::uint32_t object = index(field.pool, node.operands[0], to_string(expression));
    if (field.protection == Protection::immutable)
      return field.initial[object];
    return state_[field.first_slot + object * field.stride];
  }

  Value first_free(PoolId pool) const {
    const auto count = static_cast<Value>(spec_.pools()[pool].objects.size());
    for (Value reference = 1; reference <= count; ++reference)
      if (!is_allocated(pool, reference))
        return reference;
    return none;
  }

  Value list(const Node& node, const Expr& expression) const {
    const bool has_element = node.op == Op::list_next || node.op == Op::list_has;
    const bool of_object = node.operands.size() > (has_element ? 1U : 0U);
    const std::uint32_t base =
        slot(node.variable, of_object ? node.operands[0] : Expr(), to_string(expression));
    const Value size = state_[base];
    const auto begin = state_.begin() + base + 1;
    const auto end = begin + size;
    switch (node.op) {
    case Op::list_size:
      return size;
    case Op::list_front:
      return size == 0 ? none : *begin;
    case Op::list_back:
      return size == 0 ? none : *(end - 1);
    default:
      break;
    }
    const Value element = value(node.operands.back());
    const auto found = std::find(begin, end, element);
    if (node.op == Op::list_has)
      return found != end ? 1 : 0;
    if (found == end)
      fail(fault::not_on_list, to_string(expression) + ": " + format_value(*node.type, element) +
                                   " is not on the list");
    return found + 1 == end ? none : *(found + 1);
  }

  static Value binary(Op op, Value a, Value b) {
    switch (op) {
    case Op::equal:
      return a == b ? 1 : 0;
    case Op::not_equal:
      return a != b ? 1 : 0;
    case Op::less:
      return a < b ? 1 : 0;
    case Op::less_equal:
      return a <= b ? 1 : 0;
    case Op::add:
      return a + b;
    case Op::subtract:
      return a - b;
    case Op::bit_or:
      return a | b;
    case Op::bit_and:
      return a & b;
    case Op::bit_clear:
      return a & ~b;
    default:
      throw SpecError("unknown operator");
    }
  }

  const Spec& spec_;
  const State& state_;
};

void require_checks(const Evaluator& evaluator, const std::vector<Check>& checks) {
  for (const Check& check : checks)
    if (evaluator.value(check.condition) == 0)
      throw Fault{{check.property, check.message}};
}

// An update with every expression already evaluated in the old state.
struct Write {
  const Update* update;
  std::uint32_t slot;
  Value value;
  Value position;
};

Write prepare(const Spec& spec, const Evaluator& evaluator, const Action& action,
              const Update& update) {
  const Variable& variable = spec.variables()[update.variable];
  const std::uint32_t slot = evaluator.slot(update.variable, update.object, variable.name,
                                            initialises(spec, action, update));
  Write write{&update, slot, 0, 0};
  if (!update.value.empty())
    write.value = evaluator.value(update.value);
  if (!update.position.empty())
    write.position = evaluator.value(update.position);
  if (!update.value.empty() &&
      (write.value < variable.type->low || write.value > variable.type->high))
    fail(fault::bounds, variable.name + " := " + std::to_string(write.value) +
                            " leaves its range " + variable.type->name);
  return write;
}

void apply_to_list(const Spec& spec, State& state, const Write& write) {
  const Variable& variable = spec.variables()[write.update->variable];
  const auto begin = state.begin() + write.slot + 1;
  Value& size = state[write.slot];
  auto end = begin + size;
  auto where = begin;
  switch (write.update->kind) {
  case UpdateKind::clear:
    std::fill(begin, end, 0);
    size = 0;
    return;
  case UpdateKind::remove:
    where = std::find(begin, end, write.value);
    if (where == end)
      return;
    std::copy(where + 1, end, where);
    *(end - 1) = 0;
    --size;
    return;
  case UpdateKind::push_back:
    where = end;
    break;
  case UpdateKind::insert_before:
    where = std::find(begin, end, write.position);
    if (where == end)
      fail(fault::not_on_list, variable.name + ": insertion before an element that is not on it");
    break;
  default: // push_front
    break;
  }
  if (size == static_cast<Value>(variable.capacity))
    fail(fault::bounds, variable.name + " is full");
  std::copy_backward(where, end, end + 1);
  *where = write.value;
  ++size;
}

} // namespace

Evaluation evaluate(const Spec& spec, const State& state, const Expr& expression) {
  try {
    return {Evaluator(spec, state).value(expression), {}};
  } catch (const Fault& fault) {
    return {0, fault.failure};
  }
}

PointId point_of(const Spec& spec, const State& state, ThreadId thread) {
  const Variable& counter = spec.variables()[spec.threads()[thread].counter];
  return static_cast<PointId>(state[counter.first_slot]);
}

bool initialises(const Declarations& spec, const Action& action, const Update& update) {
  if (update.object.empty())
    return false;
  const auto allocated = spec.pools()[spec.variables()[update.variable].pool].allocated;
  return std::any_of(action.updates.begin(), action.updates.end(), [&](const Update& other) {
    return allocated && other.variable == *allocated && other.value.is_literal(1) &&
           same(other.object, update.object);
  });
}

Result take(const Spec& spec, const State& state, const Action& action) {
  if (point_of(spec, state, action.thread) != action.from)
    return {};
  try {
    const Evaluator evaluator(spec, state);
    if (evaluator.value(action.path) == 0)
      return {};
    require_checks(evaluator, action.entry_checks);
    if (evaluator.value(action.guard) == 0)
      return {};
    require_checks(evaluator, action.checks);
    const std::optional<Look> look = look_on(spec, state, action);
    if (look && look->failure)
      throw Fault{*look->failure};
    std::vector<Write> writes;
    for (const Update& update : action.updates)
      writes.push_back(prepare(spec, evaluator, action, update));
    State next = state;
    for (const Write& write : writes) {
      if (write.update->kind == UpdateKind::assign)
        next[write.slot] = write.value;
      else
        apply_to_list(spec, next, write);
    }
    next[spec.variables()[spec.threads()[action.thread].counter].first_slot] = action.to;
    if (look)
      next[spec.observation()->slot] = *look->after;
    return {Outcome::taken, std::move(next), {}};
  } catch (const Fault& fault) {
    return {Outcome::failed, {}, fault.failure};
  }
}

std::vector<HeldLock> held_locks(const Spec& spec, const State& state, ThreadId thread) {
  std::vector<HeldLock> held;
  for (PoolId pool = 0; pool < spec.pools().size(); ++pool) {
    const Pool& locks = spec.pools()[pool];
    if (!locks.lock || locks.lock->waiters)
      continue;
    for (std::uint32_t object = 0; object < locks.objects.size(); ++object) {
      const auto read = [&](VariableId id) {
        const Variable& variable = spec.variables()[id];
        return state[variable.first_slot + object * variable.stride];
      };
      if (locks.lock->owner && read(*locks.lock->owner) == static_cast<Value>(thread) + 1)
        held.push_back({pool, object, Mode::exclusive});
      if (locks.lock->readers && (read(*locks.lock->readers) >> thread & 1) != 0)
        held.push_back({pool, object, Mode::shared});
    }
  }
  return held;
}

} // namespace interlock::lang
