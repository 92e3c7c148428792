// Which statements of one block of a path stand for a part of C, for patches that take a block's
// statements from one through another.
#pragma once

#include "kernel_text/steps.hpp"

namespace interlock::kernel_text {

// Siblings of a path's skeleton, by their places.
struct ModelRange {
  const Skeleton* block = nullptr; // null where nothing stands there
  std::size_t first = 0, last = 0;
  std::string why = {}; // where it is no range that a patch can name
  bool known() const { return why.empty(); }
  const std::string& first_label() const { return block->at(first).label; }
  const std::string& last_label() const { return block->at(last).label; }
};

// The fewest siblings of the path that have all of these nodes, none of which is an else.
ModelRange range_of(const Skeleton& path, const Nodes& wanted);

// All nodes of the range, with those inside.
std::vector<const Node*> nodes_of(const ModelRange& range);

// Whether something in it ends a turn of a loop or the loop: put into another loop, it would mean
// that one.
bool leaves_a_loop(const ModelRange& range);

// The sibling in front of a node of the path's, or nullptr.
const Node* node_before(const Skeleton& path, const Node& node);

// The nodes around one of the path's, outermost first; empty where it is not in the path.
std::vector<const Node*> around(const Skeleton& path, const Node& node);

} // namespace interlock::kernel_text
