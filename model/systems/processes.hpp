// The processes of a scenario: which threads each has, and which process forks it.
#pragma once

#include "systems/scenario.hpp"

#include <optional>
#include <set>

namespace interlock::systems {

struct Processes {
  std::vector<std::string> names; // each behind the one that forks it
  // Of each process: the one that forks it; none for one that exists at the start.
  std::vector<std::optional<std::size_t>> parents;
  std::vector<std::size_t> of_threads; // the process of each thread of the scenario

  std::size_t forked_by(std::size_t process) const; // how many
  std::size_t thread_count(std::size_t process) const;
};

// Nothing where so much is wrong that calls cannot be read.  `wrong_calls` gets the pointers of
// those that were found wrong: a fork of a process that cannot be forked.
std::optional<Processes> read_processes(const Scenario& scenario, Objections& objections,
                                        std::set<std::string>& wrong_calls);

// Objects to a name that is not made of letters, digits, - and _; `what` is "thread", "kqueue", ...
void require_name(const Text& name, const char* what);

// Explains the list of processes in a message.
extern const char* const processes_hint;

} // namespace interlock::systems
