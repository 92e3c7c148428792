// System calls as a thread of a scenario makes them: the boundary between user and kernel, the same
// in every kernel.  Each call begins with the step `enter` and ends with `return`, where no lock
// may be held; both are shown to who judges kevent(2)'s contract.  What lies between is the
// kernel's: it comes as a body.
#pragma once

#include "actions/errno.hpp"
#include "actions/shown.hpp"
#include "actions/steps.hpp"
#include "states/life.hpp"

namespace interlock::actions {

// The kinds of them; `change` and `wait` are kevent(2).
enum class CallKind : std::uint8_t {
  fork,
  vfork,
  exec,
  exit,
  wait4,
  kill,
  killpg,
  sigsuspend,
  ptrace,
  change,
  wait,
  close,
  await, // no call: the next one begins only when another has returned
  test   // no call: the next one is made only if the one before has answered so
};

// `name` is the call as the scenario spells it; it heads the call chain of every step inside.
struct Call {
  Steps& s;
  const states::Lives& lives;
  std::string name;
  // A scenario may have it begin only when others have returned, which no step of a kernel asks.
  Expr gate = {};     // it begins when this holds; empty: at any time
  Expr returned = {}; // set when it has returned; empty: nobody asks
  bool parks = false; // nobody may ever end it, on purpose
  // Set to whether it has answered so; empty: nobody asks.
  Expr answered = {};
  std::string answer = {}; // an errno, "nothing" or "something": see answers()
};

// What a call can be asked to have answered: the values of errno; and of one that may find nothing,
// kevent(2) for events and wait4(2) with WNOHANG, whether it has, without an error.
inline constexpr const char* answer_nothing = "nothing";
inline constexpr const char* answer_something = "something";

// A registration as the caller wrote it.
struct Request {
  std::size_t kqueue = 0;
  std::size_t process = 0;
  Expr notes; // literal
  Expr udata; // literal
  bool oneshot = false;
  bool dispatch = false;
};

// One change of kevent(2) for EVFILT_PROC.
struct ChangeCall {
  Request request;
  bool add = false;
  bool remove = false;
  bool enable = false;
  bool disable = false;
};

// A struct kevent on its way in, for EVFILT_PROC; kernels add what else they pass along.  What
// changes nothing but the path is known when the specification is built; the rest may be computed.
struct Kevent {
  bool add = false;
  bool remove = false; // EV_DELETE
  bool enable = false;
  bool disable = false;
  Expr ident; // pid
  Expr flags; // EV_ONESHOT, EV_DISPATCH
  Expr fflags;
  Expr udata;
};

// That of a change as its caller fills it in.
Kevent kevent_of(const states::Kernel& kernel, const ChangeCall& change);

// wait4(2).
struct ReapCall {
  std::optional<std::size_t> process; // that it waits for; else any child
  bool nohang = false;                // WNOHANG
};

// What the kernel leaves behind: errno, and, with WNOHANG, that no child can be waited for yet.
struct ReapResult {
  Expr error;
  Expr nobody;
};

enum class Timeout { forever, poll, finite };

// kevent(2) that waits for up to `most` events.
struct WaitCall {
  std::size_t kqueue = 0;
  int most = 1;
  Timeout timeout = Timeout::forever;
  bool loops = false;    // the call is made again and again, as an event loop does, until it fails
  bool restarts = false; // a call that collects nothing is made again: ERESTART
};

// What the kernel leaves behind: errno, and the number of events.
struct WaitResult {
  Expr error;
  Expr collected;
};

// fork(2), or vfork(2), whose caller waits.
enum class Fork : std::uint8_t { ordinary, vfork };

// vfork(2) returns when the child has called exit(2) or exec: the property vfork-waits.
void fork_call(const Call& call, std::size_t child, Fork kind, const Body& fork);
void exit_call(const Call& call, std::size_t process, const Body& exit);
// The body stores errno in its argument.
using ResultBody = std::function<void(const Expr& result)>;
void wait4_call(const Call& call, const ReapCall& reap, std::size_t caller,
                const std::function<void(const ReapResult& result)>& body);
// A call that promises nothing: kill(2), ...
void plain_call(const Call& call, const ResultBody& body);
void exec_call(const Call& call, std::size_t process, const ResultBody& exec);
void change_call(const Call& call, const ResultBody& body);
void wait_call(const Call& call, const WaitCall& wait,
               const std::function<void(const WaitResult& result)>& body);
void close_call(const Call& call, const ResultBody& body);
// The knote is copied for the caller of kevent(2), of which it is an event from then on; to be
// added to a step of the kernel's.
void show_event(Step& step, Steps& s, const states::Lives& lives, const states::Knote& event);
// The process is reaped; likewise.
lang::Shows show_reaping(Steps& s, const Expr& pid);
// The step in which memory or permission is refused to a fork, so that it cannot track the child on
// a kqueue.
void refuse_tracking(Steps& s, const std::string& label, const Expr& kqueue, std::size_t child,
                     std::vector<lang::Update> updates = {});
// The first statement of every thread of a process that is forked: waits until it runs.
void wait_until_started(Steps& s);

} // namespace interlock::actions
