// A trace in the Informal Trace Format (ITF, Apalache's ADR 015), for its viewers and converters.
#pragma once

#include "witnesses/witness.hpp"

namespace interlock::witnesses {

// The trace as an ITF file.  Variables are few and flat: a field of a pool is one map from the
// object's name to the value, a local of the threads one map from the thread's name, a global its
// value.
//   numbers {"#bigint": "3"}   booleans true, false     enumerations and references "SACTIVE",
//   "none" flags   {"#set": [...]}    lists [...]              program counters: the label, in the
//   map "pc"
// Names are TLA+ identifiers: knote_kn_fflags, knote_proc_fork_kn.  #meta.varTypes has their types
// in Apalache's notation.  #meta of a state: index, and of the step that led to it action, thread,
// file, line.  A failing step has no state; #meta.violation names it. Throws lang::SpecError when
// the trace does not follow the specification.
std::string itf(const lang::Spec& spec, const lang::Trace& trace, const Origin& origin);

} // namespace interlock::witnesses
