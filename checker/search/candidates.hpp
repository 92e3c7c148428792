// Candidates: successors that wait to be looked up in the set of states.
//
// Cost: no allocation once built; a successor is built in place.
#pragma once

#include "engine/seen_set.hpp"

namespace interlock::checker {

// An action that cannot be completed, because a check or an evaluation fails.
struct Failed {
  StateNumber from = 0;
  lang::ActionId action = 0;
  std::uint32_t failure = 0;
};

class Candidates {
public:
  // Of states of `words` words, of which none has more than `max_successors` successors.
  // `late` says by action whether it does not come surely, and soon (lang::Comes); empty: none.
  Candidates(std::size_t words, std::size_t max_successors, std::vector<bool> late)
      : words_(words), states_((enough + max_successors + 1) * words),
        edges_(enough + max_successors), late_(std::move(late)) {}

  void clear() {
    size_ = 0;
    failures_.clear();
  }
  bool full() const { return size_ >= enough; }

  // The state whose successors come next, and whether none came, but by late actions, and none
  // failed.
  void expand(StateNumber from) {
    from_ = from;
    sure_ = 0;
  }
  bool expanded_to_nothing() const { return sure_ == 0; }

  // The model's side.
  Word* room() { return states_.data() + size_ * words_; }
  void taken(lang::ActionId action) {
    edges_[size_++] = {0, from_, action};
    count(action);
  }
  void failed(lang::ActionId action, std::uint32_t failure) {
    failures_.push_back({from_, action, failure});
    count(action);
  }

  // Hashes the states and fetches what looking them up will touch.
  void prefetch(const SeenSet& seen) {
    for (std::size_t i = 0; i < size_; ++i) {
      edges_[i].hash = seen.hash(state(i));
      seen.prefetch_slot(edges_[i].hash);
    }
    for (std::size_t i = 0; i < size_; ++i)
      seen.prefetch_state(edges_[i].hash);
  }

  std::size_t size() const { return size_; }
  const Word* state(std::size_t i) const { return states_.data() + i * words_; }
  std::uint64_t hash(std::size_t i) const { return edges_[i].hash; }
  StateNumber from(std::size_t i) const { return edges_[i].from; }
  lang::ActionId action(std::size_t i) const { return edges_[i].action; }
  const std::vector<Failed>& failures() const { return failures_; }

private:
  static constexpr std::size_t enough = 64;

  void count(lang::ActionId action) { sure_ += late_.empty() || !late_[action] ? 1U : 0U; }

  struct Edge {
    std::uint64_t hash = 0;
    StateNumber from = 0;
    lang::ActionId action = 0;
  };

  std::size_t words_;
  std::vector<Word> states_;
  std::vector<Edge> edges_;
  std::vector<Failed> failures_;
  std::size_t size_ = 0;
  std::vector<bool> late_;
  std::size_t sure_ = 0; // actions of the state that are taken or fail, without late ones
  StateNumber from_ = 0;
};

} // namespace interlock::checker
