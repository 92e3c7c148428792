// System calls of DragonFly; see kernel_path.hpp.
#include "actions/dragonfly/calls.hpp"

namespace interlock::actions::dragonfly {

namespace {

void sys_vfork(Path& s, std::size_t child) {
  sys_fork(s, child, Fork::vfork);
  // The child runs in its parent's memory until it has left it.
  s.check(property::vfork_waits, s.promises().watches().exiting(s.kernel().pid(child).ref()),
          "vfork(2) returns while the child still uses its parent's memory");
}

void kevent_change(Path& s, const ChangeCall& change, const Expr& result) {
  kqueue_register(s, s.kernel().kqueue(change.request.kqueue),
                  Kevent{kevent_of(s.kernel(), change)}, result);
}

} // namespace

const KernelCalls<Path>& kernel_calls() {
  static const KernelCalls<Path> calls{
      .fork = [](Path& s, std::size_t child) { sys_fork(s, child, Fork::ordinary); },
      .vfork = sys_vfork,
      .exit = exit1,
      .plain = {{CallKind::wait4, kern_wait},
                {CallKind::kill, kern_kill},
                {CallKind::killpg, dokillpg}},
      .kevent_change = kevent_change,
      .kevent_wait = kern_kevent,
      .close = sys_close,
      .take_file = holdfp,
      .file_test = "test_holdfp",
      .drop_file = fdrop,
  };
  return calls;
}

} // namespace interlock::actions::dragonfly
