// interlock list labels CONFIG
#pragma once

#include "cli/list_steps.hpp"
#include "lang/spec.hpp"

namespace interlock::checker::cli {

// Every path in the order of its calls, each with its statements in their order, indented by what
// they are in; of a check that the config does not select the property that is not selected. Throws
// ConfigError when the filter names no thread, or no statement.
void list_labels(const lang::Spec& spec, const StepFilter& filter, const std::string& config,
                 bool json);

} // namespace interlock::checker::cli
