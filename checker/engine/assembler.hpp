// Assembler: appends instructions with labels, and keeps track of which registers hold which
// values.
//
// Every computed value stays in a register of its own and is found again by the structure of its
// expression.  The registers form a stack: at a label only those are valid that were valid at every
// jump to it, so nothing computed on one way is used on another.
#pragma once

#include "engine/bytecode.hpp"

#include <optional>

namespace interlock::checker {

using Register = std::uint16_t;
using Label = std::size_t;

class Assembler {
public:
  explicit Assembler(Bytecode& out) : out_(out) {}

  // Starts a new piece of code, with no values known.  Register 0 always holds 0.
  std::uint32_t start();
  // Resolves the jumps of the piece.
  void finish();

  Label label() {
    labels_.push_back({});
    return labels_.size() - 1;
  }
  void bind(Label label);
  // Jumps to `from` are, in the end, jumps to `to`.
  void leads_to(Label from, Label to) { labels_[from].next = to; }

  void emit(Instruction instruction);
  void jump(Instruction instruction, Label to);
  // A masked jump; one that only adds to the test before it is merged into that.
  void jump_masked(bool when, std::uint16_t word, Word mask, Word value, Label to);
  // insert_before has a second target, in `value`.
  void jump_twice(Instruction instruction, Label to, Label second);

  // The register that holds the expression's value, if any does.
  std::optional<Register> known(const lang::Expr& expression) const;
  // A register for a value that will be computed.  Throws lang::SpecError when there are too many.
  Register allot();
  void remember(Register where, const lang::Expr& expression);
  // Facts about values, valid as long as a register is: that a reference may be followed.
  bool is_checked(const lang::Expr& reference) const;
  void set_checked(const lang::Expr& reference);

private:
  struct LabelState {
    std::optional<std::uint32_t> position;
    std::optional<std::size_t> valid; // registers at every jump so far
    std::optional<Label> next;
  };
  enum class Operand : std::uint8_t { target, value }; // of an instruction
  struct Use {
    std::uint32_t instruction;
    Label label;
    Operand operand;
  };
  void use(Label label, Operand operand);

  Bytecode& out_;
  std::vector<LabelState> labels_;
  std::vector<Use> uses_;
  std::vector<lang::Expr> values_;
  std::vector<bool> facts_; // the register stands for a checked reference, not for a value
  std::uint32_t last_bound_ = 0;
  std::optional<Label> last_jump_; // of the last instruction, when that is a masked jump
};

} // namespace interlock::checker
