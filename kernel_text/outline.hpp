// The outline of a function: what it does to locks, lists and sleepers, under which conditions.
#pragma once

#include "kernel_text/primitives.hpp"
#include "kernel_text/tree.hpp"

namespace interlock::kernel_text {

struct OutlineOptions {
  std::string system;      // whose primitives count
  bool everything = false; // keep every statement, not only what leads to a primitive
};

struct OutlineItem {
  int line = 0;
  std::string text;      // "if (kn->kn_status & KN_INFLUX)", "KQ_LOCK(kq)", "else", "return (0)"
  std::vector<Act> does; // what its primitives do, in the order of evaluation
  std::vector<OutlineItem> inside;
};

// Conditions, loops, jumps and labels stay where a primitive stands inside them or, for jumps,
// where they leave what is kept.  Throws std::invalid_argument for an unknown system.
std::vector<OutlineItem> outline_of(const Function& function, const OutlineOptions& options);

// Lines of text: LINE, indentation, statement, and what it does in brackets.
std::string outline_text(const std::vector<OutlineItem>& outline);

} // namespace interlock::kernel_text
