// The primitives of a kernel as steps: locks, condition variables, allocation, KASSERT.
#pragma once

#include "lang/steps.hpp"
#include "states/kernel.hpp"

namespace interlock::actions {

using lang::Anchor;
using lang::Body;
using lang::Cursor;
using lang::Expr;
using lang::Step;
using lang::UpdateKind;
using lang::VariableId;
using states::Lock;
using states::LockKind;

// Names of the properties that the primitives' checks belong to.
namespace property {
inline constexpr const char* kassert = "kassert";
inline constexpr const char* lock_recursion = "lock-recursion";
inline constexpr const char* lock_not_held = "lock-not-held";
inline constexpr const char* locks_at_return = "locks-held-on-return";
inline constexpr const char* sleep_with_spin_lock = "sleep-with-spin-lock";
inline constexpr const char* double_free = "double-free";
inline constexpr const char* knote_protocol = "knote-protocol";
inline constexpr const char* kevent_contract = "kevent-contract";
} // namespace property

// What is waited for on a condition variable, and when waiting for ever is right.
struct Wait {
  Expr idle_when; // empty: never idle
  const char* label = "cv_wait";
  // A timeout or a signal may end the sleep at any time: what the caller does then, with the
  // interlock taken again.  Empty: only a wake-up ends it.
  Body interrupted;
  bool by_chance = false; // a signal, which may never come, rather than a timeout
};

// Every label is NAME_LOCK, such as mutex_enter_p_lock, after the lock's field or its own name.
class Steps : public lang::Steps {
public:
  Steps(states::Kernel& kernel, lang::ThreadId thread)
      : lang::Steps(kernel.spec(), thread), kernel_(kernel) {}

  states::Kernel& kernel() { return kernel_; }

  // As in lang::Steps; here so that a primitive may follow.
  Steps& label(const std::string& label) {
    lang::Steps::label(label);
    return *this;
  }
  Steps& line(int line) {
    lang::Steps::line(line);
    return *this;
  }
  Steps& unguarded() {
    lang::Steps::unguarded();
    return *this;
  }

  // mutex(9), adaptive: one owner.  Entering one's own mutex is lock-recursion, with a spin lock
  // held sleep-with-spin-lock (LOCKDEBUG checks it even when the mutex is free).  While the caller
  // holds KERNEL_LOCK and has to block, KERNEL_LOCK is given up, as mi_switch() does.
  void mutex_enter(const Lock& mutex);
  void mutex_exit(const Lock& mutex);
  // One attempt; the result is whether it is now held.
  void mutex_tryenter(const Lock& mutex, const Expr& result);
  void mutex_spin_enter(const Lock& mutex);
  void mutex_spin_exit(const Lock& mutex);
  // rwlock(9).  A reader waits for the writer only.
  void rw_enter_reader(const Lock& lock);
  void rw_enter_writer(const Lock& lock);
  void rw_exit(const Lock& lock);
  // condvar(9): releases the interlock and sleeps in one step; woken, takes the interlock again.
  void cv_wait(const Lock& condition, const Lock& interlock, const Wait& wait = {});
  void cv_broadcast(const Lock& condition);
  // KERNEL_LOCK(1) and KERNEL_UNLOCK_ONE.
  void kernel_lock();
  void kernel_unlock();

  void kassert(const Expr& condition, const std::string& text);
  Expr owns(const Lock& lock); // mutex_owned()

  // Takes the lowest free object of the pool.  A pool that is full is the property `bounds`: the
  // config has to give more room.
  void allocate(const Expr& target, lang::PoolId pool, const std::string& label);
  // Gives the object back with all its fields as they were at first.  Freeing twice is double-free.
  void release(const Expr& object, const std::string& label, std::vector<lang::Check> checks = {});

  // Edits of lists and several assignments in one step.
  static lang::Update push_front(VariableId list, const Expr& object, const Expr& element);
  static lang::Update push_back(VariableId list, const Expr& object, const Expr& element);
  static lang::Update remove(VariableId list, const Expr& object, const Expr& element);
  void update(const std::string& label, std::vector<lang::Update> updates);

  // The first element of a list for which the predicate holds, or none; as one expression.
  Expr find_first(VariableId list, const Expr& object,
                  const std::function<Expr(const Expr&)>& matches);

  // A block that break_(label) leaves.
  void block(const std::string& label, const Body& body);

  // True when no lock is held, as a condition.
  Expr holds_no_lock();

private:
  void enter(const Lock& lock, const std::string& label, bool may_sleep);
  void leave(const Lock& lock, const std::string& label);
  void block_without_kernel_lock(const Lock& mutex, const std::string& label);
  std::vector<lang::Check> no_spin_lock_held(const std::string& action, const Expr& except = {});
  Expr thread_bit();

  states::Kernel& kernel_;
  int kernel_lock_depth_ = 0; // as written: the paths nest KERNEL_LOCK lexically
};

// Short name of a lock for labels: p_lock, proc_lock.
std::string lock_name(const states::Kernel& kernel, const Lock& lock);

} // namespace interlock::actions
