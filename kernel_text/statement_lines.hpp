// The statements of a function as lines of text, and how two functions differ in them.
#pragma once

#include "kernel_text/tree.hpp"

namespace interlock::kernel_text {

struct StatementLine {
  std::string text;
  int number = 0;
};
using StatementLines = std::vector<StatementLine>;

// Every statement, condition and jump, whether or not it is one of the system's primitives.
StatementLines statement_lines(const Function& function, const std::string& system);

struct LineDifference {
  StatementLines gone, come;
};
// What a longest common subsequence leaves over.
LineDifference difference_of(const StatementLines& before, const StatementLines& after);

} // namespace interlock::kernel_text
