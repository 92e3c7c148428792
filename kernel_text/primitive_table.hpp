// What a system's table of primitives is made of.
#pragma once

#include "kernel_text/primitives.hpp"

#include <initializer_list>
#include <map>
#include <set>

namespace interlock::kernel_text {

struct PrimitiveTable {
  std::vector<Primitive> primitives;
  // What C names otherwise than the model does: the field that links a list's elements -> the list,
  // a lock's member or a local variable -> the lock.
  std::map<std::string, std::string> lists, subjects;
  // A structure that is assigned as a whole -> its fields; a word -> itself, and those flags of it
  // that are variables of the model.
  std::map<std::string, std::vector<std::string>> structures;
  // Functions that the model has where they are called: what they do is what their caller does.
  std::set<std::string> inlined;
  // Labels at which a function ends, one place in C for what each path of the model does by itself:
  // what follows them stands for a goto to them.
  std::set<std::string> tails;
  // Functions that change a word as an assignment does -> which argument has the value.
  std::map<std::string, std::size_t> atomics;
  std::vector<SleepForm> sleeps;
  std::vector<std::string> families; // how the names of locks, sleeps and wake-ups begin
  std::vector<PassedOver> passed_over;
};

using PrimitiveNames = std::initializer_list<const char*>;

// The same operation under several names: on what the first argument names, or on `subject`.
void add(PrimitiveTable& table, const Operation& operation, PrimitiveNames names);
void add_named(PrimitiveTable& table, Act act, const char* subject, PrimitiveNames names);
void add_shared(PrimitiveTable& table, Act act, PrimitiveNames names);
void add_first(PrimitiveTable& table, Act act, PrimitiveNames names);

// Each system's, without what is in every one.
PrimitiveTable dragonfly_primitives();
PrimitiveTable freebsd_primitives();
PrimitiveTable netbsd_primitives();

} // namespace interlock::kernel_text
