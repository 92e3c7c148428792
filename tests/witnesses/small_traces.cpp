// The traces, step by step; see small_traces.hpp.
#include "small_traces.hpp"

#include <stdexcept>

namespace interlock::tests {

using lang::Expr;
using lang::Spec;
using lang::Steps;

namespace {

lang::Anchor in(const std::string& function) { return {"sys/kern/small.c", "1.1", function, 0}; }

// enter and exit of a mutex, as steps labelled `enter_NAME` and `exit_NAME`.
void enter(Steps& s, lang::VariableId owner, const Expr& mutex, const std::string& name,
           lang::Step more = {}) {
  const Expr holder = s.spec().read(owner, mutex);
  more.guard = holder == s.spec().nothing(lang::thread_pool);
  more.updates.push_back(lang::assign(holder, s.self()));
  more.effects.push_back({lang::EffectKind::acquire, mutex, lang::Mode::exclusive});
  s.step("enter_" + name, std::move(more));
}

void exit(Steps& s, lang::VariableId owner, const Expr& mutex, const std::string& name) {
  const Expr holder = s.spec().read(owner, mutex);
  lang::Step step;
  step.updates.push_back(lang::assign(holder, s.spec().nothing(lang::thread_pool)));
  step.effects.push_back({lang::EffectKind::release, mutex, lang::Mode::exclusive});
  s.step("exit_" + name, std::move(step));
}

} // namespace

std::vector<lang::ActionId> actions_named(const Spec& spec, const std::vector<std::string>& names) {
  std::vector<lang::ActionId> ids;
  for (const std::string& name : names) {
    lang::ActionId id = 0;
    for (; id < spec.actions().size(); ++id)
      if (spec.threads()[spec.actions()[id].thread].name + ": " + spec.actions()[id].label == name)
        break;
    if (id == spec.actions().size())
      throw std::runtime_error("no action " + name);
    ids.push_back(id);
  }
  return ids;
}

namespace {

SmallTrace finish(lang::SpecBuilder spec) {
  return {std::make_unique<const Spec>(std::move(spec).finish()), {}};
}

} // namespace

SmallTrace opposite_orders() {
  lang::SpecBuilder spec;
  const lang::ThreadId left = spec.thread("left");
  const lang::ThreadId right = spec.thread("right");
  const lang::PoolId mutexes = spec.pool("mutex", {"m", "n"}, lang::Lifetime::permanent);
  const auto owner = spec.field(mutexes, "owner", spec.pools()[lang::thread_pool].reference, 0);
  spec.set_lock_pool(mutexes, {"adaptive mutex", owner, {}, {}}, {"m_lock", "n_lock"});
  const auto held = spec.global("held", lang::integer_type(0, 1), 0);
  const auto seen = spec.global("seen", lang::boolean_type(), 0);
  spec.set_ghost(seen);
  const Expr m = spec.object(mutexes, 0);
  const Expr n = spec.object(mutexes, 1);

  Steps l(spec, left);
  l.path(in("go_left"), {}, [&] {
    lang::Step more;
    more.updates = {lang::assign(spec.read(held), Expr(1)),
                    lang::assign(spec.read(seen), Expr(true))};
    more.reports.push_back({"took", m});
    l.line(10);
    enter(l, owner, m, "m", std::move(more));
    l.line(11);
    enter(l, owner, n, "n");
    exit(l, owner, n, "n");
    exit(l, owner, m, "m");
  });
  spec.set_body(left, l.take());
  Steps r(spec, right);
  r.path(in("go_right"), {}, [&] {
    r.line(20);
    enter(r, owner, n, "n");
    r.line(21);
    enter(r, owner, m, "m");
    exit(r, owner, m, "m");
    exit(r, owner, n, "n");
  });
  spec.set_body(right, r.take());
  spec.property(
      {"no-deadlock", lang::PropertyKind::no_deadlock, {}, "threads wait for each other"});
  spec.property({"lock-order", lang::PropertyKind::analysis, {}, ""});
  SmallTrace small = finish(std::move(spec));
  small.trace.actions =
      actions_named(*small.spec, {"left: go_left.enter_m", "right: go_right.enter_n"});
  small.trace.violation = {lang::ViolationKind::deadlock, "no-deadlock",
                           "left waits for n held by right; right waits for m held by left"};
  return small;
}

SmallTrace failing_check() {
  lang::SpecBuilder spec;
  const lang::ThreadId writer = spec.thread("writer");
  const lang::PoolId things = spec.pool("thing", {"readers", "writers"}, lang::Lifetime::permanent);
  const auto log = spec.global_list("log", spec.pools()[things].reference, 2);
  const auto flags = spec.global("flags", lang::flags_type("flag", {"WANT", "BUSY"}), 0);
  Steps w(spec, writer);
  w.path(in("write_log"), {}, [&] {
    lang::Step push;
    push.updates.push_back({lang::UpdateKind::push_back, log, {}, spec.object(things, 0), {}});
    w.step("push", std::move(push));
    w.set("flag", {{spec.read(flags), lang::literal(spec.variables()[flags].type, 3)}});
    lang::Step claim;
    claim.checks.push_back({"kassert", spec.list_size(log) == Expr(0), "the log is not empty"});
    claim.updates.push_back({lang::UpdateKind::clear, log, {}, {}, {}});
    w.step("claim", std::move(claim));
  });
  spec.set_body(writer, w.take());
  spec.property({"kassert", lang::PropertyKind::check, {}, "an assertion fails"});
  SmallTrace small = finish(std::move(spec));
  small.trace.actions = actions_named(
      *small.spec, {"writer: write_log.push", "writer: write_log.flag", "writer: write_log.claim"});
  small.trace.violation = {lang::ViolationKind::check, "kassert", "the log is not empty"};
  return small;
}

SmallTrace broken_invariant() {
  lang::SpecBuilder spec;
  const lang::ThreadId thread = spec.thread("counter");
  const auto count = spec.global("count", lang::integer_type(0, 3), 0);
  Steps c(spec, thread);
  c.path(in("count_up"), {}, [&] {
    for (const char* label : {"one", "two", "three"})
      c.set(label, {{spec.read(count), spec.read(count) + Expr(1)}});
  });
  spec.set_body(thread, c.take());
  spec.property({"below-two", lang::PropertyKind::invariant, spec.read(count) < Expr(2),
                 "count reached two"});
  SmallTrace small = finish(std::move(spec));
  small.trace.actions =
      actions_named(*small.spec, {"counter: count_up.one", "counter: count_up.two"});
  small.trace.violation = {lang::ViolationKind::invariant, "below-two", "count reached two"};
  return small;
}

SmallTrace reversal() {
  SmallTrace small = opposite_orders();
  small.trace.violation = {lang::ViolationKind::analysis, "lock-order",
                           "m_lock and n_lock are taken in both orders"};
  return small;
}

SmallTrace left_waiting() {
  lang::SpecBuilder spec;
  const lang::ThreadId thread = spec.thread("sleeper");
  const auto waits = spec.global("waits", lang::boolean_type(), 0);
  Steps s(spec, thread);
  s.path(in("sleep"), {}, [&] {
    s.set("begin", {{spec.read(waits), Expr(true)}});
    lang::Step wait;
    wait.guard = !spec.read(waits);
    wait.idle_when = spec.read(waits);
    s.step("wait", std::move(wait));
  });
  spec.set_body(thread, s.take());
  spec.property(
      {"nobody-waits", lang::PropertyKind::at_rest, !spec.read(waits), "a wake-up is missing"});
  SmallTrace small = finish(std::move(spec));
  small.trace.actions = actions_named(*small.spec, {"sleeper: sleep.begin"});
  small.trace.violation = {lang::ViolationKind::at_rest, "nobody-waits", "a wake-up is missing"};
  return small;
}

std::vector<SmallTrace> all_kinds() {
  std::vector<SmallTrace> all;
  for (auto* make : {failing_check, broken_invariant, left_waiting, opposite_orders, reversal})
    all.push_back(make());
  return all;
}

witnesses::Origin some_origin() {
  return {"1.2.3", "small.json", "{\"system\": \"small\"}", "00112233445566778899aabbccddeeff",
          "small", "r1"};
}

witnesses::Witness witness_of(const SmallTrace& small, witnesses::Form form) {
  return witnesses::describe(*small.spec, small.trace, some_origin(), form);
}

witnesses::Analyse analysis_of(const SmallTrace& small) {
  return [&small] {
    witnesses::Findings findings;
    if (small.trace.violation.kind == lang::ViolationKind::analysis)
      findings.traces = {small.trace};
    return findings;
  };
}

} // namespace interlock::tests
