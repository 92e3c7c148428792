// A config to start from: a scenario made of calls, and comments that say what else can be named.
#pragma once

#include "systems/scenario.hpp"

namespace interlock::checker {

struct StartingPoint {
  std::string system;
  std::string revision;           // empty: the newest one
  std::vector<std::string> calls; // "fork child", or with its thread "parent: fork child"; may be
                                  // empty
  std::string schema;             // what "$schema" says, for editors; empty: it is left out
};

// The text of the config, which build_spec accepts.  A call that names no thread goes to who is
// most likely meant: forks to the process that everything begins with, exit to the first child that
// does not exit yet, kevent to a watcher.  A process that is named and has no call exits; who waits
// for a child and nobody forks, forks one.  No calls at all: a fork that is watched.
//
// Throws systems::ScenarioErrors for what the system does not have and for calls that make no
// scenario.
std::string starting_config(const StartingPoint& start);

} // namespace interlock::checker
