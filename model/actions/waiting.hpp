// When a wait may last for ever, from what user mode does alone.  No path of a kernel writes what
// is asked here, and so a path that forgets to wake somebody cannot make the wait look right.
#pragma once

#include "actions/calls.hpp"

namespace interlock::actions {

// vfork(2) waits while its child has called neither exit(2) nor exec: it runs in its parent's
// memory.
Expr child_runs(const states::Lives& lives, std::size_t child);

// wait4(2) waits while no child of the parent, of those that it is for, has called exit(2).  Where
// children leave a parent that ignores SIGCHLD, somebody who has not has to be left to wait for:
// `caller` is that parent's process, nothing for one that keeps its children.
Expr no_child_exits(const states::Lives& lives, Steps& s, const Expr& parent, const ReapCall& reap,
                    std::optional<std::size_t> caller);

// Of a thread's path: its process, where children leave that because it ignores SIGCHLD.
template <class Path> std::optional<std::size_t> loses_children(Path& s) {
  if (!s.environment().sigchld_ignored || s.process() == s.kernel().plan().init)
    return std::nullopt;
  return s.process();
}

} // namespace interlock::actions
