// System calls of DragonFly; see kernel_path.hpp.
#include "actions/dragonfly/calls.hpp"

namespace interlock::actions::dragonfly {

namespace {

// kern_kill() of the group; until 2012 with the token of the process table.
void kill_own_group(Path& s, const Expr& result) {
  const bool holds_table = !s.revision().serial_reaping;
  s.path(s.kern_sig("kern_kill"), {}, [&] {
    if (holds_table)
      s.lwkt_gettoken(s.kernel().proc_token());
    dokillpg(s, result);
    if (holds_table)
      s.label("reltoken_after_group").lwkt_reltoken(s.kernel().proc_token());
  });
}

} // namespace

const KernelCalls<Path>& kernel_calls() {
  static const KernelCalls<Path> calls{
      .fork = sys_fork,
      .exit = exit1,
      .wait4 = kern_wait,
      .plain = {{CallKind::kill, kern_kill}, {CallKind::killpg, kill_own_group}},
      .kevent_change = register_change<kqueue_register, Kevent>,
      .kevent_wait = kern_kevent,
      .close = sys_close,
      .take_file = holdfp,
      .file_test = "test_holdfp",
      .drop_file = fdrop,
  };
  return calls;
}

} // namespace interlock::actions::dragonfly
