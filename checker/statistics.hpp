// The listener that counts.
#pragma once

#include "checker/listener.hpp"

#include <numeric>

namespace interlock::checker {

class Counting : public Silent {
public:
  explicit Counting(std::size_t actions) : action_counts_(actions, 0) {}

  bool level(StateNumber, StateNumber last) {
    levels_.push_back(last);
    return true;
  }
  void found(StateNumber number, const Word*) { states_ = std::uint64_t{number} + 1; }
  void edge(StateNumber from, lang::ActionId action, StateNumber, bool) {
    ++action_counts_[action];
    expanded_ = from;
  }

  // The first state of every level that is complete, and behind them the end of the last.
  const std::vector<StateNumber>& levels() const { return levels_; }
  // Steps from the initial state to the farthest one found.
  std::uint32_t depth() const {
    return static_cast<std::uint32_t>(levels_.size() - (states_ > levels_.back() ? 1 : 2));
  }
  const std::vector<std::uint64_t>& action_counts() const { return action_counts_; }
  std::uint64_t states() const { return states_; }
  std::uint64_t transitions() const {
    return std::accumulate(action_counts_.begin(), action_counts_.end(), std::uint64_t{0});
  }
  std::uint64_t waiting() const { return states_ - expanded_; } // about

private:
  std::vector<std::uint64_t> action_counts_;
  std::vector<StateNumber> levels_{0};
  std::uint64_t states_ = 0;
  StateNumber expanded_ = 0;
};

} // namespace interlock::checker
