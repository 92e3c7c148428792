// Collects what is wrong with a scenario, so that all of it is said at once.
#pragma once

#include "systems/scenario.hpp"

namespace interlock::systems {

class Objections {
public:
  // Calls `read`.  What it throws as a ScenarioError is kept, and the answer is false.
  template <class Read> bool attempt(Read read) {
    try {
      read();
      return true;
    } catch (const ScenarioError& error) {
      add(error);
      return false;
    }
  }
  void add(const ScenarioError& error) { errors_.push_back(error); }
  std::size_t count() const { return errors_.size(); }
  // Throws ScenarioErrors when there are any.
  void throw_any() const {
    if (!errors_.empty())
      throw ScenarioErrors(errors_);
  }

private:
  std::vector<ScenarioError> errors_;
};

} // namespace interlock::systems
