// The answers to a gate's items: from the cache, or by processes that check several at a time.
#pragma once

#include "cli/gate_items.hpp"
#include "cli/search.hpp"

#include <filesystem>
#include <functional>

namespace interlock::checker::cli {

struct AnswerOptions {
  SearchOptions search;
  std::size_t jobs = 1;                    // at a time
  std::optional<std::uint64_t> memory_mib; // of the searches that run at a time, together
  std::optional<double> seconds;           // of all
  std::filesystem::path cache;             // a folder; empty: nothing is kept
};

// Calls `use` for each item, in their order and as soon as it is its turn.  Where the time is over
// or a signal has come, those that have no answer yet get the reason.
//
// Several at a time share the memory; one whose share was too small is checked once more by itself,
// with all of it, so that its answer does not depend on the others.
void answer_all(const std::vector<GateItem>& items, const AnswerOptions& options,
                const std::function<void(const GateItem&, const GateOutcome&)>& use);

// Checks the item in this process.
GateOutcome answer_here(const GateItem& item, const SearchOptions& options);

// Keeps the answer of a config whose text has changed in what it expects alone.
void keep_answer(const GateItem& item, const Answer& answer, const AnswerOptions& options);

} // namespace interlock::checker::cli
