// What the story of a counterexample needs to know of the analysis that found it.
#pragma once

#include "locks/findings.hpp"
#include "story/story.hpp"

namespace interlock::checker {

// The orders of locks behind the finding whose trace this is, where the code takes the same locks
// the other way round too, and why it is one.  Empty where there is no analysis, or none of its
// findings has that trace.
LockReason lock_reason_of(const std::optional<LockAnalysis>& analysis, const lang::Trace& trace);

} // namespace interlock::checker
