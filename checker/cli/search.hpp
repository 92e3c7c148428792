// Running one config's building and search with the command line's limits, progress and
// interruption.
#pragma once

#include "cli/load.hpp"
#include "locks/findings.hpp"
#include "verdict/behaviours.hpp"
#include "verdict/check.hpp"
#include "witnesses/witness.hpp"

#include <CLI/CLI.hpp>

namespace interlock::checker::cli {

// Limits from the command line replace those of the config.
struct SearchOptions {
  std::optional<std::uint64_t> max_states;
  std::optional<std::uint64_t> max_memory_mib;
  std::optional<double> max_seconds;
  bool silent = false; // neither notes nor progress on stderr
};

// The limits of a config with those of the command line.
Limits limits_of(const Config& config, const SearchOptions& options);

// Accepts a time that is more than 0 and not absurd.
CLI::Validator seconds();

// --max-states, --max-memory and --max-seconds.
void add_search_options(CLI::App& command, SearchOptions& options);

// Builds the config's specification within the same limits; LoadedConfig::stopped tells of one that
// was reached.
LoadedConfig load_within(const SearchOptions& options, Config config);

// Explores what was built.  Draws progress on stderr when that is a terminal.  A signal ends the
// search with the verdict `interrupted` (interruption.hpp).
CheckResult search(const LoadedConfig& loaded, const SearchOptions& options);

// Explores likewise, for the order of locks.
LockAnalysis analyse(const LoadedConfig& loaded, const SearchOptions& options);

// Explores likewise, for what is delivered.
Behaviours behaviours(const LoadedConfig& loaded, const SearchOptions& options);

// The witness of a violated result.
witnesses::Witness witness_of(const Config& config, const lang::Spec& spec,
                              const CheckResult& result,
                              witnesses::Form form = witnesses::Form::full);

} // namespace interlock::checker::cli
