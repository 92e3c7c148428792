// Program points and actions: tests, checks and simultaneous updates.
#include "engine/compile.hpp"

#include "lang/evaluate.hpp"

namespace interlock::checker {

using lang::Action;
using lang::Update;
using lang::UpdateKind;

Compiler::Compiler(const lang::Spec& spec, const Layout& layout, Bytecode& out)
    : spec_(spec), layout_(layout), out_(out), code_(out), tables_(spec.variables().size()) {}

std::uint32_t Compiler::point(const lang::Point& point, const FailureNumber& number) {
  struct Stub {
    Label label;
    Instruction instruction;
    Label next;
  };
  const std::uint32_t start = code_.start();
  std::vector<Stub> stubs;
  for (const lang::ActionId id : point.actions) {
    next_ = code_.label();
    failures_.clear();
    action(id);
    code_.bind(next_);
    for (const auto& [property, label] : failures_)
      stubs.push_back({label, {.mask = id, .value = number(property), .code = Code::fail}, next_});
  }
  code_.emit({.code = Code::end});
  // Failures are rare: their code stands behind that of all the actions.
  for (const Stub& stub : stubs) {
    code_.bind(stub.label);
    code_.jump(stub.instruction, stub.next);
  }
  code_.finish();
  return start;
}

std::uint32_t
Compiler::conditions(const std::vector<std::pair<lang::Expr, std::uint32_t>>& conditions) {
  const std::uint32_t start = code_.start();
  for (const auto& [expression, number] : conditions) {
    next_ = code_.label();
    only_failure_ = code_.label();
    code_.leads_to(*only_failure_, next_);
    unless(expression, *only_failure_);
    code_.jump({.code = Code::jump}, next_);
    code_.bind(*only_failure_);
    code_.jump({.value = number, .code = Code::fail}, next_);
    code_.bind(next_);
  }
  only_failure_.reset();
  code_.emit({.code = Code::end});
  code_.finish();
  return start;
}

Label Compiler::failure(const std::string& property) {
  if (only_failure_)
    return *only_failure_;
  for (const auto& [name, label] : failures_)
    if (name == property)
      return label;
  const Label label = code_.label();
  code_.leads_to(label, next_);
  failures_.emplace_back(property, label);
  return label;
}

void Compiler::require(const std::vector<lang::Check>& checks) {
  for (const lang::Check& check : checks)
    unless(check.condition, failure(check.property));
}

void Compiler::action(lang::ActionId id) {
  const Action& action = spec_.actions()[id];
  unless(action.path, next_);
  require(action.entry_checks);
  unless(action.guard, next_);
  require(action.checks);

  puts_.clear();
  copied_ = false;
  show(action);
  updates(action);
  const lang::VariableId counter = spec_.threads()[action.thread].counter;
  put_known(layout_.field(spec_.variables()[counter].first_slot), action.to);
  for (std::size_t i = 0; i + 1 < puts_.size(); ++i) {
    ensure_copy();
    code_.emit({.mask = puts_[i].mask,
                .value = static_cast<std::int64_t>(puts_[i].value),
                .word = puts_[i].word,
                .code = Code::put_masked});
  }
  code_.emit({.mask = puts_.back().mask,
              .value = static_cast<std::int64_t>(puts_.back().value),
              .target = id,
              .word = puts_.back().word,
              .code = copied_ ? Code::emit : Code::copy_emit});
}

void Compiler::show(const Action& action) {
  if (!action.shows || !spec_.observation())
    return;
  const auto& [observer, property, variable, slot] = *spec_.observation();
  out_.observer = observer.get();
  std::vector<Register> values;
  for (const lang::Report& report : action.shows->values)
    values.push_back(value(report.value));
  // Side by side, and the number of the set in a register of its own, since it changes.
  Register first = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Register copy = fill({.code = Code::add_constant, .b = values[i]});
    first = i == 0 ? copy : first;
  }
  const Field& field = layout_.field(slot);
  const Register set = fill({.mask = field.mask,
                             .value = field.low,
                             .word = field.word,
                             .code = Code::load,
                             .shift = field.shift});
  code_.jump({.value = static_cast<std::int64_t>(values.size()),
              .table = observer->event(action.shows->event),
              .code = Code::explain,
              .a = set,
              .b = first},
             failure(property));
  ensure_copy();
  code_.emit({.mask = field.mask,
              .value = field.low,
              .word = field.word,
              .code = Code::put,
              .shift = field.shift,
              .a = set});
}

void Compiler::ensure_copy() {
  if (!copied_)
    code_.emit({.code = Code::copy});
  copied_ = true;
}

void Compiler::put_known(const Field& field, lang::Value value) {
  const Word bits = static_cast<Word>(value - field.low) << field.shift;
  for (Put& put : puts_)
    if (put.word == field.word) {
      put.mask |= field.mask << field.shift;
      put.value |= bits;
      return;
    }
  puts_.push_back({field.word, field.mask << field.shift, bits});
}

// The order of evaluation, and so of faults, is that of lang::take().
void Compiler::updates(const Action& action) {
  std::vector<ListWrite> lists;
  for (const Update& update : action.updates) {
    const lang::Variable& variable = spec_.variables()[update.variable];
    const Target place = target(variable, update.object, lang::initialises(spec_, action, update));
    if (update.kind == UpdateKind::assign) {
      assign(update, place);
      continue;
    }
    ListWrite write{&update, 0, 0, place.object,
                    list_table(update.variable) +
                        static_cast<std::uint32_t>(place.reference.value_or(lang::none))};
    if (!update.value.empty())
      write.element = value(update.value);
    if (!update.position.empty())
      write.position = value(update.position);
    if (!update.value.empty())
      require_range(update.value, write.element, *variable.type);
    lists.push_back(write);
  }
  for (const ListWrite& write : lists) {
    ensure_copy();
    write_list(write);
  }
}

void Compiler::require_range(const lang::Expr& expression, Register value, const lang::Type& type) {
  const Range range = range_of(expression);
  if (range.low >= type.low && range.high <= type.high)
    return;
  code_.jump({.mask = static_cast<Word>(type.high) - static_cast<Word>(type.low),
              .value = type.low,
              .code = Code::jump_unless_in_range,
              .a = value},
             failure(lang::fault::bounds));
}

void Compiler::assign(const Update& update, const Target& target) {
  const lang::Variable& variable = spec_.variables()[update.variable];
  const Field& field = field_of(variable, target.reference.value_or(1));
  if (target.reference && update.value.is_literal()) {
    const lang::Value known = update.value.node().value;
    if (known >= variable.type->low && known <= variable.type->high)
      return put_known(field, known);
  }
  const Register from = value(update.value);
  require_range(update.value, from, *variable.type);
  ensure_copy();
  if (target.reference)
    code_.emit({.mask = field.mask,
                .value = field.low,
                .word = field.word,
                .code = Code::put,
                .shift = field.shift,
                .a = from});
  else
    code_.emit({.mask = field.mask,
                .value = field.low,
                .table = place_table(update.variable),
                .code = Code::put_indexed,
                .a = from,
                .b = target.object});
}

void Compiler::write_list(const ListWrite& write) {
  Instruction instruction{.table = write.table, .a = write.element, .b = write.object};
  switch (write.update->kind) {
  case UpdateKind::assign:
    return;
  case UpdateKind::push_front:
    instruction.code = Code::push_front;
    return code_.jump(instruction, failure(lang::fault::bounds));
  case UpdateKind::push_back:
    instruction.code = Code::push_back;
    return code_.jump(instruction, failure(lang::fault::bounds));
  case UpdateKind::insert_before:
    instruction.code = Code::insert_before;
    instruction.word = write.position;
    return code_.jump_twice(instruction, failure(lang::fault::bounds),
                            failure(lang::fault::not_on_list));
  case UpdateKind::remove:
    instruction.code = Code::remove;
    return code_.emit(instruction);
  case UpdateKind::clear:
    instruction.code = Code::clear;
    return code_.emit(instruction);
  }
}

std::uint32_t Compiler::place_table(lang::VariableId id) {
  if (!tables_[id]) {
    const lang::Variable& variable = spec_.variables()[id];
    tables_[id] = static_cast<std::uint32_t>(out_.places.size());
    out_.places.emplace_back(); // the reference `none`
    for (std::uint32_t object = 0; object < variable.objects; ++object) {
      const Field& field = layout_.field(variable.first_slot + object * variable.stride);
      out_.places.push_back({field.word, field.shift});
    }
  }
  return *tables_[id];
}

std::uint32_t Compiler::list_table(lang::VariableId id) {
  if (!tables_[id]) {
    const lang::Variable& variable = spec_.variables()[id];
    tables_[id] = static_cast<std::uint32_t>(out_.lists.size());
    if (variable.scope == lang::Scope::field)
      out_.lists.emplace_back(); // the reference `none`
    for (std::uint32_t object = 0; object < variable.objects; ++object) {
      const std::uint32_t slot = variable.first_slot + object * variable.stride;
      out_.lists.push_back({layout_.field(slot),
                            static_cast<std::uint32_t>(out_.list_elements.size()),
                            variable.capacity});
      for (std::uint32_t part = 1; part < variable.stride; ++part)
        out_.list_elements.push_back(layout_.field(slot + part));
    }
  }
  return *tables_[id];
}

std::uint32_t Compiler::constant_table(lang::VariableId id) {
  if (!tables_[id]) {
    const lang::Variable& variable = spec_.variables()[id];
    tables_[id] = static_cast<std::uint32_t>(out_.constants.size());
    out_.constants.push_back(0); // the reference `none`
    out_.constants.insert(out_.constants.end(), variable.initial.begin(), variable.initial.end());
  }
  return *tables_[id];
}

} // namespace interlock::checker
