// Revisions, properties and patches of a scenario: what building has in common for all systems.
#pragma once

#include "lang/patch.hpp"
#include "properties/property.hpp"
#include "systems/scenario.hpp"
#include "text/lists.hpp"
#include "text/nearest.hpp"

namespace interlock::systems {

// The revision of that name in a table of structs with a member `entry`.
template <class RevisionEntry>
const RevisionEntry& find_revision(const std::vector<RevisionEntry>& table, const Text& name,
                                   const std::string& system) {
  std::vector<std::string> names;
  for (const RevisionEntry& entry : table) {
    if (entry.entry.name == name.text)
      return entry;
    names.push_back(entry.entry.name);
  }
  throw ScenarioError("unknown revision '" + name.text + "' of " + system + "; there is " +
                          text::joined(names) + text::nearest_hint(name.text, names),
                      name.pointer);
}

// The names of the properties that the scenario selects, in its order.  Objects to one that makes
// no sense for the system.
std::vector<std::string> select_properties(const Scenario& scenario, const std::string& system,
                                           Objections& objections);

// The properties of a system that is none of the table's.
struct PropertyNames {
  std::vector<std::string> known;
  std::vector<std::string> standard;            // where a config names none
  std::map<std::string, std::string> elsewhere; // of other systems: "is one of ... and ..."
};
std::vector<std::string> select_properties(const Scenario& scenario, const PropertyNames& names,
                                           Objections& objections);

// When all threads have their bodies: adds the properties, applies the patches, and finishes the
// kernel's specification.  Throws ScenarioErrors for patches that do not apply.
BuiltSpec finish(const properties::Subject& subject, const Scenario& scenario,
                 const std::vector<std::string>& properties, const lang::Primitives& primitives);

// The same for a specification that has its properties already, of which only the selected ones are
// kept.  The builder is of no use afterwards.
BuiltSpec finish(lang::SpecBuilder& spec, const Scenario& scenario,
                 const std::vector<std::string>& properties, const lang::Primitives& primitives);

// The part of a description that comes from the table of properties.
std::vector<Entry> describe_properties(const std::string& system);

} // namespace interlock::systems
