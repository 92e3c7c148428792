// See waiting.hpp.
#include "actions/waiting.hpp"

namespace interlock::actions {

Expr child_runs(const Promises& promises, std::size_t child) {
  const states::Watches& watches = promises.watches();
  return !watches.exiting(watches.kernel().pid(child).ref());
}

Expr no_child_exits(const Promises& promises, Steps& s, const Expr& parent) {
  const states::Watches& watches = promises.watches();
  const states::Kernel& k = watches.kernel();
  const Expr nobody = k.spec().nothing(k.proc_pool);
  return s.find_first(k.p_children, parent, [&](const Expr& child) {
    return watches.exiting(states::Proc(k, child).p_pid());
  }) == nobody;
}

} // namespace interlock::actions
