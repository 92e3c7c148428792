// Judge: which properties are checked, and what violates them.
#pragma once

#include "engine/compiled_spec.hpp"
#include "lang/trace.hpp"

#include <set>

namespace interlock::checker {

// The properties that a check looks at: those named, or all when none is.  A value that leaves its
// range always counts, because the specification means nothing from there on.
class Selection {
public:
  // Throws std::invalid_argument for a name that the specification does not have.
  Selection(const lang::Spec& spec, const std::vector<std::string>& names);

  bool contains(const std::string& property) const {
    return names_.empty() || names_.contains(property) || property == lang::fault::bounds;
  }
  // The selected properties of a kind, as positions in spec.properties().
  std::vector<std::size_t> of_kind(const lang::Spec& spec, lang::PropertyKind kind) const;

private:
  std::set<std::string> names_;
};

class Judge {
public:
  // All outlive the judge.
  Judge(const lang::Spec& spec, const CompiledSpec& model, const Selection& selection);

  // Whether a failing step violates a property that is checked.
  bool counts(FailureId failure) const { return counts_[failure]; }
  std::optional<std::size_t> violated_invariant(const Word* state) const {
    return model_.violated_invariant(state);
  }
  // Likewise, behind an action from a state in which none is violated.
  bool violates_invariant(lang::ActionId action, const Word* state) const {
    return model_.violates_invariant(action, state);
  }
  lang::Violation invariant_violation(std::size_t property) const;
  // What is wrong with a state that has no enabled action, if anything.
  std::optional<lang::Violation> stuck_violation(const lang::State& state) const;

private:
  const lang::Spec& spec_;
  const CompiledSpec& model_;
  std::vector<bool> counts_;
  std::vector<std::size_t> of_standstill_; // properties of states in which nobody can move
};

} // namespace interlock::checker
