// DragonFly's primitives; see primitives.hpp for what each may do.
#include "actions/dragonfly/primitives.hpp"

namespace interlock::actions::dragonfly {

using lang::assign;
using lang::choose;
using lang::EffectKind;
using lang::Mode;
using lang::Update;
using states::Tokens;

// --- all tokens of a thread at once ---

std::vector<Primitives::Holding> Primitives::all_tokens() {
  std::vector<Holding> all;
  const states::LockTable& locks = kernel_.locks();
  const Tokens& tokens = kernel_.tokens();
  for (std::uint32_t i = 0; i < locks.count(LockKind::token); ++i) {
    const Lock token = locks.lock(spec(), LockKind::token, i);
    all.push_back({owner(token), locks.readers(spec(), token),
                   tokens.has(self(), tokens.exclusive(token.reference, 1)),
                   tokens.has(self(), tokens.shared(token.reference)), token});
  }
  return all;
}

std::vector<Update> Primitives::give_up_tokens() {
  std::vector<Update> updates;
  for (const Holding& held : all_tokens()) {
    updates.push_back(assign(held.owner, choose(held.owner == self(), nobody(), held.owner)));
    updates.push_back(assign(held.readers, lang::bit_clear(held.readers, thread_bit())));
  }
  return updates;
}

Expr Primitives::can_have_tokens() {
  std::vector<Expr> conditions;
  for (const Holding& held : all_tokens()) {
    // Shared first and exclusive on top of it can never be had together.
    conditions.push_back(!held.exclusive ||
                         (held.owner == nobody() && held.readers == 0 && !held.shared));
    conditions.push_back(!held.shared || held.owner == nobody());
  }
  return lang::all_of(conditions);
}

std::vector<Update> Primitives::take_tokens() {
  std::vector<Update> updates;
  for (const Holding& held : all_tokens()) {
    updates.push_back(assign(held.owner, choose(held.exclusive, self(), held.owner)));
    updates.push_back(
        assign(held.readers, choose(held.shared, held.readers | thread_bit(), held.readers)));
  }
  return updates;
}

// The step in which a thread runs again.  It takes back what is on its stack; of that, the analyses
// are told the topmost token, for which it waits where it waits for one.
Step Primitives::resumed() {
  Step step;
  step.guard = can_have_tokens();
  step.updates = take_tokens();
  const Tokens& tokens = kernel_.tokens();
  step.effects.push_back(
      {EffectKind::acquire, tokens.token_of(tokens.top(self())), Mode::exclusive});
  return step;
}

void Primitives::composed(const std::string& label, const std::function<void(int line)>& body) {
  const int at = next_line();
  Steps::label(next_label().empty() ? label : next_label());
  body(at);
}

// --- tokens ---

Update Primitives::push(const Expr& reference) {
  return push_front(kernel_.tokens().td_toks, self(), reference);
}

Expr Primitives::next_reference(const Lock& token) {
  const Tokens& tokens = kernel_.tokens();
  Expr reference = tokens.exclusive(token.reference, 1);
  for (int depth = 1; depth < Tokens::deepest; ++depth)
    reference = choose(tokens.has(self(), tokens.exclusive(token.reference, depth)),
                       tokens.exclusive(token.reference, depth + 1), reference);
  return reference;
}

void Primitives::get(const Lock& token, Mode mode) {
  const bool shared = mode == Mode::shared;
  const Tokens& tokens = kernel_.tokens();
  const std::string label = (shared ? "lwkt_gettoken_shared_" : "lwkt_gettoken_") + name(token);
  const Expr holder = owner(token);
  const Expr readers = kernel_.locks().readers(spec(), token);
  const Expr mine = holder == self();
  const Expr free = holder == nobody() && (shared ? Expr(true) : readers == 0);
  // Shared by who holds it exclusively counts as one more exclusive hold.
  const Expr reference = shared
                             ? choose(mine, next_reference(token), tokens.shared(token.reference))
                             : next_reference(token);
  std::vector<lang::Check> checks;
  if (!shared)
    checks.push_back({property::kassert,
                      !tokens.has(self(), tokens.shared(token.reference)) || mine,
                      "KASSERT: token " + name(token) + " s/x livelock"});
  const Expr deepest = tokens.exclusive(token.reference, Tokens::deepest);
  checks.push_back({lang::fault::bounds, !tokens.has(self(), deepest),
                    name(token) + " is held too often by one thread"});

  Step take;
  take.entry_checks = checks;
  take.guard = free || mine;
  take.updates = {push(reference)};
  if (shared)
    take.updates.push_back(assign(readers, choose(mine, readers, readers | thread_bit())));
  else
    take.updates.push_back(assign(holder, self()));
  take.effects.push_back({EffectKind::acquire, token.reference, mode});

  // Who has no other token has nothing to give up, and waits at the first step.
  Step block;
  block.guard = !tokens.is_empty(self()) && !(free || mine);
  block.updates = give_up_tokens();
  block.updates.push_back(push(reference));
  composed(label, [&](int at) {
    either({[&] { line(at).step(label + ".taken", std::move(take)); },
            [&] {
              line(at).step(label + ".blocked", std::move(block));
              line(at).step(label + ".switched_in", resumed());
            }});
  });
}

void Primitives::lwkt_gettoken(const Lock& token) { get(token, Mode::exclusive); }
void Primitives::lwkt_gettoken_shared(const Lock& token) { get(token, Mode::shared); }

void Primitives::lwkt_trytoken(const Lock& token, const Expr& result) {
  const Expr holder = owner(token);
  const Expr mine = holder == self();
  const Expr free = mine || (holder == nobody() && kernel_.locks().readers(spec(), token) == 0);
  either({[&] {
            Step take;
            take.guard = free;
            take.updates = {push(next_reference(token)), assign(holder, self()),
                            assign(result, Expr(true))};
            take.effects.push_back({EffectKind::try_acquire, token.reference, Mode::exclusive});
            step("lwkt_trytoken_" + name(token) + ".taken", std::move(take));
          },
          [&] {
            Step fail;
            fail.guard = !free;
            fail.updates = {assign(result, Expr(false))};
            step("lwkt_trytoken_" + name(token) + ".failed", std::move(fail));
          }});
}

void Primitives::lwkt_reltoken(const Lock& token) {
  const Tokens& tokens = kernel_.tokens();
  const std::string label = "lwkt_reltoken_" + name(token);
  const Expr holder = owner(token);
  const Expr readers = kernel_.locks().readers(spec(), token);
  const Expr top = tokens.top(self());
  Step step;
  step.entry_checks.push_back({property::lock_not_held,
                               holder == self() || (readers & thread_bit()) != 0,
                               label + ": " + name(token) + " is not held by the caller"});
  // Of several holds the last one is on top, so that only the first is ever at its place alone.
  std::vector<Expr> ours{top == tokens.shared(token.reference)};
  for (int depth = 1; depth <= Tokens::deepest; ++depth)
    ours.push_back(top == tokens.exclusive(token.reference, depth));
  step.entry_checks.push_back({property::kassert, lang::any_of(ours),
                               "KKASSERT(ref >= &td->td_toks_base && ref->tr_tok == tok): " +
                                   name(token) + " is not the token that was taken last"});
  step.updates = {
      remove(tokens.td_toks, self(), top),
      assign(holder, choose(top == tokens.exclusive(token.reference, 1), nobody(), holder)),
      assign(readers, choose(top == tokens.shared(token.reference),
                             lang::bit_clear(readers, thread_bit()), readers))};
  step.effects.push_back({EffectKind::release, token.reference, Mode::exclusive});
  this->step(label, std::move(step));
}

// --- lockmgr(9) ---

void Primitives::lockmgr(const Lock& lock, Mode mode) {
  const bool shared = mode == Mode::shared;
  const std::string label = (shared ? "lockmgr_shared_" : "lockmgr_exclusive_") + name(lock);
  const Expr holder = owner(lock);
  const Expr readers = kernel_.locks().readers(spec(), lock);
  const Expr free = holder == nobody() && (shared ? Expr(true) : readers == 0);
  const Update take = shared ? assign(readers, readers | thread_bit()) : assign(holder, self());
  const lang::Effect effect{EffectKind::acquire, lock.reference, mode};
  const lang::Check recursion{property::lock_recursion,
                              holder != self() && (readers & thread_bit()) == 0,
                              label + ": " + name(lock) + " is held by the caller already"};
  composed(label, [&](int at) {
    either({[&] {
              Step now;
              now.entry_checks = {recursion};
              now.guard = free;
              now.updates = {take};
              now.effects = {effect};
              line(at).step(label + ".taken", std::move(now));
            },
            [&] {
              Step block;
              block.guard = !kernel_.tokens().is_empty(self()) && !free;
              block.updates = give_up_tokens();
              line(at).step(label + ".blocked", std::move(block));
              Step later = resumed();
              later.guard = free && later.guard;
              later.updates.push_back(take);
              later.effects.insert(later.effects.begin(), effect);
              line(at).step(label + ".woken", std::move(later));
            }});
  });
}

void Primitives::lockmgr_exclusive(const Lock& lock) { lockmgr(lock, Mode::exclusive); }
void Primitives::lockmgr_shared(const Lock& lock) { lockmgr(lock, Mode::shared); }
void Primitives::lockmgr_release(const Lock& lock) {
  give_back(lock, "lockmgr_release_" + name(lock));
}

// --- tsleep(9) ---

void Primitives::wake_from(const Lock& channel, const std::string& label, const Sleep& sleep) {
  const int at = next_line();
  Step wake = resumed();
  wake.guard = (waiters(channel) & thread_bit()) == 0 && wake.guard;
  wake.effects.insert(wake.effects.begin(),
                      {EffectKind::sleep, channel.reference, Mode::exclusive});
  wake.idle_when = sleep.idle_when;
  if (!sleep.interrupted) {
    line(at).step(label + ".wakeup", std::move(wake));
    return;
  }
  Step interrupt = resumed();
  interrupt.comes = sleep.by_chance ? lang::Comes::by_chance : lang::Comes::by_timeout;
  interrupt.updates.push_back(
      assign(waiters(channel), lang::bit_clear(waiters(channel), thread_bit())));
  either_needed({{true, [&] { line(at).step(label + ".wakeup", std::move(wake)); }},
                 {sleep.interruptible, [&] {
                    line(at).step(label + ".interrupted", std::move(interrupt));
                    sleep.interrupted();
                  }}});
}

void Primitives::tsleep(const Lock& channel, const Sleep& sleep) {
  const int at = next_line();
  const std::string label = std::string("tsleep_") + sleep.wmesg;
  Step rest;
  rest.updates = give_up_tokens();
  rest.updates.push_back(assign(waiters(channel), waiters(channel) | thread_bit()));
  rest.effects.push_back({EffectKind::sleep, channel.reference, Mode::exclusive});
  step(label, std::move(rest));
  line(at);
  wake_from(channel, label, sleep);
}

void Primitives::tsleep_interlock(const Lock& channel, const char* wmesg) {
  Step join;
  join.updates.push_back(assign(waiters(channel), waiters(channel) | thread_bit()));
  step(std::string("tsleep_interlock_") + wmesg, std::move(join));
}

void Primitives::tsleep_interlocked(const Lock& channel, const Sleep& sleep) {
  const std::string label = std::string("tsleep_") + sleep.wmesg;
  const Expr woken = (waiters(channel) & thread_bit()) == 0;
  composed(label + "_interlocked", [&](int at) {
    either({[&] {
              Step rest;
              rest.guard = !woken;
              rest.updates = give_up_tokens();
              rest.effects.push_back({EffectKind::sleep, channel.reference, Mode::exclusive});
              line(at).step(label, std::move(rest));
              line(at);
              wake_from(channel, label, sleep);
            },
            [&] {
              Step pass;
              pass.guard = woken;
              line(at).step(label + ".woken_before", std::move(pass));
            }});
  });
}

void Primitives::compare_set(const std::string& label, const Expr& holds, const Expr& result,
                             const Lock& channel,
                             const std::vector<std::pair<Expr, Expr>>& assignments) {
  const Expr here = waiters(channel);
  std::vector<std::pair<Expr, Expr>> all{
      {result, holds}, {here, choose(holds, here, lang::bit_clear(here, thread_bit()))}};
  for (const auto& [target, value] : assignments)
    all.emplace_back(target, choose(holds, value, target));
  set(label, all);
}

void Primitives::tsleep_timeout(const Lock& channel, const char* wmesg, const Expr& changed) {
  const int at = next_line();
  const std::string label = std::string("tsleep_") + wmesg;
  const Expr woken = (waiters(channel) & thread_bit()) == 0;
  Step rest;
  rest.updates = give_up_tokens();
  rest.updates.push_back(assign(waiters(channel), waiters(channel) | thread_bit()));
  rest.effects.push_back({EffectKind::sleep, channel.reference, Mode::exclusive});
  step(label, std::move(rest));
  Step wake = resumed();
  wake.effects.insert(wake.effects.begin(),
                      {EffectKind::sleep, channel.reference, Mode::exclusive});
  Step late = wake;
  wake.guard = woken && wake.guard;
  late.guard = !woken && changed && late.guard;
  late.updates.push_back(assign(waiters(channel), lang::bit_clear(waiters(channel), thread_bit())));
  late.comes = lang::Comes::by_retry;
  Steps::label(label + ".end");
  either({[&] { line(at).step(label + ".wakeup", std::move(wake)); },
          // Who sleeps looks at nothing; what it would find is what the timeout stands for.
          [&] { line(at).unguarded().step(label + ".timeout", std::move(late)); }});
}

void Primitives::poll(const char* wmesg, const Expr& condition) {
  const int at = next_line();
  const std::string label = std::string("tsleep_") + wmesg;
  Step rest;
  rest.updates = give_up_tokens();
  step(label, std::move(rest));
  Step again = resumed();
  again.guard = condition && again.guard;
  line(at).unguarded().step(label + ".timeout", std::move(again));
}

void Primitives::wakeup(const Lock& channel) { wake_all(channel, "wakeup_" + name(channel)); }

void Primitives::wakeup_one(const Lock& channel) {
  const std::string label = "wakeup_one_" + name(channel);
  const lang::TypeRef set = kernel_.locks().thread_set();
  const auto wake = [&](const std::string& suffix, const Expr& guard, const Expr& left) {
    Step step;
    step.guard = guard;
    step.updates.push_back(assign(waiters(channel), left));
    step.effects.push_back({EffectKind::wake, channel.reference, Mode::exclusive});
    this->step(label + suffix, std::move(step));
  };
  composed(label, [&](int at) {
    std::vector<Body> branches;
    const std::vector<std::string>& threads = spec().pools()[lang::thread_pool].objects;
    for (std::size_t t = 0; t < threads.size(); ++t)
      if (t != thread() && kernel_.plan().threads[t].scans)
        branches.emplace_back([&, t] {
          const Expr bit = lang::literal(set, lang::Value{1} << t);
          line(at);
          wake("." + threads[t], (waiters(channel) & bit) != 0,
               lang::bit_clear(waiters(channel), bit));
        });
    branches.emplace_back([&] {
      line(at);
      wake(".nobody", waiters(channel) == 0, Expr(0));
    });
    if (branches.size() > 1) {
      either(branches);
    } else { // nobody ever sleeps there
      Steps::label(label + ".nobody");
      branches.front()();
    }
  });
}

// --- memory ---

void Primitives::kmalloc(const Expr& target, lang::PoolId pool, const std::string& label) {
  const int at = next_line(); // of both
  may_block(label + ".wait");
  line(at);
  allocate(target, pool, label);
}

void Primitives::may_block(const std::string& label) {
  if (!malloc_sleeps_)
    return;
  composed(label, [&](int at) {
    either({[&] { line(at).step(label + ".at_once", Step{}); },
            [&] {
              Step block;
              block.updates = give_up_tokens();
              line(at).step(label + ".blocked", std::move(block));
              line(at).step(label + ".switched_in", resumed());
            }});
  });
}

} // namespace interlock::actions::dragonfly
