// What a kernel does and its model leaves out, each with its reason; and what the model does in a
// function whose text does not have it.
#pragma once

#include "kernel_text/skeleton.hpp"

#include <optional>

namespace interlock::kernel_text {

enum class LedgerBranch : std::uint8_t { then, otherwise };

struct LedgerEntry {
  std::string function;       // empty: in every function
  std::string name = {};      // what the operation is about: kq_global; empty: anything
  std::string condition = {}; // all inside an if, loop or switch whose text has this
  LedgerBranch branch = LedgerBranch::then; // of an if, or the else of it
  std::string label = {};                   // of the model: this step has no text in this function
  std::string reason;                       // why no property that is checked can depend on it
  std::optional<Act> act = {};              // only such operations
};

using Ledger = std::vector<LedgerEntry>;

// Of "freebsd", "dragonfly" or "netbsd".
const Ledger& ledger_of(const std::string& system);

} // namespace interlock::kernel_text
