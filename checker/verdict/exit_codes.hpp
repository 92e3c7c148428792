// The program's exit codes, from exit_codes.def.
#pragma once

#include "properties/property.hpp"
#include "verdict/check.hpp"

#include <string>
#include <vector>

namespace interlock::checker {

enum class ExitCode : int {
#define EXIT_CODE(number, name, text) name = (number),
#include "verdict/exit_codes.def"
#undef EXIT_CODE
};

// "safety violated"
std::string text_of(ExitCode code);

// "exit 12: safety violated\n", the last line of a report.
std::string exit_line(ExitCode code);

// All of them, in their order.
std::vector<ExitCode> exit_codes();

// One line per code: number and text.
std::string exit_code_table();

// 12 for safety, 11 for a deadlock, 14 for an assertion, 75 for an evaluation.
ExitCode exit_code_of(properties::Breach breach);

// What one check's result is: the code of the property that is violated, 0, 124 or 130.
ExitCode exit_code_of(const CheckResult& result);

} // namespace interlock::checker
