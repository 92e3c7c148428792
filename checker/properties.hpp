// The listener that looks for violations.
#pragma once

#include "checker/judge.hpp"
#include "checker/listener.hpp"

#include <map>

namespace interlock::checker {

class PropertyWatch : public Silent {
public:
  PropertyWatch(const CompiledSpec& model, const Judge& judge)
      : model_(model), judge_(judge), cut_(model.failures(), 0) {}

  // A violation ends the exploration once its level is finished.
  bool level(StateNumber, StateNumber) const { return !violated_; }
  void found(StateNumber, const Word* state) {
    violated_ = violated_ || judge_.violated_invariant(state);
  }
  void failed(StateNumber, lang::ActionId, FailureId failure) {
    if (judge_.counts(failure))
      violated_ = true;
    else
      ++cut_[failure];
  }
  void stuck(StateNumber, const Word* state) {
    violated_ = violated_ || judge_.stuck_violation(model_.layout().unpack(state));
  }

  bool violated() const { return violated_; }
  // Steps not taken because they violate a property that is not checked.
  std::map<std::string, std::uint64_t> cut() const {
    std::map<std::string, std::uint64_t> result;
    for (FailureId failure = 0; failure < cut_.size(); ++failure)
      if (cut_[failure] != 0)
        result[model_.failure(failure)] = cut_[failure];
    return result;
  }

private:
  const CompiledSpec& model_;
  const Judge& judge_;
  std::vector<std::uint64_t> cut_;
  bool violated_ = false;
};

} // namespace interlock::checker
