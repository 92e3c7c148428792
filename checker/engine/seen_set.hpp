// SeenSet: the states reached so far, stored exactly and numbered in the order of insertion, so
// that a breadth-first level is a range of numbers.
//
// Thread safety: none; one thread inserts.
// Invariants:    a number is never reused; a stored state never moves.
// Cost:          the bytes of a state + 8 bytes per slot of a table that is 3/8 to 3/4 full.
//                Looking up a new state touches one cache line, an old one a second for the
//                comparison.
#pragma once

#include "engine/layout.hpp"
#include "engine/pages.hpp"

#include <cstring>
#include <optional>

#include <xxhash.h>

namespace interlock::checker {

using StateNumber = std::uint32_t;

// Why a state could not be stored.
enum class Full : std::uint8_t { no, states, bytes };

struct SetLimits {
  std::uint64_t states = 0; // 0: as many as there are numbers
  std::uint64_t bytes = 0;  // 0: no limit
};

class SeenSet {
public:
  // Of states of `state_bytes` bytes, the last of their words filled up with 0.
  explicit SeenSet(std::size_t state_bytes, SetLimits limits = {});

  struct Insertion {
    StateNumber number = 0; // of the state, stored now or earlier
    bool fresh = false;     // stored now
    Full full = Full::no;   // the state is new and was not stored
  };

  std::uint64_t hash(const Word* state) const { return XXH3_64bits(state, words_ * sizeof(Word)); }
  Insertion insert(const Word* state, std::uint64_t hash);
  Insertion insert(const Word* state) { return insert(state, hash(state)); }
  std::optional<StateNumber> find(const Word* state, std::uint64_t hash) const;

  // Hints that insert(state, hash) will come: first the table, later, when that has arrived, the
  // stored state that it will be compared with.
  void prefetch_slot(std::uint64_t hash) const { __builtin_prefetch(slots() + home(tag(hash))); }
  void prefetch_state(std::uint64_t hash) const {
    const std::uint64_t slot = slots()[home(tag(hash))];
    if (slot >> 32 == tag(hash) && slot != 0)
      __builtin_prefetch(address(number(slot)));
  }

  void load(StateNumber number, Word* state) const {
    const std::byte* from = address(number);
    for (std::size_t i = 0; i + 1 < words_; ++i, from += sizeof(Word))
      std::memcpy(state + i, from, sizeof(Word));
    // Reads past the state, but not past the chunk, which has a spare word at its end.
    std::memcpy(state + words_ - 1, from, sizeof(Word));
    state[words_ - 1] &= last_mask_;
  }

  StateNumber size() const { return size_; }
  std::size_t words() const { return words_; }
  std::uint64_t bytes() const; // of memory, all told

private:
  static constexpr unsigned chunk_shift =
      21; // states of a chunk: makes its size a multiple of 2 MiB
  static constexpr std::uint64_t chunk_mask = (1U << chunk_shift) - 1;

  // The high half of the hash is kept in the slot; its leading bits are the place in the table, so
  // that growing reads no state and walks both tables in order.
  static std::uint64_t tag(std::uint64_t hash) { return hash >> 32; }
  std::uint64_t home(std::uint64_t tag) const { return tag >> (32 - log2_slots_); }
  static StateNumber number(std::uint64_t slot) { return static_cast<StateNumber>(slot) - 1; }
  std::uint64_t* slots() const { return reinterpret_cast<std::uint64_t*>(table_.data()); }

  std::byte* address(StateNumber number) const {
    return chunks_[number >> chunk_shift].data() + (number & chunk_mask) * state_bytes_;
  }
  bool equals(StateNumber number, const Word* state) const {
    const std::byte* stored = address(number);
    for (std::size_t i = 0; i + 1 < words_; ++i, stored += sizeof(Word))
      if (std::memcmp(state + i, stored, sizeof(Word)) != 0)
        return false;
    Word last;
    std::memcpy(&last, stored, sizeof(Word));
    return (last & last_mask_) == state[words_ - 1];
  }
  Insertion append(const Word* state, std::uint64_t tag, std::uint64_t place);
  void grow();
  std::uint64_t place_for(std::uint64_t tag) const;

  std::size_t state_bytes_;
  std::size_t words_;
  Word last_mask_;
  std::uint64_t max_states_;
  std::uint64_t max_bytes_;
  std::vector<Pages> chunks_;
  Pages table_;
  unsigned log2_slots_;
  std::uint64_t grow_at_; // states
  StateNumber size_ = 0;
};

} // namespace interlock::checker
