// Small specifications about the order of locks, written as `a: +m +n -n -m` per thread.
#pragma once

#include "lang/steps.hpp"
#include "locks/findings.hpp"
#include "support/draft.hpp"

#include <functional>
#include <map>
#include <sstream>

namespace interlock::tests {

// Threads take and give back locks: `+m` takes m and waits for it, `?m` tries to, `*m` takes it for
// reading, `-m` gives it back, `~` sleeps for a wake-up.
class LockWorld : public Draft {
public:
  struct Lock {
    std::string name;
    std::string lock_class;
    bool soft = false;
    lang::Waiting waiting = lang::Waiting::sleeps;
  };

  // `declare_more` may add to the specification before it is finished.
  LockWorld(const std::vector<Lock>& locks,
            const std::vector<std::pair<std::string, std::string>>& threads,
            const std::function<void(LockWorld&)>& declare_more = {}) {
    std::vector<std::string> names;
    for (const auto& [name, script] : threads) {
      builder.thread(name);
      names.push_back(name);
    }
    readers_type_ = lang::flags_type("threads", names);
    for (const Lock& lock : locks) // a pool each, since what a pool's locks may do is the pool's
      declare(lock);
    const lang::PoolId channel = builder.pool("cv", {"cv"}, lang::Lifetime::permanent);
    waiters_ = builder.field(channel, "waiters", readers_type_, 0);
    builder.set_lock_pool(channel, {"condition variable", {}, {}, waiters_}, {"cv"});
    channel_ = builder.object(channel, 0);
    for (lang::ThreadId thread = 0; thread < threads.size(); ++thread) {
      lang::Steps s(builder, thread);
      std::istringstream script(threads[thread].second);
      for (std::string word; script >> word;)
        add(s, word);
      builder.set_body(thread, s.take());
    }
    if (declare_more)
      declare_more(*this);
    finish();
  }

  lang::Expr lock(const std::string& name) const { return locks_.at(name).reference; }
  // Whether a lock is free, in a state.
  lang::Expr is_free(const std::string& name) const {
    return locks_.at(name).owner == builder.nothing(lang::thread_pool);
  }

  // With the documented order, outermost first.
  checker::LockAnalysis analyse(std::vector<std::string> order = {}) const {
    checker::CheckOptions options;
    options.lock_order = std::move(order);
    return checker::analyse_locks(spec(), options);
  }

private:
  struct Declared {
    lang::Expr reference, owner, readers;
  };

  void declare(const Lock& lock) {
    const lang::PoolId pool =
        builder.pool("pool of " + lock.name, {lock.name}, lang::Lifetime::permanent);
    const lang::VariableId owner =
        builder.field(pool, "owner", builder.pools()[lang::thread_pool].reference, lang::none);
    const lang::VariableId readers = builder.field(pool, "readers", readers_type_, 0);
    lang::LockPool kind{"lock", owner, readers, {}};
    kind.soft = lock.soft;
    kind.waiting = lock.waiting;
    builder.set_lock_pool(pool, kind, {lock.lock_class});
    const lang::Expr reference = builder.object(pool, 0);
    locks_[lock.name] = {reference, builder.read(owner, reference),
                         builder.read(readers, reference)};
  }

  void add(lang::Steps& s, const std::string& word) {
    using lang::EffectKind;
    using lang::Mode;
    lang::Step step;
    const lang::Expr self = lang::literal(readers_type_, lang::Value{1} << s.thread());
    if (word == "~") {
      step.effects = {{EffectKind::sleep, channel_, Mode::exclusive}};
      return s.step("sleep", step);
    }
    const std::string name = word.substr(1);
    const Declared& lock = locks_.at(name);
    const lang::Expr nobody = builder.nothing(lang::thread_pool);
    const lang::Expr free = lock.owner == nobody && lock.readers == 0;
    switch (word[0]) {
    case '+':
      step.guard = free;
      step.updates = {lang::assign(lock.owner, s.self())};
      step.effects = {{EffectKind::acquire, lock.reference, Mode::exclusive}};
      return s.step("take_" + name, step);
    case '?':
      step.updates = {lang::assign(lock.owner, lang::choose(free, s.self(), lock.owner))};
      step.effects = {{EffectKind::try_acquire, lock.reference, Mode::exclusive}};
      return s.step("try_" + name, step);
    case '*':
      step.guard = lock.owner == nobody;
      step.updates = {lang::assign(lock.readers, lock.readers | self)};
      step.effects = {{EffectKind::acquire, lock.reference, Mode::shared}};
      return s.step("read_" + name, step);
    default:
      step.updates = {
          lang::assign(lock.owner, lang::choose(lock.owner == s.self(), nobody, lock.owner)),
          lang::assign(lock.readers, lang::bit_clear(lock.readers, self))};
      step.effects = {{EffectKind::release, lock.reference, Mode::exclusive}};
      return s.step("give_" + name, step);
    }
  }

  lang::TypeRef readers_type_;
  lang::VariableId waiters_ = 0;
  lang::Expr channel_;
  std::map<std::string, Declared> locks_;
};

// Locks that are each the only one of its class.
inline std::vector<LockWorld::Lock> single_locks(const std::vector<std::string>& names) {
  std::vector<LockWorld::Lock> locks;
  for (const std::string& name : names)
    locks.push_back({name, name});
  return locks;
}

// `kind: text` of each finding.
inline std::vector<std::string> findings_of(const checker::LockAnalysis& analysis) {
  std::vector<std::string> texts;
  for (const checker::LockFinding& finding : analysis.findings)
    texts.push_back(std::string(kind_name(finding.kind)) + ": " + finding.text);
  return texts;
}

// `m -> n`, with (r) behind what is shared; `m ~> n` where nobody waits.
inline std::set<std::string> edges_of(const checker::LockGraph& graph) {
  std::set<std::string> texts;
  const auto end = [&](checker::LockIndex lock, lang::Mode mode) {
    return graph.locks[lock].name + (mode == lang::Mode::shared ? "(r)" : "");
  };
  for (const checker::LockEdge& edge : graph.edges)
    texts.insert(end(edge.held, edge.held_mode) + (edge.blocking ? " -> " : " ~> ") +
                 end(edge.acquired, edge.acquired_mode));
  return texts;
}

} // namespace interlock::tests
