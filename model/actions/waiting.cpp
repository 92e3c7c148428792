// See waiting.hpp.
#include "actions/waiting.hpp"

namespace interlock::actions {

Expr child_runs(const states::Lives& lives, std::size_t child) {
  const Expr pid = lives.kernel().pid(child).ref();
  return !lives.exiting(pid) && !lives.execs(pid);
}

Expr no_child_exits(const states::Lives& lives, Steps& s, const Expr& parent, const ReapCall& reap,
                    std::optional<std::size_t> caller) {
  const states::Kernel& k = lives.kernel();
  const Expr nobody = k.spec().nothing(k.proc_pool);
  Expr somebody_is_left(!caller);
  for (std::size_t child = 0; child < k.plan().processes.size(); ++child)
    if (caller && k.plan().processes[child].parent == caller &&
        (!reap.process || *reap.process == child))
      somebody_is_left = somebody_is_left || !lives.exiting(k.pid(child).ref());
  return somebody_is_left && s.find_first(k.p_children, parent, [&](const Expr& child) {
    const Expr pid = states::Proc(k, child).p_pid();
    return reap.process ? pid == k.pid(*reap.process).ref() && lives.exiting(pid)
                        : lives.exiting(pid);
  }) == nobody;
}

} // namespace interlock::actions
