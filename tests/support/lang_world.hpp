// Small specifications for tests: threads, globals, mutexes, and ways to look at what they lower
// to.
#pragma once

#include "lang/print.hpp"
#include "lang/steps.hpp"
#include "lang/wait_for.hpp"
#include "support/draft.hpp"

#include <functional>
#include <string>
#include <vector>

namespace interlock::tests {

// A specification under construction, with the threads already declared.
class World : public Draft {
public:
  explicit World(const std::vector<std::string>& threads = {"t"}) {
    for (const std::string& name : threads)
      builder.thread(name);
  }

  lang::Expr global(const std::string& name, const lang::TypeRef& type, lang::Value initial = 0) {
    return builder.read(builder.global(name, type, initial));
  }
  lang::Expr number(const std::string& name, lang::Value high = 3) {
    return global(name, lang::integer_type(0, high));
  }
  lang::Expr flag(const std::string& name) { return global(name, lang::boolean_type()); }

  void body(lang::ThreadId thread, const std::function<void(lang::Steps&)>& write) {
    lang::Steps steps(builder, thread);
    write(steps);
    builder.set_body(thread, steps.take());
  }
  void body(const std::function<void(lang::Steps&)>& write) { body(0, write); }

  // Finishes the specification; its actions, a line each, in order.
  std::vector<std::string> actions() {
    finish();
    std::vector<std::string> lines;
    for (const lang::Action& action : spec().actions())
      lines.push_back(lang::to_string(spec(), action));
    return lines;
  }

  lang::Value value(const lang::State& state, const lang::Expr& expression) const {
    return lang::evaluate(spec(), state, expression).value;
  }
};

// A pool of locks with an exclusive holder each.
class Mutexes {
public:
  Mutexes(lang::SpecBuilder& spec, const std::vector<std::string>& names) : spec_(spec) {
    pool = spec.pool("mutex", names, lang::Lifetime::permanent);
    owner_ = spec.field(pool, "owner", spec.pools()[lang::thread_pool].reference, lang::none);
    spec.set_lock_pool(pool, {"mutex", owner_, {}, {}}, names);
  }

  lang::Expr lock(std::uint32_t index = 0) const { return spec_.object(pool, index); }
  lang::Expr owner(const lang::Expr& lock) const { return spec_.read(owner_, lock); }

  void enter(lang::Steps& steps, const lang::Expr& lock) const {
    lang::Step step;
    step.guard = owner(lock) == spec_.nothing(lang::thread_pool);
    step.updates = {lang::assign(owner(lock), steps.self())};
    step.effects = {{lang::EffectKind::acquire, lock, lang::Mode::exclusive}};
    steps.step("enter", std::move(step));
  }
  void exit(lang::Steps& steps, const lang::Expr& lock) const {
    lang::Step step;
    step.updates = {lang::assign(owner(lock), spec_.nothing(lang::thread_pool))};
    step.effects = {{lang::EffectKind::release, lock, lang::Mode::exclusive}};
    steps.step("exit", std::move(step));
  }

  lang::PoolId pool = 0;

private:
  lang::SpecBuilder& spec_;
  lang::VariableId owner_ = 0;
};

// The message of the SpecError that `work` throws; empty when it throws none.
inline std::string error_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const lang::SpecError& error) {
    return error.what();
  }
  return "";
}

// One run of a finished specification that takes the first enabled action of the first thread that
// has one, until none has, an action fails, or `limit` steps are done.
struct SingleRun {
  std::vector<std::string> labels; // of the actions taken, the failing one last
  lang::State state;               // before the failing action, if there is one
  lang::Failure failure;
};

inline SingleRun run(const lang::Spec& spec, std::size_t limit = 200) {
  SingleRun result{{}, spec.initial_state(), {}};
  for (bool moved = true; moved && result.labels.size() < limit;) {
    moved = false;
    for (const lang::Action& action : spec.actions()) {
      const lang::Result next = lang::take(spec, result.state, action);
      if (next.outcome == lang::Outcome::disabled)
        continue;
      result.labels.push_back(action.label);
      if (next.outcome == lang::Outcome::failed) {
        result.failure = next.failure;
        return result;
      }
      result.state = next.state;
      moved = true;
      break;
    }
  }
  return result;
}

} // namespace interlock::tests
