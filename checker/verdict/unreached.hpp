// Calls that never return, and patches of what nobody does, however the threads take turns: where
// there are such, that a property holds may mean little.
#pragma once

#include "config/config.hpp"
#include "search/check_options.hpp"

namespace interlock::checker {

// A call of a thread that never returns; those behind it are never made.
struct UnreachedReturn {
  std::string thread;
  std::string call;       // as the scenario spells it
  std::size_t number = 0; // among the thread's calls, from 1
  bool begins = false;    // in some interleaving
  bool parks = false;     // its own nature is to last until somebody ends it
};

// The first of each thread, where there is one.  The statistics are those of a whole exploration.
// Of a specification that says where its calls begin and end (lang::Boundary).
std::vector<UnreachedReturn> unreached_returns(const lang::Spec& spec,
                                               const Statistics& statistics);

// "watcher's 'kevent wait' never returns".
std::string text_of(const UnreachedReturn& unreached);

// Whether it is meant so: by the call itself, or by what the config expects.
bool is_on_purpose(const UnreachedReturn& unreached, const Config& config);
// What it expects never to return and does.
std::vector<std::string> returns_after_all(const std::vector<UnreachedReturn>& unreached,
                                           const Expectation& expect);

// "no run comes to what patch 1 edits: exit1.set_SZOMB"; the position begins with 0.
std::string text_of_unreached(std::size_t patch, const Config& config);

// The positions of the patches whose steps are never taken: those where something can be said.
std::vector<std::size_t> unreached_patches(const systems::BuiltSpec& built,
                                           const Statistics& statistics);

} // namespace interlock::checker
