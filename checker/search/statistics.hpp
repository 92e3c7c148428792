// The listeners that count.
#pragma once

#include "engine/compiled_spec.hpp"
#include "search/listener.hpp"

#include <map>
#include <numeric>

namespace interlock::checker {

class Counting : public Silent {
public:
  explicit Counting(std::size_t actions) : action_counts_(actions, 0) {}

  bool level(StateNumber, StateNumber last) {
    levels_.push_back(last);
    return true;
  }
  void found(StateNumber number, const Word*, std::optional<lang::ActionId>) {
    states_ = std::uint64_t{number} + 1;
  }
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

// Steps that are not taken because they fail.
class CutSteps : public Silent {
public:
  explicit CutSteps(const CompiledSpec& model) : model_(model), counts_(model.failures(), 0) {}

  void failed(StateNumber, lang::ActionId, FailureId failure) { ++counts_[failure]; }

  std::map<std::string, std::uint64_t> by_property() const {
    std::map<std::string, std::uint64_t> result;
    for (FailureId failure = 0; failure < counts_.size(); ++failure)
      if (counts_[failure] != 0)
        result[model_.failure(failure)] += counts_[failure];
    return result;
  }

private:
  const CompiledSpec& model_;
  std::vector<std::uint64_t> counts_;
};

} // namespace interlock::checker
