// Which node of one skeleton is which of another.
#pragma once

#include "kernel_text/skeleton.hpp"

namespace interlock::kernel_text {

using Nodes = std::set<const Node*>;

struct Match {
  const Node* first = nullptr;
  const Node* second = nullptr;
};

// The cheapest way to make one tree of the other by taking nodes out, whose children stay, and by
// putting nodes in: what is left is matched, with ancestors and order kept.  (K. Zhang, D. Shasha:
// Simple fast algorithms for the editing distance between trees and related problems, SIAM J.
// Comput. 18, 1989.)  In the order of the first; what is matched agrees (see `agree`).  Pointers
// are into the skeletons.
//
// Of an if with an else of the first that the second does not have, one branch is matched, if that
// costs nothing: a path that is run by one call of the function cannot have both.  Where it could
// be either, it is the one that has more of what is `wanted`.
std::vector<Match> align(const Skeleton& first, const Skeleton& second, const Nodes& wanted = {});

// Of two texts of a function: what the ledger leaves out counts like all else, and what is spelled
// alike is rather the same.
std::vector<Match> align_texts(const Skeleton& first, const Skeleton& second);

// Whether two nodes may be one: operations when act and names do, conditions always.
bool agree(const Node& first, const Node& second);

} // namespace interlock::kernel_text
