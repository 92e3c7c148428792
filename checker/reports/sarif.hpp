// SARIF 2.1.0, the format of findings that code scanning reads.
#pragma once

#include "reports/report.hpp"

namespace interlock::checker::reports {

// A result for each finding: where it goes wrong, or else the config; the config and the changes as
// related locations; a thread flow for each thread of the counterexample that takes a step, whose
// steps are numbered in the order of all threads.  A file that is named relative to the current
// folder stays so.
std::string sarif(const Report& report);

} // namespace interlock::checker::reports
