// The boundary of system calls; see calls.hpp.
#include "actions/calls.hpp"

namespace interlock::actions {

namespace {

const Anchor user{"", "", "user", 0};

void enter(Steps& s, Updates updates) { s.update("enter", std::move(updates)); }

void leave(Steps& s, const std::string& label, Updates updates) {
  Step step;
  step.entry_checks.push_back(
      {property::locks_at_return, s.holds_no_lock(), "a lock is held on return to user mode"});
  step.updates = std::move(updates);
  s.step(label, std::move(step));
}

void as_call(const Call& call, const Body& body) { call.s.path(user, {}, body, call.name); }

} // namespace

Kevent kevent_of(const states::Kernel& kernel, const ChangeCall& change) {
  const Request& request = change.request;
  Kevent kev;
  kev.add = change.add;
  kev.remove = change.remove;
  kev.enable = change.enable;
  kev.disable = change.disable;
  kev.ident = kernel.pid(request.process).ref();
  kev.flags = request.oneshot ? kernel.flag("EV_ONESHOT") : lang::literal(kernel.types().flags, 0);
  kev.fflags = request.notes;
  kev.udata = request.udata;
  return kev;
}

void fork_call(const Call& call, std::size_t child, const Body& fork) {
  as_call(call, [&] {
    enter(call.s, call.promises.fork_begins(child));
    fork();
    leave(call.s, "return", call.promises.fork_ends(child));
  });
}

void exit_call(const Call& call, std::size_t process, const Body& exit) {
  as_call(call, [&] {
    enter(call.s, call.promises.exit_begins(process));
    exit();
    leave(call.s, "lwp_exit", {});
  });
}

void plain_call(const Call& call, const ResultBody& body) {
  as_call(call, [&] {
    const Expr result = call.s.local("errno", errno_type());
    enter(call.s, {});
    body(result);
    leave(call.s, "return", {});
  });
}

void change_call(const Call& call, const ChangeCall& change, const ResultBody& body) {
  as_call(call, [&] {
    Steps& s = call.s;
    const Promises& promises = call.promises;
    const Request& request = change.request;
    const Expr result = s.local("errno", errno_type());
    const Change kind = change.add ? Change::add : change.enable ? Change::enable : Change::disable;
    const bool remove = change.remove;
    enter(s, remove ? promises.delete_begins(request.kqueue, request.process)
                    : promises.change_begins(request, kind));
    body(result);
    s.if_(
        result == error("0"),
        [&] {
          leave(s, "return",
                remove ? promises.delete_succeeds(request.kqueue, request.process)
                       : promises.change_succeeds(request, kind));
        },
        [&] {
          leave(s, "return_error",
                remove ? promises.delete_fails(request.kqueue, request.process)
                       : promises.change_fails(request));
        });
  });
}

void wait_call(const Call& call, const WaitCall& wait,
               const std::function<void(const WaitResult& result)>& body) {
  as_call(call, [&] {
    Steps& s = call.s;
    const Promises& promises = call.promises;
    const bool waits = wait.timeout == Timeout::forever;
    WaitResult result{
        s.local("errno", errno_type()), s.local("nevents", lang::integer_type(0, wait.most)), {}};
    if (wait.disables) {
      result.disabled_before = s.local("disabled_before", promises.process_set());
      s.spec().set_ghost(lang::place_of(result.disabled_before).variable);
    }
    s.loop("call", [&] {
      Updates updates = waits ? promises.wait_begins(wait.kqueue) : Updates{};
      updates.push_back(lang::assign(result.collected, Expr(0)));
      updates.push_back(lang::assign(result.error, error("0")));
      if (wait.disables)
        updates.push_back(lang::assign(result.disabled_before, promises.disabled_now(wait.kqueue)));
      enter(s, std::move(updates));
      body(result);
      leave(s, "return", waits ? promises.wait_ends(wait.kqueue) : Updates{});
      s.if_(result.error != error("0"), [&] { s.break_("call"); });
      s.where(!wait.loops, [&] { // else the loop goes round
        s.where(wait.restarts, [&] { s.if_(result.collected == 0, [&] { s.continue_("call"); }); });
        s.break_("call");
      });
    });
  });
}

void close_call(const Call& call, std::size_t kqueue, const ResultBody& body) {
  as_call(call, [&] {
    Steps& s = call.s;
    const Expr result = s.local("errno", errno_type());
    enter(s, call.promises.close_begins(kqueue));
    body(result);
    s.if_(
        result == error("0"), [&] { leave(s, "return", call.promises.close_ends(kqueue)); },
        [&] { leave(s, "return_error", {}); });
  });
}

void wait_until_started(Steps& s) {
  s.path(
      user, {},
      [&] { s.await("started", s.spec().read(s.kernel().l_started, s.self()), Expr(true)); },
      "lwp_start");
}

} // namespace interlock::actions
