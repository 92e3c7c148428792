// A witness as a page for a browser: one file that needs nothing else.
#pragma once

#include "witnesses/step_text.hpp"

namespace interlock::witnesses {

// The page of a witness in full: `reason`, lines that say why it fails, what happens in a few
// lines, a lane for each thread with bars for the locks that it holds, arrows where a lock goes
// from one thread to another and where one wakes another, and for the step that is chosen its
// source, changes and reports; and with statements its C.  A step has a link of its own: #step-12.
std::string html(const Witness& witness, const std::string& reason = "",
                 const Statements& statements = {});

} // namespace interlock::witnesses
