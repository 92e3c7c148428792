// Which properties, and which of their rules, a scenario wants to be checked.
#pragma once

#include "systems/scenario.hpp"

namespace interlock::systems {

// Of a system.  Objects to a name that makes no sense for it.
SelectedProperties select_properties(const Scenario& scenario, const std::string& system,
                                     Objections& objections);

// The properties of a system that is none of the table's.
struct PropertyNames {
  std::vector<std::string> known;
  std::vector<std::string> standard;            // where a config names none
  std::map<std::string, std::string> elsewhere; // of other systems: "is one of ... and ..."
  std::vector<std::string> rules;               // of the known ones: "kevent-contract/udata"
  std::set<std::string> asked_for;              // of these: those that have to be named
};
SelectedProperties select_properties(const Scenario& scenario, const PropertyNames& names,
                                     Objections& objections);

} // namespace interlock::systems
