// interlock source record
#pragma once

#include "cli/commands.hpp"

namespace interlock::checker::cli {

// Declares `record` below the command `source`.
void add_source_record(CLI::App& source, Run& run);

} // namespace interlock::checker::cli
