// Walks every expression of an action once; see footprint.hpp.
#include "lang/footprint.hpp"

#include "lang/evaluate.hpp"

#include <algorithm>

namespace interlock::lang {

namespace {

template <class T> void sort_once(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
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
    result.writes.push_back(place);
    const Variable& flag = variable(update.variable);
    if (flag.scope != Scope::field || declarations_.pools()[flag.pool].allocated != update.variable)
      return;
    if (!update.value.is_literal(0))
      result.allocates.push_back(flag.pool);
    if (!update.value.is_literal(1))
      result.frees.push_back(flag.pool);
  }

  void effect(const Effect& effect) {
    expression(effect.lock, Part::effects);
    if (!effect.lock.empty())
      result.locks.push_back({effect.kind, effect.lock.type().pool,
                              known_object(declarations_, effect.lock), effect.mode});
  }

  Footprint take() {
    std::sort(result.reads.begin(), result.reads.end(),
              [](const Read& a, const Read& b) { return a.place < b.place; });
    std::vector<Read> merged;
    for (const Read& read : result.reads)
      if (!merged.empty() && merged.back().place == read.place)
        merged.back().parts = static_cast<Parts>(merged.back().parts | read.parts);
      else
        merged.push_back(read);
    result.reads = std::move(merged);
    sort_once(result.writes);
    sort_once(result.allocates);
    sort_once(result.frees);
    return std::move(result);
  }

private:
  const Variable& variable(VariableId id) const { return declarations_.variables().at(id); }

  void add(const Place& place, Part part) {
    if (variable(place.variable).protection != Protection::immutable)
      result.reads.push_back({place, Parts{} | part});
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
  Footprint result;
};

} // namespace

bool overlap(const Place& a, const Place& b) {
  return a.variable == b.variable && (!a.object || !b.object || a.object == b.object);
}

bool Footprint::reads_place(const Place& place, Parts parts) const {
  return std::any_of(reads.begin(), reads.end(), [&](const Read& read) {
    return read.in(parts) && overlap(read.place, place);
  });
}

bool Footprint::writes_place(const Place& place) const {
  return std::any_of(writes.begin(), writes.end(),
                     [&](const Place& written) { return overlap(written, place); });
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
    collector.expression(check.condition, Part::entry_checks);
  for (const Check& check : action.checks)
    collector.expression(check.condition, Part::checks);
  for (const Update& update : action.updates)
    collector.update(action, update);
  for (const Effect& effect : action.effects)
    collector.effect(effect);
  for (const Report& report : action.reports)
    collector.expression(report.value, Part::reports);
  return collector.take();
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
