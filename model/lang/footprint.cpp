// Walks every expression of an action once; see footprint.hpp.
#include "lang/footprint.hpp"

#include "lang/evaluate.hpp"
#include "lang/spec.hpp"

#include <algorithm>

namespace interlock::lang {

namespace {

template <class T> void sort_once(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

// --- which locks a condition demands ---

using Needs = std::vector<LockNeed>;

bool same_lock(const LockNeed& a, const LockNeed& b) {
  return a.pool == b.pool && (a.object && b.object ? a.object == b.object : same(a.lock, b.lock));
}

void add_need(Needs& needs, const LockNeed& need) {
  for (LockNeed& known : needs)
    if (same_lock(known, need)) {
      if (need.mode == Mode::exclusive)
        known.mode = Mode::exclusive;
      return;
    }
  needs.push_back(need);
}

Needs both(Needs a, const Needs& b) {
  for (const LockNeed& need : b)
    add_need(a, need);
  return a;
}

// What is held in either case.
Needs either(const Needs& a, const Needs& b) {
  Needs common;
  for (const LockNeed& x : a)
    for (const LockNeed& y : b)
      if (same_lock(x, y)) {
        common.push_back(x);
        if (y.mode == Mode::shared)
          common.back().mode = Mode::shared;
      }
  return common;
}

LockNeed need_of(const Declarations& declarations, const Expr& lock, Mode mode) {
  return {lock, lock.type().pool, known_object(declarations, lock), mode};
}

// The lock of `(lock.readers & self) != 0`; empty for anything else.
Expr lock_read_by(const Declarations& declarations, const Node& node, ThreadId thread) {
  if ((node.op != Op::equal && node.op != Op::not_equal) || !node.operands[1].is_literal(0))
    return {};
  const Node& bits = node.operands[0].node();
  if (bits.op != Op::bit_and || bits.operands[0].node().op != Op::field ||
      !bits.operands[1].is_literal(Value{1} << thread))
    return {};
  const Node& readers = bits.operands[0].node();
  const auto& lock = declarations.pools()[declarations.variables()[readers.variable].pool].lock;
  return lock && lock->readers == readers.variable ? readers.operands[0] : Expr();
}

// The locks that the thread holds wherever the condition has that value.
Needs held_where(const Declarations& declarations, const Expr& condition, bool value,
                 ThreadId thread) {
  const Node& node = condition.node();
  const auto operand = [&](std::size_t index, bool wanted) {
    return held_where(declarations, node.operands[index], wanted, thread);
  };
  switch (node.op) {
  case Op::logical_not:
    return operand(0, !value);
  case Op::logical_and:
  case Op::logical_or:
    return (node.op == Op::logical_and) == value ? both(operand(0, value), operand(1, value))
                                                 : either(operand(0, value), operand(1, value));
  case Op::choose:
    return either(both(operand(0, true), operand(1, value)),
                  both(operand(0, false), operand(2, value)));
  case Op::equal:
  case Op::not_equal:
    if (const Expr lock = lock_of_own_hold(declarations, node, thread);
        !lock.empty() && (node.op == Op::equal) == value)
      return {need_of(declarations, lock, Mode::exclusive)};
    if (const Expr lock = lock_read_by(declarations, node, thread);
        !lock.empty() && (node.op == Op::not_equal) == value)
      return {need_of(declarations, lock, Mode::shared)};
    return {};
  default:
    return {};
  }
}

class Collector {
public:
  explicit Collector(const Declarations& declarations) : declarations_(declarations) {}

  void expression(const Expr& expression, Part part) {
    if (!expression.empty())
      for_each_node(expression, [&](const Node& node) { this->node(node, part); });
  }

  void update(const Action& action, const Update& update) {
    expression(update.object, Part::updates);
    expression(update.value, Part::updates);
    expression(update.position, Part::updates);
    const Place place = place_of(update.variable, update.object);
    if (!update.object.empty() && !initialises(declarations_, action, update))
      allocation_of(variable(update.variable).pool, place.object, Part::updates);
    if (update.kind != UpdateKind::assign && update.kind != UpdateKind::clear)
      add(place, Part::updates);
    result_.writes.push_back(place);
    const Variable& flag = variable(update.variable);
    if (flag.scope != Scope::field || declarations_.pools()[flag.pool].allocated != update.variable)
      return;
    if (!update.value.is_literal(0))
      result_.allocates.push_back(flag.pool);
    if (!update.value.is_literal(1))
      result_.frees.push_back(flag.pool);
  }

  void effect(const Effect& effect) {
    expression(effect.lock, Part::effects);
    if (!effect.lock.empty())
      result_.locks.push_back({effect.kind, effect.lock.type().pool,
                               known_object(declarations_, effect.lock), effect.mode});
  }

  void checked(const Check& check, Part part, ThreadId thread) {
    expression(check.condition, part);
    for (const LockNeed& need : held_where(declarations_, check.condition, true, thread))
      add_need(result_.needs, need);
  }

  // Who has what it gives up, and did not take it in the same step, has had it before.
  void given_up(const std::vector<Effect>& effects) {
    for (std::size_t i = 0; i < effects.size(); ++i) {
      const Expr& lock = effects[i].lock;
      const bool taken = std::any_of(
          effects.begin(), effects.begin() + static_cast<std::ptrdiff_t>(i), [&](const Effect& e) {
            return (e.kind == EffectKind::acquire || e.kind == EffectKind::try_acquire) &&
                   same(e.lock, lock);
          });
      if (effects[i].kind != EffectKind::release || lock.empty() || taken)
        continue;
      const auto& kind = declarations_.pools()[lock.type().pool].lock;
      add_need(result_.needs, need_of(declarations_, lock,
                                      kind && kind->readers ? Mode::shared : Mode::exclusive));
    }
  }

  Footprint take() {
    std::sort(result_.reads.begin(), result_.reads.end(),
              [](const Read& a, const Read& b) { return a.place < b.place; });
    std::vector<Read> merged;
    for (const Read& read : result_.reads)
      if (!merged.empty() && merged.back().place == read.place)
        merged.back().parts = static_cast<Parts>(merged.back().parts | read.parts);
      else
        merged.push_back(read);
    result_.reads = std::move(merged);
    sort_once(result_.writes);
    sort_once(result_.allocates);
    sort_once(result_.frees);
    return std::move(result_);
  }

private:
  const Variable& variable(VariableId id) const { return declarations_.variables().at(id); }

  void add(const Place& place, Part part) {
    if (variable(place.variable).protection != Protection::immutable)
      result_.reads.push_back({place, Parts{} | part});
  }

  Place place_of(VariableId id, const Expr& object) const {
    return {id,
            object.empty() ? std::optional<std::uint32_t>(0) : known_object(declarations_, object)};
  }

  void allocation_of(PoolId pool, std::optional<std::uint32_t> object, Part part) {
    if (const auto flag = declarations_.pools()[pool].allocated)
      add({*flag, object}, part);
  }

  void node(const Node& node, Part part) {
    switch (node.op) {
    case Op::variable:
      return add({node.variable, 0}, part);
    case Op::first_free:
      return allocation_of(node.pool, std::nullopt, part);
    case Op::is_allocated:
      return allocation_of(node.pool, known_object(declarations_, node.operands[0]), part);
    case Op::field:
    case Op::list_size:
    case Op::list_front:
    case Op::list_back:
    case Op::list_next:
    case Op::list_has: {
      const Variable& read = variable(node.variable);
      const bool field = read.scope == Scope::field;
      const Place place = place_of(node.variable, field ? node.operands[0] : Expr());
      add(place, part);
      if (field)
        allocation_of(read.pool, place.object, part);
      return;
    }
    default:
      return;
    }
  }

  const Declarations& declarations_;
  Footprint result_;
};

} // namespace

bool overlap(const Place& a, const Place& b) {
  return a.variable == b.variable && (!a.object || !b.object || a.object == b.object);
}

std::vector<Place> reads_of(const Declarations& declarations, const Expr& expression) {
  Collector collector(declarations);
  collector.expression(expression, Part::path);
  std::vector<Place> places;
  for (const Read& read : collector.take().reads)
    places.push_back(read.place);
  return places;
}

Footprint footprint_of(const Declarations& declarations, const Action& action) {
  Collector collector(declarations);
  collector.expression(action.path, Part::path);
  collector.expression(action.guard, Part::guard);
  collector.expression(action.idle_when, Part::idle_when);
  for (const Check& check : action.entry_checks)
    collector.checked(check, Part::entry_checks, action.thread);
  for (const Check& check : action.checks)
    collector.checked(check, Part::checks, action.thread);
  for (const Update& update : action.updates)
    collector.update(action, update);
  for (const Effect& effect : action.effects)
    collector.effect(effect);
  collector.given_up(action.effects);
  for (const Report& report : action.reports)
    collector.expression(report.value, Part::reports);
  if (action.shows)
    for (const Report& report : action.shows->values)
      collector.expression(report.value, Part::updates);
  return collector.take();
}

// Only the thread itself takes or releases a lock in its own name.
Expr lock_of_own_hold(const Declarations& declarations, const Node& node, ThreadId thread) {
  if (node.op != Op::equal && node.op != Op::not_equal)
    return {};
  for (const std::size_t side : {0U, 1U}) {
    const Expr& owner = node.operands[side];
    const Expr& self = node.operands[1 - side];
    if (owner.node().op != Op::field || !self.is_literal(static_cast<Value>(thread) + 1) ||
        self.type().kind != Kind::reference || self.type().pool != thread_pool)
      continue;
    const Variable& variable = declarations.variables()[owner.node().variable];
    const auto& lock = declarations.pools()[variable.pool].lock;
    if (lock && lock->owner == owner.node().variable)
      return owner.node().operands[0];
  }
  return {};
}

std::optional<std::uint32_t> known_object(const Declarations& declarations, const Expr& reference) {
  const Node& node = reference.node();
  if (node.op == Op::literal && node.value > 0)
    return static_cast<std::uint32_t>(node.value - 1);
  if (node.op != Op::field)
    return std::nullopt;
  const Variable& field = declarations.variables()[node.variable];
  const auto owner = field.protection == Protection::immutable
                         ? known_object(declarations, node.operands[0])
                         : std::nullopt;
  if (!owner || *owner >= field.objects || field.initial[*owner] == none)
    return std::nullopt;
  return static_cast<std::uint32_t>(field.initial[*owner] - 1);
}

void for_each_slot(const Spec& spec, const Place& place,
                   const std::function<void(std::uint32_t slot)>& visit) {
  const Variable& variable = spec.variables()[place.variable];
  if (variable.protection == Protection::immutable)
    return;
  const std::uint32_t first = place.object.value_or(0);
  const std::uint32_t last = place.object ? first : variable.objects - 1;
  for (std::uint32_t object = first; object <= last; ++object)
    for (std::uint32_t part = 0; part < variable.stride; ++part)
      visit(variable.first_slot + object * variable.stride + part);
}

} // namespace interlock::lang
