// Shortest ways and cycles of small directed graphs, whose nodes are numbers.
#pragma once

#include <cstdint>
#include <vector>

namespace interlock::lang {

using Nodes = std::vector<std::uint32_t>;
using Graph = std::vector<Nodes>; // by node: those that its edges lead to

// A shortest way from one node to another, both included; one node where they are the same; empty
// where there is none.  Among the shortest, edges that come first are preferred.
Nodes shortest_path(const Graph& graph, std::uint32_t from, std::uint32_t to);

// A shortest cycle through the least node that is on one, beginning there; a node with an edge to
// itself is a cycle.  Empty where there is none.
Nodes first_cycle(const Graph& graph);

} // namespace interlock::lang
