// CompiledSpec: a specification as the explorer wants it, with packed states and compiled actions.
//
// Thread safety: immutable once built.
#pragma once

#include "engine/bytecode.hpp"

#include <optional>
#include <string>

namespace interlock::checker {

class Compiler;

using FailureId = std::uint32_t; // a property that a step can violate

class CompiledSpec {
public:
  // `invariants` are positions in spec.properties().  The specification is finished and outlives
  // this.
  CompiledSpec(const lang::Spec& spec, const std::vector<std::size_t>& invariants);

  const Layout& layout() const { return layout_; }
  std::size_t words() const { return layout_.words(); }
  std::size_t bytes() const { return layout_.bytes(); }
  // That one state can have.
  std::size_t max_successors() const { return max_successors_; }
  // By action: does it come late or never (lang::Comes)?  Empty when none is so.
  std::vector<bool> late_actions() const;
  void initial(Word* state) const;

  // Takes every action that is enabled in `state`, thread by thread; the sink is as in
  // bytecode::run(). An action that fails has no successor.
  template <class Sink> void successors(const Word* state, Sink& sink) const {
    for (const Counter& counter : counters_) {
      const Word point = (state[counter.field.word] >> counter.field.shift) & counter.field.mask;
      const std::uint32_t start = entries_[counter.first_entry + point];
      if (start != no_code)
        bytecode::run(code_, start, state, layout_.words(), sink);
    }
  }

  // The first invariant, as a position in spec.properties(), that is false or cannot be evaluated.
  std::optional<std::size_t> violated_invariant(const Word* state) const;

  // Whether an invariant is violated in a state that this action leads to, where none is before it.
  // Evaluates no more than what the action can have changed.
  bool violates_invariant(lang::ActionId action, const Word* state) const;

  // The name of the property that is violated when an action fails.
  const std::string& failure(FailureId id) const { return failures_[id]; }
  std::size_t failures() const { return failures_.size(); }

private:
  void compile_invariants(Compiler& compiler, const std::vector<std::size_t>& invariants);
  std::optional<std::size_t> violated(std::uint32_t conditions, const Word* state) const;

  static constexpr std::uint32_t no_code = ~std::uint32_t{0};
  struct Counter { // a thread's program counter
    Field field;
    std::size_t first_entry; // of the thread's points, in entries_
  };

  const lang::Spec& spec_;
  Layout layout_;
  Bytecode code_;
  std::vector<Counter> counters_;
  std::vector<std::uint32_t> entries_; // code by thread and point
  std::vector<std::string> failures_;
  std::uint32_t invariants_ = no_code;
  std::vector<std::uint32_t> invariants_behind_; // by action: of what it can change
  std::size_t max_successors_ = 0;
};

} // namespace interlock::checker
