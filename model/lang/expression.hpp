// Expressions of the specification language: immutable trees over the state's variables.
#pragma once

#include "lang/type.hpp"

#include <functional>
#include <vector>

namespace interlock::lang {

using VariableId = std::uint32_t;

enum class Op : std::uint8_t {
  literal,   // value
  variable,  // scalar variable, global or local to a thread
  field,     // operand 0: the object; the scalar field of it.  Faults on none and on a freed object
  list_size, // number of elements.  For the list operations on a pool's field, operand 0 is the
             // object
  list_front, // first element, or none when the list is empty
  list_back,  // last element, or none when the list is empty
  list_next,  // last operand: an element; the one behind it or none.  Faults when it is not on the
              // list
  list_has,   // last operand: an element; is it on the list?
  first_free, // lowest object of the pool that is not allocated, or none
  is_allocated, // operand 0: an object of the pool (none gives false)
  logical_not,
  logical_and, // evaluates operand 1 only when operand 0 is true
  logical_or,  // evaluates operand 1 only when operand 0 is false
  equal,
  not_equal,
  less,
  less_equal,
  add,
  subtract,
  bit_or,
  bit_and,
  bit_clear, // operand 0 without the bits of operand 1
  choose,    // operand 0 ? operand 1 : operand 2, evaluating only the one chosen
};

class Expr;

struct Node {
  Op op = Op::literal;
  TypeRef type;
  Value value = 0;         // literal
  VariableId variable = 0; // variable, field, list_*
  PoolId pool = 0;         // first_free, is_allocated
  std::string name;        // variable, field, list_*: how the variable is spelled
  std::vector<Expr> operands;
};

// A handle to an immutable tree; copying is cheap.  Operators build new trees and check operand
// types: a mistake is a SpecError.  Plain numbers and bools convert; they take the type of the
// other operand.
class Expr {
public:
  Expr() = default; // no expression; only empty(), assignment and destruction are allowed
  Expr(bool value);
  Expr(int value);
  Expr(Value value);
  explicit Expr(Node node);

  bool empty() const { return node_ == nullptr; }
  const Node& node() const { return *node_; }
  const Type& type() const { return *node_->type; }
  TypeRef type_ref() const { return node_->type; }
  bool is_literal() const { return node_ && node_->op == Op::literal; }
  bool is_literal(Value value) const { return is_literal() && node_->value == value; }

private:
  std::shared_ptr<const Node> node_;
};

// A literal with a type, so that it prints in the type's words.  Throws SpecError if out of range.
Expr literal(TypeRef type, Value value);

Expr operator!(const Expr& a);
Expr operator&&(const Expr& a, const Expr& b);
Expr operator||(const Expr& a, const Expr& b);
Expr operator==(const Expr& a, const Expr& b);
Expr operator!=(const Expr& a, const Expr& b);
Expr operator<(const Expr& a, const Expr& b);
Expr operator<=(const Expr& a, const Expr& b);
Expr operator>(const Expr& a, const Expr& b);
Expr operator>=(const Expr& a, const Expr& b);
Expr operator+(const Expr& a, const Expr& b);
Expr operator-(const Expr& a, const Expr& b);
Expr operator|(const Expr& a, const Expr& b);
Expr operator&(const Expr& a, const Expr& b);
Expr bit_clear(const Expr& a, const Expr& b);
Expr choose(const Expr& condition, const Expr& then, const Expr& otherwise);
// All of an empty list is true, any of it is false.
Expr all_of(const std::vector<Expr>& conditions);
Expr any_of(const std::vector<Expr>& conditions);

// Structural equality of two trees.
bool same(const Expr& a, const Expr& b);

// Calls `visit` for every node of the tree, parents first.
void for_each_node(const Expr& expression, const std::function<void(const Node&)>& visit);

// The expression as text, with the precedence of C: `kn_fflags & NOTE_EXIT != 0` is parenthesised.
std::string to_string(const Expr& expression);

} // namespace interlock::lang
