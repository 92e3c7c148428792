// What GitHub's runners and pages read: workflow commands, and the summary of a step.
#pragma once

#include "reports/report.hpp"

namespace interlock::checker::reports {

// A line for each finding, `::error file=FILE,line=N,title=TITLE::MESSAGE`, with what the format
// itself uses escaped.  The line is that where it goes wrong, or one of the config.
std::string github_annotations(const Report& report);

// Markdown: the numbers, a table of what failed and what is wrong, and the counterexamples.  At
// most so many of these are told in full as GitHub takes; the rest is counted.
std::string markdown(const Report& report);

} // namespace interlock::checker::reports
