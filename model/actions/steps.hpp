// Steps that every kernel has: allocation, lists, assertions, and the mechanics of locks and sleep,
// of which each kernel makes its own primitives (actions/netbsd/primitives.hpp ...).
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
// FreeBSD: a mutex is held where the thread may sleep, or takes an sx lock; threads sleep on one
// channel with several interlocks.
inline constexpr const char* sleep_with_mutex = "sleep-with-mutex";
inline constexpr const char* sx_with_mutex = "sx-with-mutex";
inline constexpr const char* channel_interlock = "channel-interlock";
inline constexpr const char* double_free = "double-free";
inline constexpr const char* freed_while_held = "freed-while-held";
inline constexpr const char* knote_protocol = "knote-protocol";
inline constexpr const char* kevent_contract = "kevent-contract";
inline constexpr const char* vfork_waits = "vfork-waits";
inline constexpr const char* wait_after_note_exit = "wait-after-note-exit";
} // namespace property

// What is waited for on a condition variable, and when waiting for ever is right.
struct Wait {
  Expr idle_when = {}; // empty: never idle
  const char* label = "cv_wait";
  // A timeout or a signal may end the sleep at any time: what the caller does then, with the
  // interlock taken again.  Empty: only a wake-up ends it.
  Body interrupted = {};
  bool by_chance = false;    // a signal, which may never come, rather than a timeout
  bool interruptible = true; // false: what would end the sleep does not occur in this scenario
};

// Short name of a lock for labels: p_lock, proc_lock.
std::string lock_name(const states::Kernel& kernel, const Lock& lock);

// The label of copy 0, 1, ... of what is written once and built for each of several objects.
std::string copy_label(const std::string& label, std::size_t copy);

class Steps : public lang::Steps {
public:
  Steps(states::Kernel& kernel, lang::ThreadId thread)
      : lang::Steps(kernel.spec(), thread), kernel_(kernel) {}

  states::Kernel& kernel() { return kernel_; }

  void kassert(const Expr& condition, const std::string& text);
  Expr owns(const Lock& lock); // exclusively

  // Takes the lowest free object of the pool.  A pool that is full is the property `bounds`: the
  // config has to give more room.
  void allocate(const Expr& target, lang::PoolId pool, const std::string& label);
  // Gives the object back with all its fields as they were at first.  Freeing twice is double-free,
  // and freeing what something still leads to is freed-while-held (holders.hpp).
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

protected:
  // The mechanics of locks.  Each is one step with that label; `checks` are what the kernel demands
  // of the caller besides.  Taking a lock that the caller holds, and is not recursive, is
  // lock-recursion; giving back, or sleeping with, one that it does not hold is lock-not-held.
  void acquire(const Lock& lock, const std::string& label, std::vector<lang::Check> checks);
  void acquire_shared(const Lock& lock, const std::string& label, std::vector<lang::Check> checks);
  // One attempt; the result is whether it is now held.
  void try_acquire(const Lock& lock, const std::string& label, const Expr& result);
  void give_back(const Lock& lock, const std::string& label); // exclusive or shared
  // Releases the interlock and sleeps in one step; woken, takes the interlock again.
  void sleep_on(const Lock& channel, const Lock& interlock, const std::string& label,
                const Wait& wait, std::vector<lang::Check> checks);
  void wake_all(const Lock& channel, const std::string& label);
  // The caller holds no lock of that kind, `except` left out: checks of `property`.
  std::vector<lang::Check> holds_none(LockKind kind, const char* property,
                                      const std::string& action, const Expr& except = {});
  Expr thread_bit();
  Expr owner(const Lock& lock) const { return kernel_.locks().owner(kernel_.spec(), lock); }
  Expr nobody() const { return kernel_.spec().nothing(lang::thread_pool); }
  // Short name of a lock for labels: p_lock, proc_lock.
  std::string name(const Lock& lock) const { return lock_name(kernel_, lock); }

private:
  states::Kernel& kernel_;
};

// label(), line() and unguarded() of lang::Steps, so that a kernel's own primitive may follow.
template <class Derived> class ChainedSteps : public Steps {
public:
  using Steps::Steps;
  Derived& label(const std::string& label) {
    Steps::label(label);
    return static_cast<Derived&>(*this);
  }
  Derived& line(int line) {
    Steps::line(line);
    return static_cast<Derived&>(*this);
  }
  Derived& unguarded() {
    Steps::unguarded();
    return static_cast<Derived&>(*this);
  }
};

} // namespace interlock::actions
