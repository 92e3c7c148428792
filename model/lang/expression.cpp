// Building, type checking, comparing and printing of expressions.
#include "lang/expression.hpp"

#include <algorithm>

namespace interlock::lang {

namespace {

Node make(Op op, TypeRef type, std::vector<Expr> operands) {
  Node node;
  node.op = op;
  node.type = std::move(type);
  node.operands = std::move(operands);
  return node;
}

void require(const Expr& a, const char* what) {
  if (a.empty())
    throw SpecError(std::string("an operand of ") + what + " is missing");
}

// A plain number carries the type of exactly itself; it takes the type of what it meets.
bool is_plain(const Expr& a) {
  return a.is_literal() && (a.type().kind == Kind::integer || a.type().kind == Kind::boolean);
}

Expr retyped(const Expr& number, const Expr& other, const char* what) {
  const Type& type = other.type();
  const Value value = number.node().value;
  const bool numeric = type.kind == Kind::integer || type.kind == Kind::boolean;
  if (type.kind == number.type().kind)
    return number;
  // 0 is the empty flag set; other kinds have named values only.
  if (!numeric && !(type.kind == Kind::flags && value == 0))
    throw SpecError(std::string("operands of ") + what + " differ in type: " + to_string(number) +
                    " and " + to_string(other) + " (" + type.name + ")");
  return literal(other.type_ref(), value);
}

// Makes the two operands of one type or throws.
void unify(Expr& a, Expr& b, const char* what) {
  require(a, what);
  require(b, what);
  if (is_plain(a) && !is_plain(b))
    a = retyped(a, b, what);
  else if (is_plain(b) && !is_plain(a))
    b = retyped(b, a, what);
  if (!compatible(a.type(), b.type()))
    throw SpecError(std::string("operands of ") + what + " differ in type: " + to_string(a) + " (" +
                    a.type().name + ") and " + to_string(b) + " (" + b.type().name + ")");
}

Expr comparison(Op op, Expr a, Expr b, const char* what) {
  unify(a, b, what);
  if ((op == Op::less || op == Op::less_equal) && a.type().kind != Kind::integer)
    throw SpecError(std::string(what) + " needs numbers: " + to_string(a));
  return Expr(make(op, boolean_type(), {std::move(a), std::move(b)}));
}

Expr logical(Op op, const Expr& a, const Expr& b, const char* what) {
  require(a, what);
  require(b, what);
  if (a.type().kind != Kind::boolean || b.type().kind != Kind::boolean)
    throw SpecError(std::string(what) + " needs conditions: " + to_string(a) + ", " + to_string(b));
  const bool neutral = op == Op::logical_and; // true && x is x, false || x is x
  if (a.is_literal())
    return a.is_literal(neutral ? 1 : 0) ? b : a;
  if (b.is_literal(neutral ? 1 : 0))
    return a;
  return Expr(make(op, boolean_type(), {a, b}));
}

Expr arithmetic(Op op, Expr a, Expr b, const char* what) {
  unify(a, b, what);
  if (a.type().kind != Kind::integer)
    throw SpecError(std::string(what) + " needs numbers: " + to_string(a));
  const bool add = op == Op::add;
  const Type& x = a.type();
  const Type& y = b.type();
  TypeRef type =
      integer_type(add ? x.low + y.low : x.low - y.high, add ? x.high + y.high : x.high - y.low);
  return Expr(make(op, std::move(type), {std::move(a), std::move(b)}));
}

Expr bitwise(Op op, Expr a, Expr b, const char* what) {
  unify(a, b, what);
  if (a.type().kind != Kind::flags)
    throw SpecError(std::string(what) + " needs flags: " + to_string(a));
  TypeRef type = a.type_ref();
  if (a.is_literal() && b.is_literal()) {
    const Value x = a.node().value;
    const Value y = b.node().value;
    return literal(type, op == Op::bit_or ? x | y : x & (op == Op::bit_and ? y : ~y));
  }
  return Expr(make(op, std::move(type), {std::move(a), std::move(b)}));
}

struct Spelling {
  const char* text;
  int precedence; // higher binds tighter
};

Spelling spelling(Op op) {
  switch (op) {
  case Op::logical_or:
    return {" || ", 1};
  case Op::logical_and:
    return {" && ", 2};
  case Op::equal:
    return {" == ", 3};
  case Op::not_equal:
    return {" != ", 3};
  case Op::less:
    return {" < ", 3};
  case Op::less_equal:
    return {" <= ", 3};
  case Op::bit_or:
    return {" | ", 4};
  case Op::bit_and:
    return {" & ", 4};
  case Op::bit_clear:
    return {" & ~", 4};
  case Op::add:
    return {" + ", 5};
  case Op::subtract:
    return {" - ", 5};
  default:
    return {"", 9};
  }
}

std::string print(const Expr& expression, int outer);

std::string list_name(const Node& node, std::size_t fixed_operands) {
  return node.operands.size() > fixed_operands ? print(node.operands[0], 9) + "." + node.name
                                               : node.name;
}

// A set of several flags is spelled with the operator `|`, and bracketed where that would be.
std::string print_literal(const Node& node, int outer) {
  const std::string text = format_value(*node.type, node.value);
  const bool several = node.type->kind == Kind::flags && text.find('|') != std::string::npos;
  return several && outer >= spelling(Op::bit_or).precedence ? "(" + text + ")" : text;
}

std::string print(const Expr& expression, int outer) {
  const Node& node = expression.node();
  switch (node.op) {
  case Op::literal:
    return print_literal(node, outer);
  case Op::variable:
    return node.name;
  case Op::field:
    return print(node.operands[0], 9) + "." + node.name;
  case Op::list_size:
    return "size(" + list_name(node, 0) + ")";
  case Op::list_front:
    return "first(" + list_name(node, 0) + ")";
  case Op::list_back:
    return "last(" + list_name(node, 0) + ")";
  case Op::list_next:
    return "next(" + list_name(node, 1) + ", " + print(node.operands.back(), 0) + ")";
  case Op::list_has:
    return "(" + print(node.operands.back(), 4) + " in " + list_name(node, 1) + ")";
  case Op::first_free:
    return "first_free(" + node.name + ")";
  case Op::is_allocated:
    return "allocated(" + print(node.operands[0], 0) + ")";
  case Op::logical_not:
    return "!" + print(node.operands[0], 9);
  case Op::choose:
    return "(" + print(node.operands[0], 1) + " ? " + print(node.operands[1], 1) + " : " +
           print(node.operands[2], 1) + ")";
  default:
    break;
  }
  const Spelling how = spelling(node.op);
  // The left operand may repeat the operator (a && b && c); everything else of equal rank is
  // bracketed, and so are bit operations under a comparison, where C's own precedence misleads.
  const bool comparing = how.precedence == 3;
  const bool chain = node.operands[0].node().op == node.op && !comparing;
  const int inner = comparing ? 4 : how.precedence;
  const std::string text = print(node.operands[0], chain ? inner - 1 : inner) + how.text +
                           print(node.operands[1], inner);
  return how.precedence <= outer ? "(" + text + ")" : text;
}

} // namespace

Expr::Expr(bool value) : Expr(literal(boolean_type(), value ? 1 : 0)) {}
Expr::Expr(int value) : Expr(static_cast<Value>(value)) {}
Expr::Expr(Value value) : Expr(literal(integer_type(value, value), value)) {}
Expr::Expr(Node node) : node_(std::make_shared<const Node>(std::move(node))) {}

Expr literal(TypeRef type, Value value) {
  if (value < type->low || value > type->high)
    throw SpecError(std::to_string(value) + " is no value of " + type->name);
  Node node = make(Op::literal, std::move(type), {});
  node.value = value;
  return Expr(std::move(node));
}

Expr operator!(const Expr& a) {
  require(a, "!");
  if (a.type().kind != Kind::boolean)
    throw SpecError("! needs a condition: " + to_string(a));
  if (a.is_literal())
    return Expr(a.is_literal(0));
  if (a.node().op == Op::logical_not)
    return a.node().operands[0];
  return Expr(make(Op::logical_not, boolean_type(), {a}));
}

Expr operator&&(const Expr& a, const Expr& b) { return logical(Op::logical_and, a, b, "&&"); }
Expr operator||(const Expr& a, const Expr& b) { return logical(Op::logical_or, a, b, "||"); }
Expr operator==(const Expr& a, const Expr& b) { return comparison(Op::equal, a, b, "=="); }
Expr operator!=(const Expr& a, const Expr& b) { return comparison(Op::not_equal, a, b, "!="); }
Expr operator<(const Expr& a, const Expr& b) { return comparison(Op::less, a, b, "<"); }
Expr operator<=(const Expr& a, const Expr& b) { return comparison(Op::less_equal, a, b, "<="); }
Expr operator>(const Expr& a, const Expr& b) { return comparison(Op::less, b, a, ">"); }
Expr operator>=(const Expr& a, const Expr& b) { return comparison(Op::less_equal, b, a, ">="); }
Expr operator+(const Expr& a, const Expr& b) { return arithmetic(Op::add, a, b, "+"); }
Expr operator-(const Expr& a, const Expr& b) { return arithmetic(Op::subtract, a, b, "-"); }
Expr operator|(const Expr& a, const Expr& b) { return bitwise(Op::bit_or, a, b, "|"); }
Expr operator&(const Expr& a, const Expr& b) { return bitwise(Op::bit_and, a, b, "&"); }
Expr bit_clear(const Expr& a, const Expr& b) { return bitwise(Op::bit_clear, a, b, "&~"); }

Expr choose(const Expr& condition, const Expr& then, const Expr& otherwise) {
  require(condition, "?:");
  if (condition.type().kind != Kind::boolean)
    throw SpecError("?: needs a condition: " + to_string(condition));
  Expr a = then;
  Expr b = otherwise;
  unify(a, b, "?:");
  if (condition.is_literal())
    return condition.is_literal(1) ? a : b;
  TypeRef type = a.type_ref();
  if (type->kind == Kind::integer)
    type =
        integer_type(std::min(a.type().low, b.type().low), std::max(a.type().high, b.type().high));
  return Expr(make(Op::choose, std::move(type), {condition, a, b}));
}

Expr all_of(const std::vector<Expr>& conditions) {
  Expr result(true);
  for (const Expr& condition : conditions)
    result = result && condition;
  return result;
}

Expr any_of(const std::vector<Expr>& conditions) {
  Expr result(false);
  for (const Expr& condition : conditions)
    result = result || condition;
  return result;
}

bool same(const Expr& a, const Expr& b) {
  if (a.empty() || b.empty())
    return a.empty() == b.empty();
  const Node& x = a.node();
  const Node& y = b.node();
  if (&x == &y)
    return true;
  return x.op == y.op && x.value == y.value && x.variable == y.variable && x.pool == y.pool &&
         compatible(*x.type, *y.type) &&
         std::equal(x.operands.begin(), x.operands.end(), y.operands.begin(), y.operands.end(),
                    same);
}

void for_each_node(const Expr& expression, const std::function<void(const Node&)>& visit) {
  if (expression.empty())
    return;
  visit(expression.node());
  for (const Expr& operand : expression.node().operands)
    for_each_node(operand, visit);
}

std::string to_string(const Expr& expression) {
  return expression.empty() ? "(nothing)" : print(expression, 0);
}

} // namespace interlock::lang
