// FreeBSD's primitives as steps: mutex(9), sx(9), sleep(9).
#pragma once

#include "actions/steps.hpp"
#include "states/freebsd.hpp"

namespace interlock::actions::freebsd {

// PDROP: the interlock is not taken again when the thread wakes.
enum class Interlock { taken_again, dropped };

// Every label is NAME_LOCK, such as mtx_lock_p_mtx, after the lock's field or its own name.
class Primitives : public ChainedSteps<Primitives> {
public:
  Primitives(states::freebsd::Kernel& kernel, lang::ThreadId thread)
      : ChainedSteps(kernel, thread), kernel_(kernel) {}

  states::freebsd::Kernel& kernel() { return kernel_; }

  // mutex(9), MTX_DEF without MTX_RECURSE.  Locking one's own mutex is lock-recursion, which
  // INVARIANTS asserts; a kernel without it counts, and so does this where the property is not
  // selected: the mutex is free when it was unlocked as often.
  void mtx_lock(const Lock& mutex);
  void mtx_unlock(const Lock& mutex);
  // sx(9).  Who takes one may sleep, so no mutex may be held: sx-with-mutex.  A sharer waits for
  // the exclusive holder only.
  void sx_xlock(const Lock& lock);
  void sx_slock(const Lock& lock);
  void sx_xunlock(const Lock& lock);
  void sx_sunlock(const Lock& lock);
  // msleep(9): releases the interlock, one level of it, and sleeps in one step; woken, takes it
  // again.  No other mutex may be held (sleep-with-mutex), the interlock only once (kassert), and
  // all that sleep on a channel have the same interlock (channel-interlock).
  void msleep(const Lock& channel, const Lock& interlock, const Wait& wait,
              Interlock then = Interlock::taken_again);
  // wakeup(9): all that sleep on the channel now.
  void wakeup(const Lock& channel);
  // `changes` and, where `condition` holds, a wake-up of the channel, in one step.
  void wakeup_if(const Expr& condition, const Lock& channel, const std::string& label,
                 std::vector<lang::Update> changes);
  // mtx_assert(9).
  void mtx_assert_owned(const Lock& mutex, const std::string& text);
  void mtx_assert_notowned(const Lock& mutex, const std::string& text);
  // sx_assert(9); SX_LOCKED is the second where no caller has it exclusively.
  void sx_assert_xlocked(const Lock& lock, const std::string& text);
  void sx_assert_slocked(const Lock& lock, const std::string& text);

private:
  Expr recursion(const Lock& mutex); // mtx_recurse
  std::vector<lang::Update> take_level(const Lock& mutex);
  std::vector<lang::Update> drop_level(const Lock& mutex);
  Expr can_take(const Lock& mutex);
  Expr sq_lock(const Lock& channel);

  states::freebsd::Kernel& kernel_;
};

} // namespace interlock::actions::freebsd
