// A trace followed once; see history.hpp.
#include "story/history.hpp"

#include <algorithm>

namespace interlock::checker {

using lang::Expr;
using lang::Node;
using lang::Op;
using lang::Place;
using lang::Spec;
using lang::State;

namespace {

class Reader {
public:
  Reader(Places& places, const Spec& spec, const State& state, bool objects)
      : places_(places), spec_(spec), state_(state), objects_(objects) {}

  void read(const Expr& expression) {
    const Node& node = expression.node();
    switch (node.op) {
    case Op::literal:
    case Op::first_free:
      return;
    case Op::variable:
      places_.insert({node.variable, 0});
      return;
    case Op::field:
      object(node, node.operands[0]);
      return;
    case Op::is_allocated:
      allocation(node);
      return;
    case Op::list_size:
    case Op::list_front:
    case Op::list_back:
    case Op::list_next:
    case Op::list_has:
      list(node);
      return;
    case Op::logical_and:
    case Op::logical_or:
      read(node.operands[0]);
      if (is(node.operands[0]) == (node.op == Op::logical_and))
        read(node.operands[1]);
      return;
    case Op::choose:
      read(node.operands[0]);
      read(node.operands[is(node.operands[0]) ? 1 : 2]);
      return;
    default:
      for (const Expr& operand : node.operands)
        read(operand);
    }
  }

private:
  bool is(const Expr& condition) const { return evaluate(spec_, state_, condition).value != 0; }

  void object(const Node& node, const Expr& reference) {
    if (objects_)
      read(reference);
    const lang::Evaluation found = evaluate(spec_, state_, reference);
    if (!found.failure && found.value != lang::none)
      places_.insert({node.variable, static_cast<std::uint32_t>(found.value - 1)});
  }

  void allocation(const Node& node) {
    read(node.operands[0]);
    const lang::Evaluation found = evaluate(spec_, state_, node.operands[0]);
    const auto flag = spec_.pools()[node.pool].allocated;
    if (flag && !found.failure && found.value != lang::none)
      places_.insert({*flag, static_cast<std::uint32_t>(found.value - 1)});
  }

  void list(const Node& node) {
    const bool has_element = node.op == Op::list_next || node.op == Op::list_has;
    if (has_element)
      read(node.operands.back());
    if (node.operands.size() > (has_element ? 1U : 0U))
      object(node, node.operands[0]);
    else
      places_.insert({node.variable, 0});
  }

  Places& places_;
  const Spec& spec_;
  const State& state_;
  bool objects_;
};

bool holds(const std::vector<witnesses::Held>& held, const std::string& lock) {
  return std::any_of(held.begin(), held.end(),
                     [&](const witnesses::Held& one) { return one.lock == lock; });
}

} // namespace

void add_reads(Places& places, const Spec& spec, const State& state, const Expr& expression,
               bool objects) {
  if (!expression.empty())
    Reader(places, spec, state, objects).read(expression);
}

bool begins_call(const lang::Action& action) {
  return action.boundary == lang::Boundary::begins || action.boundary == lang::Boundary::parks;
}

History::History(const Spec& spec, const lang::Trace& trace)
    : spec_(spec), trace_(trace), states_(follow(spec, trace)),
      functions_(witnesses::functions_of(spec)) {
  for (const witnesses::Word& word : witnesses::words_of(spec)) {
    const lang::Variable& variable = spec.variables()[word.id];
    words_[{word.id, (word.slot - variable.first_slot) / variable.stride}] = word;
  }
}

bool History::is_lock_word(const Place& place) const {
  const lang::Variable& field = variable(place);
  if (field.scope != lang::Scope::field)
    return false;
  const auto& lock = spec_.pools()[field.pool].lock;
  return lock && (lock->owner == place.variable || lock->readers == place.variable);
}

bool History::is_allocation(const Place& place) const {
  const lang::Variable& field = variable(place);
  return field.scope == lang::Scope::field && spec_.pools()[field.pool].allocated == place.variable;
}

bool History::begins_function(const witnesses::Source& source) const {
  return std::find(functions_.begin(), functions_.end(), source) != functions_.end();
}

const witnesses::Word* History::word(const Place& place) const {
  const auto found = words_.find(place);
  return found == words_.end() ? nullptr : &found->second;
}

std::string History::name(const Place& place) const {
  const witnesses::Word* found = word(place);
  return found == nullptr ? variable(place).name : found->variable.name;
}

std::string History::value(const Place& place, const State& state) const {
  const witnesses::Word* found = word(place);
  return found == nullptr ? std::string("?") : witnesses::value_of(spec_, *found, state);
}

std::vector<std::size_t> History::changes(const Place& place, std::size_t until) const {
  std::vector<std::size_t> steps;
  const witnesses::Word* found = word(place);
  if (found == nullptr)
    return steps;
  const std::uint32_t size = variable(place).capacity == 0 ? 1 : variable(place).capacity + 1;
  for (std::size_t i = 0; i < until && i + 1 < states_.size(); ++i) {
    const auto before = states_[i].begin() + found->slot;
    if (!std::equal(before, before + size, states_[i + 1].begin() + found->slot))
      steps.push_back(i);
  }
  return steps;
}

std::optional<std::size_t> History::assigned(const Place& place, std::size_t until) const {
  for (std::size_t i = std::min(until, states_.size() - 1); i-- > 0;)
    for (const lang::Update& update : action(i).updates)
      if (update.variable == place.variable)
        return i;
  return std::nullopt;
}

bool History::kernel_reads(std::size_t step, const Place& place) const {
  const lang::Action& action = this->action(step);
  Places places;
  add_reads(places, spec_, at(step), action.path, true);
  add_reads(places, spec_, at(step), action.guard, true);
  for (const lang::Report& report : action.reports)
    add_reads(places, spec_, at(step), report.value, true);
  for (const lang::Update& update : action.updates) {
    if (spec_.variables()[update.variable].ghost)
      continue;
    add_reads(places, spec_, at(step), update.object, true);
    add_reads(places, spec_, at(step), update.value, true);
    add_reads(places, spec_, at(step), update.position, true);
  }
  return places.contains(place);
}

Places History::looked_at(std::size_t step) const {
  const lang::Action& action = this->action(step);
  Places places;
  add_reads(places, spec_, at(step), action.path, false);
  add_reads(places, spec_, at(step), action.guard, false);
  for (const lang::Update& update : action.updates)
    if (!spec_.variables()[update.variable].ghost)
      add_reads(places, spec_, at(step), update.value, false);
  std::erase_if(places, [&](const Place& place) {
    return is_local(place) || is_ghost(place) || is_lock_word(place) ||
           variable(place).protection == lang::Protection::immutable ||
           std::any_of(
               action.updates.begin(), action.updates.end(),
               [&](const lang::Update& update) { return update.variable == place.variable; });
  });
  return places;
}

std::optional<std::size_t> History::taken(lang::ThreadId thread, const std::string& lock,
                                          std::size_t until) const {
  for (std::size_t i = std::min(until, states_.size() - 1); i-- > 0;)
    if (action(i).thread == thread && holds(held(states_[i + 1], thread), lock) &&
        !holds(held(states_[i], thread), lock))
      return i;
  return std::nullopt;
}

std::optional<std::size_t> History::given_up(lang::ThreadId thread, const std::string& lock,
                                             std::size_t until) const {
  for (std::size_t i = std::min(until, states_.size() - 1); i-- > 0;)
    if (action(i).thread == thread && !holds(held(states_[i + 1], thread), lock) &&
        holds(held(states_[i], thread), lock))
      return i;
  return std::nullopt;
}

} // namespace interlock::checker
