// The subset construction, with everything remembered; see observer.hpp.
#include "lang/observer.hpp"

#include "lang/checkpoint.hpp"
#include "lang/violations.hpp"

#include <algorithm>

namespace interlock::lang {

namespace {

std::vector<Value> values_of(const Spec& spec, const State& state, const Shows& shows) {
  std::vector<Value> values;
  for (const Report& report : shows.values) {
    const Evaluation value = evaluate(spec, state, report.value);
    if (value.failure)
      throw SpecError("the observer's " + shows.event + ": " + value.failure->message);
    values.push_back(value.value);
  }
  return values;
}

bool holds(const Spec& spec, const State& state, const Expr& condition) {
  const Evaluation value = evaluate(spec, state, condition);
  return !value.failure && value.value != 0;
}

} // namespace

template <class Values>
std::size_t Observer::Hash::operator()(const Question<Values>& question) const {
  // FNV-1a, a value at a time.
  std::uint64_t hash = 14695981039346656037ULL;
  const auto mix = [&](std::uint64_t value) { hash = (hash ^ value) * 1099511628211ULL; };
  mix(static_cast<std::uint64_t>(question.set));
  mix(question.event);
  for (const Value value : question.values)
    mix(static_cast<std::uint64_t>(value));
  return hash;
}

template <class Left, class Right>
bool Observer::Equal::operator()(const Question<Left>& left, const Question<Right>& right) const {
  return left.set == right.set && left.event == right.event &&
         std::equal(left.values.begin(), left.values.end(), right.values.begin(),
                    right.values.end());
}

Observer::Observer(std::unique_ptr<const Spec> spec, RuleOf rule_of, std::set<std::string> excused)
    : spec_(std::move(spec)), rule_of_(std::move(rule_of)), excused_(std::move(excused)) {
  for (const Action& action : spec_->actions()) {
    std::optional<EventId> id;
    if (action.shows) {
      id = event(action.shows->event);
      if (*id == events_.size())
        events_.push_back(&*action.shows);
    }
    event_of_.push_back(id);
  }
  for (const Property& property : spec_->properties())
    if (property.kind == PropertyKind::at_rest && !excused_.contains(rule(property)))
      debts_.push_back(&property);
  if (events_.empty())
    throw SpecError("an observer that shows nothing explains nothing");
  close({member(spec_->initial_state())});
}

Observer::EventId Observer::event(const std::string& name) const {
  const auto found = std::find_if(events_.begin(), events_.end(),
                                  [&](const Shows* shows) { return shows->event == name; });
  return static_cast<EventId>(found - events_.begin());
}

Observer::Member Observer::member(State state) {
  const auto [place, fresh] =
      numbers_.emplace(std::move(state), static_cast<Member>(known_.size()));
  if (fresh)
    known_.push_back({place->first, false, {}, {}});
  return place->second;
}

const Observer::Known& Observer::expanded(Member number) {
  if (known_[number].expanded)
    return known_[number];
  checkpoint();
  Known result{known_[number].state, true, {}, {}};
  for (ActionId id = 0; id < spec_->actions().size(); ++id) {
    const Action& action = spec_->actions()[id];
    Result next = take(*spec_, result.state, action);
    if (next.outcome == Outcome::disabled)
      continue;
    if (next.outcome == Outcome::failed)
      throw SpecError("the observer's " + action.label + ": " + next.failure.message);
    const Member to = member(std::move(next.state));
    if (event_of_[id])
      result.shown.push_back({*event_of_[id], values_of(*spec_, result.state, *action.shows), to});
    else
      result.unseen.push_back(to);
  }
  known_[number] = std::move(result);
  return known_[number];
}

Observer::Set Observer::close(Members members) {
  std::set<Member> closed(members.begin(), members.end());
  while (!members.empty()) {
    const Member from = members.back();
    members.pop_back();
    for (const Member next : expanded(from).unseen)
      if (closed.insert(next).second)
        members.push_back(next);
  }
  members.assign(closed.begin(), closed.end());
  const auto [place, fresh] = set_numbers_.emplace(members, static_cast<Set>(sets_.size()));
  if (fresh) {
    if (place->second > most_sets)
      throw SpecError("the observer has more sets of states than can be numbered");
    sets_.push_back(std::move(members));
  }
  return place->second;
}

std::vector<Observer::Shown> Observer::closest(Set set, EventId event,
                                               std::span<const Value> values) {
  std::size_t least = values.size();
  std::vector<Shown> found;
  for (const Member member : Members(sets_.at(static_cast<std::size_t>(set))))
    for (const Shown& shown : expanded(member).shown) {
      if (shown.event != event)
        continue;
      std::size_t distance = 0;
      for (std::size_t i = 0; i < values.size(); ++i)
        distance += shown.values[i] != values[i] ? 1U : 0U;
      if (distance < least)
        found.clear();
      least = std::min(least, distance);
      if (distance == least)
        found.push_back(shown);
    }
  return found;
}

std::optional<Observer::Set> Observer::explained(Set set, EventId event,
                                                 std::span<const Value> values) {
  Members next;
  for (const Member member : Members(sets_.at(static_cast<std::size_t>(set))))
    for (const Shown& shown : expanded(member).shown)
      if (shown.event == event &&
          std::equal(values.begin(), values.end(), shown.values.begin(), shown.values.end()))
        next.push_back(shown.next);
  return next.empty() ? std::nullopt : std::optional(close(std::move(next)));
}

std::optional<Observer::Set> Observer::after(Set set, EventId event,
                                             std::span<const Value> values) {
  if (const auto known = answers_.find(Question<std::span<const Value>>{set, event, values});
      known != answers_.end())
    return known->second;
  std::optional<Set> answer = explained(set, event, values);
  if (!answer)
    answer = excuse(set, event, values);
  answers_.emplace(Asked{set, event, {values.begin(), values.end()}}, answer);
  return answer;
}

std::optional<Observer::Set> Observer::excuse(Set set, EventId event,
                                              std::span<const Value> values) {
  if (excused_.empty())
    return std::nullopt;
  if (members(set) == 0) // where anything may be
    return set;
  const BrokenRule rule = broken(set, event, values);
  if (!excused_.contains(rule.name))
    return std::nullopt;
  Members next;
  switch (rule.then) {
  case BrokenRule::Then::nothing:
    return set;
  case BrokenRule::Then::nearest:
    for (const Shown& shown : closest(set, event, values))
      next.push_back(shown.next);
    break;
  case BrokenRule::Then::anything: // the set without members, which objects to nothing
    break;
  }
  return close(std::move(next));
}

BrokenRule Observer::broken(Set set, EventId event, std::span<const Value> values) {
  if (!rule_of_ || event >= events_.size())
    return {};
  const auto near = nearest(set, event, values);
  const auto is_early = [&] {
    return std::any_of(near.begin(), near.end(), [&](const std::vector<Value>& first) {
      const auto then = explained(set, event, first);
      return then && explained(*then, event, values);
    });
  };
  return rule_of_({*events_[event], values, near, is_early});
}

std::string Observer::rule(Set set, EventId event, std::span<const Value> values) {
  return broken(set, event, values).name;
}

std::vector<std::vector<Value>> Observer::nearest(Set set, EventId event,
                                                  std::span<const Value> values) {
  std::vector<std::vector<Value>> found;
  for (const Shown& shown : closest(set, event, values))
    found.push_back(shown.values);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::string Observer::objection(Set set, const Shows& shows, std::span<const Value> values) {
  const auto text = [&](std::size_t i, Value value) {
    return shows.values[i].name + " " + format_value(shows.values[i].value.type(), value);
  };
  std::string said = shows.event;
  for (std::size_t i = 0; i < values.size(); ++i)
    said += (i == 0 ? " " : ", ") + text(i, values[i]);
  const auto allowed = nearest(set, event(shows.event), values);
  if (allowed.empty())
    return said + "; nothing of the kind is allowed here";
  said += "; allowed here: ";
  for (const std::vector<Value>& each : allowed) {
    said += &each == &allowed.front() ? "" : ", or ";
    std::string differs;
    for (std::size_t i = 0; i < values.size(); ++i)
      if (each[i] != values[i])
        differs += (differs.empty() ? "" : ", ") + text(i, each[i]);
    said += differs;
  }
  return said;
}

const Property* Observer::debt(Set set) {
  const Property* first = nullptr;
  for (const Member member : sets_.at(static_cast<std::size_t>(set))) {
    const auto owed = std::find_if(debts_.begin(), debts_.end(), [&](const Property* property) {
      return !holds(*spec_, known_[member].state, property->condition);
    });
    if (owed == debts_.end())
      return nullptr;
    if (first == nullptr || (*owed)->message < first->message)
      first = *owed;
  }
  return first;
}

std::size_t Observer::holding(Set set, const Expr& condition) const {
  const Members& members = sets_.at(static_cast<std::size_t>(set));
  return static_cast<std::size_t>(std::count_if(members.begin(), members.end(), [&](Member member) {
    return holds(*spec_, known_[member].state, condition);
  }));
}

std::vector<State> Observer::states(Set set) const {
  std::vector<State> states;
  for (const Member member : sets_.at(static_cast<std::size_t>(set)))
    states.push_back(known_[member].state);
  return states;
}

std::optional<Look> look_on(const Spec& spec, const State& state, const Action& action) {
  if (!action.shows || !spec.observation())
    return std::nullopt;
  const Observation& observation = *spec.observation();
  Observer& observer = *observation.observer;
  Look look{state[observation.slot], observer.event(action.shows->event), {}, {}, {}};
  for (const Report& report : action.shows->values) {
    const Evaluation value = evaluate(spec, state, report.value);
    if (value.failure) {
      look.failure = value.failure;
      return look;
    }
    look.values.push_back(value.value);
  }
  look.after = observer.after(look.before, look.event, look.values);
  if (!look.after)
    look.failure = Failure{
        name_of_rule(observation.property, observer.rule(look.before, look.event, look.values)),
        observer.objection(look.before, *action.shows, look.values)};
  return look;
}

} // namespace interlock::lang
