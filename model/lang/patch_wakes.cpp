// Wake-ups of patches; see patch_wakes.hpp.
#include "lang/patch_wakes.hpp"

#include <algorithm>

namespace interlock::lang {

namespace {

Expr waiters_of(const Declarations& spec, const Expr& channel) {
  return spec.read(*spec.pools()[channel.type().pool].lock->waiters, channel);
}

// What the step leaves of the waiters; empty when it wakes none.
Expr left_by(const Declarations& spec, const Step& step, const Expr& channel) {
  const VariableId waiters = *spec.pools()[channel.type().pool].lock->waiters;
  for (const Update& update : step.updates)
    if (update.variable == waiters && same(update.object, channel))
      return update.value;
  return {};
}

// The threads that a step wakes which leaves these.
Expr woken(const Expr& waiters, const Expr& left) {
  return left.is_literal(0) ? waiters : bit_clear(waiters, left);
}

// The condition without those of its operands that are `part`; whether there are any.
bool take_out(Expr& condition, const Expr& part) {
  if (condition.empty())
    return false;
  if (same(condition, part)) {
    condition = {};
    return true;
  }
  if (condition.node().op != Op::logical_and)
    return false;
  Expr left = condition.node().operands[0];
  Expr right = condition.node().operands[1];
  const bool in_left = take_out(left, part);
  const bool in_right = take_out(right, part);
  condition = left.empty() ? right : right.empty() ? left : left && right;
  return in_left || in_right;
}

std::optional<Waking> waking_step(const Declarations& spec, const Step& step) {
  Waking waking{step, {}, false};
  for (const Effect& effect : step.effects) {
    if (effect.kind != EffectKind::wake)
      continue;
    if (!waking.channel.empty() && !same(waking.channel, effect.lock))
      throw SpecError("this wakes on two channels, " + to_string(waking.channel) + " and " +
                      to_string(effect.lock));
    waking.channel = effect.lock;
  }
  if (waking.channel.empty())
    return std::nullopt;
  const Expr left = left_by(spec, step, waking.channel);
  if (left.empty())
    return std::nullopt;
  // Who wakes one has a step for the case that there is none.
  waking.one = take_out(waking.all.guard, woken(waiters_of(spec, waking.channel), left) == Expr(0));
  return waking;
}

} // namespace

Waking waking_of(const Declarations& spec, const Statement& statement) {
  const char* const nobody = "this wakes nobody; wake_one and wake_all with a CHANNEL wake there";
  if (statement.kind == StatementKind::step) {
    if (auto waking = waking_step(spec, statement.step))
      return *waking;
    throw SpecError(nobody);
  }
  if (statement.kind != StatementKind::choice)
    throw SpecError(nobody);
  std::optional<Waking> whole;
  std::size_t wake = 0;
  for (const Block& branch : statement.blocks) {
    const bool is_step = branch.size() == 1 && branch[0]->kind == StatementKind::step;
    const auto waking = is_step ? waking_step(spec, branch[0]->step) : std::nullopt;
    wake += waking ? 1U : 0U;
    if (waking && waking->one)
      whole = waking;
  }
  if (wake == 0)
    throw SpecError(nobody);
  if (wake != statement.blocks.size() || !whole)
    throw SpecError("its branches are not those of a wake-up of one thread, and so nobody can say "
                    "what it does when it wakes all");
  return *whole;
}

Step wake_all_step(const Declarations& spec, const Expr& channel) {
  const Expr waiters = waiters_of(spec, channel);
  Step step;
  step.updates.push_back(assign(waiters, literal(waiters.type_ref(), 0)));
  step.effects.push_back({EffectKind::wake, channel, Mode::exclusive});
  return step;
}

void add_wake_one(Steps& steps, const std::string& label, const Expr& channel, const Step& all) {
  const Declarations& spec = steps.spec();
  const Expr waiters = waiters_of(spec, channel);
  const VariableId variable = waiters.node().variable;
  const Expr sleepers = woken(waiters, left_by(spec, all, channel));
  const auto guarded = [&](const Expr& condition) {
    Step step = all;
    step.guard = step.guard.empty() ? condition : step.guard && condition;
    return step;
  };
  std::vector<Body> branches;
  for (ThreadId thread = 0; thread < spec.thread_count(); ++thread) {
    if (thread == steps.thread())
      continue;
    branches.emplace_back([&, thread] {
      const Expr bit = literal(waiters.type_ref(), Value{1} << thread);
      const Expr left = bit_clear(waiters, bit);
      Step step = guarded((sleepers & bit) != 0);
      for (Update& update : step.updates) {
        if (update.object.empty() || !same(update.object, channel) ||
            update.kind != UpdateKind::assign)
          continue;
        const Expr before = spec.read(update.variable, update.object);
        update.value = update.variable == variable ? left : choose(left == 0, update.value, before);
      }
      steps.step(label + "." + spec.thread_name(thread), std::move(step));
    });
  }
  branches.emplace_back([&] { steps.step(label + ".nobody", guarded(sleepers == 0)); });
  steps.label(label);
  if (branches.size() > 1)
    steps.either(branches);
  else
    branches.front()();
}

} // namespace interlock::lang
