// System calls of NetBSD; see netbsd_calls.hpp.
#include "actions/netbsd_calls.hpp"

namespace interlock::actions::netbsd {

namespace {

const Anchor user{"", "", "user", 0};

void enter(Path& s, Updates updates) { s.update("enter", std::move(updates)); }

void leave(Path& s, const std::string& label, Updates updates) {
  Step step;
  step.entry_checks.push_back(
      {property::locks_at_return, s.holds_no_lock(), "a lock is held on return to user mode"});
  step.updates = std::move(updates);
  s.step(label, std::move(step));
}

// Runs `body` with a reference to the kqueue's file, unless the descriptor is closed already.
void with_descriptor(Path& s, std::size_t kqueue, const Expr& result, const Body& body) {
  if (!s.context().closable[kqueue]) {
    body();
    return;
  }
  fd_getfile(s, kqueue, result);
  s.if_(result == error("0"), [&] {
    body();
    fd_putfile(s, kqueue);
  });
}

netbsd::Change change_of(Path& s, const ChangeCall& call) {
  states::Kernel& k = s.kernel();
  netbsd::Change change;
  change.add = call.add;
  change.remove = call.remove;
  change.enable = call.enable;
  change.disable = call.disable;
  change.ident = k.pid(call.request.process).ref();
  change.flags = call.request.oneshot ? k.flag("EV_ONESHOT") : lang::literal(k.types().flags, 0);
  change.fflags = call.request.notes;
  change.udata = call.request.udata;
  return change;
}

} // namespace

void fork_call(Path& s, const std::string& name, std::size_t child) {
  s.path(
      user, {},
      [&] {
        enter(s, s.promises().fork_begins(child));
        fork1(s, child);
        leave(s, "return", s.promises().fork_ends(child));
      },
      name);
}

void exit_call(Path& s, const std::string& name) {
  s.path(
      user, {},
      [&] {
        enter(s, s.promises().exit_begins(s.process()));
        s.mutex_enter(s.curproc().p_lock()); // sys_exit()
        exit1(s);
        leave(s, "lwp_exit", {});
      },
      name);
}

void wait4_call(Path& s, const std::string& name) {
  s.path(
      user, {},
      [&] {
        const Expr result = s.local("errno", errno_type());
        enter(s, {});
        do_sys_wait(s, result);
        leave(s, "return", {});
      },
      name);
}

void kevent_change_call(Path& s, const std::string& name, const ChangeCall& call) {
  s.path(
      user, {},
      [&] {
        const Promises& promises = s.promises();
        const Request& request = call.request;
        const Expr result = s.local("errno", errno_type());
        const actions::Change change = call.add      ? actions::Change::add
                                       : call.enable ? actions::Change::enable
                                                     : actions::Change::disable;
        const bool remove = call.remove;
        enter(s, remove ? promises.delete_begins(request.kqueue, request.process)
                        : promises.change_begins(request, change));
        with_descriptor(s, request.kqueue, result, [&] {
          kqueue_register(s, s.kernel().kqueue(request.kqueue), change_of(s, call), result);
        });
        s.if_(
            result == error("0"),
            [&] {
              leave(s, "return",
                    remove ? promises.delete_succeeds(request.kqueue, request.process)
                           : promises.change_succeeds(request, change));
            },
            [&] {
              leave(s, "return_error",
                    remove ? promises.delete_fails(request.kqueue, request.process)
                           : promises.change_fails(request));
            });
      },
      name);
}

void kevent_wait_call(Path& s, const std::string& name, std::size_t kqueue, int most,
                      Timeout timeout, bool forever) {
  s.path(
      user, {},
      [&] {
        const Promises& promises = s.promises();
        const bool waits = timeout == Timeout::forever;
        const Expr result = s.local("errno", errno_type());
        const Expr collected = s.local("nevents", lang::integer_type(0, most));
        Expr disabled_before;
        if (s.context().disables) {
          disabled_before = s.local("disabled_before", promises.process_set());
          s.spec().set_ghost(lang::place_of(disabled_before).variable);
        }
        s.loop("call", [&] {
          Updates updates = waits ? promises.wait_begins(kqueue) : Updates{};
          updates.push_back(lang::assign(collected, Expr(0)));
          updates.push_back(lang::assign(result, error("0")));
          if (!disabled_before.empty())
            updates.push_back(lang::assign(disabled_before, promises.disabled_now(kqueue)));
          enter(s, std::move(updates));
          with_descriptor(s, kqueue, result, [&] {
            kqueue_scan(s, kqueue, most, timeout, collected, disabled_before);
          });
          leave(s, "return", waits ? promises.wait_ends(kqueue) : Updates{});
          s.if_(result != error("0"), [&] { s.break_("call"); });
          if (forever)
            return; // the loop goes round
          // ERESTART: the call is made again.
          if (waits && !s.context().environment.signals && s.context().closable[kqueue])
            s.if_(collected == 0, [&] { s.continue_("call"); });
          s.break_("call");
        });
      },
      name);
}

void close_call(Path& s, const std::string& name, std::size_t kqueue) {
  s.path(
      user, {},
      [&] {
        const Expr result = s.local("errno", errno_type());
        enter(s, s.promises().close_begins(kqueue));
        fd_close(s, kqueue, result);
        s.if_(
            result == error("0"), [&] { leave(s, "return", s.promises().close_ends(kqueue)); },
            [&] { leave(s, "return_error", {}); });
      },
      name);
}

void wait_until_started(Path& s) {
  s.path(
      user, {},
      [&] { s.await("started", s.spec().read(s.kernel().l_started, s.self()), Expr(true)); },
      "lwp_start");
}

} // namespace interlock::actions::netbsd
