// interlock source check
#pragma once

#include "cli/commands.hpp"

namespace interlock::checker::cli {

// Declares `check` below the command `source`.
void add_source_check(CLI::App& source, Run& run);

} // namespace interlock::checker::cli
