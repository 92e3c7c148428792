// Which step of a path each node of a function is.
#pragma once

#include "kernel_text/align.hpp"

#include <map>

namespace interlock::kernel_text {

// Node of the function -> node of the path.
using Steps = std::map<const Node*, const Node*>;

// By alignment; and since one step may be several statements, in any order, an assignment or edit
// of a list that is left over is one with a step that agrees and that a statement beside it is.
// What the ledger leaves out is no step.  Pointers are into the skeletons.
Steps steps_of(const Skeleton& function, const Skeleton& path, const Nodes& wanted = {});

} // namespace interlock::kernel_text
