// Selection of properties, and the properties of states in which nothing can move.
#include "search/judge.hpp"

#include "search/deadlock.hpp"
#include "text/nearest.hpp"

#include <algorithm>
#include <stdexcept>

namespace interlock::checker {

namespace {

std::set<std::string> known_properties(const lang::Spec& spec) {
  std::set<std::string> names{lang::fault::null_dereference, lang::fault::use_after_free,
                              lang::fault::not_on_list, lang::fault::bounds};
  for (const lang::Property& property : spec.properties())
    names.insert(property.name);
  for (const lang::Action& action : spec.actions())
    for (const auto* checks : {&action.entry_checks, &action.checks})
      for (const lang::Check& check : *checks)
        names.insert(check.property);
  return names;
}

} // namespace

Selection::Selection(const lang::Spec& spec, const std::vector<std::string>& names)
    : names_(names.begin(), names.end()) {
  const std::set<std::string> known = known_properties(spec);
  for (const std::string& name : names_)
    if (!known.contains(name))
      throw std::invalid_argument("there is no property " + name +
                                  text::nearest_hint(name, {known.begin(), known.end()}));
}

std::vector<std::size_t> Selection::of_kind(const lang::Spec& spec, lang::PropertyKind kind) const {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < spec.properties().size(); ++i)
    if (spec.properties()[i].kind == kind && contains(spec.properties()[i].name))
      result.push_back(i);
  return result;
}

Judge::Judge(const lang::Spec& spec, const CompiledSpec& model, const Selection& selection)
    : spec_(spec), model_(model),
      deadlock_(selection.of_kind(spec, lang::PropertyKind::no_deadlock)),
      at_rest_(selection.of_kind(spec, lang::PropertyKind::at_rest)) {
  for (FailureId failure = 0; failure < model.failures(); ++failure)
    counts_.push_back(selection.contains(model.failure(failure)));
}

lang::Violation Judge::violation(lang::ViolationKind kind, std::size_t property) const {
  return {kind, spec_.properties()[property].name, spec_.properties()[property].message};
}

lang::Violation Judge::invariant_violation(std::size_t property) const {
  return violation(lang::ViolationKind::invariant, property);
}

std::optional<lang::Violation> Judge::stuck_violation(const lang::State& state) const {
  bool blocked = false;
  for (lang::ThreadId thread = 0; thread < spec_.threads().size(); ++thread)
    blocked = blocked || lang::standing(spec_, state, thread) == lang::Standing::blocked;
  if (blocked) {
    if (deadlock_.empty())
      return std::nullopt;
    lang::Violation found = violation(lang::ViolationKind::deadlock, deadlock_.front());
    found.message = explain_deadlock(spec_, state);
    return found;
  }
  for (const std::size_t property : at_rest_) {
    const auto result = lang::evaluate(spec_, state, spec_.properties()[property].condition);
    if (result.failure || result.value == 0)
      return violation(lang::ViolationKind::at_rest, property);
  }
  return std::nullopt;
}

} // namespace interlock::checker
