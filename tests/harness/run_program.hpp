// One micro program on one memory, without threads.
#pragma once

#include "harness/machine.hpp"

#include <gtest/gtest.h>

namespace interlock::harness::testing {

// What the assembly makes of a program.
struct Ran {
  Outcome outcome = Outcome::not_run;
  lang::Value found = 0;
  std::uint64_t detail = 0;
  std::vector<Value> memory;
};

// interlock_run_micro_program, or a faulty copy of it (faults/).
using RunMicroProgram = std::uint64_t(const MicroOperation*, ThreadBlock*);

inline Ran run(const Layout& layout, const lang::State& state, const MicroProgram& program,
               ControlBlock& control, RunMicroProgram* how = interlock_run_micro_program) {
  Memory memory(layout.pack(state));
  const Value guard = 0x5ca1ab1e; // above the operands that the program may use
  std::vector<Value> frame(program.deepest + 1, guard);
  ThreadBlock block;
  block.memory = memory.data();
  block.memory_words = memory.size();
  block.pools = layout.pools().data();
  block.frame = frame.data();
  block.control = &control;
  block.spin_limit = 10;
  const auto outcome = static_cast<Outcome>(how(program.operations.data(), &block));
  EXPECT_EQ(frame.back(), guard) << "the operand stack is deeper than it was said to be";
  return {outcome, block.found, block.detail, memory.observe()};
}

inline Ran run(const Layout& layout, const lang::State& state, const MicroProgram& program) {
  ControlBlock control;
  return run(layout, state, program, control);
}

} // namespace interlock::harness::testing
