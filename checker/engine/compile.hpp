// Compiles the expressions and actions of a specification to bytecode.
#pragma once

#include "engine/assembler.hpp"

#include <functional>
#include <string>
#include <utility>

namespace interlock::checker {

// The number that stands for a failing property's name in Code::fail.
using FailureNumber = std::function<std::uint32_t(const std::string& property)>;

class Compiler {
public:
  // Appends to `out`, which outlives the compiler.
  Compiler(const lang::Spec& spec, const Layout& layout, Bytecode& out);

  // The code of a program point: every action that leaves it, in their order.
  std::uint32_t point(const lang::Point& point, const FailureNumber& number);
  // The code of conditions that must hold.  One that is false, or cannot be evaluated, is reported
  // as the failure of its number.
  std::uint32_t conditions(const std::vector<std::pair<lang::Expr, std::uint32_t>>& conditions);

private:
  struct Put { // bits of one word that are set to known values
    std::uint16_t word;
    Word mask;
    Word value;
  };
  // What an update needs when its turn to write comes.
  struct ListWrite {
    const lang::Update* update;
    Register element;
    Register position;
    Register object;
    std::uint32_t table;
  };
  // Whose field it is: a known object, `none` for a variable that is no field, or the one in a
  // register.
  struct Target {
    std::optional<lang::Value> reference;
    Register object = 0;
  };
  struct Range {
    lang::Value low;
    lang::Value high;
  };

  void action(lang::ActionId id);
  void require(const std::vector<lang::Check>& checks);
  void show(const lang::Action& action);
  void updates(const lang::Action& action);
  void assign(const lang::Update& update, const Target& target);
  void write_list(const ListWrite& write);
  void require_range(const lang::Expr& expression, Register value, const lang::Type& type);
  void put_known(const Field& field, lang::Value value);
  void ensure_copy();

  // Jumps to `to` unless the condition holds.
  void unless(const lang::Expr& expression, Label to) {
    constexpr bool when = false;
    condition(expression, when, to);
  }
  // Jumps to `to` when the condition is `when`, else falls through.
  void condition(const lang::Expr& expression, bool when, Label to);
  void both(const lang::Node& node, bool when, Label to);
  void compare(const lang::Node& node, bool when, Label to);
  void compare_known(const lang::Expr& expression, lang::Value known, bool when, Label to);
  void allocated(const lang::Node& node, bool when, Label to);
  Register value(const lang::Expr& expression);
  Register compute(const lang::Expr& expression);
  // Appends the instruction with a new register for its result.
  Register fill(Instruction instruction);
  Register truth(const lang::Expr& expression);
  Register choose(const lang::Node& node);
  Register binary(const lang::Node& node);
  Register field(const lang::Node& node);
  Register list(const lang::Node& node);

  // The object of a field or list, checked for none and, unless it is being allocated, for being
  // free.
  Target target(const lang::Variable& variable, const lang::Expr& object, bool allocating = false);
  // Where the variable, field or size of a list that the expression reads lives, if that is known.
  // Checks the object on the way.
  std::optional<Field> known_field(const lang::Expr& expression);
  const Field& field_of(const lang::Variable& variable, lang::Value reference) const;
  static Range range_of(const lang::Expr& expression);
  // Where to jump when a check or an evaluation fails.
  Label failure(const std::string& property);

  std::uint32_t place_table(lang::VariableId id);
  std::uint32_t list_table(lang::VariableId id);
  std::uint32_t constant_table(lang::VariableId id);

  const lang::Spec& spec_;
  const Layout& layout_;
  Bytecode& out_;
  Assembler code_;
  std::vector<std::optional<std::uint32_t>> tables_; // by variable
  // Of the action or condition at hand:
  Label next_ = 0;                    // where to go on after it
  std::optional<Label> only_failure_; // a condition has one way to fail
  std::vector<std::pair<std::string, Label>> failures_;
  std::vector<Put> puts_;
  bool copied_ = false;
};

} // namespace interlock::checker
