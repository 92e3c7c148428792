// The options for what CI systems read, and the writing of it.
#pragma once

#include "reports/report.hpp"

#include <CLI/CLI.hpp>

namespace interlock::checker::cli {

struct ReportFiles {
  std::string junit, sarif, summary; // files; empty: none
  std::string annotate;              // "github", or empty

  bool any() const;
};

// --junit, --sarif, --summary and --annotate.
void add_report_options(CLI::App& command, ReportFiles& files);

// Writes what is asked for; annotations go to standard output.  What cannot be written is said on
// stderr, the rest is written all the same, and the answer is false.
bool write_reports(const ReportFiles& files, const reports::Report& report);

} // namespace interlock::checker::cli
