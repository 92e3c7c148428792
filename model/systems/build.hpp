// Revisions and patches of a scenario: what building has in common for all systems.
#pragma once

#include "lang/patch.hpp"
#include "properties/property.hpp"
#include "systems/scenario.hpp"
#include "systems/selected_properties.hpp"
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

// When all threads have their bodies: adds the properties, applies the patches, and finishes the
// kernel's specification.  Throws ScenarioErrors for patches that do not apply.
BuiltSpec finish(const properties::Subject& subject, const Scenario& scenario,
                 const SelectedProperties& properties, const lang::Primitives& primitives);

// The same for a specification that has its properties already, of which only the selected ones are
// kept.  The builder is of no use afterwards.
BuiltSpec finish(lang::SpecBuilder& spec, const Scenario& scenario,
                 const SelectedProperties& properties, const lang::Primitives& primitives);

// The part of a description that comes from the table of properties; its name is there.
void describe_properties(SystemDescription& description);

} // namespace interlock::systems
