// The acquisition graph: in which order the threads of a specification take their locks, over all
// reachable states, with a shortest way to each order.
#pragma once

#include "locks/stances.hpp"
#include "search/check_options.hpp"

#include <set>

namespace interlock::checker {

// A thread that holds one lock stands at a step that acquires another, enabled or not.
struct LockEdge {
  LockIndex held = 0;
  LockIndex acquired = 0;
  lang::Mode held_mode = lang::Mode::exclusive;
  lang::Mode acquired_mode = lang::Mode::exclusive;
  // Whether the thread would wait for `acquired` with `held` kept: not for a try-lock, and not for
  // a soft lock that it gives up to sleep.
  bool blocking = true;
  bool tried = false;               // a try-lock
  std::set<lang::ThreadId> threads; // that make this edge in some reachable state
  std::set<std::string> sites;      // labels of the acquiring steps
  std::vector<LockIndex> gate;      // other locks held each time, exclusively
  lang::ActionId attempt = 0;       // the acquiring step, in the state behind `path`
  std::optional<lang::ActionId>
      established;                  // on `path`: took `held`; empty if it was held at first
  std::vector<lang::ActionId> path; // the best one to a state with this edge (parent_links.hpp)
};

// Every edge between two classes that makes waiting.
struct ClassEdge {
  std::uint32_t held = 0; // into LockGraph::classes
  std::uint32_t acquired = 0;
  std::vector<std::size_t> edges; // into LockGraph::edges, shortest path first
  std::set<lang::ThreadId> threads;
  std::set<LockIndex> gate; // locks that are held each time besides, exclusively
};

// A thread that waits for a lock, in a cycle of such threads.
struct Waiter {
  lang::ThreadId thread = 0;
  LockIndex lock = 0;
  lang::ActionId action = 0;
  lang::ThreadId holder = 0;
  // On the mishap's path: after this step the holder has the lock; empty if it had it at first.
  std::optional<lang::ActionId> established;
};

// Something wrong in a single state.
struct LockMishap {
  enum class Kind : std::uint8_t { deadlock, stuck, recursion, nesting, sleep };
  Kind kind = Kind::deadlock;
  std::vector<Waiter> waiters;     // deadlock: the cycle, each waits for the next
  lang::ThreadId thread = 0;       // of the others but stuck
  LockIndex held = 0;              // the same: the lock that is held
  std::optional<LockIndex> wanted; // the same; sleep: empty for a wake-up
  lang::ActionId action = 0;       // the same
  // The same: the step on `path` that took `held`; empty if it was held at first.
  std::optional<lang::ActionId> established;
  std::string text; // stuck: why, in words; nesting: the rule that is broken
  std::vector<lang::ActionId> path;
};

// Threads that stand in all edges of a cycle at once.
struct LockMeeting {
  std::vector<lang::ActionId> path;    // the best one to a state in which they do
  std::vector<LockStanding> standings; // one per edge, of a thread each
};

// A cycle of classes: each class pair is an edge of the graph, the last leads to the first.
using ClassCycle = std::vector<std::uint32_t>;

struct LockGraph {
  std::vector<LockInfo> locks;
  std::vector<std::string> classes;
  std::vector<LockEdge> edges;     // by path: shorter first, then as in parent_links.hpp
  std::vector<ClassEdge> blocking; // by classes; those of one class included
  std::vector<LockMishap> mishaps; // the same
  std::vector<ClassCycle> cycles;  // elementary; every edge on a cycle is on one of these
  // Per cycle; empty when no reachable state has such threads.
  std::vector<std::optional<LockMeeting>> meetings;
  Statistics statistics;
  std::string limit; // not empty: why states are missing
  bool interrupted = false;
};

// Explores the specification, all properties left out of account, and reads off the locks of every
// state.  Steps that fail are not taken; `statistics.cut` counts them.  Deterministic.
LockGraph build_lock_graph(const lang::Spec& spec, const CheckOptions& options);

} // namespace interlock::checker
