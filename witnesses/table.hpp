// A witness as text: what the threads did, side by side, and how they stand at the end.
#pragma once

#include "witnesses/witness.hpp"

namespace interlock::witnesses {

struct TableOptions {
  bool full = false; // every change, ghosts, locks and program counters too, and both end states
  std::size_t width = 140; // columns of text, where the threads leave 40 for the changes
};

// The counterexample, one row per step: its number, its label in the column of its thread with a
// line
// `+lock` or `-lock` for each lock taken or released, and what changed; the step's reports follow
// with a star.  Left out: ghosts, unless they are all that a step changes; locals that go back to
// their initial value; lock words and program counters, which the other columns show.  A local is
// named without its thread.  Ends with a newline.
std::string table(const Witness& witness, const TableOptions& options);

// How the threads stand at the end, one line each, in the shape of witness(4):
//   1st kq0_lock (kq_lock, adaptive mutex) held by T1 @ sys/kern/kern_event.c:1234 (knote_fork)
// for the locks of a wait-for cycle, then the attempts, then the cycle `T1 -> kq0_lock -> T2 -> ...
// -> T1`. Without a cycle: what every thread that is neither done nor able to move waits for.
std::string endings(const Witness& witness);

} // namespace interlock::witnesses
