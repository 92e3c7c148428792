// One kind of property after the other; a condition that cannot be evaluated does not hold.
#include "lang/violations.hpp"

#include "lang/observer.hpp"
#include "lang/wait_for.hpp"

namespace interlock::lang {

namespace {

std::string oversleeps(const Spec& spec, const State& state, ThreadId thread) {
  for (const ActionId id : pending(spec, state, thread))
    if (spec.actions()[id].comes == Comes::by_retry &&
        take(spec, state, spec.actions()[id]).outcome != Outcome::disabled)
      return spec.thread_name(thread) + " sleeps on though what it waits for is so: only " +
             spec.actions()[id].label + " ends it";
  return spec.thread_name(thread) + " sleeps on";
}

} // namespace

std::string name_of_rule(const std::string& property, const std::string& rule) {
  return rule.empty() ? property : property + "/" + rule;
}

std::string property_of(const std::string& name) { return name.substr(0, name.find('/')); }

bool is_violation_of(const std::string& wanted, const std::string& violated) {
  return wanted == violated || wanted == property_of(violated);
}

std::optional<Violation> violation_in(const Spec& spec, const State& state,
                                      const Standstill& threads, const Property& property) {
  const auto fails = [&] {
    const Evaluation condition = evaluate(spec, state, property.condition);
    return condition.failure || condition.value == 0;
  };
  switch (property.kind) {
  case PropertyKind::invariant:
    if (fails())
      return Violation{ViolationKind::invariant, property.name, property.message};
    return std::nullopt;
  case PropertyKind::at_rest:
    if (threads.is_at_rest() && fails())
      return Violation{ViolationKind::at_rest, property.name, property.message};
    return std::nullopt;
  case PropertyKind::settled:
    if (threads.is_at_rest() && spec.observation()) {
      Observer& observer = *spec.observation()->observer;
      if (const Property* debt = observer.debt(state[spec.observation()->slot]))
        return Violation{ViolationKind::at_rest, name_of_rule(property.name, observer.rule(*debt)),
                         debt->message};
    }
    return std::nullopt;
  case PropertyKind::no_deadlock:
    if (threads.is_deadlock())
      return Violation{ViolationKind::deadlock, property.name, explain_deadlock(spec, state)};
    return std::nullopt;
  case PropertyKind::no_oversleep:
    if (const auto thread = threads.oversleeper())
      return Violation{ViolationKind::at_rest, property.name, oversleeps(spec, state, *thread)};
    return std::nullopt;
  case PropertyKind::check:
  case PropertyKind::analysis:
    return std::nullopt;
  }
  return std::nullopt;
}

} // namespace interlock::lang
