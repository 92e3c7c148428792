// Keeps, for each state of a level and each thread that moved last, the best way there.
#include "support/naive.hpp"

#include "lang/observer.hpp"
#include "lang/violations.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <tuple>

namespace interlock::checker {

namespace {

using namespace lang;

struct Way {
  std::size_t length = 0;
  unsigned switches = 0;
  std::vector<std::tuple<std::string, ThreadId, ActionId>> steps;
  auto operator<=>(const Way&) const = default;
};
using Ways = std::map<ThreadId, Way>; // by the thread that moved last

// All states that the observer may be in after an event, and after whatever happens unseen then.
std::set<State> plain_after(const Spec& observer, const std::vector<State>& before,
                            const std::string& event, const std::vector<Value>& values) {
  std::set<State> after;
  std::vector<State> work;
  const auto add = [&](const State& state) {
    if (after.insert(state).second)
      work.push_back(state);
  };
  for (const State& state : before)
    for (const Action& action : observer.actions()) {
      const Result next = take(observer, state, action);
      bool fits = next.outcome == Outcome::taken && action.shows && action.shows->event == event;
      for (std::size_t i = 0; fits && i < values.size(); ++i)
        fits = evaluate(observer, state, action.shows->values[i].value).value == values[i];
      if (fits)
        add(next.state);
    }
  while (!work.empty()) {
    const State state = work.back();
    work.pop_back();
    for (const Action& action : observer.actions())
      if (const Result next = take(observer, state, action);
          next.outcome == Outcome::taken && !action.shows)
        add(next.state);
  }
  return after;
}

// The one with the first message among those that each member of the set violates first; nothing
// where one violates none.
const Property* plain_debt(const Observer& observer, Observer::Set set) {
  std::map<std::string, const Property*> owed;
  for (const State& state : observer.states(set)) {
    const Property* violated = nullptr;
    for (const Property& property : observer.spec().properties())
      if (violated == nullptr && evaluate(observer.spec(), state, property.condition).value == 0)
        violated = &property;
    if (violated == nullptr)
      return nullptr;
    owed.emplace(violated->message, violated);
  }
  return owed.begin()->second;
}

class Naive {
public:
  Naive(const Spec& spec, const std::vector<std::string>& names) : spec_(spec), names_(names) {}

  NaiveResult run() {
    std::map<State, Ways> level;
    level[spec_.initial_state()][0] = Way{};
    result_.states[spec_.initial_state()] = 0;
    judge_all(level, &Naive::judge_invariants);
    for (; !found_ && !level.empty(); ++depth_) {
      judge_all(level, &Naive::judge_stuck);
      std::map<State, Ways> next;
      for (const auto& [state, ways] : level)
        for (ActionId id = 0; id < spec_.actions().size(); ++id)
          expand(state, ways, id, next);
      judge_all(next, &Naive::judge_invariants);
      if (found_) // a state that is stuck may be the better end of a way of the same length
        judge_all(next, &Naive::judge_stuck);
      result_.depth = next.empty() ? depth_ : depth_ + 1;
      level = std::move(next);
    }
    if (found_)
      for (const auto& [label, thread, action] : best_.steps)
        found_->actions.push_back(action);
    result_.trace = found_;
    return result_;
  }

private:
  bool selected(const std::string& name) const {
    return names_.empty() || name == fault::bounds ||
           std::find(names_.begin(), names_.end(), property_of(name)) != names_.end();
  }
  bool holds(const State& state, const Expr& condition) const {
    const Evaluation result = evaluate(spec_, state, condition);
    return !result.failure && result.value != 0;
  }
  void offer(const Way& way, Violation violation) {
    if (found_ && !(way < best_))
      return;
    best_ = way;
    found_ = Trace{{}, std::move(violation)};
  }
  Way extend(const Way& way, ThreadId last, ActionId id) const {
    const Action& action = spec_.actions()[id];
    Way longer = way;
    ++longer.length;
    longer.switches += !way.steps.empty() && last != action.thread ? 1U : 0U;
    longer.steps.emplace_back(action.label, action.thread, id);
    return longer;
  }

  void judge_all(const std::map<State, Ways>& level,
                 void (Naive::*judge)(const State&, const Ways&)) {
    for (const auto& [state, ways] : level)
      (this->*judge)(state, ways);
  }
  // The first property of a kind that is bad in a state, where `bad` says so.
  template <class Bad>
  void judge(PropertyKind kind, ViolationKind violation, const Ways& ways, Bad bad) {
    for (const Property& property : spec_.properties())
      if (property.kind == kind && selected(property.name) && bad(property)) {
        for (const auto& [last, way] : ways)
          offer(way, {violation, property.name, property.message});
        return;
      }
  }
  void judge_invariants(const State& state, const Ways& ways) {
    judge(PropertyKind::invariant, ViolationKind::invariant, ways,
          [&](const Property& property) { return !holds(state, property.condition); });
  }
  bool may_stay(const State& state, ThreadId thread) const {
    for (const ActionId id :
         spec_.threads()[thread].points[point_of(spec_, state, thread)].actions) {
      const Action& action = spec_.actions()[id];
      if (holds(state, action.path) && !action.idle_when.empty() && holds(state, action.idle_when))
        return true;
    }
    return false;
  }
  // Its own reading of lang/standstill.hpp, on purpose.
  void judge_stuck(const State& state, const Ways& ways) {
    bool retries = false;
    bool times_out = false;
    for (const Action& action : spec_.actions()) {
      if (action.comes == Comes::by_chance ||
          take(spec_, state, action).outcome == Outcome::disabled)
        continue;
      if (action.comes == Comes::surely)
        return;
      (action.comes == Comes::by_retry ? retries : times_out) = true;
    }
    if (retries)
      return judge_oversleep(state, ways);
    bool blocked = false;
    for (ThreadId thread = 0; thread < spec_.threads().size(); ++thread)
      blocked = blocked || (point_of(spec_, state, thread) != spec_.threads()[thread].done() &&
                            !may_stay(state, thread) && !is_timed(state, thread));
    if (blocked && times_out)
      return;
    if (blocked)
      judge(PropertyKind::no_deadlock, ViolationKind::deadlock, ways,
            [](const Property&) { return true; });
    else
      judge_rest(state, ways);
  }
  bool is_timed(const State& state, ThreadId thread) const {
    return std::any_of(spec_.actions().begin(), spec_.actions().end(), [&](const Action& action) {
      return action.thread == thread && action.comes == Comes::by_timeout &&
             take(spec_, state, action).outcome != Outcome::disabled;
    });
  }
  // The first thread that a retry would move says so.
  void judge_oversleep(const State& state, const Ways& ways) {
    const auto late = std::min_element(
        spec_.actions().begin(), spec_.actions().end(), [&](const Action& a, const Action& b) {
          const auto order = [&](const Action& action) {
            const bool can = action.comes == Comes::by_retry &&
                             take(spec_, state, action).outcome != Outcome::disabled;
            return can ? action.thread : static_cast<ThreadId>(spec_.threads().size());
          };
          return order(a) < order(b);
        });
    for (const Property& property : spec_.properties())
      if (property.kind == PropertyKind::no_oversleep && selected(property.name))
        for (const auto& [last, way] : ways)
          offer(way, {ViolationKind::at_rest, property.name,
                      spec_.thread_name(late->thread) +
                          " sleeps on though what it waits for is so: only " + late->label +
                          " ends it"});
  }
  void judge_rest(const State& state, const Ways& ways) {
    for (const Property& property : spec_.properties()) {
      std::string name = property.name;
      std::string message;
      if (property.kind == PropertyKind::at_rest && !holds(state, property.condition)) {
        message = property.message;
      } else if (property.kind == PropertyKind::settled && spec_.observation()) {
        const Observer& observer = *spec_.observation()->observer;
        if (const Property* debt = plain_debt(observer, set_in(state))) {
          name = name_of_rule(name, observer.rule(*debt));
          message = debt->message;
        }
      }
      if (message.empty() || !selected(property.name))
        continue;
      for (const auto& [last, way] : ways)
        offer(way, {ViolationKind::at_rest, name, message});
      return;
    }
  }

  Observer::Set set_in(const State& state) const { return state[spec_.observation()->slot]; }
  // The subset construction as it is defined: the observer's answer is compared with it.
  void look_on(const State& state, const Action& action, const Result& result) const {
    if (!action.shows || !spec_.observation() ||
        (result.outcome == Outcome::failed &&
         property_of(result.failure.property) != spec_.observation()->property))
      return;
    std::vector<Value> values;
    for (const Report& report : action.shows->values) {
      const Evaluation value = evaluate(spec_, state, report.value);
      if (value.failure)
        return;
      values.push_back(value.value);
    }
    Observer& observer = *spec_.observation()->observer;
    const std::vector<State> before = observer.states(set_in(state));
    const std::set<State> next = plain_after(observer.spec(), before, action.shows->event, values);
    const std::vector<State> found = result.outcome == Outcome::taken
                                         ? observer.states(set_in(result.state))
                                         : std::vector<State>();
    if (next != std::set<State>(found.begin(), found.end()))
      throw std::logic_error(action.label + ": the observer explains " +
                             std::to_string(found.size()) + " ways, and not " +
                             std::to_string(next.size()));
  }

  void expand(const State& state, const Ways& ways, ActionId id, std::map<State, Ways>& next) {
    Result result = take(spec_, state, spec_.actions()[id]);
    if (result.outcome == Outcome::disabled)
      return;
    look_on(state, spec_.actions()[id], result);
    if (result.outcome == Outcome::failed) {
      if (!selected(result.failure.property))
        ++result_.cut[result.failure.property];
      else
        for (const auto& [last, way] : ways)
          offer(extend(way, last, id),
                {ViolationKind::check, result.failure.property, result.failure.message});
      return;
    }
    ++result_.transitions;
    if (result_.states.emplace(result.state, depth_ + 1).first->second != depth_ + 1)
      return;
    Ways& there = next[result.state];
    const ThreadId thread = spec_.actions()[id].thread;
    for (const auto& [last, way] : ways) {
      const Way longer = extend(way, last, id);
      if (!there.contains(thread) || longer < there[thread])
        there[thread] = longer;
    }
  }

  const Spec& spec_;
  const std::vector<std::string>& names_;
  NaiveResult result_;
  std::uint32_t depth_ = 0;
  std::optional<Trace> found_;
  Way best_;
};

} // namespace

NaiveResult explore_naively(const Spec& spec, const std::vector<std::string>& properties) {
  return Naive(spec, properties).run();
}

} // namespace interlock::checker
