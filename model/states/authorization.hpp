// Who may watch whom: a fact about two processes' credentials, which no call of a scenario changes.
// The environment draws it when a kernel first asks, and then it stays: a pid is never used again.
#pragma once

#include "states/kernel.hpp"

namespace interlock::states {

class Authorization {
public:
  // `denies`: whether the environment may refuse.  If not, nobody asks and nothing is declared.
  Authorization(const Kernel& kernel, bool denies);

  bool denies() const { return shown_to_.has_value(); }
  // Of a process, by its pid, sets of processes: those that may watch it, and those that may not.
  // Who is in neither has not asked.
  Expr shown_to(const Expr& pid) const { return kernel_.spec().read(shown_to_.value(), pid); }
  Expr hidden_from(const Expr& pid) const { return kernel_.spec().read(hidden_from_.value(), pid); }
  Expr set_of(std::size_t process) const; // of the plan: it alone

private:
  const Kernel& kernel_;
  TypeRef processes_;
  std::optional<VariableId> shown_to_, hidden_from_;
};

} // namespace interlock::states
