// The listener that looks for violations.
#pragma once

#include "search/judge.hpp"
#include "search/statistics.hpp"

namespace interlock::checker {

class PropertyWatch : public Silent {
public:
  PropertyWatch(const CompiledSpec& model, const Judge& judge)
      : model_(model), judge_(judge), cut_(model) {}

  // A violation ends the exploration once its level is finished.
  bool level(StateNumber, StateNumber) const { return !violated_; }
  void found(StateNumber, const Word* state, std::optional<lang::ActionId> by) {
    // A state that violates one is not expanded, so that none is violated before the action.
    violated_ = violated_ || (by ? judge_.violates_invariant(*by, state)
                                 : judge_.violated_invariant(state).has_value());
  }
  void failed(StateNumber from, lang::ActionId action, FailureId failure) {
    if (judge_.counts(failure))
      violated_ = true;
    else
      cut_.failed(from, action, failure);
  }
  void stuck(StateNumber, const Word* state) {
    violated_ = violated_ || judge_.stuck_violation(model_.layout().unpack(state));
  }

  bool violated() const { return violated_; }
  // Steps not taken because they violate a property that is not checked.
  std::map<std::string, std::uint64_t> cut() const { return cut_.by_property(); }

private:
  const CompiledSpec& model_;
  const Judge& judge_;
  CutSteps cut_;
  bool violated_ = false;
};

} // namespace interlock::checker
