// First-fit placement of the slots into words.
#include "engine/layout.hpp"

#include <algorithm>
#include <limits>

namespace interlock::checker {

namespace {
constexpr unsigned word_bits = 64;
}

Layout::Layout(const lang::Spec& spec) : fields_(spec.slot_count()) {
  std::vector<unsigned> used; // bits taken in each word
  for (std::uint32_t slot = 0; slot < spec.slot_count(); ++slot) {
    place(slot, spec.slot_type(slot), used);
  }
  if (!used.empty()) {
    words_ = used.size();
    bytes_ = (words_ - 1) * sizeof(Word) + std::max(1U, (used.back() + 7) / 8);
  }
}

void Layout::place(std::uint32_t slot, const lang::Type& type, std::vector<unsigned>& used) {
  const unsigned width = lang::bits_for(type);
  std::size_t word = 0;
  while (word < used.size() && used[word] + width > word_bits)
    ++word;
  if (word == used.size())
    used.push_back(0);
  if (word > std::numeric_limits<std::uint16_t>::max())
    throw lang::SpecError("the specification has too many variables: a state needs more than " +
                          std::to_string(word) + " words of 64 bits");
  Field& field = fields_[slot];
  field.mask = width == word_bits ? ~Word{0} : (Word{1} << width) - 1;
  field.low = type.low;
  field.word = static_cast<std::uint16_t>(word);
  field.shift = static_cast<std::uint8_t>(width == 0 ? 0 : used[word]);
  used[word] += width;
  bits_ += width;
}

void Layout::pack(const lang::State& state, Word* words) const {
  std::fill_n(words, words_, Word{0});
  for (std::size_t slot = 0; slot < fields_.size(); ++slot)
    fields_[slot].write(words, state[slot]);
}

lang::State Layout::unpack(const Word* words) const {
  lang::State state(fields_.size());
  for (std::size_t slot = 0; slot < fields_.size(); ++slot)
    state[slot] = fields_[slot].read(words);
  return state;
}

} // namespace interlock::checker
