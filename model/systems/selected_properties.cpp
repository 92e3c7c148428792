// What is named, then what is excused of it; see selected_properties.hpp.
#include "systems/selected_properties.hpp"

#include "lang/violations.hpp"
#include "properties/property.hpp"
#include "systems/stated_invariants.hpp"
#include "text/lists.hpp"
#include "text/nearest.hpp"

#include <algorithm>

namespace interlock::systems {

namespace {

using Names = std::vector<std::string>;

bool is_in(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class Selector {
public:
  Selector(const Scenario& scenario, const PropertyNames& names, Objections& objections)
      : scenario_(scenario), names_(names), objections_(objections) {}

  SelectedProperties select() {
    judge_names(scenario_, names_.known, objections_);
    if (scenario_.properties.empty())
      selected_.names = names_.standard;
    selected_.by_format = scenario_.properties.empty();
    for (const Text& name : scenario_.properties)
      objections_.attempt([&] { name_one(name); });
    for (const std::string& rule : names_.rules)
      if (!judged_.contains(rule) && selected_.contains(lang::property_of(rule)) &&
          (parts_.contains(lang::property_of(rule)) || names_.asked_for.contains(rule)))
        selected_.excused.insert(rule);
    // Whoever writes a check wants it to be checked.
    if (adds_checks() && !selected_.contains(lang::patched_check))
      selected_.names.emplace_back(lang::patched_check);
    for (const StatedInvariant& invariant : scenario_.invariants)
      selected_.names.push_back(invariant.name.text);
    for (const Text& name : scenario_.excused)
      objections_.attempt([&] { excuse(name); });
    return std::move(selected_);
  }

private:
  bool adds_checks() const {
    if (scenario_.properties.empty())
      return !scenario_.patches.empty();
    return std::any_of(scenario_.patches.begin(), scenario_.patches.end(), [](const Patch& patch) {
      return lang::adds_check({patch.kind, patch.label.text, patch.argument.text});
    });
  }

  bool is_stated(const std::string& name) const {
    return std::any_of(
        scenario_.invariants.begin(), scenario_.invariants.end(),
        [&](const StatedInvariant& invariant) { return invariant.name.text == name; });
  }

  void require_known(const Text& name) const {
    if (const auto other = names_.elsewhere.find(name.text); other != names_.elsewhere.end())
      throw ScenarioError("property " + name.text + " " + other->second, name.pointer);
    if (is_in(names_.known, name.text) || is_in(names_.rules, name.text) || is_stated(name.text) ||
        name.text == lang::patched_check)
      return;
    const std::string property = lang::property_of(name.text);
    Names allowed = names_.known;
    if (property != name.text && is_in(names_.known, property)) {
      allowed = names_.rules;
      std::erase_if(allowed,
                    [&](const std::string& rule) { return lang::property_of(rule) != property; });
      if (allowed.empty())
        throw ScenarioError("property " + property + " has no rules", name.pointer);
    }
    throw ScenarioError("unknown " + std::string(property == name.text ? "property '" : "rule '") +
                            name.text + "'; there is " + text::joined(allowed) +
                            text::nearest_hint(name.text, allowed),
                        name.pointer);
  }

  // Of the property rules are named, and none that it has by itself.
  bool is_all_more(const std::string& property) const {
    return parts_.contains(property) &&
           std::all_of(judged_.begin(), judged_.end(), [&](const std::string& rule) {
             return lang::property_of(rule) != property || names_.asked_for.contains(rule);
           });
  }

  void name_one(const Text& name) {
    require_known(name);
    if (is_stated(name.text))
      throw ScenarioError(name.text + " is an invariant of this config, which is checked without "
                                      "being named here",
                          name.pointer);
    const std::string property = lang::property_of(name.text);
    const bool is_rule = property != name.text;
    const bool is_more = names_.asked_for.contains(name.text); // than the property has by itself
    if (!is_rule && is_all_more(property)) {
      parts_.erase(property);
      return;
    }
    if (selected_.contains(property) && is_rule != parts_.contains(property) && !is_more)
      throw ScenarioError("property " + property + " is there too, with all its rules",
                          name.pointer);
    if (is_rule ? judged_.contains(name.text) : selected_.contains(property))
      throw ScenarioError((is_rule ? "rule " : "property ") + name.text + " is there twice",
                          name.pointer);
    if (is_rule && !selected_.contains(property))
      parts_.insert(property);
    if (is_rule)
      judged_.insert(name.text);
    if (!selected_.contains(property))
      selected_.names.push_back(property);
  }

  void excuse(const Text& name) {
    require_known(name);
    if (!selected_.checks(name.text))
      throw ScenarioError(name.text + " is not checked by this config, so that there is nothing to "
                                      "excuse",
                          name.pointer);
    const std::string property = lang::property_of(name.text);
    if (property != name.text)
      selected_.excused.insert(name.text);
    // Of a property whose rules are all excused, nothing is left.
    const bool is_left =
        std::any_of(names_.rules.begin(), names_.rules.end(), [&](const std::string& rule) {
          return lang::property_of(rule) == property && !selected_.excused.contains(rule);
        });
    if (property == name.text || !is_left) {
      std::erase(selected_.names, property);
      std::erase_if(selected_.excused,
                    [&](const std::string& rule) { return lang::property_of(rule) == property; });
    }
    if (selected_.names.empty())
      throw ScenarioError("nothing is left to be checked", name.pointer);
  }

  const Scenario& scenario_;
  const PropertyNames& names_;
  Objections& objections_;
  SelectedProperties selected_;
  std::set<std::string> parts_;  // properties of which rules are named, and not the whole
  std::set<std::string> judged_; // these rules
};

} // namespace

bool SelectedProperties::contains(const std::string& property) const {
  return is_in(names, property);
}

bool SelectedProperties::checks(const std::string& name) const {
  return contains(lang::property_of(name)) && !excused.contains(name);
}

std::set<std::string> SelectedProperties::excused_of(const std::string& property) const {
  std::set<std::string> rules;
  for (const std::string& name : excused)
    if (lang::property_of(name) == property)
      rules.insert(name.substr(property.size() + 1));
  return rules;
}

SelectedProperties select_properties(const Scenario& scenario, const std::string& system,
                                     Objections& objections) {
  PropertyNames names;
  names.standard = properties::standard(properties::all_of(system), scenario.format);
  for (const properties::Entry& entry : properties::all_of(system)) {
    names.known.push_back(entry.name);
    for (const contract::Rule& rule : entry.rules) {
      names.rules.push_back(lang::name_of_rule(entry.name, rule.name));
      if (rule.asked_for)
        names.asked_for.insert(names.rules.back());
    }
  }
  for (const properties::Entry& entry : properties::all())
    if (!entry.system.empty() && entry.system != system)
      names.elsewhere[entry.name] =
          "is one of " + entry.system + " and makes no sense for " + system;
  return select_properties(scenario, names, objections);
}

SelectedProperties select_properties(const Scenario& scenario, const PropertyNames& names,
                                     Objections& objections) {
  return Selector(scenario, names, objections).select();
}

} // namespace interlock::systems
