// Comparing verdicts with what configs expect.
#pragma once

#include "config/config.hpp"
#include "verdict/check.hpp"

#include <string>
#include <vector>

namespace interlock::checker {

// "holds", "violates kevent-contract", "incomplete", "nothing".
std::string expectation_text(const Config& config);

// Each way in which a result differs from the expectation: `states: expected 12, found 13`.
std::vector<std::string> differences(const Expectation& expect, const CheckResult& result);

} // namespace interlock::checker
