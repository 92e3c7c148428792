// NetBSD's primitives as steps: mutex(9), rwlock(9), condvar(9), KERNEL_LOCK.
#pragma once

#include "actions/steps.hpp"
#include "states/netbsd.hpp"

namespace interlock::actions::netbsd {

// Every label is NAME_LOCK, such as mutex_enter_p_lock, after the lock's field or its own name.
class Primitives : public ChainedSteps<Primitives> {
public:
  Primitives(states::netbsd::Kernel& kernel, lang::ThreadId thread)
      : ChainedSteps(kernel, thread), kernel_(kernel) {}

  states::netbsd::Kernel& kernel() { return kernel_; }

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

private:
  void block_without_kernel_lock(const Lock& mutex, const std::string& label);
  std::vector<lang::Check> no_spin_mutex_held(const std::string& action, const Expr& except = {});

  states::netbsd::Kernel& kernel_;
  int kernel_lock_depth_ = 0; // as written: the paths nest KERNEL_LOCK lexically
};

} // namespace interlock::actions::netbsd
