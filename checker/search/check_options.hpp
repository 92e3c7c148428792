// What a search is told, and what it counts.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace interlock::checker {

struct Progress {
  std::uint64_t states = 0;
  std::uint64_t transitions = 0;
  std::uint64_t waiting = 0; // states found but not yet expanded
  std::uint32_t depth = 0;
  double seconds = 0;
};

struct CheckOptions {
  std::vector<std::string> properties; // names that are checked; empty: all that the spec has
  std::vector<std::string> lock_order; // documented: lock classes, outermost first
  std::uint64_t max_states = 0;        // 0: no limit
  std::uint64_t max_bytes = 0;         // of the state store; 0: no limit
  double max_seconds = 0;              // 0: no limit
  const std::atomic<bool>* interrupted = nullptr;
  std::function<void(const Progress&)> progress; // called a few times a second
};

struct Statistics {
  std::uint64_t states = 0;      // distinct states stored
  std::uint64_t transitions = 0; // actions taken from expanded states, to old states too
  std::uint32_t depth = 0;       // steps from the initial state to the farthest state found
  double seconds = 0;
  unsigned state_bits = 0;
  double bytes_per_state = 0;               // all memory of the store divided by the states
  std::vector<std::uint64_t> action_counts; // per lang::ActionId: how often it was taken
  // Steps not taken because they violate a property that was not selected, by property name.
  std::map<std::string, std::uint64_t> cut;
};

} // namespace interlock::checker
