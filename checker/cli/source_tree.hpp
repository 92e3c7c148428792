// What the commands that hold a revision against a tree have in common.
#pragma once

#include "cli/output.hpp"
#include "cli/revision.hpp"

#include <CLI/CLI.hpp>
#include <functional>

namespace interlock::checker::cli {

struct TreeOptions {
  std::string revision;
  std::vector<std::string> trees, configs;
  SearchOptions search;
};

// REVISION, --tree and --configs.
void add_tree_options(CLI::App& command, TreeOptions& options);

// The revision's configs, with the scenarios of all configs of its system.
RevisionModel load_for_tree(const std::string& command, const TreeOptions& options);

using UseFunction = std::function<void(const kernel_text::File& source, const std::string& name,
                                       const kernel_text::ModelFunction& model)>;
// Reads the files in which the wanted functions of the model stand, and calls `use` for each of
// these, whether or not the file has it.  What cannot be read is a complaint.
void read_tree(const RevisionModel& model, const TreeOptions& options,
               const std::function<bool(const std::string&)>& is_wanted, Complaints& complaints,
               const UseFunction& use);

} // namespace interlock::checker::cli
