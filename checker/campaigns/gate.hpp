// Comparing verdicts with what configs expect.
#pragma once

#include "campaigns/answer.hpp"

#include <string>
#include <vector>

namespace interlock::checker {

// "holds", "vacuous", "violates kevent-contract", "incomplete", "nothing".
std::string expectation_text(const Config& config);

// Whether the verdict is the expected one; where a property is expected, so is each of its rules.
bool is_expected(const Expectation& expect, const Answer& answer);

// Each way in which an answer differs from the expectation: `states: expected 12, found 13`.
std::vector<std::string> differences(const Expectation& expect, const Answer& answer);
// The same of a result that is at hand.
std::vector<std::string> differences(const Expectation& expect, const CheckResult& result);

} // namespace interlock::checker
