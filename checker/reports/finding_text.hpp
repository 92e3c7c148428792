// A finding as lines of plain text, for reports that have room for nothing else.
#pragma once

#include "reports/report.hpp"

namespace interlock::checker::reports {

// What differs, the counterexample, how the threads stand at its end, and how to reproduce it.
std::vector<std::string> finding_lines(const Finding& finding,
                                       std::optional<std::size_t> most_steps = std::nullopt);

// "sys/kern/kern_event.c:680"; the file alone where no line is known.
std::string place_text(const Place& place);

} // namespace interlock::checker::reports
