// One check: explore a specification breadth first, with properties, statistics and limits.
#pragma once

#include "lang/trace.hpp"
#include "locks/findings.hpp"
#include "search/check_options.hpp"

#include <optional>

namespace interlock::checker {

enum class Verdict : std::uint8_t { holds, violated, incomplete, interrupted };

struct CheckResult {
  Verdict verdict = Verdict::holds;
  std::optional<lang::Trace> trace; // violated: the canonical shortest counterexample
  Statistics statistics;
  std::string limit; // incomplete: which limit was reached, in words
  // Where an analysis of locks is among the properties and was run: what it saw, with the findings
  // of the selected ones.
  std::optional<LockAnalysis> locks;
};

// The analyses among the properties (PropertyKind::analysis) come last: where nothing else is
// violated and no limit was reached, they explore once more.
//
// Same specification and options, same answer.  The counterexample is a shortest one; among the
// shortest, the one with fewest context switches, then the first in label order, then in thread
// order. A violated exploration finishes the level of the violation, so that the counts are
// reproducible.
CheckResult check(const lang::Spec& spec, const CheckOptions& options);

} // namespace interlock::checker
