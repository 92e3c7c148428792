// What is wrong with how a specification takes its locks, and how sure that is.
#pragma once

#include "locks/ranks.hpp"

namespace interlock::checker {

enum class LockFindingKind : std::uint8_t {
  deadlock,         // threads of a reachable state wait for each other's locks
  stuck,            // nothing can move in a reachable state, and some thread should
  order_reversal,   // classes are taken in both orders, or in a longer cycle of orders
  documented_order, // classes are taken against the documented order
  recursion,        // a thread takes a lock that it holds, which it may not
  duplicate,        // a thread takes a lock of a class of which it holds another, without a rule
                    // (lang::Nesting) or against it
  sleep,            // a thread may sleep, or block, with a lock held that forbids it
};

struct LockFinding {
  LockFindingKind kind = LockFindingKind::deadlock;
  std::string text;               // "kq_lock -> p_lock and p_lock -> kq_lock"
  std::string reason;             // why it is found, and what is known about whether it can do harm
  std::vector<std::size_t> edges; // into LockGraph::edges; of a cycle the last is the attempted one
  std::vector<lang::ThreadId> threads; // a thread per edge, different ones where that is possible
  std::optional<std::size_t> mishap;   // into LockGraph::mishaps
  // Whether threads stand in all edges of a reversal at once, in some reachable state.
  std::optional<bool> meet;
  std::vector<LockStanding> standings; // of threads that meet, one per edge
  std::vector<lang::ActionId> path;    // shortest, to a state that shows it
};

struct LockAnalysis {
  LockGraph graph;
  LockRanks ranks;
  std::vector<std::string> documented; // classes, outermost first
  std::vector<LockFinding> findings;   // by kind, the most certain first
};

LockAnalysis analyse_locks(const lang::Spec& spec, const CheckOptions& options);

// "lock order reversal"
const char* kind_name(LockFindingKind kind);
// The property that a finding violates: lang::no_deadlock, or one of lang::analysis.
const char* property_of(LockFindingKind kind);

} // namespace interlock::checker
