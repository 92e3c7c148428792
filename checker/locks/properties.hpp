// The lock analyses as properties: what `check` does with lock-order and lock-discipline.
#pragma once

#include "lang/trace.hpp"
#include "locks/findings.hpp"

#include <optional>

namespace interlock::checker {

// Runs the analyses whose names are given (lang::analysis), and keeps their findings alone.
// Explores anew.
LockAnalysis check_locks(const lang::Spec& spec, const CheckOptions& options,
                         const std::set<std::string>& names);

// A trace to each finding, in their order.
std::vector<lang::Trace> traces_of(const LockAnalysis& analysis);

// A shortest one of these, the first of those; nothing where there is no finding.
std::optional<lang::Trace> shortest_trace(const LockAnalysis& analysis);

} // namespace interlock::checker
