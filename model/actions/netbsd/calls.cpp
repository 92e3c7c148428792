// System calls of NetBSD; see calls.hpp.
#include "actions/netbsd/calls.hpp"

namespace interlock::actions::netbsd {

namespace {

Call named(Path& s, const std::string& name) { return {s, s.promises(), name}; }

// Runs `body` with a reference to the kqueue's file, unless the descriptor is closed already.
void with_descriptor(Path& s, std::size_t kqueue, const Expr& result, const Body& body) {
  if (!s.context().closable[kqueue]) {
    body();
    return;
  }
  fd_getfile(s, kqueue, result);
  s.label("test_fd_getfile").if_(result == error("0"), [&] {
    body();
    fd_putfile(s, kqueue);
  });
}

Kevent kevent_of(Path& s, const ChangeCall& call) {
  const Kernel& k = s.kernel();
  Kevent kev;
  kev.add = call.add;
  kev.remove = call.remove;
  kev.enable = call.enable;
  kev.disable = call.disable;
  kev.ident = k.pid(call.request.process).ref();
  kev.flags = call.request.oneshot ? k.flag("EV_ONESHOT") : lang::literal(k.types().flags, 0);
  kev.fflags = call.request.notes;
  kev.udata = call.request.udata;
  return kev;
}

} // namespace

void fork_call(Path& s, const std::string& name, std::size_t child, Fork kind) {
  actions::fork_call(named(s, name), child, [&] { fork1(s, child, kind); });
}

void exec_call(Path& s, const std::string& name) {
  plain_call(named(s, name), [&](const Expr&) { execve_runproc(s); });
}

void exit_call(Path& s, const std::string& name) {
  actions::exit_call(named(s, name), s.process(), [&] {
    s.mutex_enter(s.curproc().p_lock()); // sys_exit()
    exit1(s);
  });
}

void wait4_call(Path& s, const std::string& name) {
  plain_call(named(s, name), [&](const Expr& result) { do_sys_wait(s, result); });
}

void kevent_change_call(Path& s, const std::string& name, const ChangeCall& change) {
  change_call(named(s, name), change, [&](const Expr& result) {
    const std::size_t kqueue = change.request.kqueue;
    with_descriptor(s, kqueue, result, [&] {
      kqueue_register(s, s.kernel().kqueue(kqueue), kevent_of(s, change), result);
    });
  });
}

void kevent_wait_call(Path& s, const std::string& name, WaitCall wait) {
  wait.disables = s.context().disables;
  wait.restarts = wait.timeout == Timeout::forever && !s.context().environment.signals &&
                  s.context().closable[wait.kqueue];
  wait_call(named(s, name), wait, [&](const WaitResult& result) {
    with_descriptor(s, wait.kqueue, result.error, [&] {
      kqueue_scan(s, wait.kqueue, wait.most, wait.timeout, result.collected,
                  result.disabled_before);
    });
  });
}

void close_call(Path& s, const std::string& name, std::size_t kqueue) {
  actions::close_call(named(s, name), kqueue,
                      [&](const Expr& result) { fd_close(s, kqueue, result); });
}

} // namespace interlock::actions::netbsd
