// Selection of properties, and the properties of states in which nothing can move.
#include "search/judge.hpp"

#include "lang/violations.hpp"
#include "text/nearest.hpp"

#include <stdexcept>

namespace interlock::checker {

namespace {

std::set<std::string> known_properties(const lang::Spec& spec) {
  std::set<std::string> names(std::begin(lang::fault::all), std::end(lang::fault::all));
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
      of_standstill_(selection.of_kind(spec, lang::PropertyKind::no_deadlock)) {
  for (FailureId failure = 0; failure < model.failures(); ++failure)
    counts_.push_back(selection.contains(model.failure(failure)));
  for (const lang::PropertyKind kind :
       {lang::PropertyKind::no_oversleep, lang::PropertyKind::at_rest, lang::PropertyKind::settled})
    for (const std::size_t property : selection.of_kind(spec, kind))
      of_standstill_.push_back(property);
}

lang::Violation Judge::invariant_violation(std::size_t property) const {
  return {lang::ViolationKind::invariant, spec_.properties()[property].name,
          spec_.properties()[property].message};
}

std::optional<lang::Violation> Judge::stuck_violation(const lang::State& state) const {
  const lang::Standstill threads = lang::standstill(spec_, state);
  for (const std::size_t property : of_standstill_)
    if (auto found = lang::violation_in(spec_, state, threads, spec_.properties()[property]))
      return found;
  return std::nullopt;
}

} // namespace interlock::checker
