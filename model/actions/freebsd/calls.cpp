// System calls of FreeBSD; see kernel_path.hpp.
#include "actions/freebsd/calls.hpp"

namespace interlock::actions::freebsd {

const KernelCalls<Path>& kernel_calls() {
  static const KernelCalls<Path> calls{
      .fork = fork1,
      .exit = exit1,
      .wait4 = kern_wait,
      .plain = {{CallKind::kill, sys_kill},
                {CallKind::killpg, killpg1},
                {CallKind::sigsuspend, sys_sigsuspend},
                {CallKind::ptrace, ptrace_attach}},
      .kevent_change = register_change<kqueue_register, Kevent>,
      .kevent_wait = kqueue_scan,
      .close = sys_close,
      .take_file = fget,
      .file_test = "test_fget",
      .drop_file = fdrop,
  };
  return calls;
}

} // namespace interlock::actions::freebsd
