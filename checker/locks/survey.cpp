// Edges and mishaps of new stances, and cycles of threads that wait for each other.
#include "locks/survey.hpp"

#include "lang/wait_for.hpp"

#include <algorithm>

namespace interlock::checker {

using lang::EffectKind;
using lang::Mode;
using lang::ThreadId;
using Threads = std::set<ThreadId>;

namespace {

bool is_held(const Stance& stance, LockIndex lock) {
  return std::any_of(stance.held.begin(), stance.held.end(),
                     [&](const HeldMode& held) { return held.lock == lock; });
}

// Removes threads until each of the rest is kept by `stays`, which looks at the rest.
template <class Stays> void shrink(Threads& threads, Stays stays) {
  while (std::erase_if(threads, [&](ThreadId thread) { return !stays(thread); }) != 0)
    continue;
}

} // namespace

LockSurvey::LockSurvey(const lang::Spec& spec, const Layout& layout)
    : spec_(spec), layout_(layout), stances_(spec, layout), at_(spec.threads().size()) {}

void LockSurvey::look_at(StateNumber number, const Word* state, bool stuck) {
  const std::uint32_t before = stances_.size();
  stances_.read(state, at_);
  nested_.resize(stances_.size());
  for (std::uint32_t fresh = before; fresh < stances_.size(); ++fresh)
    note_stance(fresh, number, state);
  judge_nestings(number, state);
  const bool deadlocked = look_for_deadlock(number, state);
  if (stuck && !deadlocked)
    note_stuck(number, state);
}

void LockSurvey::note_stance(std::uint32_t fresh, StateNumber number, const Word* state) {
  const Stance& stance = stances_[fresh];
  for (const Want& want : stance.wants) {
    if (want.kind != EffectKind::sleep && is_held(stance, want.lock)) {
      if (want.kind == EffectKind::acquire)
        note_recursion(stance, want, number, state);
      continue;
    }
    for (const HeldMode& held : stance.held) {
      if (want.kind != EffectKind::try_acquire)
        note_sleep(stance, want, held, number);
      if (want.kind != EffectKind::sleep)
        note_edge(stance, want, held, number);
      if (want.kind == EffectKind::acquire)
        note_nesting(want, held, nested_[fresh]);
    }
  }
}

void LockSurvey::note_nesting(const Want& want, const HeldMode& held, std::vector<Nested>& nested) {
  const LockInfo& first = stances_.locks()[held.lock];
  const LockInfo& second = stances_.locks()[want.lock];
  if (first.class_index != second.class_index || !keeps_while_waiting(first, second))
    return;
  for (const lang::Nesting& rule : spec_.nestings())
    if (rule.lock_class == first.lock_class)
      nested.push_back(
          {&rule, &rule.allowed.at({{first.pool, first.object}, {second.pool, second.object}}),
           held.lock, want.lock, want.action});
}

// What a rule says depends on the state: it is asked wherever a thread stands so.
void LockSurvey::judge_nestings(StateNumber number, const Word* packed) {
  std::optional<lang::State> state;
  for (ThreadId thread = 0; thread < at_.size(); ++thread) {
    if (at_[thread] == LockStances::none)
      continue;
    for (const Nested& nested : nested_[at_[thread]]) {
      const std::string key =
          "nesting " + spec_.actions()[nested.action].label + " " + nested.rule->lock_class;
      if (known_mishaps_.contains(key))
        continue;
      if (!state)
        state = layout_.unpack(packed);
      const lang::Evaluation allowed = lang::evaluate(spec_, *state, *nested.allowed);
      if (!allowed.failure && allowed.value != 0)
        continue;
      known_mishaps_.insert(key);
      LockMishap mishap;
      mishap.kind = LockMishap::Kind::nesting;
      mishap.thread = thread;
      mishap.held = nested.held;
      mishap.wanted = nested.wanted;
      mishap.action = nested.action;
      mishap.text = nested.rule->text;
      mishaps_.push_back({std::move(mishap), number});
    }
  }
}

void LockSurvey::note_edge(const Stance& stance, const Want& want, const HeldMode& held,
                           StateNumber number) {
  const bool tried = want.kind == EffectKind::try_acquire;
  const auto [known, is_new] = edge_numbers_.try_emplace(
      {held.lock, want.lock, held.mode == Mode::shared, want.mode == Mode::shared, tried},
      edges_.size());
  std::vector<LockIndex> besides;
  for (const HeldMode& other : stance.held)
    if (other.lock != held.lock && other.mode == Mode::exclusive)
      besides.push_back(other.lock);
  if (is_new) {
    SeenEdge seen;
    seen.state = number;
    seen.edge.held = held.lock;
    seen.edge.acquired = want.lock;
    seen.edge.held_mode = held.mode;
    seen.edge.acquired_mode = want.mode;
    seen.edge.tried = tried;
    seen.edge.blocking =
        !tried && keeps_while_waiting(stances_.locks()[held.lock], stances_.locks()[want.lock]);
    seen.edge.attempt = want.action;
    seen.edge.gate = besides;
    edges_.push_back(std::move(seen));
  }
  LockEdge& edge = edges_[known->second].edge;
  edge.threads.insert(stance.thread);
  edge.sites.insert(spec_.actions()[want.action].label);
  std::erase_if(edge.gate, [&](LockIndex lock) {
    return std::find(besides.begin(), besides.end(), lock) == besides.end();
  });
}

// A lock that may be taken again by who holds it is no recursion in this sense.
void LockSurvey::note_recursion(const Stance& stance, const Want& want, StateNumber number,
                                const Word* state) {
  const lang::Result result =
      lang::take(spec_, layout_.unpack(state), spec_.actions()[want.action]);
  const std::string key = "recursion " + spec_.actions()[want.action].label + " " +
                          stances_.locks()[want.lock].lock_class;
  if (result.outcome == lang::Outcome::taken || !known_mishaps_.insert(key).second)
    return;
  LockMishap mishap;
  mishap.kind = LockMishap::Kind::recursion;
  mishap.thread = stance.thread;
  mishap.held = want.lock;
  mishap.wanted = want.lock;
  mishap.action = want.action;
  mishaps_.push_back({std::move(mishap), number});
}

void LockSurvey::note_sleep(const Stance& stance, const Want& want, const HeldMode& held,
                            StateNumber number) {
  using lang::Waiting;
  const LockInfo& lock = stances_.locks()[held.lock];
  const bool for_lock = want.kind == EffectKind::acquire;
  const Waiting how = for_lock ? stances_.locks()[want.lock].waiting : Waiting::sleeps;
  const bool released =
      std::find(want.released.begin(), want.released.end(), held.lock) != want.released.end();
  // The kinds are in the order of what they let their holders do.
  if (lock.soft || released || how <= lock.waiting)
    return;
  const std::string key = "sleep " + spec_.actions()[want.action].label + " " + lock.lock_class;
  if (!known_mishaps_.insert(key).second)
    return;
  LockMishap mishap;
  mishap.kind = LockMishap::Kind::sleep;
  mishap.thread = stance.thread;
  mishap.held = held.lock;
  if (for_lock)
    mishap.wanted = want.lock;
  mishap.action = want.action;
  mishaps_.push_back({std::move(mishap), number});
}

void LockSurvey::note_stuck(StateNumber number, const Word* packed) {
  const lang::State state = layout_.unpack(packed);
  if (!lang::standstill(spec_, state).is_deadlock())
    return;
  LockMishap mishap;
  mishap.kind = LockMishap::Kind::stuck;
  mishap.text = lang::explain_deadlock(spec_, state);
  if (known_mishaps_.insert("stuck " + mishap.text).second)
    mishaps_.push_back({std::move(mishap), number});
}

// Each of the thread's steps waits for a lock that one of the threads holds in its way.
bool LockSurvey::is_blocked_among(const Stance& stance, const Threads& threads) const {
  const auto waits = [&](const Want& want) {
    return std::any_of(threads.begin(), threads.end(), [&](ThreadId other) {
      if (other == stance.thread)
        return false;
      const std::vector<HeldMode>& held = stances_[at_[other]].held;
      return std::any_of(held.begin(), held.end(), [&](const HeldMode& lock) {
        return lock.lock == want.lock &&
               (lock.mode == Mode::exclusive || want.mode == Mode::exclusive);
      });
    });
  };
  return std::all_of(stance.pending.begin(), stance.pending.end(), [&](lang::ActionId id) {
    return std::any_of(stance.wants.begin(), stance.wants.end(), [&](const Want& want) {
      return want.action == id && want.kind == EffectKind::acquire && waits(want);
    });
  });
}

LockIndex LockSurvey::lock_of(const lang::WaitEdge& edge) const {
  const std::vector<LockInfo>& locks = stances_.locks();
  const auto lock = std::find_if(locks.begin(), locks.end(), [&](const LockInfo& info) {
    return info.pool == edge.pool && info.object == edge.object;
  });
  return static_cast<LockIndex>(lock - locks.begin());
}

// By the guards: threads of these that wait for each other's locks, and can do nothing else.  Who
// is asleep waits for a wake-up first, and does not count.
std::vector<lang::WaitEdge> LockSurvey::cycle_among(Threads threads,
                                                    const lang::State& state) const {
  std::map<std::pair<ThreadId, lang::ActionId>, lang::WaitEdge> edges; // first of each action
  for (lang::WaitEdge& edge : lang::wait_for_graph(spec_, state))
    if (!edge.holders.empty())
      edges.try_emplace({edge.thread, edge.action}, std::move(edge));
  const auto is_in_the_way = [&](const lang::WaitEdge& edge, ThreadId holder) {
    return holder != edge.thread && threads.contains(holder);
  };
  shrink(threads, [&](ThreadId thread) {
    const std::vector<lang::ActionId>& pending = stances_[at_[thread]].pending;
    return std::all_of(pending.begin(), pending.end(), [&](lang::ActionId id) {
      const auto edge = edges.find({thread, id});
      return edge != edges.end() &&
             std::any_of(edge->second.holders.begin(), edge->second.holders.end(),
                         [&](ThreadId holder) { return is_in_the_way(edge->second, holder); });
    });
  });
  std::vector<lang::WaitEdge> graph;
  for (auto& entry : edges) {
    lang::WaitEdge& edge = entry.second;
    if (!threads.contains(edge.thread))
      continue;
    std::erase_if(edge.holders, [&](ThreadId holder) { return !is_in_the_way(edge, holder); });
    graph.push_back(std::move(edge));
  }
  return lang::wait_cycle(graph);
}

bool LockSurvey::look_for_deadlock(StateNumber number, const Word* packed) {
  Threads threads;
  for (ThreadId thread = 0; thread < at_.size(); ++thread)
    if (at_[thread] != LockStances::none && !stances_[at_[thread]].held.empty())
      threads.insert(thread);
  if (threads.size() < 2)
    return false;
  shrink(threads,
         [&](ThreadId thread) { return is_blocked_among(stances_[at_[thread]], threads); });
  if (threads.size() < 2)
    return false;
  const std::vector<lang::WaitEdge> cycle = cycle_among(threads, layout_.unpack(packed));
  if (cycle.empty())
    return false;
  LockMishap mishap;
  for (std::size_t i = 0; i < cycle.size(); ++i)
    mishap.waiters.push_back({cycle[i].thread,
                              lock_of(cycle[i]),
                              cycle[i].action,
                              cycle[(i + 1) % cycle.size()].thread,
                              {}});
  std::string key = "deadlock";
  for (const Waiter& waiter : mishap.waiters)
    key += " " + std::to_string(waiter.thread) + ":" + std::to_string(waiter.lock);
  if (known_mishaps_.insert(key).second)
    mishaps_.push_back({std::move(mishap), number});
  return true;
}

} // namespace interlock::checker
