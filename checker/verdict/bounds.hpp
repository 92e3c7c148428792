// What was too small where a trace ends in the fault `bounds`.
#pragma once

#include "lang/trace.hpp"

namespace interlock::checker {

struct ExceededBound {
  std::string step; // "parent: fork1.proc_alloc"
  std::string pool; // that has no free object; empty where a value left its range
  std::string key;  // of the config's "bounds", which gives more; empty where none does
};

// Nothing for a trace that ends otherwise.  The trace follows the specification.
std::optional<ExceededBound> exceeded_bound(const lang::Spec& spec, const lang::Trace& trace);

// A line for the user: what was too small, and how the config gives more.
std::string bound_text(const ExceededBound& bound);

} // namespace interlock::checker
