// Expressions: as conditions, which jump, and as values, which fill a register.
#include "engine/compile.hpp"

#include <algorithm>

namespace interlock::checker {

using lang::Expr;
using lang::Node;
using lang::Op;

void Compiler::condition(const Expr& expression, bool when, Label to) {
  const Node& node = expression.node();
  switch (node.op) {
  case Op::literal:
    if ((node.value != 0) == when)
      code_.jump({.code = Code::jump}, to);
    return;
  case Op::logical_not:
    return condition(node.operands[0], !when, to);
  case Op::logical_and:
  case Op::logical_or:
    return both(node, when, to);
  case Op::equal:
    return compare(node, when, to);
  case Op::not_equal:
    return compare(node, !when, to);
  case Op::is_allocated:
    return allocated(node, when, to);
  case Op::variable:
  case Op::field:
    return compare_known(expression, 1, when, to);
  default:
    code_.jump({.code = when ? Code::jump_if : Code::jump_unless, .a = value(expression)}, to);
  }
}

void Compiler::both(const Node& node, bool when, Label to) {
  // `a && b` is decided by an `a` that is false, `a || b` by one that is true.
  const bool deciding = node.op == Op::logical_or;
  if (when == deciding) {
    condition(node.operands[0], when, to);
    condition(node.operands[1], when, to);
    return;
  }
  const Label decided = code_.label();
  condition(node.operands[0], deciding, decided);
  condition(node.operands[1], when, to);
  code_.bind(decided);
}

void Compiler::compare(const Node& node, bool when, Label to) {
  const Expr& a = node.operands[0];
  const Expr& b = node.operands[1];
  if (b.is_literal())
    return compare_known(a, b.node().value, when, to);
  if (a.is_literal())
    return compare_known(b, a.node().value, when, to);
  const Register left = value(a);
  const Register right = value(b);
  code_.jump({.code = when ? Code::jump_if_same : Code::jump_unless_same, .a = left, .b = right},
             to);
}

void Compiler::compare_known(const Expr& expression, lang::Value known, bool when, Label to) {
  const Node& node = expression.node();
  const bool computed = code_.known(expression).has_value();
  const auto never = [&](const Field& field) {
    return static_cast<Word>(known) - static_cast<Word>(field.low) > field.mask;
  };
  if (!computed) {
    if (const auto field = known_field(expression)) {
      if (!never(*field))
        code_.jump_masked(when, field->word, field->mask << field->shift,
                          static_cast<Word>(known - field->low) << field->shift, to);
      else if (!when)
        code_.jump({.code = Code::jump}, to);
      return;
    }
    const lang::Variable* variable =
        node.op == Op::field ? &spec_.variables()[node.variable] : nullptr;
    if (variable != nullptr && variable->protection != lang::Protection::immutable) {
      const Register object = target(*variable, node.operands[0]).object;
      const Field& field = field_of(*variable, 1);
      if (!never(field))
        code_.jump({.mask = field.mask,
                    .value = known - field.low,
                    .table = place_table(node.variable),
                    .code = when ? Code::jump_if_indexed : Code::jump_unless_indexed,
                    .a = object},
                   to);
      else if (!when)
        code_.jump({.code = Code::jump}, to);
      return;
    }
  }
  const Register held = value(expression);
  code_.jump(
      {.value = known, .code = when ? Code::jump_if_equal : Code::jump_unless_equal, .a = held},
      to);
}

void Compiler::allocated(const Node& node, bool when, Label to) {
  const auto flag = spec_.pools()[node.pool].allocated;
  const Register object = value(node.operands[0]);
  const Label no = when ? code_.label() : to;
  code_.jump({.code = Code::jump_if_none, .a = object}, no);
  if (flag)
    code_.jump({.mask = 1, .table = place_table(*flag), .code = Code::jump_if_freed, .a = object},
               no);
  if (when) {
    code_.jump({.code = Code::jump}, to);
    code_.bind(no);
  }
}

Register Compiler::value(const Expr& expression) {
  if (const auto known = code_.known(expression))
    return *known;
  const Register into = compute(expression);
  code_.remember(into, expression);
  return into;
}

// A register is allotted after those of the operands, so that they can outlive it.
Register Compiler::compute(const Expr& expression) {
  const Node& node = expression.node();
  switch (node.op) {
  case Op::literal:
    return fill({.value = node.value, .code = Code::constant});
  case Op::variable:
  case Op::field:
    return field(node);
  case Op::list_size:
  case Op::list_front:
  case Op::list_back:
  case Op::list_next:
  case Op::list_has:
    return list(node);
  case Op::first_free: {
    const lang::Pool& pool = spec_.pools()[node.pool];
    if (!pool.allocated) // always allocated, all of them
      return fill({.value = lang::none, .code = Code::constant});
    return fill({.value = static_cast<lang::Value>(pool.objects.size()),
                 .table = place_table(*pool.allocated),
                 .code = Code::first_free});
  }
  case Op::is_allocated:
  case Op::logical_not:
  case Op::logical_and:
  case Op::logical_or:
    return truth(expression);
  case Op::choose:
    return choose(node);
  default:
    return binary(node);
  }
}

Register Compiler::truth(const Expr& expression) {
  const Register into = code_.allot();
  const Label no = code_.label();
  const Label done = code_.label();
  unless(expression, no);
  code_.emit({.value = 1, .code = Code::constant, .a = into});
  code_.jump({.code = Code::jump}, done);
  code_.bind(no);
  code_.emit({.value = 0, .code = Code::constant, .a = into});
  code_.bind(done);
  return into;
}

Register Compiler::choose(const Node& node) {
  const Register into = code_.allot();
  const Label otherwise = code_.label();
  const Label done = code_.label();
  unless(node.operands[0], otherwise);
  code_.emit({.code = Code::add_constant, .a = into, .b = value(node.operands[1])});
  code_.jump({.code = Code::jump}, done);
  code_.bind(otherwise);
  code_.emit({.code = Code::add_constant, .a = into, .b = value(node.operands[2])});
  code_.bind(done);
  return into;
}

Register Compiler::binary(const Node& node) {
  const Expr& right = node.operands[1];
  const Register a = value(node.operands[0]);
  if (right.is_literal() && (node.op == Op::add || node.op == Op::subtract)) {
    const lang::Value known = right.node().value;
    return fill({.value = node.op == Op::add ? known : -known, .code = Code::add_constant, .b = a});
  }
  const Register b = value(right);
  Code code = Code::add;
  switch (node.op) {
  case Op::add:
    code = Code::add;
    break;
  case Op::subtract:
    code = Code::subtract;
    break;
  case Op::bit_or:
    code = Code::bit_or;
    break;
  case Op::bit_and:
    code = Code::bit_and;
    break;
  case Op::bit_clear:
    code = Code::bit_clear;
    break;
  case Op::equal:
    code = Code::equal;
    break;
  case Op::not_equal:
    code = Code::not_equal;
    break;
  case Op::less:
    code = Code::less;
    break;
  case Op::less_equal:
    code = Code::less_equal;
    break;
  default:
    throw lang::SpecError("an operator that cannot be compiled");
  }
  return fill({.word = b, .code = code, .b = a});
}

Register Compiler::field(const Node& node) {
  const lang::Variable& variable = spec_.variables()[node.variable];
  const Target place = target(variable, node.op == Op::field ? node.operands[0] : Expr());
  if (variable.protection == lang::Protection::immutable) {
    if (place.reference)
      return fill({.value = variable.initial[static_cast<std::size_t>(*place.reference - 1)],
                   .code = Code::constant});
    return fill({.table = constant_table(node.variable), .code = Code::look_up, .b = place.object});
  }
  const Field& field = field_of(variable, place.reference.value_or(1));
  if (place.reference)
    return fill({.mask = field.mask,
                 .value = field.low,
                 .word = field.word,
                 .code = Code::load,
                 .shift = field.shift});
  return fill({.mask = field.mask,
               .value = field.low,
               .table = place_table(node.variable),
               .code = Code::load_indexed,
               .b = place.object});
}

Register Compiler::list(const Node& node) {
  const lang::Variable& variable = spec_.variables()[node.variable];
  const bool field = variable.scope == lang::Scope::field;
  const Target place = target(variable, field ? node.operands[0] : Expr());
  Instruction instruction{.table = list_table(node.variable) +
                                   static_cast<std::uint32_t>(place.reference.value_or(lang::none)),
                          .b = place.object};
  if (node.op == Op::list_next || node.op == Op::list_has)
    instruction.word = value(node.operands.back());
  switch (node.op) {
  case Op::list_size:
    instruction.code = Code::list_size;
    break;
  case Op::list_front:
    instruction.code = Code::list_front;
    break;
  case Op::list_back:
    instruction.code = Code::list_back;
    break;
  case Op::list_has:
    instruction.code = Code::list_has;
    break;
  default:
    instruction.code = Code::list_next;
    instruction.a = code_.allot();
    code_.jump(instruction, failure(lang::fault::not_on_list));
    return instruction.a;
  }
  return fill(instruction);
}

Register Compiler::fill(Instruction instruction) {
  instruction.a = code_.allot();
  code_.emit(instruction);
  return instruction.a;
}

Compiler::Target Compiler::target(const lang::Variable& variable, const Expr& object,
                                  bool allocating) {
  if (object.empty())
    return {lang::none, 0};
  Target result;
  if (object.is_literal() && !object.is_literal(lang::none))
    result.reference = object.node().value;
  else
    result.object = value(object);
  const auto flag = spec_.pools()[variable.pool].allocated;
  if (code_.is_checked(object))
    return result;
  if (!result.reference)
    code_.jump({.code = Code::jump_if_none, .a = result.object},
               failure(lang::fault::null_dereference));
  if (allocating)
    return result;
  if (flag && result.reference) {
    const Field& field = field_of(spec_.variables()[*flag], *result.reference);
    constexpr bool when = true; // `allocated` is 0
    code_.jump_masked(when, field.word, field.mask << field.shift, 0,
                      failure(lang::fault::use_after_free));
  } else if (flag) {
    code_.jump(
        {.mask = 1, .table = place_table(*flag), .code = Code::jump_if_freed, .a = result.object},
        failure(lang::fault::use_after_free));
  }
  if (flag || !result.reference)
    code_.set_checked(object);
  return result;
}

std::optional<Field> Compiler::known_field(const Expr& expression) {
  const Node& node = expression.node();
  if (node.op != Op::variable && node.op != Op::field && node.op != Op::list_size)
    return std::nullopt;
  const lang::Variable& variable = spec_.variables()[node.variable];
  if (variable.protection == lang::Protection::immutable)
    return std::nullopt;
  if (variable.scope != lang::Scope::field)
    return field_of(variable, lang::none);
  const Expr& object = node.operands[0];
  if (!object.is_literal() || object.is_literal(lang::none))
    return std::nullopt;
  return field_of(variable, *target(variable, object).reference);
}

const Field& Compiler::field_of(const lang::Variable& variable, lang::Value reference) const {
  const auto object = variable.scope == lang::Scope::field ? reference - 1 : 0;
  return layout_.field(variable.first_slot + static_cast<std::uint32_t>(object) * variable.stride);
}

Compiler::Range Compiler::range_of(const Expr& expression) {
  const Node& node = expression.node();
  const lang::Type& type = *node.type;
  // Only numbers are computed; and each operand is looked at once, because trees share operands.
  if (type.kind != lang::Kind::integer)
    return node.op == Op::literal ? Range{node.value, node.value} : Range{type.low, type.high};
  switch (node.op) {
  case Op::literal:
    return {node.value, node.value};
  case Op::choose: {
    const Range then = range_of(node.operands[1]);
    const Range otherwise = range_of(node.operands[2]);
    return {std::min(then.low, otherwise.low), std::max(then.high, otherwise.high)};
  }
  case Op::add: {
    const Range a = range_of(node.operands[0]);
    const Range b = range_of(node.operands[1]);
    return {a.low + b.low, a.high + b.high};
  }
  case Op::subtract: {
    const Range a = range_of(node.operands[0]);
    const Range b = range_of(node.operands[1]);
    return {a.low - b.high, a.high - b.low};
  }
  default:
    return {type.low, type.high};
  }
}

} // namespace interlock::checker
