// A specification for one test: threads, locks and steps in a few lines.
#pragma once

#include "lang/steps.hpp"
#include "lang/trace.hpp"
#include "support/draft.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace interlock::tests {

class TinySpec : public Draft {
public:
  explicit TinySpec(const std::vector<std::string>& threads) {
    for (const std::string& name : threads)
      builder.thread(name);
  }

  void add_locks(const std::vector<std::string>& names) {
    locks = builder.pool("lock", names, lang::Lifetime::permanent);
    owner = builder.field(locks, "owner", builder.pools()[lang::thread_pool].reference, lang::none);
    builder.set_lock_pool(locks, {"mutex", owner, {}, {}}, names);
  }
  lang::Expr flag(const std::string& name, bool initial = false) {
    return builder.read(builder.global(name, lang::boolean_type(), initial ? 1 : 0));
  }
  void body(lang::ThreadId thread, const std::function<void(lang::Steps&)>& write) {
    lang::Steps s(builder, thread);
    write(s);
    builder.set_body(thread, s.take());
  }
  void property(const std::string& name, lang::PropertyKind kind,
                const lang::Expr& condition = {}) {
    builder.property({name, kind, condition, name + " is violated"});
  }

  lang::Step enter(const lang::Steps& s, unsigned lock) const {
    const lang::Expr which = builder.object(locks, lock);
    lang::Step step;
    step.guard = builder.read(owner, which) == builder.nothing(lang::thread_pool);
    step.updates.push_back(lang::assign(builder.read(owner, which), builder.self(s.thread())));
    step.effects.push_back({lang::EffectKind::acquire, which, lang::Mode::exclusive});
    return step;
  }
  lang::Step leave(unsigned lock) const {
    const lang::Expr which = builder.object(locks, lock);
    lang::Step step;
    step.updates.push_back(
        lang::assign(builder.read(owner, which), builder.nothing(lang::thread_pool)));
    step.effects.push_back({lang::EffectKind::release, which, lang::Mode::exclusive});
    return step;
  }
  static lang::Step failing(const std::string& property) {
    lang::Step step;
    step.checks.push_back({property, lang::Expr(false), "as it must"});
    return step;
  }

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
