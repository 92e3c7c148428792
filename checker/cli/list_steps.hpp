// interlock list labels CONFIG, interlock list actions CONFIG
#pragma once

#include "verdict/exit_codes.hpp"

#include <string>

namespace interlock::checker::cli {

// Which steps are listed; an empty text admits all.
struct StepFilter {
  std::string thread;
  std::string label; // part of the label
};

// `what` is "labels" or "actions".  Throws ConfigError when the config is missing or wrong, and
// when the filter names no thread or no step of it.
ExitCode list_steps(const std::string& what, const std::string& config, const StepFilter& filter,
                    bool json);

} // namespace interlock::checker::cli
