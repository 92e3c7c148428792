// The lock analyses as properties: what `check` does with lock-order and lock-discipline.
#pragma once

#include "checker/lock_findings.hpp"

#include <optional>

namespace interlock::checker {

struct LockVerdict {
  // A shortest trace to a finding of a named analysis; its kind is `invariant`, since the last
  // state shows what is wrong, though only the other states make it wrong.
  std::optional<lang::Trace> trace;
  std::string text;  // every finding of the named analyses
  std::string limit; // not empty: why states are missing
  bool interrupted = false;
};

// Runs the analyses whose names are given (namespace analysis).  Explores anew.
LockVerdict check_locks(const lang::Spec& spec, const CheckOptions& options,
                        const std::set<std::string>& names);

} // namespace interlock::checker
