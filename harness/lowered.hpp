// Lowering for the machine: from guarded actions and expressions to micro programs.
#pragma once

#include "harness/layout.hpp"
#include "harness/micro_operation.hpp"
#include "lang/wait_for.hpp"

namespace interlock::harness {

// What one thread executes in one step.  A finished program always ends by leaving with an outcome.
struct MicroProgram {
  std::vector<MicroOperation> operations;
  std::size_t deepest = 0; // operands that are on the stack at most
  // The conditions of `unless`, by the `value` of that operation, for reports.
  std::vector<lang::Check> conditions;
};

// The step as memory operations, in the order of lang::take: the program counter, path, entry
// checks, guard and checks are read from memory; then all values of the updates are computed; then
// the words change: first the locks that the step takes (lock cmpxchg), then the rest, then the
// locks that it gives back (xchg), last the program counter.
MicroProgram lower_action(const lang::Spec& spec, const Layout& layout, const lang::Action& action);

// Answers with the value of the expression.
MicroProgram lower_expression(const lang::Spec& spec, const Layout& layout,
                              const lang::Expr& expression);

// The word of the memory that a thread waits for, and what it would write there to go on.
struct WaitWord {
  enum class Kind : std::uint8_t { owner, readers, waiter_bit };
  Kind kind = Kind::owner;
  std::size_t word = 0;
  std::uint32_t slot = 0; // the same in the state
  // owner, readers: what lock cmpxchg writes if it finds 0; waiter_bit: the bit of the thread
  Value operand = 0;
};
// The word of the lock or channel that is in the way in this state; nothing where no single word
// is.
std::optional<WaitWord> wait_word(const lang::Spec& spec, const Layout& layout,
                                  const lang::State& state, const lang::WaitEdge& wait);

// What a thread does that cannot move at `point`: it finds, over and over, that none of its steps
// is enabled, and tries the word that it waits for, if there is one: lock cmpxchg on the lock's
// word, or a look at its own waiter bit.  Leaves with `enabled` when it could go on after all.
MicroProgram lower_attempt(const lang::Spec& spec, const Layout& layout, lang::ThreadId thread,
                           lang::PointId point, const std::optional<WaitWord>& word);

} // namespace interlock::harness
