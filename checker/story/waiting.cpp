// Locks and who holds them, sleepers and who does not wake them; see parts.hpp.
#include "story/parts.hpp"

#include "lang/wait_for.hpp"
#include "text/lists.hpp"
#include "text/numbers.hpp"

#include <algorithm>

namespace interlock::checker {

using lang::EffectKind;
using lang::Place;
using lang::Spec;
using lang::ThreadId;
using lang::WaitEdge;

namespace {

// The threads that hold a lock in a state.
std::vector<ThreadId> holders_of(const History& history, const lang::State& state,
                                 const std::string& lock) {
  std::vector<ThreadId> holders;
  for (ThreadId thread = 0; thread < history.spec().thread_count(); ++thread)
    for (const witnesses::Held& held : history.held(state, thread))
      if (held.lock == lock)
        holders.push_back(thread);
  return holders;
}

void add_taking(StoryPart& part, const History& history, ThreadId thread, const std::string& lock,
                std::size_t until) {
  if (const auto step = history.taken(thread, lock, until)) {
    part.moments.push_back(moment_of(history, *step, "takes " + lock));
    part.moments.back().calls = calls_of(history.action(*step));
  }
}

// The thread stands before an action of locks.
void add_wanting(StoryPart& part, const History& history, lang::ActionId action, std::string does) {
  part.moments.push_back(waiting_moment(history, action, std::move(does)));
  part.moments.back().calls = calls_of(history.spec().actions()[action]);
}

std::string lock_name(const Spec& spec, const WaitEdge& edge) {
  return spec.pools()[edge.pool].objects[edge.object];
}

std::string names_of(const Spec& spec, const std::vector<ThreadId>& threads) {
  std::vector<std::string> names;
  for (const ThreadId thread : threads)
    names.push_back(spec.thread_name(thread));
  return text::listed(names);
}

StoryPart held_part(const History& history, const WaitEdge& edge) {
  const Spec& spec = history.spec();
  const std::string lock = lock_name(spec, edge);
  const std::string& thread = spec.thread_name(edge.thread);
  const bool itself = edge.holders.size() == 1 && edge.holders.front() == edge.thread;
  StoryPart part{lock,
                 thread + " waits for " + lock + ", held by " +
                     (itself ? "itself" : names_of(spec, edge.holders)),
                 {},
                 {}};
  for (const ThreadId holder : edge.holders)
    add_taking(part, history, holder, lock, history.length());
  add_wanting(part, history, edge.action, "waits for " + lock);
  return part;
}

// Whether a step wakes sleepers of the channel.
bool wakes(const History& history, std::size_t step, const WaitEdge& edge) {
  const auto& effects = history.action(step).effects;
  return std::any_of(effects.begin(), effects.end(), [&](const lang::Effect& effect) {
    return effect.kind == EffectKind::wake && effect.lock.type().pool == edge.pool &&
           evaluate(history.spec(), history.at(step), effect.lock).value ==
               static_cast<lang::Value>(edge.object) + 1;
  });
}

// Where the sleeper joined the channel: the last change that made it one of its waiters.
std::optional<std::size_t> fell_asleep(const History& history, const WaitEdge& edge) {
  const auto waiters = history.spec().pools()[edge.pool].lock->waiters;
  if (!waiters)
    return std::nullopt;
  const std::vector<std::size_t> changes =
      history.changes({*waiters, edge.object}, history.length());
  for (std::size_t i = changes.size(); i-- > 0;)
    if (history.action(changes[i]).thread == edge.thread)
      return changes[i];
  return std::nullopt;
}

// What the sleeper looked at last before it slept; `behind` is the first step of another thread
// that has changed it since.
struct Look {
  std::size_t step = 0;
  Place place;
  std::optional<std::size_t> behind;
};

std::optional<Look> last_look(const History& history, ThreadId thread, std::size_t asleep) {
  constexpr int farthest = 12; // steps of the thread's own
  std::optional<Look> last;
  int seen = 0;
  for (std::size_t i = asleep + 1; i-- > 0 && seen < farthest;) {
    if (history.action(i).thread != thread)
      continue;
    ++seen;
    for (const Place& place : history.looked_at(i)) {
      if (!last)
        last = Look{i, place, {}};
      if (const auto behind = changed_behind(history, i, place))
        return Look{i, place, behind};
    }
  }
  return last;
}

// Where the kernel's text wakes sleepers of the channel: labels of steps.  Where the step finds the
// channel in a state only, it counts when it names one of that class.
std::string wakers_of(const Spec& spec, const WaitEdge& edge) {
  constexpr std::size_t most = 3;
  const std::string& channel = spec.pools()[edge.pool].classes.at(edge.object);
  std::vector<std::string> names;
  for (const lang::Action& action : spec.actions())
    for (const lang::Effect& effect : action.effects) {
      if (effect.kind != EffectKind::wake || effect.lock.type().pool != edge.pool)
        continue;
      const auto object = lang::known_object(spec, effect.lock);
      const std::string& name = effect.lock.node().name;
      const bool fits =
          object ? *object == edge.object : name.substr(name.rfind('.') + 1) == channel;
      if (fits && std::find(names.begin(), names.end(), action.label) == names.end())
        names.push_back(action.label);
    }
  const bool more = names.size() > most;
  names.resize(std::min(most, names.size()));
  return text::joined(names) + (more ? ", ..." : "");
}

// `looked`: the step in which the sleeper made up its mind.  A wake-up between the two is lost.
void add_wake_ups(StoryPart& part, const History& history, const WaitEdge& edge, std::size_t looked,
                  std::size_t asleep) {
  std::optional<std::size_t> before;
  std::optional<std::size_t> after;
  for (std::size_t i = looked; i < history.length(); ++i)
    if (wakes(history, i, edge))
      (i < asleep ? before : after) = i;
  const std::string channel = lock_name(history.spec(), edge);
  const std::string& sleeper = history.spec().thread_name(edge.thread);
  if (before && history.action(*before).thread != edge.thread)
    part.moments.push_back(
        moment_of(history, *before, "wakes " + channel + " before " + sleeper + " sleeps there"));
  part.moments.push_back(moment_of(history, asleep, "sleeps on " + channel));
  if (after)
    part.moments.push_back(moment_of(history, *after, "wakes " + channel + ", and not " + sleeper));
  else
    part.remarks.push_back("nobody wakes " + channel + " after " + step_number(asleep));
  const std::string wakers = wakers_of(history.spec(), edge);
  if (!after && !wakers.empty())
    part.remarks.push_back("what would wake it: " + wakers);
}

StoryPart sleeping_part(const History& history, const WaitEdge& edge) {
  const Spec& spec = history.spec();
  StoryPart part;
  part.subject = spec.thread_name(edge.thread);
  part.headline =
      part.subject + " sleeps on " + lock_name(spec, edge) + ", and no thread is left to wake it";
  const auto asleep = fell_asleep(history, edge);
  if (!asleep) {
    part.moments.push_back(waiting_moment(history, edge.action, "sleeps"));
    return part;
  }
  const auto look = last_look(history, edge.thread, *asleep);
  if (look) {
    const std::string name = history.name(look->place);
    Moment seen = look_moment(history, look->step, look->place);
    seen.does = "sees " + name + ": " + history.value(look->place, history.at(look->step));
    part.moments.push_back(std::move(seen));
    if (look->behind) {
      Moment change = change_moment(history, *look->behind, look->place);
      change.does = name + ": " + change.does;
      part.moments.push_back(std::move(change));
      part.remarks.push_back(ordering(history, look->step, *look->behind));
    }
  }
  add_wake_ups(part, history, edge, look ? look->step : *asleep, *asleep);
  std::stable_sort(part.moments.begin(), part.moments.end(),
                   [](const Moment& a, const Moment& b) { return a.step < b.step; });
  return part;
}

// A blocked thread that waits for no lock and sleeps on no channel: for a value.
void add_value_waits(std::vector<StoryPart>& parts, const History& history, ThreadId thread) {
  for (const lang::ActionId id : pending(history.spec(), history.end(), thread)) {
    const lang::Expr& guard = history.spec().actions()[id].guard;
    const auto why = reasons(history.spec(), history.end(), guard);
    for (StoryPart& part : reason_parts(history, why, history.length(), thread)) {
      part.moments.push_back(waiting_moment(history, id, "waits"));
      parts.push_back(std::move(part));
    }
  }
}

// At the end of its way the thread stands at the step.
StoryPart order_part(const History& history, const LockOrder& order) {
  const ThreadId thread = history.spec().actions()[order.attempt].thread;
  const std::string& name = history.spec().thread_name(thread);
  const bool sleeps = order.acquired.empty();
  StoryPart part{sleeps ? order.held : order.acquired, name, {}, {}};
  part.headline += sleeps ? " sleeps with " + order.held + " held"
                   : order.acquired == order.held
                       ? " takes " + order.acquired + ", which it holds"
                       : " takes " + order.acquired + " with " + order.held + " held";
  if (!order.classes.empty())
    part.headline += " (" + order.classes + ")";
  add_taking(part, history, thread, order.held, history.length());
  if (part.moments.empty())
    part.remarks.push_back(name + " holds " + order.held + " from the beginning");
  add_wanting(part, history, order.attempt,
              sleeps ? "sleeps next" : "takes " + order.acquired + " next");
  return part;
}

} // namespace

StoryPart lock_part(const History& history, lang::PoolId pool, std::uint32_t object,
                    std::size_t until, ThreadId thread, bool should_hold) {
  const std::string lock = history.spec().pools()[pool].objects[object];
  const std::vector<ThreadId> holders = holders_of(history, history.at(until), lock);
  const std::string& name = history.spec().thread_name(thread);
  StoryPart part{lock, "", {}, {}};
  if (holders.empty()) {
    part.headline = (should_hold ? name + " should hold " + lock + "; " : "") + "nobody holds " +
                    (should_hold ? "it" : lock);
    if (const auto step = history.given_up(thread, lock, until))
      part.moments.push_back(moment_of(history, *step, "gives up " + lock));
    else
      part.remarks.push_back(name + " has not taken it");
    return part;
  }
  part.headline = (should_hold ? name + " should hold " + lock + "; it" : lock) + " is held by " +
                  names_of(history.spec(), holders);
  for (const ThreadId holder : holders)
    add_taking(part, history, holder, lock, until);
  return part;
}

std::vector<StoryPart> standstill_parts(const History& history) {
  const Spec& spec = history.spec();
  const std::vector<WaitEdge> graph = wait_for_graph(spec, history.end());
  std::vector<StoryPart> parts;
  for (const WaitEdge& edge : wait_cycle(graph))
    parts.push_back(held_part(history, edge));
  if (!parts.empty())
    return parts;
  for (ThreadId thread = 0; thread < spec.thread_count(); ++thread) {
    const lang::Standing stands = standing(spec, history.end(), thread);
    if (stands != lang::Standing::blocked && stands != lang::Standing::oversleeps)
      continue;
    const auto edge = std::find_if(graph.begin(), graph.end(), [&](const WaitEdge& candidate) {
      return candidate.thread == thread;
    });
    if (edge == graph.end())
      add_value_waits(parts, history, thread);
    else if (edge->asleep)
      parts.push_back(sleeping_part(history, *edge));
    else
      parts.push_back(held_part(history, *edge));
  }
  return parts;
}

std::vector<StoryPart> order_parts(const History& history, const LockReason& reason) {
  std::vector<StoryPart> parts;
  for (const LockOrder& order : reason.orders) {
    if (order.way == history.trace().actions) {
      parts.push_back(order_part(history, order));
      continue;
    }
    const lang::Trace another{order.way, history.violation()};
    StoryPart part = order_part(History(history.spec(), another), order);
    part.another_run = order.way.size();
    part.headline =
        "in another run (" + text::counted(order.way.size(), "step") + ") " + part.headline;
    for (Moment& moment : part.moments)
      moment.step = 0;
    parts.push_back(std::move(part));
  }
  if (!parts.empty())
    parts.back().remarks.insert(parts.back().remarks.end(), reason.remarks.begin(),
                                reason.remarks.end());
  return parts;
}

} // namespace interlock::checker
