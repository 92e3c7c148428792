// The bound behind a pool that is full; see bounds.hpp.
#include "verdict/bounds.hpp"

#include "story/reason.hpp"
#include "systems/bounds.hpp"

namespace interlock::checker {

std::optional<ExceededBound> exceeded_bound(const lang::Spec& spec, const lang::Trace& trace) {
  if (trace.violation.kind != lang::ViolationKind::check ||
      trace.violation.property != lang::fault::bounds)
    return std::nullopt;
  const lang::Action& action = spec.actions()[trace.actions.back()];
  ExceededBound bound;
  bound.step = spec.threads()[action.thread].name + ": " + action.label;
  if (const auto pool = full_pool(spec, lang::follow(spec, trace).back(), action)) {
    bound.pool = spec.pools()[*pool].name;
    bound.key = systems::bound_of_pool(bound.pool).value_or("");
  }
  return bound;
}

std::string bound_text(const ExceededBound& bound) {
  const std::string where = "bound exceeded by " + bound.step + ": ";
  if (bound.pool.empty())
    return where + "the range of a variable is part of the model; no key of the config widens it\n";
  if (bound.key.empty())
    return where + "the size of the pool " + bound.pool + " follows from the scenario\n";
  return where + "the pool " + bound.pool + " is full; raise \"" + bound.key +
         "\" in the config's \"bounds\"\n";
}

} // namespace interlock::checker
