// interlock list labels CONFIG, interlock list actions CONFIG
#pragma once

#include "lang/spec.hpp"
#include "verdict/exit_codes.hpp"

#include <string>
#include <vector>

namespace interlock::checker::cli {

// Which steps are listed; an empty text admits all.
struct StepFilter {
  std::string thread;
  std::string label;     // part of the label
  bool keys = false;     // labels: with their source keys instead of what they do
  bool contract = false; // of the machine that judges the scenario, and not of the kernel
};

// End the command with ConfigError where the filter names no thread of the specification; where it
// admits none of the labels.
void require_thread(const lang::Spec& spec, const StepFilter& filter, const std::string& config);
[[noreturn]] void refuse_label(const StepFilter& filter, const std::vector<std::string>& labels,
                               const std::string& config);

// `what` is "labels" or "actions".  Throws ConfigError when the config is missing or wrong, and
// when the filter names no thread or no step of it.
ExitCode list_steps(const std::string& what, const std::string& config, const StepFilter& filter,
                    bool json);

} // namespace interlock::checker::cli
