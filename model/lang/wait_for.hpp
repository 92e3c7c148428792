// Who waits for whom.
#pragma once

#include "lang/standstill.hpp"

namespace interlock::lang {

// A lock or channel that a thread waits for, with the threads that hold it (empty for a channel,
// where only a wake-up helps).
struct WaitEdge {
  ThreadId thread = 0;
  PoolId pool = 0;
  std::uint32_t object = 0;
  bool asleep = false; // waits for a wake-up on a channel
  ActionId action = 0; // the action that it cannot take
  std::vector<ThreadId> holders;
};

// The wait-for graph of a state: an edge for each step of a blocked or idle thread that needs a
// lock or a wake-up; by thread.
std::vector<WaitEdge> wait_for_graph(const Spec& spec, const State& state);

// Threads of the graph that wait for each other: each for what the next one holds, the last for
// what the first one holds.  A shortest cycle through the least thread that is on one, which comes
// first; empty where there is none.
std::vector<WaitEdge> wait_cycle(const std::vector<WaitEdge>& graph);

// Why the blocked threads of a deadlock wait for ever: the cycle (`a waits for kq_lock held by b; b
// waits for p_lock held by a`), or the chain that ends at a thread that sleeps or cannot go on by
// itself.  Empty where no thread is blocked.
std::string explain_deadlock(const Spec& spec, const State& state);

} // namespace interlock::lang
