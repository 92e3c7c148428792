// The properties that the modelled systems can be checked for, as one table.
#pragma once

#include "contract/rules.hpp"
#include "states/kernel.hpp"

namespace interlock::properties {

// What a property may speak of.
struct Subject {
  states::Kernel& kernel;
};

// What a violation of a property is.  The checker has an exit code for each.
enum class Breach : std::uint8_t {
  safety,
  deadlock,
  assertion,  // one of the kernel's own
  evaluation, // the specification goes no further: something has no room in it
};

struct Entry {
  std::string name;
  std::string text; // what holds when the property holds
  // Adds the property's conditions, under its name, to the specification.  None: the property is
  // nothing but the checks of its name in the steps, or an analysis.
  void (*conditions)(const Subject& subject, const std::string& name) = nullptr;
  Breach breach = Breach::safety;
  // Of the whole state graph, for which it is explored once more: checked only where it is named.
  bool analysis = false;
  bool asked_for = false;  // likewise, though no analysis: no page promises it
  std::string system = {}; // the only system that it makes sense for; empty: all of them
  // The first format of configs (systems::Scenario::format) in which it is checked where a config
  // names no property: one that comes later does not change what older configs say.
  int since = 1;
  // What it consists of, each to be named, and excused, by itself: "kevent-contract/udata".
  std::vector<contract::Rule> rules = {};

  // Adds the property to the specification.
  void add(const Subject& subject) const;
};

// In the order in which they are listed; names are unique.
const std::vector<Entry>& all();

// Those that make sense for a system.
std::vector<Entry> all_of(const std::string& system);

// The newest format of configs.
inline constexpr int latest_format = 1;

// Of these the names that a config of a format checks where it names none.
std::vector<std::string> standard(const std::vector<Entry>& entries, int format);

// The one of that name, which may be that of a rule of it; or nullptr.
const Entry* find(const std::string& name);

// What holds where the property, or the rule, of that name holds; the name where there is none.
std::string text_of(const std::string& name);

// What a violation of the property of that name is, which may be one that no config names: the
// fault `bounds`, or what a patch or a specification of its own adds.
Breach breach_of(const std::string& name);

} // namespace interlock::properties
