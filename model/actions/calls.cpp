// The boundary of system calls; see calls.hpp.
#include "actions/calls.hpp"

#include "actions/waiting.hpp"

namespace interlock::actions {

namespace {

const Anchor user{"", "", "user", 0};

using Updates = std::vector<lang::Update>;

std::string event_name(const Call& call) {
  return shown::name_of(call.s.spec().thread_name(call.s.thread()), call.name);
}

void enter(const Call& call, Updates updates = {}, bool is_shown = true) {
  Step step;
  step.boundary = call.parks ? lang::Boundary::parks : lang::Boundary::begins;
  step.updates = std::move(updates);
  if (is_shown)
    step.shows = shown::begins(event_name(call));
  if (!call.gate.empty()) {
    step.guard = call.gate;
    step.idle_when = Expr(true); // who has not called waits for nothing
  }
  call.s.step("enter", std::move(step));
}

void leave(const Call& call, const std::string& label, std::optional<lang::Shows> shows,
           Updates updates = {}, std::vector<lang::Check> checks = {}) {
  Step step;
  step.boundary = lang::Boundary::returns;
  step.entry_checks = std::move(checks);
  step.entry_checks.push_back(
      {property::locks_at_return, call.s.holds_no_lock(), "a lock is held on return to user mode"});
  step.updates = std::move(updates);
  if (!call.returned.empty())
    step.updates.push_back(lang::assign(call.returned, Expr(true)));
  step.shows = std::move(shows);
  call.s.step(label, std::move(step));
}

void as_call(const Call& call, const Body& body) { call.s.path(user, {}, body, call.name); }

void unpromised_call(const Call& call, Updates entered, const ResultBody& body) {
  as_call(call, [&] {
    const Expr result = call.s.local("errno", errno_type());
    enter(call, std::move(entered), false);
    body(result);
    leave(call, "return", std::nullopt);
  });
}

// Notes whether the call has answered what it is asked for.
Updates answers(const Call& call, const Expr& result, const Expr& found_nothing = Expr(false)) {
  if (call.answered.empty())
    return {};
  const Expr success = result == error("0");
  const Expr answered = call.answer == answer_nothing     ? success && found_nothing
                        : call.answer == answer_something ? success && !found_nothing
                                                          : result == error(call.answer.c_str());
  return {lang::assign(call.answered, answered)};
}

// The return of a call whose errors are judged too.
void leave_with(const Call& call, const Expr& result) {
  const auto returns = shown::returns(event_name(call), result);
  call.s.if_(
      result == error("0"), [&] { leave(call, "return", returns, answers(call, result)); },
      [&] { leave(call, "return_error", returns, answers(call, result)); });
}

// The first of the children that the call is about which was told to have exited and still can be
// waited for: its pid, or none.
Expr child_due(const Call& call, const ReapCall& reap, std::size_t caller) {
  const states::Kernel& k = call.lives.kernel();
  Expr due = k.spec().nothing(k.pid_pool);
  for (std::size_t child = k.plan().processes.size(); child-- > 0;)
    if (k.plan().processes[child].parent == caller && (!reap.process || *reap.process == child)) {
      const states::Pid pid = k.pid(child);
      due = lang::choose(call.lives.told(pid.ref()) && !states::Object(k, pid.proc()).is_none(),
                         pid.ref(), due);
    }
  return due;
}

} // namespace

Kevent kevent_of(const states::Kernel& kernel, const ChangeCall& change) {
  const Request& request = change.request;
  Kevent kev;
  kev.add = change.add;
  kev.remove = change.remove;
  kev.enable = change.enable;
  kev.disable = change.disable;
  kev.ident = kernel.pid(request.process).ref();
  kev.flags = lang::literal(kernel.types().flags, 0);
  if (request.oneshot)
    kev.flags = kev.flags | kernel.flag("EV_ONESHOT");
  if (request.dispatch)
    kev.flags = kev.flags | kernel.flag("EV_DISPATCH");
  kev.fflags = request.notes;
  kev.udata = request.udata;
  return kev;
}

void fork_call(const Call& call, std::size_t child, Fork kind, const Body& fork) {
  as_call(call, [&] {
    const states::Lives& lives = call.lives;
    const Expr forking = lives.forking(lives.kernel().pid(child).ref());
    enter(call, {lang::assign(forking, lives.phase("during"))});
    fork();
    std::vector<lang::Check> waited;
    if (kind == Fork::vfork)
      waited.push_back({property::vfork_waits, !child_runs(lives, child),
                        "vfork(2) returns while the child still uses its parent's memory"});
    leave(call, "return", shown::returns(event_name(call), error("0")),
          {lang::assign(forking, lives.phase("after"))}, std::move(waited));
  });
}

void exit_call(const Call& call, std::size_t process, const Body& exit) {
  as_call(call, [&] {
    const states::Lives& lives = call.lives;
    enter(call, {lang::assign(lives.exiting(lives.kernel().pid(process).ref()), Expr(true))});
    exit();
    leave(call, "lwp_exit", shown::ends(event_name(call)));
  });
}

void wait4_call(const Call& call, const ReapCall& reap, std::size_t caller,
                const std::function<void(const ReapResult& result)>& body) {
  as_call(call, [&] {
    Steps& s = call.s;
    const states::Kernel& k = call.lives.kernel();
    const bool is_judged = reap.nohang && call.lives.tells();
    ReapResult result{s.local("errno", errno_type()), Expr(false)};
    Updates updates{lang::assign(result.error, error("0"))};
    Expr due;
    if (reap.nohang) {
      result.nobody = s.local("nobody", lang::boolean_type());
      updates.push_back(lang::assign(result.nobody, Expr(false)));
    }
    if (is_judged) {
      due = s.local("due", k.pid(0).ref().type_ref());
      s.spec().set_ghost(due.node().variable);
      updates.push_back(lang::assign(due, child_due(call, reap, caller)));
    }
    enter(call, std::move(updates));
    body(result);
    if (is_judged)
      s.check(property::wait_after_note_exit,
              !result.nobody || due == s.spec().nothing(k.pid_pool) ||
                  states::Object(k, states::Pid(k, due).proc()).is_none(),
              "NOTE_EXIT of a child was delivered before, and wait4(2) does not find it");
    leave(call, "return", shown::returns(event_name(call), result.error),
          answers(call, result.error, result.nobody));
  });
}

void plain_call(const Call& call, const ResultBody& body) { unpromised_call(call, {}, body); }

void exec_call(const Call& call, std::size_t process, const ResultBody& exec) {
  const states::Lives& lives = call.lives;
  unpromised_call(call, {lang::assign(lives.execs(lives.kernel().pid(process).ref()), Expr(true))},
                  exec);
}

void change_call(const Call& call, const ResultBody& body) {
  as_call(call, [&] {
    const Expr result = call.s.local("errno", errno_type());
    enter(call);
    body(result);
    leave_with(call, result);
  });
}

void wait_call(const Call& call, const WaitCall& wait,
               const std::function<void(const WaitResult& result)>& body) {
  as_call(call, [&] {
    Steps& s = call.s;
    const WaitResult result{s.local("errno", errno_type()),
                            s.local("nevents", lang::integer_type(0, wait.most))};
    // A call that the kernel restarts has not returned.
    Call once = call;
    once.returned = {};
    Updates returned;
    if (!call.returned.empty())
      returned.push_back(lang::assign(call.returned, wait.restarts ? result.collected != 0 ||
                                                                         result.error != error("0")
                                                                   : Expr(true)));
    for (const lang::Update& update : answers(call, result.error, result.collected == 0))
      returned.push_back(update);
    s.loop("call", [&] {
      enter(call,
            {lang::assign(result.collected, Expr(0)), lang::assign(result.error, error("0"))});
      body(result);
      leave(once, "return", shown::returns(event_name(call), result.error), returned);
      s.if_(result.error != error("0"), [&] { s.break_("call"); });
      s.where(!wait.loops, [&] { // else the loop goes round
        s.where(wait.restarts, [&] { s.if_(result.collected == 0, [&] { s.continue_("call"); }); });
        s.break_("call");
      });
    });
  });
}

void close_call(const Call& call, const ResultBody& body) { change_call(call, body); }

void show_event(Step& step, Steps& s, const states::Lives& lives, const states::Knote& event) {
  step.reports = {{"ident", event.kn_id()},
                  {"flags", event.kn_flags()},
                  {"fflags", event.kn_fflags()},
                  {"data", event.kn_data()},
                  {"udata", event.kn_udata()}};
  // Of any other event the page says nothing of data.
  const Expr has_data = (event.kn_fflags() & s.kernel().note("NOTE_CHILD|NOTE_EXIT")) != 0;
  step.shows = shown::gets(s.spec().thread_name(s.thread()),
                           {event.kn_id(), event.kn_fflags(),
                            lang::choose(has_data, event.kn_data(), s.kernel().no_data()),
                            event.kn_udata()});
  if (lives.tells()) {
    const Expr told = lives.told(event.kn_id());
    step.updates.push_back(
        lang::assign(told, told || (event.kn_fflags() & s.kernel().note("NOTE_EXIT")) != 0));
  }
}

lang::Shows show_reaping(Steps& s, const Expr& pid) {
  return shown::reaps(s.spec().thread_name(s.thread()), pid);
}

void refuse_tracking(Steps& s, const std::string& label, const Expr& kqueue, std::size_t child,
                     Updates updates) {
  Step step;
  step.updates = std::move(updates);
  step.shows = shown::refuses(s.kernel().plan().processes[child].name, kqueue);
  s.step(label, std::move(step));
}

void wait_until_started(Steps& s) {
  s.path(
      user, {},
      [&] { s.await("started", s.spec().read(s.kernel().l_started, s.self()), Expr(true)); },
      "lwp_start");
}

} // namespace interlock::actions
