// System calls of DragonFly; see calls.hpp.
#include "actions/dragonfly/calls.hpp"

namespace interlock::actions::dragonfly {

namespace {

Call named(Path& s, const std::string& name) { return {s, s.promises(), name}; }

// Runs `body` with a reference to the kqueue's file, unless the descriptor is closed already.
void with_file(Path& s, std::size_t kqueue, const Expr& result, const Body& body) {
  if (!s.context().closable[kqueue]) {
    body();
    return;
  }
  holdfp(s, kqueue, result);
  s.label("test_holdfp").if_(result == error("0"), [&] {
    body();
    fdrop(s, kqueue);
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

void fork_call(Path& s, const std::string& name, std::size_t child) {
  actions::fork_call(named(s, name), child, [&] { sys_fork(s, child, Fork::ordinary); });
}

void vfork_call(Path& s, const std::string& name, std::size_t child) {
  actions::fork_call(named(s, name), child, [&] {
    sys_fork(s, child, Fork::vfork);
    // The child runs in its parent's memory until it has left it.
    s.check(property::vfork_waits, s.promises().watches().exiting(s.kernel().pid(child).ref()),
            "vfork(2) returns while the child still uses its parent's memory");
  });
}

void exit_call(Path& s, const std::string& name) {
  actions::exit_call(named(s, name), s.process(), [&] { exit1(s); });
}

void wait4_call(Path& s, const std::string& name) {
  plain_call(named(s, name), [&](const Expr& result) { kern_wait(s, result); });
}

void kill_call(Path& s, const std::string& name, std::size_t process) {
  plain_call(named(s, name), [&](const Expr& result) { kern_kill(s, process, result); });
}

void killpg_call(Path& s, const std::string& name) {
  plain_call(named(s, name), [&](const Expr& result) { dokillpg(s, result); });
}

void kevent_change_call(Path& s, const std::string& name, const ChangeCall& change) {
  change_call(named(s, name), change, [&](const Expr& result) {
    const std::size_t kqueue = change.request.kqueue;
    with_file(s, kqueue, result,
              [&] { kqueue_register(s, s.kernel().kqueue(kqueue), kevent_of(s, change), result); });
  });
}

void kevent_wait_call(Path& s, const std::string& name, WaitCall wait) {
  wait.disables = s.context().disables;
  wait.restarts = false; // EINTR
  wait_call(named(s, name), wait, [&](const WaitResult& result) {
    with_file(s, wait.kqueue, result.error, [&] { kern_kevent(s, wait, result); });
  });
}

void close_call(Path& s, const std::string& name, std::size_t kqueue) {
  actions::close_call(named(s, name), kqueue,
                      [&](const Expr& result) { sys_close(s, kqueue, result); });
}

} // namespace interlock::actions::dragonfly
