// Labels, merging of tests, and the stack of known values.
#include "engine/assembler.hpp"

#include <algorithm>

namespace interlock::checker {

std::uint32_t Assembler::start() {
  labels_.clear();
  uses_.clear();
  values_.assign(1, lang::Expr());
  facts_.assign(1, false);
  last_jump_.reset();
  last_bound_ = static_cast<std::uint32_t>(out_.code.size());
  return last_bound_;
}

void Assembler::finish() {
  for (const Use& use : uses_) {
    const std::uint32_t position = labels_[use.label].position.value();
    if (use.operand == Operand::value)
      out_.code[use.instruction].value = position;
    else
      out_.code[use.instruction].target = position;
  }
}

void Assembler::bind(Label label) {
  labels_[label].position = static_cast<std::uint32_t>(out_.code.size());
  last_bound_ = *labels_[label].position;
  if (labels_[label].valid && *labels_[label].valid < values_.size()) {
    values_.resize(*labels_[label].valid);
    facts_.resize(values_.size());
  }
  // What is dropped here may be computed anew in another register's place: earlier jumps never saw
  // it.
  for (LabelState& other : labels_)
    if (other.valid)
      other.valid = std::min(*other.valid, values_.size());
}

void Assembler::use(Label label, Operand operand) {
  uses_.push_back({static_cast<std::uint32_t>(out_.code.size() - 1), label, operand});
  for (std::optional<Label> to = label; to; to = labels_[*to].next) {
    auto& valid = labels_[*to].valid;
    valid = valid ? std::min(*valid, values_.size()) : values_.size();
  }
}

void Assembler::emit(Instruction instruction) {
  out_.code.push_back(instruction);
  last_jump_.reset();
}

void Assembler::jump(Instruction instruction, Label to) {
  emit(instruction);
  use(to, Operand::target);
}

void Assembler::jump_twice(Instruction instruction, Label to, Label second) {
  emit(instruction);
  use(to, Operand::target);
  use(second, Operand::value);
}

void Assembler::jump_masked(bool when, std::uint16_t word, Word mask, Word value, Label to) {
  if (!when && last_jump_ == to && last_bound_ != out_.code.size()) {
    Instruction& before = out_.code.back();
    if (before.code == Code::jump_unless_masked && before.word == word &&
        (before.mask & mask) == 0) {
      before.mask |= mask;
      before.value |= static_cast<std::int64_t>(value);
      return;
    }
  }
  Instruction test;
  test.code = when ? Code::jump_if_masked : Code::jump_unless_masked;
  test.word = word;
  test.mask = mask;
  test.value = static_cast<std::int64_t>(value);
  jump(test, to);
  last_jump_ = to;
}

std::optional<Register> Assembler::known(const lang::Expr& expression) const {
  for (std::size_t i = 1; i < values_.size(); ++i)
    if (!facts_[i] && !values_[i].empty() && same(values_[i], expression))
      return static_cast<Register>(i);
  return std::nullopt;
}

Register Assembler::allot() {
  if (values_.size() == most_registers)
    throw lang::SpecError("a step or a condition has more than " + std::to_string(most_registers) +
                          " different parts");
  values_.emplace_back();
  facts_.push_back(false);
  return static_cast<Register>(values_.size() - 1);
}

void Assembler::remember(Register where, const lang::Expr& expression) {
  values_[where] = expression;
  // A jump that was made while the value was being computed leads to where it is not known.
  for (LabelState& label : labels_)
    if (label.valid)
      label.valid = std::min<std::size_t>(*label.valid, where);
}

bool Assembler::is_checked(const lang::Expr& reference) const {
  for (std::size_t i = 1; i < values_.size(); ++i)
    if (facts_[i] && same(values_[i], reference))
      return true;
  return false;
}

void Assembler::set_checked(const lang::Expr& reference) {
  const Register where = allot();
  values_[where] = reference;
  facts_[where] = true;
}

} // namespace interlock::checker
