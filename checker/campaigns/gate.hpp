// Comparing verdicts with what configs expect, and finding the configs to compare.
#pragma once

#include "config/config.hpp"
#include "verdict/check.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace interlock::checker {

// The configs at and below the paths, without duplicates, sorted by path within each of them.  A
// file that is named is taken as it is.  In a folder every *.json that looks like a config counts,
// right or wrong; witnesses, traces and schemas do not.  Throws ConfigError when a path does not
// exist, when a folder has no config and when a *.json in it is no JSON.
std::vector<std::filesystem::path> configs_below(const std::vector<std::string>& paths);

// "holds", "violates kevent-contract", "incomplete", "nothing".
std::string expectation_text(const Config& config);

// Each way in which a result differs from the expectation: `states: expected 12, found 13`.
std::vector<std::string> differences(const Expectation& expect, const CheckResult& result);

} // namespace interlock::checker
