// The properties that the modelled systems can be checked for: one file each.
#pragma once

#include "states/watch.hpp"

namespace interlock::properties {

// What a property may speak of.
struct Subject {
  states::Kernel& kernel;
  const states::Watches& watches;
};

struct Entry {
  std::string name;
  std::string text;                    // what holds when the property holds
  void (*add)(const Subject& subject); // adds the property's conditions to the specification
  // Of the whole state graph, for which it is explored once more: checked only where it is named.
  bool analysis = false;
  std::string system = {}; // the only system that it makes sense for; empty: all of them
};

// In the order in which they are listed; names are unique.
const std::vector<Entry>& all();

// Those that make sense for a system.
std::vector<Entry> all_of(const std::string& system);

void add_no_deadlock(const Subject& subject);
void add_kevent_contract(const Subject& subject);
void add_knote_protocol(const Subject& subject);
void add_leak(const Subject& subject);
void add_group_signal(const Subject& subject);
void add_lock_order(const Subject& subject);
void add_lock_discipline(const Subject& subject);

} // namespace interlock::properties
