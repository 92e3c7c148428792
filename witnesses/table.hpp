// A witness as text: what the threads did, side by side, and how they stand at the end.
#pragma once

#include "text/paint.hpp"
#include "witnesses/step_text.hpp"

namespace interlock::witnesses {

struct TableOptions {
  // With `full` every step and change, ghosts, locks and program counters too, and both end states.
  TellOptions tell = {};
  std::size_t width = 160; // columns of text, where the threads leave 40 for the changes
  // For a width that is to be kept: threads that take no step have no column, and where the others
  // have no room beside each other, or run long by themselves, they stand below each other.
  bool fold = false;
  text::Paint paint = {}; // the text is printable where it is painted
};

// How to read it, how many steps it leaves out, and the counterexample side by side.  In the column
// of its thread a step has its chain of calls, where that is new, with the file, where that is new
// too; and below it, next to its number, its label without the path, or the lock that it takes or
// releases, if it does nothing else, and its line in the file:
//       fork child > fork1 > proc_alloc (kern_proc.c)
//   27    +proc_lock :812
//   28    pool_cache_get :820              proc2 is allocated
// Then, with statements, the C behind a bar; what changed; and the step's reports with a star.
// step_texts() says what is left out.  Ends with a newline.
std::string table(const Witness& witness, const TableOptions& options);

// How the threads stand at the end, one line each, in the shape of witness(4):
//   1st kq0_lock (kq_lock, adaptive mutex) held by T1 @ sys/kern/kern_event.c:1234 (knote_fork)
// for the locks of a wait-for cycle, then the attempts, then the cycle `T1 -> kq0_lock -> T2 -> ...
// -> T1`. Without a cycle: what every thread that is neither done nor able to move waits for.
std::string endings(const Witness& witness);

} // namespace interlock::witnesses
