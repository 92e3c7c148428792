// When a wait may last for ever, from what user mode does alone.  No path of a kernel writes what
// is asked here, and so a path that forgets to wake somebody cannot make the wait look right.
#pragma once

#include "actions/promises.hpp"

namespace interlock::actions {

// vfork(2) waits while its child has not called exit(2).
Expr child_runs(const Promises& promises, std::size_t child);

// wait4(2) waits while no child of the parent has called exit(2).
Expr no_child_exits(const Promises& promises, Steps& s, const Expr& parent);

} // namespace interlock::actions
