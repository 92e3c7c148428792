// What a specification's executions tell their callers: the sequences of delivered events.
#pragma once

#include "lang/spec.hpp"
#include "search/check_options.hpp"

#include <set>

namespace interlock::checker {

// Of an execution that cannot go on: thread by thread, in the order in which it gets them,
// "watcher: {ident=child fflags=NOTE_EXIT} {...}"; "nothing" where none is delivered.
struct Behaviours {
  std::set<std::string> sequences;
  std::string limit; // not empty: why some may be missing
  bool interrupted = false;
};

// Explores all states, and then every way through them with what was delivered on it.  Steps that
// violate a property are not taken.  Deterministic.
Behaviours behaviours_of(const lang::Spec& spec, const CheckOptions& options);

} // namespace interlock::checker
