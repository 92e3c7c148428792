// The reference explorer: the semantics of lang::take() and nothing else, never optimised.  The
// explorer is tested against it.
#pragma once

#include "lang/trace.hpp"

#include <map>

namespace interlock::checker {

struct NaiveResult {
  std::map<lang::State, std::uint32_t> states; // with their distance from the initial state
  std::uint64_t transitions = 0;
  std::uint32_t depth = 0;
  std::optional<lang::Trace> trace;         // the canonical counterexample, if there is any
  std::map<std::string, std::uint64_t> cut; // as Statistics::cut
};

// Checks the named properties, all when there is none, as check() does without limits.
NaiveResult explore_naively(const lang::Spec& spec, const std::vector<std::string>& properties);

} // namespace interlock::checker
