// The kernel's primitives; see steps.hpp for what each may do.
#include "actions/steps.hpp"

namespace interlock::actions {

using lang::Check;
using lang::EffectKind;
using lang::Mode;
using lang::Update;

std::string lock_name(const states::Kernel& kernel, const Lock& lock) {
  const lang::Node& node = lock.reference.node();
  if (node.op == lang::Op::literal) {
    const lang::Pool& pool = kernel.spec().pools()[node.type->pool];
    return pool.classes[static_cast<std::size_t>(node.value - 1)];
  }
  return node.name;
}

Expr Steps::thread_bit() {
  return lang::literal(kernel_.locks().thread_set(), lang::Value{1} << thread());
}

Expr Steps::owns(const Lock& lock) { return kernel_.locks().owner(spec(), lock) == self(); }

std::vector<Check> Steps::no_spin_lock_held(const std::string& action, const Expr& except) {
  std::vector<Check> checks;
  const states::LockTable& locks = kernel_.locks();
  for (std::uint32_t i = 0; i < locks.count(LockKind::spin_mutex); ++i) {
    const Lock spin = locks.lock(spec(), LockKind::spin_mutex, i);
    Expr free = locks.owner(spec(), spin) != self();
    if (!except.empty())
      free = free || except == spin.reference;
    checks.push_back({property::sleep_with_spin_lock, free,
                      action + " with spin mutex " + lang::to_string(spin.reference) + " held"});
  }
  return checks;
}

void Steps::enter(const Lock& lock, const std::string& label, bool may_sleep) {
  const Expr owner = kernel_.locks().owner(spec(), lock);
  Step step;
  if (may_sleep)
    step.entry_checks = no_spin_lock_held(label);
  step.entry_checks.push_back(
      {property::lock_recursion, owner != self(),
       label + ": " + lock_name(kernel_, lock) + " is held by the caller already"});
  step.guard = owner == spec().nothing(lang::thread_pool);
  step.updates.push_back(lang::assign(owner, self()));
  step.effects.push_back({EffectKind::acquire, lock.reference, Mode::exclusive});
  this->step(label, std::move(step));
}

void Steps::leave(const Lock& lock, const std::string& label) {
  const Expr owner = kernel_.locks().owner(spec(), lock);
  Step step;
  step.entry_checks.push_back(
      {property::lock_not_held, owner == self(),
       label + ": " + lock_name(kernel_, lock) + " is not held by the caller"});
  step.updates.push_back(lang::assign(owner, spec().nothing(lang::thread_pool)));
  step.effects.push_back({EffectKind::release, lock.reference, Mode::exclusive});
  this->step(label, std::move(step));
}

void Steps::mutex_enter(const Lock& mutex) {
  const std::string label = "mutex_enter_" + lock_name(kernel_, mutex);
  if (kernel_lock_depth_ > 0)
    block_without_kernel_lock(mutex, label);
  else
    enter(mutex, label, true);
}

// The caller holds KERNEL_LOCK: either the mutex is free, or the caller sleeps without KERNEL_LOCK,
// takes it again when it is switched in, and tries once more.
void Steps::block_without_kernel_lock(const Lock& mutex, const std::string& label) {
  const Expr owner = kernel_.locks().owner(spec(), mutex);
  const Expr nobody = spec().nothing(lang::thread_pool);
  const Lock big = kernel_.kernel_lock();
  const Expr big_owner = kernel_.locks().owner(spec(), big);
  const Expr big_count = kernel_.locks().recursion(spec(), big);
  const Expr saved = local("kernel_lock_count", big_count.type_ref());
  loop(label + ".retry", [&] {
    either({[&] {
              enter(mutex, label, true);
              break_(label + ".retry");
            },
            [&] {
              Step drop;
              drop.guard = owner != nobody && owner != self();
              drop.updates = {lang::assign(saved, big_count), lang::assign(big_owner, nobody),
                              lang::assign(big_count, Expr(0))};
              drop.effects.push_back({EffectKind::release, big.reference, Mode::exclusive});
              step(label + ".block", std::move(drop));
              Step sleep;
              sleep.guard = owner == nobody;
              sleep.effects.push_back({EffectKind::acquire, mutex.reference, Mode::exclusive});
              step(label + ".sleep", std::move(sleep));
              Step again;
              again.guard = big_owner == nobody;
              again.updates = {lang::assign(big_owner, self()), lang::assign(big_count, saved)};
              again.effects.push_back({EffectKind::acquire, big.reference, Mode::exclusive});
              step(label + ".kernel_lock", std::move(again));
            }});
  });
}

void Steps::mutex_exit(const Lock& mutex) {
  leave(mutex, "mutex_exit_" + lock_name(kernel_, mutex));
}

void Steps::mutex_spin_enter(const Lock& mutex) {
  enter(mutex, "mutex_spin_enter_" + lock_name(kernel_, mutex), false);
}

void Steps::mutex_spin_exit(const Lock& mutex) {
  leave(mutex, "mutex_spin_exit_" + lock_name(kernel_, mutex));
}

void Steps::mutex_tryenter(const Lock& mutex, const Expr& result) {
  const Expr owner = kernel_.locks().owner(spec(), mutex);
  const Expr free = owner == spec().nothing(lang::thread_pool);
  Step step;
  step.updates = {lang::assign(owner, lang::choose(free, self(), owner)),
                  lang::assign(result, free)};
  step.effects.push_back({EffectKind::try_acquire, mutex.reference, Mode::exclusive});
  this->step("mutex_tryenter_" + lock_name(kernel_, mutex), std::move(step));
}

void Steps::rw_enter_reader(const Lock& lock) {
  const std::string label = "rw_enter_" + lock_name(kernel_, lock);
  const Expr owner = kernel_.locks().owner(spec(), lock);
  const Expr readers = kernel_.locks().readers(spec(), lock);
  Step step;
  step.entry_checks = no_spin_lock_held(label);
  step.entry_checks.push_back(
      {property::lock_recursion, owner != self() && (readers & thread_bit()) == 0,
       label + ": " + lock_name(kernel_, lock) + " is held by the caller already"});
  step.guard = owner == spec().nothing(lang::thread_pool);
  step.updates.push_back(lang::assign(readers, readers | thread_bit()));
  step.effects.push_back({EffectKind::acquire, lock.reference, Mode::shared});
  this->step(label, std::move(step));
}

void Steps::rw_enter_writer(const Lock& lock) {
  const std::string label = "rw_enter_" + lock_name(kernel_, lock);
  const Expr owner = kernel_.locks().owner(spec(), lock);
  const Expr readers = kernel_.locks().readers(spec(), lock);
  Step step;
  step.entry_checks = no_spin_lock_held(label);
  step.entry_checks.push_back(
      {property::lock_recursion, owner != self() && (readers & thread_bit()) == 0,
       label + ": " + lock_name(kernel_, lock) + " is held by the caller already"});
  step.guard = owner == spec().nothing(lang::thread_pool) && readers == 0;
  step.updates.push_back(lang::assign(owner, self()));
  step.effects.push_back({EffectKind::acquire, lock.reference, Mode::exclusive});
  this->step(label, std::move(step));
}

void Steps::rw_exit(const Lock& lock) {
  const std::string label = "rw_exit_" + lock_name(kernel_, lock);
  const Expr owner = kernel_.locks().owner(spec(), lock);
  const Expr readers = kernel_.locks().readers(spec(), lock);
  Step step;
  step.entry_checks.push_back(
      {property::lock_not_held, owner == self() || (readers & thread_bit()) != 0,
       label + ": " + lock_name(kernel_, lock) + " is not held by the caller"});
  step.updates = {
      lang::assign(owner, lang::choose(owner == self(), spec().nothing(lang::thread_pool), owner)),
      lang::assign(readers, lang::bit_clear(readers, thread_bit()))};
  step.effects.push_back({EffectKind::release, lock.reference, Mode::exclusive});
  this->step(label, std::move(step));
}

void Steps::cv_wait(const Lock& condition, const Lock& interlock, const Wait& wait) {
  const std::string label = std::string(wait.label) + "_" + lock_name(kernel_, condition);
  const Expr waiters = kernel_.locks().waiters(spec(), condition);
  const Expr owner = kernel_.locks().owner(spec(), interlock);
  const Expr nobody = spec().nothing(lang::thread_pool);
  Step sleep;
  sleep.entry_checks.push_back(
      {property::lock_not_held, owner == self(),
       label + ": the interlock " + lock_name(kernel_, interlock) + " is not held by the caller"});
  const bool spin = interlock.kind == LockKind::spin_mutex;
  for (Check& check : no_spin_lock_held(label, spin ? interlock.reference : Expr()))
    sleep.entry_checks.push_back(std::move(check));
  sleep.updates = {lang::assign(waiters, waiters | thread_bit()), lang::assign(owner, nobody)};
  sleep.effects = {{EffectKind::sleep, condition.reference, Mode::exclusive},
                   {EffectKind::release, interlock.reference, Mode::exclusive}};
  step(label, std::move(sleep));
  Step wake;
  wake.guard = (waiters & thread_bit()) == 0 && owner == nobody;
  wake.updates = {lang::assign(owner, self())};
  wake.effects = {{EffectKind::sleep, condition.reference, Mode::exclusive},
                  {EffectKind::acquire, interlock.reference, Mode::exclusive}};
  wake.idle_when = wait.idle_when;
  if (!wait.interrupted) {
    step(label + ".wakeup", std::move(wake));
    return;
  }
  Step interrupt;
  interrupt.optional = wait.by_chance;
  interrupt.guard = owner == nobody;
  interrupt.updates = {lang::assign(waiters, lang::bit_clear(waiters, thread_bit())),
                       lang::assign(owner, self())};
  interrupt.effects = {{EffectKind::acquire, interlock.reference, Mode::exclusive}};
  either({[&] { step(label + ".wakeup", std::move(wake)); },
          [&] {
            step(label + ".interrupted", std::move(interrupt));
            wait.interrupted();
          }});
}

void Steps::cv_broadcast(const Lock& condition) {
  Step step;
  step.updates.push_back(lang::assign(kernel_.locks().waiters(spec(), condition), Expr(0)));
  step.effects.push_back({EffectKind::wake, condition.reference, Mode::exclusive});
  this->step("cv_broadcast_" + lock_name(kernel_, condition), std::move(step));
}

void Steps::kernel_lock() {
  const Lock big = kernel_.kernel_lock();
  const Expr owner = kernel_.locks().owner(spec(), big);
  const Expr count = kernel_.locks().recursion(spec(), big);
  Step step;
  step.guard = owner == spec().nothing(lang::thread_pool) || owner == self();
  step.updates = {lang::assign(owner, self()), lang::assign(count, count + 1)};
  step.effects.push_back({EffectKind::acquire, big.reference, Mode::exclusive});
  this->step("KERNEL_LOCK", std::move(step));
  ++kernel_lock_depth_;
}

void Steps::kernel_unlock() {
  const Lock big = kernel_.kernel_lock();
  const Expr owner = kernel_.locks().owner(spec(), big);
  const Expr count = kernel_.locks().recursion(spec(), big);
  Step step;
  step.entry_checks.push_back({property::lock_not_held, owner == self(),
                               "KERNEL_UNLOCK: KERNEL_LOCK is not held by the caller"});
  step.updates = {
      lang::assign(owner, lang::choose(count == 1, spec().nothing(lang::thread_pool), owner)),
      lang::assign(count, count - 1)};
  step.effects.push_back({EffectKind::release, big.reference, Mode::exclusive});
  this->step("KERNEL_UNLOCK", std::move(step));
  --kernel_lock_depth_;
}

void Steps::kassert(const Expr& condition, const std::string& text) {
  check(property::kassert, condition, "KASSERT(" + text + ")");
}

void Steps::allocate(const Expr& target, lang::PoolId pool, const std::string& label) {
  const Expr free = spec().first_free(pool);
  const lang::Pool& kind = spec().pools()[pool];
  Step step;
  step.checks.push_back({lang::fault::bounds, free != spec().nothing(pool),
                         "all " + std::to_string(kind.objects.size()) + " " + kind.name +
                             " objects are in use: the config's bounds give too few"});
  step.updates = {lang::assign(target, free),
                  {UpdateKind::assign, *kind.allocated, free, Expr(true), {}}};
  this->step(label, std::move(step));
}

void Steps::release(const Expr& object, const std::string& label, std::vector<Check> checks) {
  const lang::PoolId pool = object.type().pool;
  Step step;
  step.entry_checks.push_back({property::double_free, spec().is_allocated(object),
                               lang::to_string(object) + " is freed already"});
  for (Check& check : checks)
    step.entry_checks.push_back(std::move(check));
  for (VariableId id = 0; id < spec().variables().size(); ++id) {
    const lang::Variable& variable = spec().variables()[id];
    if (variable.scope != lang::Scope::field || variable.pool != pool ||
        variable.protection == lang::Protection::immutable)
      continue;
    if (variable.capacity != 0)
      step.updates.push_back({UpdateKind::clear, id, object, {}, {}});
    else
      step.updates.push_back({UpdateKind::assign, id, object, lang::literal(variable.type, 0), {}});
  }
  unguarded(); // whoever frees an object is alone with it, or the checks above find the other one
  this->step(label, std::move(step));
}

Update Steps::push_front(VariableId list, const Expr& object, const Expr& element) {
  return {UpdateKind::push_front, list, object, element, {}};
}
Update Steps::push_back(VariableId list, const Expr& object, const Expr& element) {
  return {UpdateKind::push_back, list, object, element, {}};
}
Update Steps::remove(VariableId list, const Expr& object, const Expr& element) {
  return {UpdateKind::remove, list, object, element, {}};
}

void Steps::update(const std::string& label, std::vector<Update> updates) {
  Step step;
  // SLIST_REMOVE and TAILQ_REMOVE of what is not there follow wild links.
  for (const lang::Update& update : updates)
    if (update.kind == UpdateKind::remove)
      step.checks.push_back({lang::fault::not_on_list,
                             spec().list_has(update.variable, update.object, update.value),
                             lang::to_string(update.value) + " is removed from " +
                                 spec().variables()[update.variable].name + ", and is not on it"});
  step.updates = std::move(updates);
  this->step(label, std::move(step));
}

Expr Steps::find_first(VariableId list, const Expr& object,
                       const std::function<Expr(const Expr&)>& matches) {
  const lang::Variable& variable = spec().variables()[list];
  const Expr nothing = spec().nothing(variable.type->pool);
  std::vector<Expr> elements{spec().list_front(list, object)};
  while (elements.size() < variable.capacity)
    elements.push_back(spec().list_next(list, object, elements.back()));
  Expr found = nothing;
  for (std::size_t i = elements.size(); i-- > 0;)
    found = lang::choose(elements[i] == nothing, nothing,
                         lang::choose(matches(elements[i]), elements[i], found));
  return found;
}

void Steps::block(const std::string& label, const Body& body) {
  loop(label, [&] {
    body();
    break_(label);
  });
}

Expr Steps::holds_no_lock() {
  std::vector<Expr> conditions;
  const states::LockTable& locks = kernel_.locks();
  for (const LockKind kind :
       {LockKind::adaptive_mutex, LockKind::spin_mutex, LockKind::rwlock, LockKind::kernel_lock})
    for (std::uint32_t i = 0; i < locks.count(kind); ++i) {
      const Lock lock = locks.lock(spec(), kind, i);
      conditions.push_back(locks.owner(spec(), lock) != self());
      if (kind == LockKind::rwlock)
        conditions.push_back((locks.readers(spec(), lock) & thread_bit()) == 0);
    }
  return lang::all_of(conditions);
}

} // namespace interlock::actions
