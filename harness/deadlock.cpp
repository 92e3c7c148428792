// Watching blocked threads; see deadlock.hpp.
#include "harness/deadlock.hpp"

#include <algorithm>
#include <thread>

namespace interlock::harness {

using lang::Spec;
using lang::State;
using lang::ThreadId;
using lang::WaitEdge;

namespace {

constexpr int rounds = 3; // looks at the memory, attempts of every thread between
constexpr std::uint64_t attempts_a_round = 100;
constexpr auto glance = std::chrono::microseconds(100);

// How often the thread has tried in vain what it waits for.
std::uint64_t vain_attempts(const BlockedThread& blocked, const Machine& machine) {
  if (!blocked.word)
    return machine.count(blocked.thread, Count::attempt);
  return machine.count(blocked.thread, blocked.word->kind == WaitWord::Kind::waiter_bit
                                           ? Count::try_wake
                                           : Count::try_lock_failed);
}

std::vector<std::uint64_t> vain_attempts(const std::vector<BlockedThread>& blocked,
                                         const Machine& machine) {
  std::vector<std::uint64_t> counts;
  counts.reserve(blocked.size());
  for (const BlockedThread& each : blocked)
    counts.push_back(vain_attempts(each, machine));
  return counts;
}

// Waits until every thread has tried some more; false at the deadline, or when a thread got
// through.
bool all_try_again(const std::vector<BlockedThread>& blocked, const Machine& machine,
                   Deadline deadline) {
  const std::vector<std::uint64_t> before = vain_attempts(blocked, machine);
  while (std::chrono::steady_clock::now() < deadline && !machine.stopping()) {
    const std::vector<std::uint64_t> now = vain_attempts(blocked, machine);
    if (std::equal(now.begin(), now.end(), before.begin(),
                   [](auto after, auto first) { return after >= first + attempts_a_round; }))
      return true;
    std::this_thread::sleep_for(glance);
  }
  return false;
}

// True when the word names a thread that the model says is in the way.
bool is_in_the_way(const BlockedThread& blocked, Value found) {
  const auto& holders = blocked.wait->holders;
  return std::any_of(holders.begin(), holders.end(), [&](ThreadId holder) {
    return blocked.word->kind == WaitWord::Kind::owner ? found == static_cast<Value>(holder) + 1
                                                       : (found >> holder & 1) != 0;
  });
}

// What speaks against the deadlock in the memory as it is now; empty when nothing does.
std::string objection(const Spec& spec, const State& state,
                      const std::vector<BlockedThread>& blocked, const Machine& machine) {
  State now = machine.observe();
  if (spec.observation()) { // which is beside the machine
    const std::uint32_t slot = spec.observation()->slot;
    now[slot] = state[slot];
  }
  for (std::uint32_t slot = 0; slot < now.size(); ++slot)
    if (now[slot] != state[slot])
      return spec.slot_name(slot) + " changed from " +
             format_value(spec.slot_type(slot), state[slot]) + " to " +
             format_value(spec.slot_type(slot), now[slot]);
  for (const BlockedThread& each : blocked) {
    if (!each.word)
      continue;
    const std::string& name = spec.slot_name(each.word->slot);
    if (machine.spins_on(each.thread) != each.word->word)
      return spec.threads()[each.thread].name + " does not spin on " + name;
    if (each.word->kind == WaitWord::Kind::waiter_bit
            ? (now[each.word->slot] & each.word->operand) == 0
            : !is_in_the_way(each, now[each.word->slot]))
      return name + " is " + format_value(spec.slot_type(each.word->slot), now[each.word->slot]) +
             ", which is not what " + spec.threads()[each.thread].name + " waits for";
  }
  return {};
}

std::string holders_of(const Spec& spec, const WaitEdge& wait) {
  std::string names;
  for (const ThreadId holder : wait.holders)
    names += (names.empty() ? "" : " and ") + spec.threads()[holder].name;
  return names;
}

std::string describe(const Spec& spec, const State& state, const BlockedThread& blocked,
                     const Machine& machine) {
  const std::string& name = spec.threads()[blocked.thread].name;
  const std::string count = std::to_string(vain_attempts(blocked, machine));
  if (!blocked.word)
    return name + " stays at " +
           spec.threads()[blocked.thread].points[point_of(spec, state, blocked.thread)].label +
           " (" + count + " attempts)";
  const std::string& word = spec.slot_name(blocked.word->slot);
  if (blocked.word->kind == WaitWord::Kind::waiter_bit)
    return name + " sleeps on " + word + ", which nobody clears (" + count + " looks)";
  return name + " spins on " + word + ", held by " + holders_of(spec, *blocked.wait) + " (" +
         count + " lock cmpxchg, all in vain)";
}

} // namespace

std::vector<BlockedThread> blocked_threads(const Spec& spec, const Layout& layout,
                                           const State& state) {
  const std::vector<WaitEdge> edges = lang::wait_for_graph(spec, state);
  std::vector<BlockedThread> blocked;
  for (ThreadId thread = 0; thread < spec.threads().size(); ++thread) {
    BlockedThread each{thread, lang::standing(spec, state, thread), {}, {}};
    if (each.standing == lang::Standing::done)
      continue;
    for (const WaitEdge& edge : edges) {
      if (edge.thread != thread || each.word)
        continue;
      each.wait = edge;
      each.word = wait_word(spec, layout, state, edge);
    }
    blocked.push_back(std::move(each));
  }
  return blocked;
}

Confirmation confirm_deadlock(const Spec& spec, const State& state,
                              const std::vector<BlockedThread>& blocked, const Machine& machine,
                              Deadline deadline) {
  for (int round = 0; round < rounds; ++round) {
    if (!all_try_again(blocked, machine, deadline))
      return machine.stopping()
                 ? Confirmation{ReplayOutcome::diverged, "a thread could take its next step"}
                 : Confirmation{ReplayOutcome::out_of_time, too_short};
    const std::string against = objection(spec, state, blocked, machine);
    if (!against.empty())
      return {ReplayOutcome::diverged, against};
  }
  std::string text;
  for (const BlockedThread& each : blocked)
    text += (text.empty() ? "" : "; ") + describe(spec, state, each, machine);
  return {ReplayOutcome::reproduced, text};
}

} // namespace interlock::harness
