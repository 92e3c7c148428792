// A specification for one test: threads, locks and steps in a few lines.
#pragma once

#include "lang/steps.hpp"
#include "lang/trace.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace interlock::tests {

class TinySpec {
public:
  explicit TinySpec(const std::vector<std::string>& threads) {
    for (const std::string& name : threads)
      spec->thread(name);
  }

  void add_locks(const std::vector<std::string>& names) {
    locks = spec->pool("lock", names, false);
    owner = spec->field(locks, "owner", spec->pools()[lang::thread_pool].reference, lang::none);
    spec->set_lock_pool(locks, {"mutex", owner, {}, {}}, names);
  }
  lang::Expr flag(const std::string& name, bool initial = false) {
    return spec->read(spec->global(name, lang::boolean_type(), initial ? 1 : 0));
  }
  void body(lang::ThreadId thread, const std::function<void(lang::Steps&)>& write) {
    lang::Steps s(*spec, thread);
    write(s);
    spec->set_body(thread, s.take());
  }
  void property(const std::string& name, lang::PropertyKind kind,
                const lang::Expr& condition = {}) {
    spec->property({name, kind, condition, name + " is violated"});
  }
  const lang::Spec& finish() {
    spec->finish();
    return *spec;
  }

  lang::Step enter(const lang::Steps& s, unsigned lock) const {
    const lang::Expr which = spec->object(locks, lock);
    lang::Step step;
    step.guard = spec->read(owner, which) == spec->nothing(lang::thread_pool);
    step.updates.push_back(lang::assign(spec->read(owner, which), spec->self(s.thread())));
    step.effects.push_back({lang::EffectKind::acquire, which, lang::Mode::exclusive});
    return step;
  }
  lang::Step leave(unsigned lock) const {
    const lang::Expr which = spec->object(locks, lock);
    lang::Step step;
    step.updates.push_back(
        lang::assign(spec->read(owner, which), spec->nothing(lang::thread_pool)));
    step.effects.push_back({lang::EffectKind::release, which, lang::Mode::exclusive});
    return step;
  }
  static lang::Step failing(const std::string& property) {
    lang::Step step;
    step.checks.push_back({property, lang::Expr(false), "as it must"});
    return step;
  }

  std::unique_ptr<lang::Spec> spec = std::make_unique<lang::Spec>();
  lang::PoolId locks = 0;
  lang::VariableId owner = 0;
};

// `thread:label` of each step.
inline std::vector<std::string> steps_of(const lang::Spec& spec, const lang::Trace& trace) {
  std::vector<std::string> steps;
  for (const lang::ActionId id : trace.actions) {
    const std::string& label = spec.actions()[id].label;
    steps.push_back(spec.threads()[spec.actions()[id].thread].name + ":" +
                    label.substr(label.rfind('.') + 1));
  }
  return steps;
}

} // namespace interlock::tests
