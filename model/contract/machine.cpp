// The actions of the contract, call by call; see machine.hpp.
#include "contract/machine.hpp"

#include "actions/shown.hpp"
#include "contract/registrations.hpp"
#include "contract/rules.hpp"
#include "lang/steps.hpp"

namespace interlock::contract {

namespace {

namespace shown = actions::shown;
using actions::CallKind;
using actions::error;
using lang::assign;
using lang::choose;
using lang::Step;
using Updates = std::vector<Update>;

class Thread {
public:
  Thread(World& world, lang::ThreadId thread, const Refusals& refusals,
         const Parameters& parameters)
      : w_(world), s_(world.spec(), thread), thread_(thread), refusals_(refusals),
        parameters_(parameters) {}

  void call(const Call& call) {
    s_.path(
        {"", "", "user", 0}, {}, [&] { body(call); }, call.name);
  }
  lang::Block take() { return s_.take(); }

private:
  void body(const Call& call) {
    const bool polls = call.kind == CallKind::wait && parameters_.polls_see_nothing;
    rule_ = call.kind == CallKind::wait4 ? rule::wait4 : polls ? rule::poll : rule::error;
    switch (call.kind) {
    case CallKind::fork:
    case CallKind::vfork:
      return fork(call);
    case CallKind::exit:
      return exit(call);
    case CallKind::wait4:
      return wait4(call);
    case CallKind::change:
      return change(call);
    case CallKind::wait:
      return wait(call);
    case CallKind::close:
      return close(call);
    default: // has nothing to do with kevent(2)
      return;
    }
  }

  // --- steps ---

  void shows(const std::string& label, lang::Shows event, Updates updates = {},
             const Expr& guard = {}) {
    event.rule = rule_;
    Step step;
    step.guard = guard;
    step.updates = std::move(updates);
    step.shows = std::move(event);
    s_.step(label, std::move(step));
  }
  void unseen(const std::string& label, const Expr& guard, Updates updates) {
    Step step;
    step.guard = guard;
    step.updates = std::move(updates);
    s_.step(label, std::move(step));
  }
  // Whichever can happen; either() itself takes at least two.
  void any_of(const std::vector<lang::Body>& moments) {
    if (moments.size() == 1)
      moments[0]();
    else
      s_.either(moments);
  }
  std::string name(std::size_t process) const { return w_.plan().processes[process].name; }

  // --- fork(2) ---

  // The kernel tells each kqueue that watches the parent, in two parts: who tracks, and who asked
  // for NOTE_FORK.
  void fork(const Call& call) {
    const std::size_t child = call.process;
    const std::size_t parent = *w_.plan().processes[child].parent;
    shows("begins", shown::begins(call.name));
    s_.loop("fork", [&] {
      std::vector<lang::Body> moments{
          [&] { unseen("born", !w_.born(child), {assign(w_.born(child), Expr(true))}); }};
      Expr told(true);
      for (const std::size_t kqueue : w_.kqueues_watching(parent)) {
        const Registration own = w_.registration(kqueue, parent);
        const Registration of_child = w_.registration(kqueue, child);
        const std::string& queue = w_.plan().kqueues[kqueue].name;
        told = told && of_child.told_track() && of_child.told_fork() &&
               of_child.refused() == of_child.refusal_seen();
        moments.emplace_back([this, child, own, of_child, queue] {
          track(w_.born(child) && !of_child.told_track(), own, of_child, queue);
        });
        moments.emplace_back([this, child, own, of_child, queue] {
          const Expr asked = own.registered() && own.asks("NOTE_FORK");
          unseen("tell_fork_" + queue, w_.born(child) && !of_child.told_fork(),
                 {assign(of_child.told_fork(), Expr(true)),
                  assign(own.pending(),
                         choose(asked, own.pending() | w_.note("NOTE_FORK"), own.pending()))});
        });
        if (refusals_.memory || refusals_.permission)
          moments.emplace_back([this, child, own, of_child, queue, kqueue] {
            refuse(child, own, of_child, queue, w_.kqueue(kqueue));
          });
      }
      // A child may exit before the fork has told of its birth.
      tell_exits(moments, child);
      moments.emplace_back([&, told] {
        shows("returns", shown::returns(call.name, error("0")), {},
              w_.born(child) && told && (!w_.exited(child) || exit_told(child)));
        s_.break_("fork");
      });
      any_of(moments);
    });
  }

  // Memory or permission is refused, which is seen after it is decided, once for each registration
  // that the kernel tries to make.
  void refuse(std::size_t child, const Registration& own, const Registration& of_child,
              const std::string& queue, const Expr& kqueue) {
    const Expr asked = own.registered() && own.asks("NOTE_TRACK");
    s_.either(
        {[&] {
           unseen("refuse_" + queue, w_.born(child) && !of_child.told_track(),
                  {assign(of_child.told_track(), Expr(true)),
                   assign(of_child.refused(), Expr(true)),
                   assign(own.pending(),
                          choose(asked, own.pending() | w_.note("NOTE_TRACKERR"), own.pending()))});
         },
         [&] {
           shows("refusal_" + queue, shown::refuses(name(child), kqueue),
                 {assign(of_child.refusal_seen(), Expr(true))}, of_child.refused());
         }});
  }

  // NOTE_TRACK: the child is registered as its parent is, with NOTE_CHILD pending.
  void track(const Expr& guard, const Registration& own, const Registration& of_child,
             const std::string& queue) {
    const Expr asked = own.registered() && own.asks("NOTE_TRACK");
    const auto registers = [&](const std::string& label, const Expr& when, const Expr& enabled) {
      unseen(label, guard && asked && when,
             {assign(of_child.told_track(), Expr(true)), assign(of_child.registered(), Expr(true)),
              assign(of_child.notes(), own.notes()), assign(of_child.udata(), own.udata()),
              assign(of_child.oneshot(), own.oneshot()),
              assign(of_child.dispatch(), own.dispatch()), assign(of_child.enabled(), enabled),
              assign(of_child.pending(), of_child.pending() | w_.note("NOTE_CHILD"))});
    };
    s_.either({[&] {
                 unseen("nobody_tracks_" + queue, guard && !asked,
                        {assign(of_child.told_track(), Expr(true))});
               },
               [&] { registers("track_" + queue, Expr(true), Expr(true)); },
               [&] { registers("track_disabled_" + queue, !own.enabled(), Expr(false)); },
               [&] { // it has a registration of its own
                 unseen("track_registered_" + queue, guard && asked && of_child.registered(),
                        {assign(of_child.told_track(), Expr(true)),
                         assign(of_child.pending(), of_child.pending() | w_.note("NOTE_CHILD"))});
               }});
  }

  // --- exit(2), wait4(2) ---

  Expr birth_told(std::size_t kqueue, std::size_t process) {
    const auto parent = w_.plan().processes[process].parent;
    if (!parent || !w_.watches(kqueue, *parent))
      return Expr(true);
    const Registration registration = w_.registration(kqueue, process);
    return registration.told_track() && registration.told_fork();
  }

  // All kqueues have been told that can be: not those that do not know of its birth.
  Expr exit_told(std::size_t process) {
    Expr told(true);
    for (const std::size_t kqueue : w_.kqueues_watching(process))
      told = told && (w_.registration(kqueue, process).told_exit() || !birth_told(kqueue, process));
    return told;
  }

  // The moments at which the kqueues are told of the exit.
  void tell_exits(std::vector<lang::Body>& moments, std::size_t process) {
    for (const std::size_t kqueue : w_.kqueues_watching(process))
      moments.emplace_back([this, kqueue, process] {
        const Registration own = w_.registration(kqueue, process);
        const Expr asked = own.registered() && own.asks("NOTE_EXIT");
        unseen("tell_exit_" + w_.plan().kqueues[kqueue].name,
               w_.exiting(process) && !own.told_exit() && birth_told(kqueue, process),
               {assign(own.told_exit(), Expr(true)), assign(own.dead(), own.registered()),
                assign(own.pending(),
                       choose(asked, own.pending() | w_.note("NOTE_EXIT"), own.pending()))});
      });
  }

  void exit(const Call& call) {
    const std::size_t process = w_.plan().threads[thread_].process;
    // Nobody can look at the process' own kqueues any more.
    Updates closing{assign(w_.exiting(process), Expr(true))};
    for (const std::size_t kqueue : w_.plan().kqueues_of(process)) {
      closing.push_back(assign(w_.open(kqueue), Expr(false)));
      append(closing, end_all(kqueue, Expr(true)));
    }
    shows("begins", shown::begins(call.name), std::move(closing));
    s_.loop("exit", [&] {
      std::vector<lang::Body> moments;
      tell_exits(moments, process);
      moments.emplace_back([&] {
        shows("ends", shown::ends(call.name), {assign(w_.exited(process), Expr(true))},
              exit_told(process));
        s_.break_("exit");
      });
      any_of(moments);
    });
  }

  // Which child it is, is seen where it reaps.
  void wait4(const Call& call) {
    const Expr result = s_.local("errno", actions::errno_type());
    const std::size_t own = w_.plan().threads[thread_].process;
    const auto answer = [&](const char* errno_name) { return assign(result, error(errno_name)); };
    Expr has_child(false); // that cannot be overlooked
    Expr may_run(false);   // some child that need not be found yet
    std::vector<lang::Body> outcomes;
    for (std::size_t process = 0; process < w_.plan().processes.size(); ++process) {
      if (process == own || !w_.plan().processes[process].parent ||
          (call.reap.process && *call.reap.process != process))
        continue;
      outcomes.emplace_back([this, process, answer] {
        unseen("reap_" + name(process), !w_.reaped(process) && exit_told(process),
               {assign(w_.reaped(process), Expr(true)), answer("0")});
        shows("reaps_" + name(process),
              shown::reaps(w_.plan().threads[thread_].name, w_.process(process)));
      });
      const Expr lives = w_.born(process) && !w_.reaped(process);
      const bool is_own = w_.plan().processes[process].parent == own;
      if (is_own && !w_.traced(process))
        has_child =
            has_child || (lives && !(refusals_.children_leave ? w_.exiting(process) : Expr(false)));
      if (!is_own || w_.traced(process)) // may become one, or be with its tracer for a while
        may_run = may_run || lives;
      else
        may_run = may_run || (lives && !w_.exited(process));
    }
    const bool init = w_.plan().init == own && !call.reap.process; // has children of its own
    shows("begins", shown::begins(call.name));
    outcomes.emplace_back(
        [&] { unseen("ECHILD", !(has_child || Expr(init)), {answer("ECHILD")}); });
    if (call.reap.nohang)
      outcomes.emplace_back([&] { unseen("nobody", may_run || Expr(init), {answer("0")}); });
    else if (refusals_.signals)
      outcomes.emplace_back([&] { unseen("EINTR", Expr(true), {answer("EINTR")}); });
    any_of(outcomes);
    shows("returns", shown::returns(call.name, result));
  }

  // --- kevent(2) with a change ---

  static void append(Updates& to, Updates more) { to.insert(to.end(), more.begin(), more.end()); }

  // The change's moment, in every way that it may turn out; then the return that says so.
  void change(const Call& call) {
    const actions::ChangeCall& change = call.change;
    const actions::Request& request = change.request;
    const Registration r = w_.registration(request.kqueue, request.process);
    const Expr result = s_.local("errno", actions::errno_type());
    const Expr open = w_.open(request.kqueue);
    std::vector<lang::Body> ways;
    const auto way = [&](const std::string& label, const char* errno_name, const Expr& guard,
                         Updates updates = {}) {
      updates.push_back(assign(result, error(errno_name)));
      ways.emplace_back([this, label, guard, updates] { unseen(label, guard, updates); });
    };
    way("EBADF", "EBADF", !open);
    if (change.add)
      add(request, r, open, !change.disable, way);
    else if (change.remove)
      remove(r, open, way);
    else
      modify(request, r, open, r.registered(), change.enable, way);
    if (!change.add)
      way("ENOENT", "ENOENT", open && !r.lives());
    if (refusals_.permission)
      way("EACCES", "EACCES", open);
    if (refusals_.memory)
      way("ENOMEM", "ENOMEM", open);
    Updates begins;
    Updates returns;
    if (change.remove && parameters_.joint_deletes) {
      begins = {assign(w_.deletes(thread_), r.ref())};
      returns = {assign(w_.deletes(thread_), w_.no_registration()),
                 assign(w_.joins(thread_), Expr(false))};
    }
    shows("begins", shown::begins(call.name), std::move(begins));
    s_.either(ways);
    shows("returns", shown::returns(call.name, result), std::move(returns));
  }

  // New parameters for what is registered.  What is pending and no longer asked for stays or goes;
  // EV_ONESHOT and EV_DISPATCH, too, may be those of before.
  template <class Way>
  void modify(const actions::Request& request, const Registration& r, const Expr& open,
              const Expr& registered, bool enable, const Way& way) {
    const Expr wanted = choose((request.notes & w_.note("NOTE_TRACK")) != 0,
                               request.notes | w_.note("NOTE_CHILD|NOTE_TRACKERR"), request.notes);
    const Expr oneshot(request.oneshot);
    const Expr dispatch(request.dispatch);
    for (const bool keeps : {true, false})
      for (const bool renews : {true, false}) {
        const Expr pending = keeps ? r.pending() : r.pending() & wanted;
        Expr guard = open && registered;
        if (!keeps)
          guard = guard && (r.pending() & wanted) != r.pending();
        if (!renews)
          guard = guard && (r.oneshot() != oneshot || r.dispatch() != dispatch);
        way(std::string(keeps ? "modify" : "modify_pending") + (renews ? "" : "_with_old_flags"),
            "0", guard,
            {assign(r.notes(), request.notes), assign(r.udata(), request.udata),
             assign(r.enabled(), Expr(enable)), assign(r.pending(), pending),
             assign(r.oneshot(), renews ? oneshot : r.oneshot()),
             assign(r.dispatch(), renews ? dispatch : r.dispatch()),
             assign(r.unordered(), pending != 0 && (r.unordered() || !r.enabled()))});
      }
  }

  template <class Way>
  void add(const actions::Request& request, const Registration& r, const Expr& open, bool enable,
           const Way& way) {
    // What is left of an exited process' registration may be changed, but not to wait for the exit.
    const bool for_exit = (request.notes.node().value & w_.note("NOTE_EXIT").node().value) != 0;
    modify(request, r, open, for_exit ? r.lives() : r.registered(), enable, way);
    const Expr fresh = open && !r.lives();
    const Expr exited = r.told_exit() || w_.reaped(request.process);
    const auto registers = [&](const Expr& dead, const Expr& pending) {
      return Updates{assign(r.registered(), Expr(true)),
                     assign(r.notes(), request.notes),
                     assign(r.udata(), request.udata),
                     assign(r.enabled(), Expr(enable)),
                     assign(r.oneshot(), Expr(request.oneshot)),
                     assign(r.dispatch(), Expr(request.dispatch)),
                     assign(r.pending(), pending),
                     assign(r.dead(), dead)};
    };
    way("add", "0", fresh && w_.born(request.process) && !exited,
        registers(Expr(false), w_.no_notes()));
    way("ESRCH_unborn", "ESRCH", fresh && !w_.born(request.process));
    const Expr gone = w_.reaped(request.process);
    if (!parameters_.finds_zombies) {
      way("ESRCH", "ESRCH", fresh && exited);
      return;
    }
    way("ESRCH", "ESRCH", fresh && gone);
    if (for_exit)
      way("add_zombie", "0", fresh && exited && !gone,
          registers(Expr(true), r.pending() | w_.note("NOTE_EXIT")));
    else { // nothing will come: whether it is there is not to be seen
      way("ESRCH_zombie", "ESRCH", fresh && exited && !gone);
      way("add_stale", "0", fresh && !r.registered() && exited && !gone);
    }
  }

  template <class Way> void remove(const Registration& r, const Expr& open, const Way& way) {
    Updates updates = r.end();
    if (parameters_.joint_deletes) {
      for (lang::ThreadId other = 0; other < w_.plan().threads.size(); ++other)
        if (other != thread_)
          updates.push_back(
              assign(w_.joins(other), w_.joins(other) || w_.deletes(other) == r.ref()));
      way("delete_jointly", "0", open && !r.registered() && w_.joins(thread_));
    }
    way("delete", "0", open && r.registered(), std::move(updates));
  }

  // --- kevent(2) for events ---

  // What one event may say of what is pending: NOTE_CHILD comes first, NOTE_EXIT last.  NOTE_CHILD
  // and NOTE_EXIT have each their own data, so that no event has both.
  struct Choice {
    std::string label;
    Expr notes;
    Expr possible;
    bool exit = false;       // with NOTE_EXIT
    bool only_child = false; // NOTE_CHILD and nothing else
  };
  std::vector<Choice> choices(const Registration& r) const {
    std::vector<Choice> result;
    const char* const flags[] = {"NOTE_FORK", "NOTE_CHILD", "NOTE_EXIT", "NOTE_TRACKERR"};
    for (unsigned set = 1; set < 16; ++set) {
      const bool fork = (set & 1U) != 0;
      const bool child = (set & 2U) != 0;
      const bool exit = (set & 4U) != 0;
      if (child && exit)
        continue;
      Expr notes = w_.no_notes();
      std::string label;
      for (unsigned i = 0; i < 4; ++i)
        if ((set >> i & 1U) != 0) {
          notes = notes | w_.note(flags[i]);
          label += std::string("_") + flags[i];
        }
      Expr possible = (r.pending() & notes) == notes;
      if (!child && (fork || exit))
        possible = possible && (r.unordered() || !r.has_pending("NOTE_CHILD"));
      if (exit && !fork)
        possible = possible && (r.unordered() || !r.has_pending("NOTE_FORK"));
      result.push_back({label, notes, possible, exit, set == 2});
    }
    return result;
  }

  void wait(const Call& call) {
    const actions::WaitCall& wait = call.wait;
    const std::size_t kqueue = wait.kqueue;
    const bool forever = wait.timeout == actions::Timeout::forever;
    const Expr readers = w_.readers(kqueue);
    // Who comes after the close waits for nothing.
    Updates arrive{
        assign(w_.waits_on(thread_), choose(w_.open(kqueue), w_.kqueue(kqueue), w_.no_kqueue()))};
    const bool has_to_look = parameters_.polls_see_nothing && !forever;
    if (has_to_look)
      arrive.push_back(assign(w_.has_looked(thread_), Expr(false)));
    // Who only polls does not wait.
    const bool sleeps = wait.timeout != actions::Timeout::poll;
    if (sleeps)
      arrive.push_back(assign(readers, readers + 1));
    Updates leave{assign(w_.waits_on(thread_), w_.no_kqueue()),
                  assign(w_.kept(thread_), Expr(false))};
    if (sleeps)
      leave.push_back(assign(readers, readers - 1));
    const Expr nothing_taken =
        w_.watched().empty() ? Expr(true) : w_.taken(thread_) == w_.no_registration();
    const auto returns = [&](const char* errno_name, const Expr& guard) {
      shows(std::string("returns_") + errno_name, shown::returns(call.name, error(errno_name)),
            leave, nothing_taken && guard);
      s_.break_("scan");
    };
    s_.loop("call", [&] {
      shows("begins", shown::begins(call.name), arrive);
      s_.loop("scan", [&] {
        std::vector<lang::Body> moments;
        for (const auto& [queue, process] : w_.watched())
          if (queue == kqueue) {
            const Registration r = w_.registration(queue, process);
            for (const Choice& choice : choices(r))
              moments.emplace_back([this, r, choice, process = process, kqueue] {
                take(r, choice, process, kqueue);
              });
            moments.emplace_back([this, r, process = process] { copy(r, process); });
          }
        if (has_to_look)
          moments.emplace_back([&] {
            unseen("sees_nothing", !w_.has_looked(thread_) && nothing_pending(kqueue),
                   {assign(w_.has_looked(thread_), Expr(true))});
          });
        moments.emplace_back([&] {
          const Expr here = w_.waits_on(thread_) == w_.kqueue(kqueue);
          returns("0", has_to_look ? here && w_.has_looked(thread_) : here);
        });
        moments.emplace_back([&] { returns("EBADF", !w_.open(kqueue)); });
        if (refusals_.signals)
          moments.emplace_back([&] { returns("EINTR", Expr(true)); });
        any_of(moments);
      });
      // An event loop makes the call again, and so does a kernel that restarts it.
      s_.either({[&] { s_.continue_("call"); }, [&] { s_.break_("call"); }});
    });
  }

  Expr nothing_pending(std::size_t kqueue) {
    Expr nothing(true);
    for (const auto& [queue, process] : w_.watched())
      if (queue == kqueue) {
        const Registration r = w_.registration(queue, process);
        nothing = nothing && (!r.registered() || !r.enabled() || r.pending() == 0);
      }
    return nothing;
  }

  // The event becomes the caller's.
  void take(const Registration& r, const Choice& choice, std::size_t process, std::size_t kqueue) {
    const Expr guard = w_.taken(thread_) == w_.no_registration() &&
                       (w_.open(kqueue) || w_.kept(thread_)) && r.registered() && r.enabled() &&
                       choice.possible;
    // What becomes of the registration: it stays, is disabled (EV_DISPATCH), or is over.
    enum class Then : std::uint8_t { stays, disabled, over };
    const auto way = [&](const std::string& label, const Expr& when, Then then) {
      Updates updates{assign(w_.taken(thread_), r.ref()),
                      assign(w_.taken_notes(thread_), choice.notes),
                      assign(w_.taken_udata(thread_), r.udata())};
      if (parameters_.polls_see_nothing)
        updates.push_back(assign(w_.has_looked(thread_), Expr(true)));
      if (then == Then::disabled)
        updates.push_back(assign(r.enabled(), Expr(false)));
      if (then == Then::over)
        append(updates, r.end());
      else
        append(updates, {assign(r.pending(), lang::bit_clear(r.pending(), choice.notes)),
                         assign(r.unordered(), r.unordered() && r.pending() != choice.notes)});
      unseen(label, guard && when, std::move(updates));
    };
    const std::string label = "take_" + name(process) + choice.label;
    if (choice.exit) {
      way(label, Expr(true), Then::over);
      return;
    }
    // The system may report NOTE_CHILD by a registration of its own.
    const Expr stays = choice.only_child ? Expr(true) : !r.oneshot() && !r.dispatch();
    s_.either({[&] { way(label, stays, Then::stays); },
               [&] { way(label + "_dispatch", !r.oneshot() && r.dispatch(), Then::disabled); },
               [&] { way(label + "_oneshot", r.oneshot(), Then::over); }});
  }

  void copy(const Registration& r, std::size_t process) {
    const Expr notes = w_.taken_notes(thread_);
    const auto parent = w_.plan().processes[process].parent;
    const Expr no_data = lang::literal(w_.types().data, 0);
    const Expr of_child =
        parent ? choose((notes & w_.note("NOTE_CHILD")) != 0, w_.pid_data(*parent), no_data)
               : no_data;
    const Expr data =
        choose((notes & w_.note("NOTE_EXIT")) != 0, w_.exit_status(process), of_child);
    shows("copy_" + name(process),
          shown::gets(w_.plan().threads[thread_].name,
                      {w_.process(process), notes, data, w_.taken_udata(thread_)}),
          {assign(w_.taken(thread_), w_.no_registration()),
           assign(w_.taken_notes(thread_), w_.no_notes()),
           assign(w_.taken_udata(thread_), w_.no_udata())},
          w_.taken(thread_) == r.ref());
  }

  // --- close(2) ---

  Updates end_all(std::size_t kqueue, const Expr& when) {
    Updates updates;
    for (const auto& [queue, process] : w_.watched())
      if (queue == kqueue)
        for (const Update& update : w_.registration(queue, process).end()) {
          const Expr old = w_.spec().read(update.variable, update.object);
          updates.push_back(when.is_literal(1) ? update
                                               : assign(old, choose(when, update.value, old)));
        }
    return updates;
  }

  void close(const Call& call) {
    const std::size_t kqueue = call.kqueue;
    const Expr open = w_.open(kqueue);
    const Expr result = s_.local("errno", actions::errno_type());
    Expr somebody_waits(false);
    Updates keeping;
    if (parameters_.close_keeps_waiters)
      for (lang::ThreadId thread = 0; thread < w_.plan().threads.size(); ++thread) {
        const Expr waits = w_.waits_on(thread) == w_.kqueue(kqueue);
        somebody_waits = somebody_waits || waits;
        keeping.push_back(assign(w_.kept(thread), w_.kept(thread) || waits));
      }
    Updates closing{assign(open, Expr(false)), assign(result, error("0"))};
    append(closing, std::move(keeping));
    append(closing, end_all(kqueue, !somebody_waits));
    shows("begins", shown::begins(call.name));
    s_.either({[&] { unseen("close", open, closing); },
               [&] { unseen("EBADF", !open, {assign(result, error("EBADF"))}); }});
    shows("returns", shown::returns(call.name, result));
  }

  World& w_;
  lang::Steps s_;
  lang::ThreadId thread_;
  const Refusals& refusals_;
  const Parameters& parameters_;
  const char* rule_ = rule::error; // that an answer of the call breaks
};

// Nothing is pending, and enabled, on an open kqueue on which somebody waits; and who has taken an
// event has got it.
void owes_nothing(World& world) {
  for (const auto& [kqueue, process] : world.watched()) {
    const Registration r = world.registration(kqueue, process);
    for (const char* note : {"NOTE_EXIT", "NOTE_CHILD", "NOTE_FORK", "NOTE_TRACKERR"})
      world.spec().property(
          {note == std::string_view("NOTE_TRACKERR") ? rule::track_error : rule::delivery,
           lang::PropertyKind::at_rest,
           world.readers(kqueue) == 0 || !world.open(kqueue) || !r.enabled() ||
               !r.has_pending(note),
           std::string(note) + " of " + world.plan().processes[process].name + " was promised on " +
               world.plan().kqueues[kqueue].name + " and never delivered"});
  }
  if (world.watched().empty())
    return;
  for (lang::ThreadId thread = 0; thread < world.plan().threads.size(); ++thread) {
    const Expr copied = world.taken(thread) == world.no_registration();
    const Expr track_error = world.taken_notes(thread) & world.note("NOTE_TRACKERR");
    const std::string message =
        "an event that " + world.plan().threads[thread].name + " waits for is never delivered";
    world.spec().property({rule::delivery, lang::PropertyKind::at_rest,
                           copied || world.taken_notes(thread) == track_error, message});
    world.spec().property(
        {rule::track_error, lang::PropertyKind::at_rest, copied || track_error == 0, message});
  }
}

} // namespace

Watched watched(const states::KernelPlan& plan, Watched named) {
  // Parents come first in the plan.
  for (std::size_t process = 0; process < plan.processes.size(); ++process)
    for (std::size_t kqueue = 0; kqueue < plan.kqueues.size(); ++kqueue)
      if (plan.processes[process].parent &&
          named.contains({kqueue, *plan.processes[process].parent}))
        named.insert({kqueue, process});
  return named;
}

std::unique_ptr<const lang::Spec> machine(const states::Kernel& kernel,
                                          const std::vector<std::vector<Call>>& calls,
                                          Watched watched, const Refusals& refusals,
                                          const Parameters& parameters) {
  lang::SpecBuilder spec;
  for (const states::KernelPlan::Thread& thread : kernel.plan().threads)
    spec.thread(thread.name);
  std::set<std::size_t> traced;
  for (const std::vector<Call>& of_thread : calls)
    for (const Call& call : of_thread)
      if (call.kind == CallKind::ptrace)
        traced.insert(call.process);
  World world(spec, kernel, std::move(watched), std::move(traced));
  if (parameters.polls_see_nothing)
    world.declare_looks();
  for (std::size_t t = 0; t < calls.size(); ++t) {
    Thread thread(world, static_cast<lang::ThreadId>(t), refusals, parameters);
    for (const Call& call : calls[t])
      thread.call(call);
    spec.set_body(static_cast<lang::ThreadId>(t), thread.take());
  }
  owes_nothing(world);
  return std::make_unique<const lang::Spec>(std::move(spec).finish());
}

} // namespace interlock::contract
