// Locks and walks for the harness's tests; see small_specs.hpp.
#include "small_specs.hpp"

#include "lang/evaluate.hpp"

#include <stdexcept>

namespace interlock::harness::testing {

using lang::EffectKind;
using lang::Mode;
using lang::Step;

SmallSpec::SmallSpec(const std::vector<std::string>& threads) {
  for (const std::string& name : threads)
    builder.thread(name);
  thread_set_ = lang::flags_type("thread_set", threads);
}

void SmallSpec::mutexes(const std::vector<std::string>& names) {
  mutex_pool_ = builder.pool("mutex", names, lang::Lifetime::permanent);
  mutex_owner_ =
      builder.field(mutex_pool_, "owner", builder.pools()[lang::thread_pool].reference, lang::none);
  builder.set_lock_pool(mutex_pool_, {"mutex", mutex_owner_, {}, {}}, names);
}

void SmallSpec::rwlocks(const std::vector<std::string>& names) {
  rwlock_pool_ = builder.pool("rwlock", names, lang::Lifetime::permanent);
  rwlock_owner_ = builder.field(rwlock_pool_, "owner", builder.pools()[lang::thread_pool].reference,
                                lang::none);
  rwlock_readers_ = builder.field(rwlock_pool_, "readers", thread_set_, 0);
  builder.set_lock_pool(rwlock_pool_, {"rwlock", rwlock_owner_, rwlock_readers_, {}}, names);
}

void SmallSpec::channels(const std::vector<std::string>& names) {
  channel_pool_ = builder.pool("channel", names, lang::Lifetime::permanent);
  channel_waiters_ = builder.field(channel_pool_, "waiters", thread_set_, 0);
  builder.set_lock_pool(channel_pool_, {"channel", {}, {}, channel_waiters_}, names);
}

void SmallSpec::acquire(Steps& steps, const Expr& mutex) const {
  Step step;
  step.guard = owner(mutex) == builder.nothing(lang::thread_pool);
  step.updates = {lang::assign(owner(mutex), steps.self())};
  step.effects = {{EffectKind::acquire, mutex, Mode::exclusive}};
  steps.step("acquire", step);
}

void SmallSpec::release(Steps& steps, const Expr& mutex) const {
  Step step;
  step.updates = {lang::assign(owner(mutex), builder.nothing(lang::thread_pool))};
  step.effects = {{EffectKind::release, mutex, Mode::exclusive}};
  steps.step("release", step);
}

void SmallSpec::write_lock(Steps& steps, const Expr& rwlock) const {
  const Expr owner = builder.read(rwlock_owner_, rwlock);
  Step step;
  step.guard = owner == builder.nothing(lang::thread_pool) && readers(rwlock) == 0;
  step.updates = {lang::assign(owner, steps.self())};
  step.effects = {{EffectKind::acquire, rwlock, Mode::exclusive}};
  steps.step("write_lock", step);
}

void SmallSpec::read_lock(Steps& steps, const Expr& rwlock) const {
  Step step;
  step.guard = builder.read(rwlock_owner_, rwlock) == builder.nothing(lang::thread_pool);
  step.updates = {lang::assign(readers(rwlock), readers(rwlock) | bit(steps.thread()))};
  step.effects = {{EffectKind::acquire, rwlock, Mode::shared}};
  steps.step("read_lock", step);
}

void SmallSpec::read_unlock(Steps& steps, const Expr& rwlock) const {
  Step step;
  step.updates = {
      lang::assign(readers(rwlock), lang::bit_clear(readers(rwlock), bit(steps.thread())))};
  step.effects = {{EffectKind::release, rwlock, Mode::shared}};
  steps.step("read_unlock", step);
}

void SmallSpec::sleep(Steps& steps, const Expr& channel) const {
  Step lie_down;
  lie_down.updates = {lang::assign(waiters(channel), waiters(channel) | bit(steps.thread()))};
  steps.step("lie_down", lie_down);
  Step wake_up;
  wake_up.guard = (waiters(channel) & bit(steps.thread())) == 0;
  wake_up.effects = {{EffectKind::sleep, channel, Mode::exclusive}};
  steps.step("wake_up", wake_up);
}

void SmallSpec::wake_all(Steps& steps, const Expr& channel) const {
  Step step;
  step.updates = {lang::assign(waiters(channel), 0)};
  step.effects = {{EffectKind::wake, channel, Mode::exclusive}};
  steps.step("wake_all", step);
}

void SmallSpec::body(lang::ThreadId thread, const std::function<void(Steps&)>& write) {
  Steps steps(builder, thread);
  write(steps);
  builder.set_body(thread, steps.take());
}

Expr SmallSpec::bit(lang::ThreadId thread) const {
  return lang::literal(thread_set_, lang::Value{1} << thread);
}

Trace walk(const Spec& spec, const std::vector<lang::ThreadId>& order,
           const lang::Violation& violation) {
  Trace trace{{}, violation};
  lang::State state = spec.initial_state();
  for (const lang::ThreadId thread : order) {
    const auto& point = spec.threads()[thread].points[lang::point_of(spec, state, thread)];
    bool moved = false;
    for (const lang::ActionId id : point.actions) {
      lang::Result result = lang::take(spec, state, spec.actions()[id]);
      if (moved || result.outcome == lang::Outcome::disabled)
        continue;
      moved = true;
      trace.actions.push_back(id);
      if (result.outcome == lang::Outcome::taken)
        state = std::move(result.state);
    }
    if (!moved)
      throw std::runtime_error(spec.threads()[thread].name + " cannot move at " + point.label);
  }
  return trace;
}

void violated_everywhere(lang::SpecBuilder& spec) {
  spec.property({"nowhere", lang::PropertyKind::invariant, Expr(false), "it was reached"});
}

} // namespace interlock::harness::testing
