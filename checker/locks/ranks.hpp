// Ranks of lock classes: the order that the code really follows, or why there is none.
#pragma once

#include "locks/graph.hpp"

namespace interlock::checker {

struct LockRanks {
  // A rank per class such that every edge leads from a smaller to a greater one; the smallest
  // ranks.  Without the edges of `removal`, where not all edges fit into an order.
  std::vector<std::uint32_t> ranks;
  // The rest is empty when there is an order.  Positions in the edges:
  std::vector<std::size_t> cycle;   // a minimal set that fits into no order, head to tail
  std::vector<std::size_t> removal; // a smallest set of edges without which there is an order
  bool ordered() const { return cycle.empty(); }
};

// Edges from a class to itself are left out.  Among the smallest removals that one is taken that
// leaves the edges marked in `precious`, then the first ones.
//
// Method: Z3, with an integer per class and a tracked assertion per edge; the unsatisfiable core is
// minimised edge by edge, and the removal found by a growing bound on the number of edges given up.
LockRanks rank_locks(const std::vector<ClassEdge>& edges, std::size_t classes,
                     const std::vector<bool>& precious);

} // namespace interlock::checker
