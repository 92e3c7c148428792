// NetBSD's primitives; see primitives.hpp for what each may do.
#include "actions/netbsd/primitives.hpp"

namespace interlock::actions::netbsd {

using lang::EffectKind;
using lang::Mode;

std::vector<lang::Check> Primitives::no_spin_mutex_held(const std::string& action,
                                                        const Expr& except) {
  return holds_none(LockKind::spin_mutex, property::sleep_with_spin_lock, action, except);
}

void Primitives::mutex_enter(const Lock& mutex) {
  const std::string label =
      reserve_label(next_label().empty() ? "mutex_enter_" + name(mutex) : next_label());
  if (kernel_lock_depth_ > 0)
    block_without_kernel_lock(mutex, label);
  else
    acquire(mutex, label, no_spin_mutex_held(label));
}

// The caller holds KERNEL_LOCK: either the mutex is free, or the caller sleeps without KERNEL_LOCK,
// takes it again when it is switched in, and tries once more.
void Primitives::block_without_kernel_lock(const Lock& mutex, const std::string& label) {
  const Lock big = kernel().kernel_lock();
  const Expr big_owner = owner(big);
  const Expr big_count = kernel().locks().recursion(spec(), big);
  const Expr saved = local("kernel_lock_count", big_count.type_ref());
  const std::string again = label + ".retry";
  this->label(again).loop(again, [&] {
    this->label(label + ".either")
        .either(
            {[&] {
               acquire(mutex, label, no_spin_mutex_held(label));
               this->label(label + ".break").break_(again);
             },
             [&] {
               Step drop;
               drop.guard = owner(mutex) != nobody() && owner(mutex) != self();
               drop.updates = {lang::assign(saved, big_count), lang::assign(big_owner, nobody()),
                               lang::assign(big_count, Expr(0))};
               drop.effects.push_back({EffectKind::release, big.reference, Mode::exclusive});
               step(label + ".block", std::move(drop));
               Step sleep;
               sleep.guard = owner(mutex) == nobody();
               sleep.effects.push_back({EffectKind::acquire, mutex.reference, Mode::exclusive});
               step(label + ".sleep", std::move(sleep));
               Step again;
               again.guard = big_owner == nobody();
               again.updates = {lang::assign(big_owner, self()), lang::assign(big_count, saved)};
               again.effects.push_back({EffectKind::acquire, big.reference, Mode::exclusive});
               step(label + ".kernel_lock", std::move(again));
             }});
  });
}

void Primitives::mutex_exit(const Lock& mutex) { give_back(mutex, "mutex_exit_" + name(mutex)); }

void Primitives::mutex_spin_enter(const Lock& mutex) {
  acquire(mutex, "mutex_spin_enter_" + name(mutex), {});
}

void Primitives::mutex_spin_exit(const Lock& mutex) {
  give_back(mutex, "mutex_spin_exit_" + name(mutex));
}

void Primitives::mutex_tryenter(const Lock& mutex, const Expr& result) {
  try_acquire(mutex, "mutex_tryenter_" + name(mutex), result);
}

void Primitives::rw_enter_reader(const Lock& lock) {
  const std::string label = "rw_enter_" + name(lock);
  acquire_shared(lock, label, no_spin_mutex_held(label));
}

void Primitives::rw_enter_writer(const Lock& lock) {
  const std::string label = "rw_enter_" + name(lock);
  acquire(lock, label, no_spin_mutex_held(label));
}

void Primitives::rw_exit(const Lock& lock) { give_back(lock, "rw_exit_" + name(lock)); }

void Primitives::cv_wait(const Lock& condition, const Lock& interlock, const Wait& wait) {
  const std::string label = std::string(wait.label) + "_" + name(condition);
  sleep_on(condition, interlock, label, wait, no_spin_mutex_held(label, interlock.reference));
}

void Primitives::cv_broadcast(const Lock& condition) {
  wake_all(condition, "cv_broadcast_" + name(condition));
}

void Primitives::kernel_lock() {
  const Lock big = kernel().kernel_lock();
  const Expr count = kernel().locks().recursion(spec(), big);
  Step step;
  step.guard = owner(big) == nobody() || owner(big) == self();
  step.updates = {lang::assign(owner(big), self()), lang::assign(count, count + 1)};
  step.effects.push_back({EffectKind::acquire, big.reference, Mode::exclusive});
  this->step("KERNEL_LOCK", std::move(step));
  ++kernel_lock_depth_;
}

void Primitives::kernel_unlock() {
  const Lock big = kernel().kernel_lock();
  const Expr count = kernel().locks().recursion(spec(), big);
  Step step;
  step.entry_checks.push_back({property::lock_not_held, owner(big) == self(),
                               "KERNEL_UNLOCK: KERNEL_LOCK is not held by the caller"});
  step.updates = {lang::assign(owner(big), lang::choose(count == 1, nobody(), owner(big))),
                  lang::assign(count, count - 1)};
  step.effects.push_back({EffectKind::release, big.reference, Mode::exclusive});
  this->step("KERNEL_UNLOCK", std::move(step));
  --kernel_lock_depth_;
}

} // namespace interlock::actions::netbsd
