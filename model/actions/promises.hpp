// What user calls promise by kevent(2)'s contract, as ghost updates for the steps where the calls
// begin and end and where an event is handed over.  The rules are in specs.md, "kevent's contract".
#pragma once

#include "actions/steps.hpp"
#include "states/watch.hpp"

namespace interlock::actions {

using lang::Update;
using Updates = std::vector<Update>;

// A registration as the caller wrote it.
struct Request {
  std::size_t kqueue = 0;
  std::size_t process = 0;
  Expr notes; // literal
  Expr udata; // literal
  bool oneshot = false;
};

enum class Change { add, enable, disable };

class Promises {
public:
  explicit Promises(const states::Watches& watches)
      : watches_(watches), kernel_(watches.kernel()), plan_(kernel_.plan()) {}

  // kevent(2) with a change: EV_ADD (new or again), EV_ENABLE, EV_DISABLE.
  Updates change_begins(const Request& request, Change change) const;
  Updates change_succeeds(const Request& request, Change change) const;
  Updates change_fails(const Request& request) const;
  // EV_DELETE.
  Updates delete_begins(std::size_t kqueue, std::size_t process) const;
  Updates delete_succeeds(std::size_t kqueue, std::size_t process) const;
  Updates delete_fails(std::size_t kqueue, std::size_t process) const;
  // kevent(2) waiting without a timeout.
  // What is disabled when a call that waits for events begins, as a set of processes.
  lang::TypeRef process_set() const;
  Expr disabled_now(std::size_t kqueue) const;
  Updates wait_begins(std::size_t kqueue) const;
  Updates wait_ends(std::size_t kqueue) const;
  // fork(2), exit(2) of a process, close(2) of a kqueue.
  Updates fork_begins(std::size_t child) const;
  Updates fork_ends(std::size_t child) const;
  Updates exit_begins(std::size_t process) const;
  Updates close_begins(std::size_t kqueue) const;
  Updates close_ends(std::size_t kqueue) const;
  // Tracking into a child fails for want of memory or permission.
  Updates tracking_fails(const Expr& kqueue, std::size_t child) const;

  // An event is copied out to a caller waiting on a kqueue: what it must satisfy, and what it
  // settles.
  // `disabled_before` is what disabled_now() gave when the call began; empty when nothing is
  // disabled.
  std::vector<lang::Check> delivery_checks(std::size_t kqueue, const states::Knote& event,
                                           const Expr& disabled_before) const;
  Updates delivered(std::size_t kqueue, const states::Knote& event) const;

  const states::Watches& watches() const { return watches_; }

private:
  std::vector<std::size_t> children(std::size_t process) const;
  Expr is(const Expr& due, const char* phase) const { return due == watches_.due(phase); }
  Expr open(const Expr& due) const { return is(due, "may") || is(due, "must"); }
  Expr weaker(const Expr& due) const; // must becomes may
  // no becomes may, and so does done where the watch has nothing registered
  Expr possible(const Expr& watch, const Expr& due) const;
  bool asks(const Request& request, const char* name) const;
  Expr closed(const Expr& due) const; // open becomes done
  Expr wanted(const Expr& parent, const char* name) const;
  Expr note(const Expr& notes, const char* name) const { return (notes & kernel_.note(name)) != 0; }
  // A change of parameters reaches children whose fork is under way.
  void change_children(Updates& updates, const Request& request) const;
  void check_notes(std::vector<lang::Check>& checks, std::size_t kqueue, std::size_t process,
                   const states::Knote& event) const;

  const states::Watches& watches_;
  const states::Kernel& kernel_;
  const states::KernelPlan& plan_;
};

} // namespace interlock::actions
