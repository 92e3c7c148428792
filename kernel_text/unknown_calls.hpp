// Calls of which no table says what they do, though they may well lock or sleep.
#pragma once

#include "kernel_text/source_skeleton.hpp"

namespace interlock::kernel_text {

struct UnknownCall {
  std::string name;
  int line = 0;
};

// Those of macros (all their letters are capitals) and of a kernel's own locks and sleeps
// (mtx_..., lwkt_...token...) that are no primitive, nothing that is modelled, and not among what
// the table of the system passes over.  Of a name the first call, in the order of the text.
std::vector<UnknownCall> unknown_calls(const Function& function, const Modelled& modelled);

} // namespace interlock::kernel_text
