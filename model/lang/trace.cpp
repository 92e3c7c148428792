// Following a trace with the reference evaluator.
#include "lang/trace.hpp"

namespace interlock::lang {

namespace {

std::string step_name(const Spec& spec, const Trace& trace, std::size_t index) {
  const Action& action = spec.actions()[trace.actions[index]];
  return "step " + std::to_string(index + 1) + " (" + spec.threads()[action.thread].name + ": " +
         action.label + ")";
}

} // namespace

std::vector<State> follow(const Spec& spec, const Trace& trace) {
  std::vector<State> states{spec.initial_state()};
  const bool last_fails = trace.violation.kind == ViolationKind::check;
  if (last_fails && trace.actions.empty())
    throw SpecError("a trace that ends in a failing step has no steps");
  for (std::size_t i = 0; i < trace.actions.size(); ++i) {
    if (trace.actions[i] >= spec.actions().size())
      throw SpecError("step " + std::to_string(i + 1) + " takes an action that does not exist");
    Result result = take(spec, states.back(), spec.actions()[trace.actions[i]]);
    const bool must_fail = last_fails && i + 1 == trace.actions.size();
    if (result.outcome == Outcome::disabled)
      throw SpecError(step_name(spec, trace, i) + " is not enabled");
    if (must_fail != (result.outcome == Outcome::failed))
      throw SpecError(step_name(spec, trace, i) +
                      (must_fail ? " does not fail" : " fails: " + result.failure.message));
    if (must_fail) {
      if (result.failure.property != trace.violation.property)
        throw SpecError(step_name(spec, trace, i) + " violates " + result.failure.property +
                        ", not " + trace.violation.property);
      break;
    }
    states.push_back(std::move(result.state));
  }
  return states;
}

} // namespace interlock::lang
