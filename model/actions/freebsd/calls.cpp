// System calls of FreeBSD; see kernel_path.hpp.
#include "actions/freebsd/calls.hpp"

namespace interlock::actions::freebsd {

namespace {

void kevent_change(Path& s, const ChangeCall& change, const Expr& result) {
  kqueue_register(s, s.kernel().kqueue(change.request.kqueue),
                  Kevent{kevent_of(s.kernel(), change)}, result);
}

} // namespace

const KernelCalls<Path>& kernel_calls() {
  static const KernelCalls<Path> calls{
      .fork = [](Path& s, std::size_t child) { fork1(s, child, Fork::ordinary); },
      .vfork = [](Path& s, std::size_t child) { fork1(s, child, Fork::vfork); },
      .exit = exit1,
      .plain = {{CallKind::wait4, kern_wait},
                {CallKind::kill, sys_kill},
                {CallKind::sigsuspend, sys_sigsuspend},
                {CallKind::ptrace, ptrace_attach}},
      .kevent_change = kevent_change,
      .kevent_wait = kqueue_scan,
      .close = sys_close,
      .take_file = fget,
      .file_test = "test_fget",
      .drop_file = fdrop,
  };
  return calls;
}

} // namespace interlock::actions::freebsd
