// What became of the gate's items, as cases of a report.
#pragma once

#include "cli/gate_items.hpp"
#include "cli/lines_in_tree.hpp"
#include "cli/search.hpp"
#include "reports/report.hpp"

namespace interlock::checker::cli {

// `interlock check CONFIG`, with the limits of the command line.
std::string check_command(const std::string& config, const SearchOptions& options);

// Of a config that was checked: passed, or failed with what differs and, where it violates
// something, the counterexample; `lines` are those of its steps in a tree, by label.
reports::Case case_of_answer(const Config& config, const Answer& answer,
                             const std::vector<std::string>& differences,
                             const SearchOptions& options, const witnesses::Statements& lines);

reports::Case case_of_witness(const std::filesystem::path& path, const FollowedWitness& witness);

// Of a file that is wrong, by the reason for it.
reports::Case case_of_failure(const std::filesystem::path& path, const Failure& failure);

// Of a file that is left alone: that is no config, or was not reached.
reports::Case case_of_skipped(const std::filesystem::path& path, const std::string& reason);

} // namespace interlock::checker::cli
