// The golden numbers in the text of a config.
#pragma once

#include "campaigns/answer.hpp"

#include <string>
#include <vector>

namespace interlock::checker {

// The config's text with the numbers that "expect" has replaced by those of the answer; all else
// stays as it is, comments and white space too.  The same text where the verdict is another one,
// or a limit was reached: then the numbers are not what is wrong.  What is not there is not added:
// a property whose steps are cut now, or not any more, is for its author to explain.
std::string with_golden_numbers(const Config& config, const Answer& answer);

// The lines of two texts with as many lines that differ: `FILE:12: -old` and `FILE:12: +new`.
std::vector<std::string> changed_lines(const std::string& file, const std::string& before,
                                       const std::string& after);

} // namespace interlock::checker
