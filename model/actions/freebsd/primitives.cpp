// FreeBSD's primitives; see primitives.hpp for what each may do.
#include "actions/freebsd/primitives.hpp"

namespace interlock::actions::freebsd {

using lang::assign;
using lang::choose;
using lang::EffectKind;
using lang::Mode;

Expr Primitives::recursion(const Lock& mutex) { return kernel().locks().recursion(spec(), mutex); }

Expr Primitives::can_take(const Lock& mutex) {
  return owner(mutex) == nobody() || owner(mutex) == self();
}

std::vector<lang::Update> Primitives::take_level(const Lock& mutex) {
  return {assign(recursion(mutex),
                 choose(owner(mutex) == self(), recursion(mutex) + 1, recursion(mutex))),
          assign(owner(mutex), self())};
}

std::vector<lang::Update> Primitives::drop_level(const Lock& mutex) {
  const Expr last = recursion(mutex) == 0;
  return {assign(owner(mutex), choose(last, nobody(), owner(mutex))),
          assign(recursion(mutex), choose(last, recursion(mutex), recursion(mutex) - 1))};
}

void Primitives::mtx_lock(const Lock& mutex) {
  const std::string label = "mtx_lock_" + name(mutex);
  Step step;
  step.entry_checks = {{property::lock_recursion, owner(mutex) != self(),
                        label + ": " + name(mutex) + " is held by the caller already"}};
  step.guard = can_take(mutex);
  step.updates = take_level(mutex);
  step.effects = {{EffectKind::acquire, mutex.reference, Mode::exclusive}};
  this->step(label, std::move(step));
}

void Primitives::mtx_unlock(const Lock& mutex) {
  const std::string label = "mtx_unlock_" + name(mutex);
  Step step;
  step.entry_checks = {{property::lock_not_held, owner(mutex) == self(),
                        label + ": " + name(mutex) + " is not held by the caller"}};
  step.updates = drop_level(mutex);
  step.effects = {{EffectKind::release, mutex.reference, Mode::exclusive}};
  this->step(label, std::move(step));
}

void Primitives::sx_xlock(const Lock& lock) {
  const std::string label = "sx_xlock_" + name(lock);
  acquire(lock, label, holds_none(LockKind::mtx, property::sx_with_mutex, label));
}

void Primitives::sx_slock(const Lock& lock) {
  const std::string label = "sx_slock_" + name(lock);
  acquire_shared(lock, label, holds_none(LockKind::mtx, property::sx_with_mutex, label));
}

void Primitives::sx_xunlock(const Lock& lock) { give_back(lock, "sx_xunlock_" + name(lock)); }
void Primitives::sx_sunlock(const Lock& lock) { give_back(lock, "sx_sunlock_" + name(lock)); }

Expr Primitives::sq_lock(const Lock& channel) {
  return spec().read(kernel().sq_lock, channel.reference);
}

void Primitives::msleep(const Lock& channel, const Lock& interlock, const Wait& wait,
                        Interlock then) {
  const std::string label = std::string(wait.label) + "_" + name(channel);
  const Expr waiters = kernel().locks().waiters(spec(), channel);
  Step sleep;
  sleep.entry_checks = {
      {property::lock_not_held, owner(interlock) == self(),
       label + ": the interlock " + name(interlock) + " is not held by the caller"},
      {property::kassert, recursion(interlock) == 0,
       "mtx_assert(" + name(interlock) + ", MA_OWNED | MA_NOTRECURSED)"}};
  for (lang::Check& check :
       holds_none(LockKind::mtx, property::sleep_with_mutex, label, interlock.reference))
    sleep.entry_checks.push_back(std::move(check));
  sleep.entry_checks.push_back(
      {property::channel_interlock, waiters == 0 || sq_lock(channel) == interlock.reference,
       label + ": another thread sleeps there with another interlock than " + name(interlock)});
  sleep.updates = drop_level(interlock);
  sleep.updates.push_back(assign(waiters, waiters | thread_bit()));
  sleep.updates.push_back(assign(sq_lock(channel), interlock.reference));
  sleep.effects = {{EffectKind::sleep, channel.reference, Mode::exclusive},
                   {EffectKind::release, interlock.reference, Mode::exclusive}};
  step(label, std::move(sleep));

  Step wake;
  wake.guard = (waiters & thread_bit()) == 0;
  wake.effects = {{EffectKind::sleep, channel.reference, Mode::exclusive}};
  wake.idle_when = wait.idle_when;
  Step interrupt;
  interrupt.comes = wait.by_chance ? lang::Comes::by_chance : lang::Comes::by_timeout;
  const Expr others = lang::bit_clear(waiters, thread_bit());
  interrupt.updates = {
      assign(waiters, others),
      assign(sq_lock(channel), choose(others == 0, spec().nothing(interlock.reference.type().pool),
                                      sq_lock(channel)))};
  if (then == Interlock::taken_again)
    for (Step* woken : {&wake, &interrupt}) {
      woken->guard =
          woken->guard.empty() ? can_take(interlock) : woken->guard && can_take(interlock);
      for (lang::Update& update : take_level(interlock))
        woken->updates.push_back(std::move(update));
      woken->effects.push_back({EffectKind::acquire, interlock.reference, Mode::exclusive});
    }
  if (!wait.interrupted) {
    step(label + ".wakeup", std::move(wake));
    return;
  }
  either_needed({{true, [&] { step(label + ".wakeup", std::move(wake)); }},
                 {wait.interruptible, [&] {
                    step(label + ".interrupted", std::move(interrupt));
                    wait.interrupted();
                  }}});
}

void Primitives::wakeup(const Lock& channel) {
  wakeup_if(Expr(true), channel, "wakeup_" + name(channel), {});
}

void Primitives::wakeup_if(const Expr& condition, const Lock& channel, const std::string& label,
                           std::vector<lang::Update> changes) {
  const Expr waiters = kernel().locks().waiters(spec(), channel);
  const Expr none = spec().nothing(sq_lock(channel).type().pool);
  Step step;
  step.updates = std::move(changes);
  const bool always = condition.is_literal(1);
  step.updates.push_back(
      assign(waiters,
             always ? Expr(0) : choose(condition, lang::literal(waiters.type_ref(), 0), waiters)));
  step.updates.push_back(
      assign(sq_lock(channel), always ? none : choose(condition, none, sq_lock(channel))));
  step.effects = {{EffectKind::wake, channel.reference, Mode::exclusive}};
  this->step(label, std::move(step));
}

void Primitives::mtx_assert_owned(const Lock& mutex, const std::string& text) {
  check(property::kassert, owns(mutex), text);
}
void Primitives::mtx_assert_notowned(const Lock& mutex, const std::string& text) {
  check(property::kassert, !owns(mutex), text);
}
void Primitives::sx_assert_xlocked(const Lock& lock, const std::string& text) {
  check(property::kassert, owns(lock), text);
}
void Primitives::sx_assert_slocked(const Lock& lock, const std::string& text) {
  check(property::kassert, (kernel().locks().readers(spec(), lock) & thread_bit()) != 0, text);
}

} // namespace interlock::actions::freebsd
