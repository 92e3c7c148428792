// The skeleton of a function of the kernel's C.
#pragma once

#include "kernel_text/ledger.hpp"
#include "kernel_text/primitives.hpp"

namespace interlock::kernel_text {

// What counts besides the primitives of the system.
struct Modelled {
  std::string system;
  std::set<std::string> names;     // fields and flags
  std::set<std::string> functions; // calls of these are operations
  const Ledger* ledger = nullptr;  // what is left out; null: nothing
  const File* file = nullptr;      // whose functions stand for calls of them, as the table says
};

// Conditions and loops stay where an operation or a way out is inside.  `used` gets the entries of
// the ledger that something was left out by.
Skeleton source_skeleton(const Function& function, const Modelled& modelled,
                         LedgerUse* used = nullptr);

} // namespace interlock::kernel_text
