// Layout: where each slot of a lang::State lives in the packed state of the explorer.
//
// Invariants: no slot straddles two 64-bit words; bits that no slot owns are 0, so two states are
//             equal exactly when their words are.
// Cost:       a slot takes the bits of its type, none when the type has a single value.
#pragma once

#include "lang/spec.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace interlock::checker {

using Word = std::uint64_t;

// One slot: value = ((words[word] >> shift) & mask) + low.
struct Field {
  Word mask = 0;
  lang::Value low = 0;
  std::uint16_t word = 0;
  std::uint8_t shift = 0;

  lang::Value read(const Word* words) const {
    return static_cast<lang::Value>((words[word] >> shift) & mask) + low;
  }
  void write(Word* words, lang::Value value) const {
    words[word] = (words[word] & ~(mask << shift)) | (static_cast<Word>(value - low) << shift);
  }
};

class Layout {
public:
  // Throws lang::SpecError when a state needs more than 65,535 words.
  explicit Layout(const lang::Spec& spec);

  std::size_t words() const { return words_; } // of a state in flight, at least 1
  std::size_t bytes() const { return bytes_; } // of a stored state, at least 1
  unsigned bits() const { return bits_; }      // that the slots need, without gaps
  const Field& field(std::uint32_t slot) const { return fields_[slot]; }

  // `words` has room for words() words.
  void pack(const lang::State& state, Word* words) const;
  lang::State unpack(const Word* words) const;

private:
  void place(std::uint32_t slot, const lang::Type& type, std::vector<unsigned>& used);

  std::vector<Field> fields_;
  std::size_t words_ = 1;
  std::size_t bytes_ = 1;
  unsigned bits_ = 0;
};

} // namespace interlock::checker
