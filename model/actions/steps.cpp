// Steps that every kernel has; see steps.hpp.
#include "actions/steps.hpp"

#include "actions/holders.hpp"

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
  return node.name.substr(node.name.rfind('.') + 1); // a local's name begins with its path
}

std::string copy_label(const std::string& label, std::size_t copy) {
  return copy == 0 ? label : label + "#" + std::to_string(copy + 1);
}

Expr Steps::thread_bit() {
  return lang::literal(kernel_.locks().thread_set(), lang::Value{1} << thread());
}

Expr Steps::owns(const Lock& lock) { return owner(lock) == self(); }

std::vector<Check> Steps::holds_none(LockKind kind, const char* property, const std::string& action,
                                     const Expr& except) {
  std::vector<Check> checks;
  const states::LockTable& locks = kernel_.locks();
  for (std::uint32_t i = 0; i < locks.count(kind); ++i) {
    const Lock lock = locks.lock(spec(), kind, i);
    Expr free = owner(lock) != self();
    if (!except.empty() && except.type().pool == lock.reference.type().pool)
      free = free || except == lock.reference;
    checks.push_back({property, free,
                      action + " with " + states::kind_name(kind) + " " +
                          lang::to_string(lock.reference) + " held"});
  }
  return checks;
}

void Steps::acquire(const Lock& lock, const std::string& label, std::vector<Check> checks) {
  Expr mine = owner(lock) == self();
  Expr free = owner(lock) == nobody();
  if (states::traits(lock.kind).readers) {
    const Expr readers = kernel_.locks().readers(spec(), lock);
    mine = mine || (readers & thread_bit()) != 0;
    free = free && readers == 0;
  }
  Step step;
  step.entry_checks = std::move(checks);
  step.entry_checks.push_back({property::lock_recursion, !mine,
                               label + ": " + name(lock) + " is held by the caller already"});
  step.guard = free;
  step.updates.push_back(lang::assign(owner(lock), self()));
  step.effects.push_back({EffectKind::acquire, lock.reference, Mode::exclusive});
  this->step(label, std::move(step));
}

void Steps::acquire_shared(const Lock& lock, const std::string& label, std::vector<Check> checks) {
  const Expr readers = kernel_.locks().readers(spec(), lock);
  Step step;
  step.entry_checks = std::move(checks);
  step.entry_checks.push_back({property::lock_recursion,
                               owner(lock) != self() && (readers & thread_bit()) == 0,
                               label + ": " + name(lock) + " is held by the caller already"});
  step.guard = owner(lock) == nobody();
  step.updates.push_back(lang::assign(readers, readers | thread_bit()));
  step.effects.push_back({EffectKind::acquire, lock.reference, Mode::shared});
  this->step(label, std::move(step));
}

void Steps::try_acquire(const Lock& lock, const std::string& label, const Expr& result) {
  const Expr free = owner(lock) == nobody();
  Step step;
  step.updates = {lang::assign(owner(lock), lang::choose(free, self(), owner(lock))),
                  lang::assign(result, free)};
  step.effects.push_back({EffectKind::try_acquire, lock.reference, Mode::exclusive});
  this->step(label, std::move(step));
}

void Steps::give_back(const Lock& lock, const std::string& label) {
  const Expr mine = owner(lock) == self();
  Step step;
  Expr held = mine;
  step.updates = {lang::assign(owner(lock), nobody())};
  if (states::traits(lock.kind).readers) {
    const Expr readers = kernel_.locks().readers(spec(), lock);
    held = mine || (readers & thread_bit()) != 0;
    step.updates = {lang::assign(owner(lock), lang::choose(mine, nobody(), owner(lock))),
                    lang::assign(readers, lang::bit_clear(readers, thread_bit()))};
  }
  step.entry_checks.push_back(
      {property::lock_not_held, held, label + ": " + name(lock) + " is not held by the caller"});
  step.effects.push_back({EffectKind::release, lock.reference, Mode::exclusive});
  this->step(label, std::move(step));
}

void Steps::sleep_on(const Lock& channel, const Lock& interlock, const std::string& label,
                     const Wait& wait, std::vector<Check> checks) {
  const Expr waiters = kernel_.locks().waiters(spec(), channel);
  Step sleep;
  sleep.entry_checks.push_back(
      {property::lock_not_held, owner(interlock) == self(),
       label + ": the interlock " + name(interlock) + " is not held by the caller"});
  for (Check& check : checks)
    sleep.entry_checks.push_back(std::move(check));
  sleep.updates = {lang::assign(waiters, waiters | thread_bit()),
                   lang::assign(owner(interlock), nobody())};
  sleep.effects = {{EffectKind::sleep, channel.reference, Mode::exclusive},
                   {EffectKind::release, interlock.reference, Mode::exclusive}};
  step(label, std::move(sleep));
  Step wake;
  wake.guard = (waiters & thread_bit()) == 0 && owner(interlock) == nobody();
  wake.updates = {lang::assign(owner(interlock), self())};
  wake.effects = {{EffectKind::sleep, channel.reference, Mode::exclusive},
                  {EffectKind::acquire, interlock.reference, Mode::exclusive}};
  wake.idle_when = wait.idle_when;
  if (!wait.interrupted) {
    step(label + ".wakeup", std::move(wake));
    return;
  }
  Step interrupt;
  interrupt.comes = wait.by_chance ? lang::Comes::by_chance : lang::Comes::by_timeout;
  interrupt.guard = owner(interlock) == nobody();
  interrupt.updates = {lang::assign(waiters, lang::bit_clear(waiters, thread_bit())),
                       lang::assign(owner(interlock), self())};
  interrupt.effects = {{EffectKind::acquire, interlock.reference, Mode::exclusive}};
  either_needed({{true, [&] { step(label + ".wakeup", std::move(wake)); }},
                 {wait.interruptible, [&] {
                    step(label + ".interrupted", std::move(interrupt));
                    wait.interrupted();
                  }}});
}

void Steps::wake_all(const Lock& channel, const std::string& label) {
  Step step;
  step.updates.push_back(lang::assign(kernel_.locks().waiters(spec(), channel), Expr(0)));
  step.effects.push_back({EffectKind::wake, channel.reference, Mode::exclusive});
  this->step(label, std::move(step));
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
  for (Check& check : nothing_holds(kernel_, object))
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
  for (const LockKind kind : states::lock_kinds())
    for (std::uint32_t i = 0; i < locks.count(kind); ++i) {
      const Lock lock = locks.lock(spec(), kind, i);
      if (states::traits(kind).owner)
        conditions.push_back(owner(lock) != self());
      if (states::traits(kind).readers)
        conditions.push_back((locks.readers(spec(), lock) & thread_bit()) == 0);
    }
  return lang::all_of(conditions);
}

} // namespace interlock::actions
