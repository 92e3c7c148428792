// The state of the contract: processes, kqueues, and what is registered and pending.
#pragma once

#include "contract/machine.hpp"

#include <map>

namespace interlock::contract {

using lang::Expr;
using lang::Update;
using lang::VariableId;

// The events of one kqueue for one process.  What is not registered has every field at its start.
class Registration {
public:
  Registration(class World& world, Expr ref) : world_(&world), ref_(std::move(ref)) {}

  const Expr& ref() const { return ref_; }
  Expr registered() const;
  Expr notes() const; // that are asked for
  Expr udata() const;
  Expr oneshot() const;
  Expr dispatch() const;
  Expr enabled() const;
  Expr pending() const; // NOTE_FORK, NOTE_CHILD, NOTE_EXIT, NOTE_TRACKERR
  Expr dead() const;    // the exit of the process has been told
  // It was enabled again with something pending, which then comes in any order.
  Expr unordered() const;
  // Which parts of the process' birth and exit this kqueue has been told.
  Expr told_track() const;
  Expr told_fork() const;
  Expr told_exit() const;
  // Tracking the process fails, and told_track is about that; the refusal has been seen.
  Expr refused() const;
  Expr refusal_seen() const;

  Expr asks(const char* note) const;
  Expr has_pending(const char* note) const;
  // Registered, and something may still come.
  Expr lives() const;

  // It is no more.
  std::vector<Update> end() const;

private:
  class World* world_;
  Expr ref_;
};

class World {
public:
  // `traced`: processes that others attach to.
  World(lang::SpecBuilder& spec, const states::Kernel& kernel, Watched watched,
        std::set<std::size_t> traced);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  lang::SpecBuilder& spec() const { return spec_; }
  const states::KernelPlan& plan() const { return plan_; }
  const states::KqueueTypes& types() const { return types_; }
  const Watched& watched() const { return watched_; }
  bool watches(std::size_t kqueue, std::size_t process) const {
    return watched_.contains({kqueue, process});
  }
  Registration registration(std::size_t kqueue, std::size_t process);
  std::vector<std::size_t> kqueues_watching(std::size_t process) const;

  Expr note(const char* names) const;
  Expr no_notes() const { return lang::literal(types_.note, 0); }

  bool traced(std::size_t process) const { return traced_.contains(process); }
  Expr process(std::size_t process) const; // as events name it
  Expr born(std::size_t process) const;
  Expr exiting(std::size_t process) const; // its exit has begun
  Expr exited(std::size_t process) const;  // and ended
  Expr reaped(std::size_t process) const;
  Expr pid_data(std::size_t process) const;    // of NOTE_CHILD
  Expr exit_status(std::size_t process) const; // of NOTE_EXIT

  Expr kqueue(std::size_t kqueue) const; // as events name it
  Expr open(std::size_t kqueue) const;
  Expr readers(std::size_t kqueue) const; // threads that wait for events, and do not poll

  // Of a thread: the kqueue that it waits on; whether that was closed meanwhile, and it may go on;
  // the registration whose event it has taken and not copied, with what it took.
  Expr waits_on(lang::ThreadId thread) const;
  Expr kept(lang::ThreadId thread) const;
  Expr taken(lang::ThreadId thread) const;
  // In this call the thread has taken an event, or there was none to take.
  Expr has_looked(lang::ThreadId thread) const;
  void declare_looks();
  Expr taken_notes(lang::ThreadId thread) const;
  Expr taken_udata(lang::ThreadId thread) const;
  // Of a thread in EV_DELETE: what it deletes; another thread has deleted that since it began.
  Expr deletes(lang::ThreadId thread) const;
  Expr joins(lang::ThreadId thread) const;
  Expr no_registration() const { return spec_.nothing(registrations_); }
  Expr no_kqueue() const { return spec_.nothing(kqueues_); }
  Expr no_udata() const { return lang::literal(types_.udata, 0); }

private:
  friend class Registration;
  void declare_registrations();
  Expr of_thread(VariableId field, lang::ThreadId thread) const {
    return spec_.read(field, spec_.self(thread));
  }

  lang::SpecBuilder& spec_;
  states::KernelPlan plan_;
  states::KqueueTypes types_;
  Watched watched_;
  std::set<std::size_t> traced_;
  std::map<std::pair<std::size_t, std::size_t>, std::uint32_t> numbers_;
  lang::PoolId processes_ = 0, kqueues_ = 0, registrations_ = 0;
  VariableId born_ = 0, exiting_ = 0, exited_ = 0, reaped_ = 0, open_ = 0, readers_ = 0;
  VariableId registered_ = 0, notes_ = 0, udata_ = 0, oneshot_ = 0, dispatch_ = 0, enabled_ = 0,
             pending_ = 0, dead_ = 0, told_track_ = 0, told_fork_ = 0, told_exit_ = 0, refused_ = 0,
             refusal_seen_ = 0, unordered_ = 0;
  VariableId waits_on_ = 0, kept_ = 0, taken_ = 0, taken_notes_ = 0, taken_udata_ = 0, deletes_ = 0,
             joins_ = 0, has_looked_ = 0;
};

} // namespace interlock::contract
