// The canonical counterexample of a breadth-first exploration that met a violation.
#pragma once

#include "engine/seen_set.hpp"
#include "search/judge.hpp"

namespace interlock::checker {

// The shortest trace to a violation; among the shortest the one with the fewest context switches,
// then the one whose steps come first, comparing label, then thread, step by step.
//
// `levels` are the first states of the levels, and behind them the end of the last.  A violation is
// met where the last level, or the one before it, is expanded.  The answer depends on the graph
// alone and not on the numbering of the states.
//
// Method: the levels are expanded once more, from the last to the first; for each state from which
// a violation can still be reached in time, and each thread that may move first, the least number
// of context switches is kept.  A walk from the initial state then takes the best step at each
// state.
lang::Trace counterexample(const lang::Spec& spec, const CompiledSpec& model, const SeenSet& seen,
                           const Judge& judge, const std::vector<StateNumber>& levels);

} // namespace interlock::checker
