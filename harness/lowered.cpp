// Lowering to micro programs; see lowered.hpp.
#include "harness/lowered.hpp"

#include <algorithm>
#include <optional>

namespace interlock::harness {

using lang::Action;
using lang::Effect;
using lang::EffectKind;
using lang::Expr;
using lang::Node;
using lang::Op;
using lang::PoolId;
using lang::Spec;
using lang::Update;
using lang::UpdateKind;
using lang::Variable;
using lang::VariableId;

namespace {

// How many operands an operation leaves on the stack, less those that it takes.
int growth(MicroCode code) {
  switch (code) {
  case MicroCode::literal:
  case MicroCode::address:
  case MicroCode::peek:
  case MicroCode::copy:
  case MicroCode::first_free:
    return 1;
  case MicroCode::list_next:
  case MicroCode::list_has:
  case MicroCode::equal:
  case MicroCode::not_equal:
  case MicroCode::less:
  case MicroCode::less_equal:
  case MicroCode::add:
  case MicroCode::subtract:
  case MicroCode::bit_or:
  case MicroCode::bit_and:
  case MicroCode::bit_clear:
  case MicroCode::jump_if_false:
  case MicroCode::jump_if_true:
  case MicroCode::unless:
  case MicroCode::answer:
    return -1;
  case MicroCode::try_wake:
    return -2;
  case MicroCode::try_lock:
    return -3;
  default:
    return 0;
  }
}

MicroCode code_of(Op op) {
  switch (op) {
  case Op::logical_not:
    return MicroCode::logical_not;
  case Op::equal:
    return MicroCode::equal;
  case Op::not_equal:
    return MicroCode::not_equal;
  case Op::less:
    return MicroCode::less;
  case Op::less_equal:
    return MicroCode::less_equal;
  case Op::add:
    return MicroCode::add;
  case Op::subtract:
    return MicroCode::subtract;
  case Op::bit_or:
    return MicroCode::bit_or;
  case Op::bit_and:
    return MicroCode::bit_and;
  case Op::bit_clear:
    return MicroCode::bit_clear;
  case Op::list_front:
    return MicroCode::list_front;
  case Op::list_back:
    return MicroCode::list_back;
  case Op::list_next:
    return MicroCode::list_next;
  case Op::list_has:
    return MicroCode::list_has;
  default:
    throw lang::SpecError("an operator that the harness does not know");
  }
}

// Writes a micro program and keeps count of its operand stack.
class Writer {
public:
  Writer(const Spec& spec, const Layout& layout) : spec_(spec), layout_(layout) {}

  MicroProgram take() { return std::move(program_); }
  std::uint32_t depth() const { return depth_; }
  std::uint32_t here() const { return static_cast<std::uint32_t>(program_.operations.size()); }

  void emit(MicroCode code, Value value = 0, std::uint32_t target = 0) {
    program_.operations.push_back({code, target, value});
    depth_ = static_cast<std::uint32_t>(static_cast<int>(depth_) + growth(code));
    program_.deepest = std::max<std::size_t>(program_.deepest, depth_);
  }

  // A jump forward; land() says where to.
  std::uint32_t jump(MicroCode code) {
    emit(code);
    return here() - 1;
  }
  void land(std::uint32_t jump) { program_.operations[jump].target = here(); }

  void leave(Outcome outcome) { emit(MicroCode::leave, 0, static_cast<std::uint32_t>(outcome)); }

  // Leaves with the outcome unless the condition holds.
  void require(const Expr& condition, Outcome outcome, const std::string& property,
               const std::string& message) {
    if (condition.is_literal(1))
      return;
    expression(condition);
    require_top(condition, outcome, property, message);
  }

  void require_counter(const Action& action) {
    const Expr counter = spec_.read(spec_.threads()[action.thread].counter);
    require(counter == lang::literal(counter.type_ref(), action.from), Outcome::elsewhere, "", "");
  }

  // Pushes the address of a variable, or of a field of the object, which must be allocated unless
  // this very step allocates it.
  void address(VariableId id, const Expr& object, bool allocating = false) {
    const Variable& variable = spec_.variables()[id];
    if (object.empty()) {
      emit(MicroCode::address, bytes(layout_.word(id)));
    } else {
      expression(object);
      emit(MicroCode::object, variable.pool);
      if (!allocating && spec_.pools()[variable.pool].allocated)
        emit(MicroCode::require_allocated,
             static_cast<Value>(layout_.pools()[variable.pool].allocated));
      emit(MicroCode::member, bytes(layout_.member(id)));
    }
    if (variable.capacity != 0)
      emit(MicroCode::require_list, variable.capacity);
  }

  void address_of_word(std::size_t word) { emit(MicroCode::address, bytes(word)); }

  // Pushes the word at the address on top, and takes it for the variable's value until
  // forget_word(): other threads may change it from one load to the next.
  void peek_word(VariableId id, const Expr& object) {
    emit(MicroCode::peek);
    peeked_ = Peeked{id, object, depth_ - 1};
  }
  void forget_word() { peeked_.reset(); }

  // Pushes the value of the expression.
  void expression(const Expr& expression) {
    const Node& node = expression.node();
    switch (node.op) {
    case Op::literal:
      return emit(MicroCode::literal, node.value);
    case Op::variable:
      return variable(node.variable, {});
    case Op::field:
      return variable(node.variable, node.operands[0]);
    case Op::list_size:
    case Op::list_front:
    case Op::list_back:
    case Op::list_next:
    case Op::list_has:
      return list(node);
    case Op::first_free:
    case Op::is_allocated:
      return pool(node);
    case Op::logical_and:
      return either(node.operands[0], node.operands[1], Expr(false));
    case Op::logical_or:
      return either(node.operands[0], Expr(true), node.operands[1]);
    case Op::choose:
      return either(node.operands[0], node.operands[1], node.operands[2]);
    default:
      for (const Expr& operand : node.operands)
        this->expression(operand);
      emit(code_of(node.op));
    }
  }

private:
  static Value bytes(std::size_t words) { return static_cast<Value>(words * Layout::word_bytes); }

  struct Peeked {
    VariableId variable;
    Expr object;
    std::uint32_t position; // of its value on the operand stack
  };

  void variable(VariableId id, const Expr& object) {
    if (peeked_ && peeked_->variable == id &&
        (object.empty() ? peeked_->object.empty()
                        : !peeked_->object.empty() && same(object, peeked_->object)))
      return emit(MicroCode::copy, 0, peeked_->position);
    address(id, object);
    emit(MicroCode::load);
  }

  void require_top(const Expr& condition, Outcome outcome, const std::string& property,
                   const std::string& message) {
    emit(MicroCode::unless, static_cast<Value>(program_.conditions.size()),
         static_cast<std::uint32_t>(outcome));
    program_.conditions.push_back({property, condition, message});
  }

  // Evaluates only the branch that is chosen, as the language prescribes.
  void either(const Expr& condition, const Expr& then, const Expr& otherwise) {
    expression(condition);
    const std::uint32_t to_otherwise = jump(MicroCode::jump_if_false);
    const std::uint32_t before = depth_;
    expression(then);
    const std::uint32_t to_end = jump(MicroCode::jump);
    land(to_otherwise);
    depth_ = before;
    expression(otherwise);
    land(to_end);
  }

  void list(const Node& node) {
    const bool has_element = node.op == Op::list_next || node.op == Op::list_has;
    const bool of_object = node.operands.size() > (has_element ? 1U : 0U);
    address(node.variable, of_object ? node.operands[0] : Expr());
    if (node.op == Op::list_size)
      return emit(MicroCode::load);
    if (has_element)
      expression(node.operands.back());
    emit(code_of(node.op));
  }

  void pool(const Node& node) {
    const bool allocatable = spec_.pools()[node.pool].allocated.has_value();
    if (node.op == Op::first_free) {
      if (allocatable)
        return emit(MicroCode::first_free, node.pool);
      return emit(MicroCode::literal, lang::none); // its objects always exist
    }
    expression(node.operands[0]);
    if (allocatable)
      return emit(MicroCode::is_allocated, node.pool);
    emit(MicroCode::literal, lang::none);
    emit(MicroCode::not_equal);
  }

  const Spec& spec_;
  const Layout& layout_;
  MicroProgram program_;
  std::uint32_t depth_ = 0;
  std::optional<Peeked> peeked_;
};

// A change whose operands wait on the operand stack.
struct Change {
  enum Phase : std::uint8_t { take_locks, change_words, give_locks_back };
  Phase phase = change_words;
  MicroCode code = MicroCode::store;
  std::uint32_t position = 0;
  std::uint32_t capacity = 0;
};

bool takes_lock(const Action& action, PoolId pool, const Update& update) {
  return !update.value.is_literal(lang::none) &&
         std::any_of(action.effects.begin(), action.effects.end(), [&](const Effect& effect) {
           return (effect.kind == EffectKind::acquire || effect.kind == EffectKind::try_acquire) &&
                  effect.mode == lang::Mode::exclusive && effect.lock.type().pool == pool;
         });
}

// How the words of locks change; every other word takes a plain store.
Change assignment(const Spec& spec, const Action& action, const Update& update) {
  for (PoolId pool = 0; pool < spec.pools().size(); ++pool) {
    const auto& lock = spec.pools()[pool].lock;
    if (!lock)
      continue;
    if (lock->owner == update.variable)
      return takes_lock(action, pool, update)
                 ? Change{Change::take_locks, MicroCode::acquire}
                 : Change{Change::give_locks_back, MicroCode::exchange};
    if (lock->readers == update.variable || lock->waiters == update.variable)
      return {Change::change_words, MicroCode::change_bits};
  }
  return {};
}

Change change_of(const Spec& spec, const Action& action, const Update& update) {
  switch (update.kind) {
  case UpdateKind::assign:
    return assignment(spec, action, update);
  case UpdateKind::push_front:
    return {Change::change_words, MicroCode::push_front};
  case UpdateKind::push_back:
    return {Change::change_words, MicroCode::push_back};
  case UpdateKind::remove:
    return {Change::change_words, MicroCode::remove};
  case UpdateKind::insert_before:
    return {Change::change_words, MicroCode::insert_before};
  case UpdateKind::clear:
    break;
  }
  return {Change::change_words, MicroCode::clear};
}

// Pushes the operands of an update, with its checks; what it returns is written once all are known.
Change prepare(const Spec& spec, Writer& writer, const Action& action, const Update& update) {
  const Variable& variable = spec.variables()[update.variable];
  Change change = change_of(spec, action, update);
  change.position = writer.depth();
  change.capacity = variable.capacity;
  writer.address(update.variable, update.object, lang::initialises(spec, action, update));
  if (change.code == MicroCode::change_bits)
    writer.peek_word(update.variable, update.object);
  if (!update.value.empty()) {
    const std::uint32_t position = writer.depth();
    writer.expression(update.value);
    if (!update.position.empty())
      writer.expression(update.position);
    writer.emit(MicroCode::at_least, variable.type->low, position);
    writer.emit(MicroCode::at_most, variable.type->high, position);
  }
  writer.forget_word();
  return change;
}

} // namespace

MicroProgram lower_action(const Spec& spec, const Layout& layout, const Action& action) {
  Writer writer(spec, layout);
  writer.require_counter(action);
  writer.require(action.path, Outcome::path_false, "", "");
  for (const lang::Check& check : action.entry_checks)
    writer.require(check.condition, Outcome::check_failed, check.property, check.message);
  writer.require(action.guard, Outcome::guard_false, "", "");
  for (const lang::Check& check : action.checks)
    writer.require(check.condition, Outcome::check_failed, check.property, check.message);

  std::vector<Change> changes;
  for (const Update& update : action.updates)
    changes.push_back(prepare(spec, writer, action, update));
  const std::uint32_t counter = writer.depth();
  writer.address(spec.threads()[action.thread].counter, {});
  writer.emit(MicroCode::literal, action.to);

  std::stable_sort(changes.begin(), changes.end(),
                   [](const Change& a, const Change& b) { return a.phase < b.phase; });
  for (const Change& change : changes)
    writer.emit(change.code, change.capacity, change.position);
  writer.emit(MicroCode::store, 0, counter);
  writer.leave(Outcome::taken);
  return writer.take();
}

MicroProgram lower_expression(const Spec& spec, const Layout& layout, const Expr& expression) {
  Writer writer(spec, layout);
  writer.expression(expression);
  writer.emit(MicroCode::answer);
  return writer.take();
}

MicroProgram lower_attempt(const Spec& spec, const Layout& layout, lang::ThreadId thread,
                           lang::PointId point, const std::optional<WaitWord>& word) {
  Writer writer(spec, layout);
  for (const lang::ActionId id : spec.threads()[thread].points.at(point).actions) {
    const Action& action = spec.actions()[id];
    if (action.comes == lang::Comes::by_chance) // what may never come does not free the thread
      continue;
    writer.expression(action.path && action.guard);
    const std::uint32_t disabled = writer.jump(MicroCode::jump_if_false);
    writer.leave(Outcome::enabled);
    writer.land(disabled);
  }
  if (word) {
    writer.address_of_word(word->word);
    if (word->kind != WaitWord::Kind::waiter_bit)
      writer.emit(MicroCode::literal, 0); // a lock that is free
    writer.emit(MicroCode::literal, word->operand);
    writer.emit(word->kind == WaitWord::Kind::waiter_bit ? MicroCode::try_wake
                                                         : MicroCode::try_lock);
  }
  writer.emit(MicroCode::spin);
  writer.emit(MicroCode::jump, 0, 0);
  return writer.take();
}

std::optional<WaitWord> wait_word(const Spec& spec, const Layout& layout, const lang::State& state,
                                  const lang::WaitEdge& wait) {
  const lang::LockPool& lock = *spec.pools()[wait.pool].lock;
  const auto word_of = [&](WaitWord::Kind kind, VariableId id, Value operand) {
    const Variable& variable = spec.variables()[id];
    return WaitWord{kind, layout.word(id, wait.object),
                    variable.first_slot + wait.object * variable.stride, operand};
  };
  if (wait.asleep)
    return word_of(WaitWord::Kind::waiter_bit, *lock.waiters, Value{1} << wait.thread);

  const auto& effects = spec.actions()[wait.action].effects;
  const bool exclusive = std::any_of(effects.begin(), effects.end(), [&](const Effect& effect) {
    return effect.kind == EffectKind::acquire && effect.mode == lang::Mode::exclusive &&
           effect.lock.type().pool == wait.pool;
  });
  const auto occupied = [&](const std::optional<VariableId>& id) {
    return id && state[word_of(WaitWord::Kind::owner, *id, 0).slot] != 0;
  };
  if (occupied(lock.owner))
    return word_of(WaitWord::Kind::owner, *lock.owner,
                   exclusive ? static_cast<Value>(wait.thread) + 1 : lang::none);
  // A lock that readers hold is tried by an exchange of 0 for 0: it changes nothing when it
  // succeeds.
  if (occupied(lock.readers))
    return word_of(WaitWord::Kind::readers, *lock.readers, 0);
  return {};
}

} // namespace interlock::harness
