// A specification's state in words: one named value per variable, lists as one value.
#pragma once

#include "witnesses/witness.hpp"

namespace interlock::witnesses {

// One variable of one object, thread or of the whole.
struct Word {
  Variable variable;
  lang::VariableId id = 0;
  std::uint32_t slot = 0; // the first one in a lang::State
};

// Every variable that has room in the state, in slot order.
std::vector<Word> words_of(const lang::Spec& spec);

// A program counter reads as the label of its point, a list as `[a, b]`.
std::string value_of(const lang::Spec& spec, const Word& word, const lang::State& state);

std::vector<Held> held_by(const lang::Spec& spec, const lang::State& state, lang::ThreadId thread);

std::vector<Ending> endings_of(const lang::Spec& spec, const lang::State& state);

Source source_of(const lang::Anchor& anchor);

} // namespace interlock::witnesses
