// interlock help patches: every edit with an example.
#include "cli/help_patches.hpp"

namespace interlock::checker::cli {

// Every line that begins with { is tried by a test, on a config of kern_event-1.129.
const char* const patches_help =
    R"(Patches: edits of the steps of a config's specification, made in their order.

    "patches": [{ "drop": "knote_proc_fork_track.enter_flux" }]

Which step: `interlock list labels CONFIG` prints every path with its steps, and the lines where
they are known.
  path.step            wherever the path is called
  caller > path.step   the same, where the calls, or the thread, before it end so
  path@line            the statement at that line; of a call, where it is called
A label means the same statement under every environment, in every scenario and every call of its
revision: numbers follow the path as written.  What has several meanings is refused with all of them.

drop: a statement goes, with what is in it.  Of a test the branch stays, unless "keep" says else;
of a loop "keep": "body" runs it once; of a step "keep": "locals" keeps what it assigns to them.
  { "drop": "knote_proc_fork_track.enter_flux" }
  { "drop": "knote_proc_fork@1084" }
  { "drop": "knote_activate_locked.test_KN_WILLDETACH", "keep": "nothing" }
  { "drop": "kqueue_register_delete.test_in_flux", "keep": "else" }
  { "drop": "kqueue_scan.next", "keep": "body" }
  { "drop": "kqueue_scan.take", "keep": "locals" }

drop a part of a step: a place or list that it changes, guard, acquire, release, sleep, wake.
  { "drop": "knote_proc_exit.set_kn_data", "part": "kn.kn_flags" }
  { "drop": "knote_proc_exit.set_KN_DETACHED", "part": "p.p_klist" }
  { "drop": "knote_activate_locked.cv_broadcast_kq_cv", "part": "wake" }

negate, or change, a condition of a test, loop or check, and the guard of a step:
  { "negate": "knote_activate_locked.if" }
  { "replace": "knote_proc_fork.if", "with": "condition kn.kn_sfflags != 0" }
  { "replace": "fork1.mutex_enter_p_lock", "with": "guard true" }
  { "replace": "kn_wait_flux.while", "with": "if" }

replace: another statement in its place; the rule of a walk; whether one or all are woken.
  { "replace": "kqueue_register.rw_enter_kqueue_filter_lock", "with": "rw_enter_writer kqueue_filter_lock" }
  { "replace": "knote_proc_fork.for_each_p_klist", "with": "next_read_before_body" }
  { "replace": "knote_activate_locked.cv_broadcast_kq_cv", "with": "wake_one" }

insert: a primitive, or a call of a path, "before" or "after" a statement.  A wrong one is answered
with all that the system has.
  { "insert": "mutex_enter proc_lock", "before": "exit1.set_SDYING" }
  { "insert": "knote_activate kn", "after": "knote_proc_fork.mutex_spin_exit_kq_lock" }

check: an assertion; the property assertion fails where it does not hold.
  { "insert": "check kn.kn_kq.kq_count != 0", "after": "knote_activate_locked.queue" }
  { "insert": "check p.p_klist == []", "after": "exit1.set_SDEAD" }

set, lists, wake-ups:
  { "insert": "set kq.kq_count, 0", "after": "kqueue_scan.no_influx" }
  { "insert": "set p.p_klist, []", "before": "exit1.set_SZOMB" }
  { "insert": "remove p1.p_klist, knote_proc_fork.kn", "after": "knote_proc_fork.add_NOTE_FORK" }
  { "insert": "push_back kn.kn_kq.kq_head, kn", "before": "knote_proc_fork.add_NOTE_FORK" }
  { "insert": "wake_all kq.kq_cv", "after": "kqueue_scan.init_marker" }

break, continue, return, with the loop's label where it is not the innermost:
  { "insert": "return", "before": "knote_activate_locked.set_KN_ACTIVE" }
  { "insert": "break relock", "before": "kqueue_scan.take" }

move: to another place of the same call.
  { "move": "knote_proc_fork_track.mutex_exit_p_lock", "before": "mutex_spin_exit_kq_lock" }

Operands are expressions over arguments and locals of the paths around, with or without the path
before them (kn, knote_proc_fork.kn), globals, and the names of objects and values:
  a ? b : c   ||  &&  |  &  & ~  ==  !=  <  <=  >  >=  x in list  +  -  !  x.field  none  true  false
  allocated(x)  first(list)  last(list)  size(list)  next(list, x)  first_free(pool)  list == []
Code that nothing reaches any more is a note on stderr.
)";

} // namespace interlock::checker::cli
