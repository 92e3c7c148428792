// The commands of the program.  Each add_ function declares one with its options; the function that
// it stores in `run` carries it out and returns the exit code.
#pragma once

#include "verdict/exit_codes.hpp"

#include <CLI/CLI.hpp>
#include <functional>

namespace interlock::checker::cli {

using Run = std::function<ExitCode()>;

void add_init(CLI::App& app, Run& run);
void add_check(CLI::App& app, Run& run);
void add_replay(CLI::App& app, Run& run);
void add_gate(CLI::App& app, Run& run);
void add_show(CLI::App& app, Run& run);
void add_export(CLI::App& app, Run& run);
void add_locks(CLI::App& app, Run& run);
void add_source(CLI::App& app, Run& run);
void add_review(CLI::App& app, Run& run);
void add_what_if(CLI::App& app, Run& run);
void add_list(CLI::App& app, Run& run);
void add_help(CLI::App& app, Run& run);

// Parses the command line, runs the command and maps every exception to an exit code; diagnostics
// go to stderr.  Never throws.
int run_program(int argc, char** argv);

} // namespace interlock::checker::cli
