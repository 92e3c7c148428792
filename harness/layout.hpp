// Where the variables of a specification live in memory when it runs on the machine.
#pragma once

#include "lang/spec.hpp"

namespace interlock::harness {

using lang::Value;

// A pool as the assembly sees it: an array of structures.  All numbers are bytes.
struct PoolShape {
  std::uint64_t base = 0;      // of the first object, from the start of the memory
  std::uint64_t stride = 0;    // from one object to the next
  std::uint64_t count = 0;     // objects
  std::uint64_t allocated = 0; // of the `allocated` word inside an object; 0 where there is none
};

// The memory is a sequence of 8-byte words.  Each pool is an array of structures, one word for a
// scalar field, 1 + capacity words for a list (its size, then its elements); the globals are a
// structure, and so are the locals of each thread.  Every structure begins on a cache line of its
// own (64 bytes), so that two locks never share one.  Constant fields are words too, though no
// slots of a state.
class Layout {
public:
  static constexpr std::size_t word_bytes = 8;
  static constexpr std::size_t line_words = 8;

  // The specification must be finished and must outlive the layout.
  explicit Layout(const lang::Spec& spec);

  std::size_t words() const { return words_; }
  const std::vector<PoolShape>& pools() const { return pools_; }

  // The word of a global or local variable; for a list the word of its size.
  std::size_t word(lang::VariableId variable) const { return words_of_variables_[variable]; }
  // The word of a field inside its object.
  std::size_t member(lang::VariableId field) const { return words_of_variables_[field]; }
  // The word of a field of object `object`.  Throws std::out_of_range for an object that is not
  // there.
  std::size_t word(lang::VariableId field, std::uint32_t object) const;
  // The slot that a byte of the memory belongs to; nothing for padding and for constants.
  std::optional<std::uint32_t> slot_of_byte(std::uint64_t byte) const;

  // The memory that stands for a state, words() long, and back.
  std::vector<Value> pack(const lang::State& state) const;
  lang::State unpack(const Value* memory) const;

private:
  void place_pools();
  void place_structure(lang::Scope scope, lang::ThreadId thread);
  void map_slots();

  const lang::Spec& spec_;
  std::size_t words_ = 0;
  std::vector<PoolShape> pools_;
  std::vector<std::size_t> words_of_variables_;
  std::vector<std::size_t> words_of_slots_;
};

} // namespace interlock::harness
