// Open addressing with linear probing; slots of (tag, number + 1), 0 when free.
#include "engine/seen_set.hpp"

#include <algorithm>
#include <limits>

namespace interlock::checker {

namespace {

constexpr unsigned first_log2_slots = 9; // one small page
constexpr std::uint64_t last_number = std::numeric_limits<StateNumber>::max() - 1;

std::uint64_t table_bytes(unsigned log2_slots) { return sizeof(std::uint64_t) << log2_slots; }

std::uint64_t three_quarters(unsigned log2_slots) { return (std::uint64_t{3} << log2_slots) / 4; }

} // namespace

SeenSet::SeenSet(std::size_t state_bytes, SetLimits limits)
    : state_bytes_(state_bytes), words_((state_bytes + sizeof(Word) - 1) / sizeof(Word)),
      last_mask_(~Word{0} >> (8 * (words_ * sizeof(Word) - state_bytes))),
      max_states_(limits.states == 0 ? last_number : std::min(limits.states, last_number)),
      max_bytes_(limits.bytes == 0 ? std::numeric_limits<std::uint64_t>::max() : limits.bytes),
      table_(table_bytes(first_log2_slots)), log2_slots_(first_log2_slots),
      grow_at_(three_quarters(first_log2_slots)) {}

std::uint64_t SeenSet::bytes() const {
  constexpr std::uint64_t page = 4096;
  return table_.size() + (size_ * state_bytes_ + page - 1) / page * page;
}

SeenSet::Insertion SeenSet::insert(const Word* state, std::uint64_t hash) {
  const std::uint64_t wanted = tag(hash);
  const std::uint64_t wrap = (std::uint64_t{1} << log2_slots_) - 1;
  std::uint64_t place = home(wanted);
  for (;; place = (place + 1) & wrap) {
    const std::uint64_t slot = slots()[place];
    if (slot == 0)
      return append(state, wanted, place);
    if (slot >> 32 == wanted && equals(number(slot), state))
      return {.number = number(slot)};
  }
}

SeenSet::Insertion SeenSet::append(const Word* state, std::uint64_t tag, std::uint64_t place) {
  if (size_ >= max_states_)
    return {.full = Full::states};
  if (size_ == grow_at_) {
    if (log2_slots_ == 32 || bytes() - table_.size() + table_bytes(log2_slots_ + 1) > max_bytes_)
      return {.full = log2_slots_ == 32 ? Full::states : Full::bytes};
    grow();
    place = place_for(tag);
  }
  if (bytes() + state_bytes_ > max_bytes_)
    return {.full = Full::bytes};
  if ((size_ & chunk_mask) == 0) // a chunk costs nothing before it is touched
    chunks_.emplace_back((chunk_mask + 1) * state_bytes_ + sizeof(Word));
  std::memcpy(address(size_), state, state_bytes_);
  slots()[place] = tag << 32 | (std::uint64_t{size_} + 1);
  return {.number = size_++, .fresh = true};
}

std::optional<StateNumber> SeenSet::find(const Word* state, std::uint64_t hash) const {
  const std::uint64_t wanted = tag(hash);
  const std::uint64_t wrap = (std::uint64_t{1} << log2_slots_) - 1;
  for (std::uint64_t place = home(wanted);; place = (place + 1) & wrap) {
    const std::uint64_t slot = slots()[place];
    if (slot == 0)
      return std::nullopt;
    if (slot >> 32 == wanted && equals(number(slot), state))
      return number(slot);
  }
}

std::uint64_t SeenSet::place_for(std::uint64_t tag) const {
  const std::uint64_t wrap = (std::uint64_t{1} << log2_slots_) - 1;
  std::uint64_t place = home(tag);
  while (slots()[place] != 0)
    place = (place + 1) & wrap;
  return place;
}

void SeenSet::grow() {
  Pages old(table_bytes(log2_slots_ + 1));
  std::swap(old, table_);
  ++log2_slots_;
  grow_at_ = three_quarters(log2_slots_);
  const auto* from = reinterpret_cast<const std::uint64_t*>(old.data());
  const std::size_t count = old.size() / sizeof(std::uint64_t);
  constexpr std::size_t slots_per_step = Pages::step / sizeof(std::uint64_t);
  for (std::size_t i = 0; i < count; ++i) {
    if (from[i] != 0)
      slots()[place_for(from[i] >> 32)] = from[i];
    // What is moved is given back at once: growing never needs both tables whole.
    if ((i + 1) % slots_per_step == 0)
      old.release((i + 1) * sizeof(std::uint64_t) - Pages::step, (i + 1) * sizeof(std::uint64_t));
  }
}

} // namespace interlock::checker
