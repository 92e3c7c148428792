// A witness as text: what the threads did, side by side, and how they stand at the end.
#pragma once

#include "witnesses/witness.hpp"

namespace interlock::witnesses {

struct TableOptions {
  bool full =
      false; // every step and change, ghosts, locks and program counters too, both end states
  std::size_t width = 160; // columns of text, where the threads leave 40 for the changes
};

// How to read it, how many steps it leaves out, and the counterexample side by side.  In the column
// of its thread a step has its chain of calls, where that is new, and below it, next to its number,
// its label without the path; or the lock that it takes or releases, if it does nothing else:
//       fork child > fork1 > proc_alloc
//   27    +proc_lock
//   28    pool_cache_get                   proc2 is allocated
// Then what changed, and the step's reports with a star.  step_texts() says what is left out.  Ends
// with a newline.
std::string table(const Witness& witness, const TableOptions& options);

// How the threads stand at the end, one line each, in the shape of witness(4):
//   1st kq0_lock (kq_lock, adaptive mutex) held by T1 @ sys/kern/kern_event.c:1234 (knote_fork)
// for the locks of a wait-for cycle, then the attempts, then the cycle `T1 -> kq0_lock -> T2 -> ...
// -> T1`. Without a cycle: what every thread that is neither done nor able to move waits for.
std::string endings(const Witness& witness);

} // namespace interlock::witnesses
