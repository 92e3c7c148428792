// The skeleton of a function of the kernel's C.
#pragma once

#include "kernel_text/ledger.hpp"
#include "kernel_text/primitives.hpp"
#include "lang/type.hpp"

namespace interlock::kernel_text {

// What counts besides the primitives of the system.
struct Modelled {
  std::string system;
  std::set<std::string> names;          // fields and flags
  std::set<std::string> functions;      // calls of these are operations
  const Ledger* ledger = nullptr;       // what is left out; null: nothing
  const Constants* constants = nullptr; // that decide branches; null: none
  // Whose functions stand for calls of them, where the table says so or they are helpers.
  const File* file = nullptr;
  std::set<std::string> helpers = {};
  std::map<std::string, lang::Kind> fields = {}; // what the names hold, for patches
  std::set<std::string> insertable = {};         // primitives and paths that patches insert
  std::set<std::string> set_once = {};           // fields that keep what they are given first
};

// The same for the functions of a file.
Modelled of_file(Modelled modelled, const File& file);

// Conditions and loops stay where an operation or a way out is inside.  `used` gets the entries of
// the ledger that something was left out by, and the constants that decided.
Skeleton source_skeleton(const Function& function, const Modelled& modelled,
                         LedgerUse* used = nullptr);

} // namespace interlock::kernel_text
