// System calls of NetBSD; see kernel_path.hpp.
#include "actions/netbsd/calls.hpp"

namespace interlock::actions::netbsd {

namespace {

void sys_exit(Path& s) {
  s.mutex_enter(s.curproc().p_lock());
  exit1(s);
}

void kevent_wait(Path& s, const WaitCall& wait, const WaitResult& result) {
  kqueue_scan(s, wait.kqueue, wait.most, wait.timeout, result.collected);
}

bool restarts(const Path& s, const WaitCall& wait) {
  return wait.timeout == Timeout::forever && !s.environment().signals &&
         s.context().closable[wait.kqueue];
}

} // namespace

const KernelCalls<Path>& kernel_calls() {
  static const KernelCalls<Path> calls{
      .fork = fork1,
      .exit = sys_exit,
      .wait4 = do_sys_wait,
      .plain = {{CallKind::exec, [](Path& s, const Expr&) { execve1(s); }},
                {CallKind::killpg, killpg1}},
      .kevent_change = register_change<kqueue_register, Kevent>,
      .kevent_wait = kevent_wait,
      .restarts = restarts,
      .close = fd_close,
      .take_file = fd_getfile,
      .file_test = "test_fd_getfile",
      .drop_file = fd_putfile,
  };
  return calls;
}

} // namespace interlock::actions::netbsd
