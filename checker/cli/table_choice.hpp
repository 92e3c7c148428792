// Which steps of a counterexample are told, and beside which C: what check and show have in common.
#pragma once

#include "cli/lines_in_tree.hpp"
#include "witnesses/step_text.hpp"

#include <CLI/CLI.hpp>

namespace interlock::checker::cli {

struct TableChoice {
  bool full = false;
  std::vector<std::string> only;
  std::string steps; // "A..B", or empty
  bool no_locks = false;
  std::vector<std::string> trees;
};

// --full, --only, --steps, --no-locks and --tree.
void add_table_choice(CLI::App& command, TableChoice& choice);

// What is told of a counterexample of the specification.  Ends the command `command` where --only
// names what the specification does not have, or --steps is no range; with `length`, the number of
// steps that there are, also where the range begins behind them.
witnesses::TellOptions tell_options(const std::string& command, const TableChoice& choice,
                                    const lang::Spec& spec,
                                    std::optional<std::size_t> length = std::nullopt);

// The steps' C in the trees, by label.  What cannot be read, and trees in which no step stands, are
// said on stderr.
witnesses::Statements statements_in(LinesInTree& trees, const TableChoice& choice,
                                    const Config& config);
// Trees whose complaints go to stderr.
LinesInTree trees_of(const TableChoice& choice);

} // namespace interlock::checker::cli
