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
  function:KQ_UNLOCK#2 by what stands in the kernel's function: its second KQ_UNLOCK(), or
                       assignment of that name, if or while; all steps that stand for it, or
                       with #2.1 the first of them; `interlock list labels --keys` prints
                       them, for the revisions whose text is recorded
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

insert: a primitive, or a call of a path, "before" or "after" a statement.  What there is comes
below; without its operands it is answered with what they are.
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

break, continue, return, with the loop's label where it is not the innermost; goto: does what stands
from a label on to the end of the path, or of the turn of the loop that it stands in.
  { "insert": "return", "before": "knote_activate_locked.set_KN_ACTIVE" }
  { "insert": "break relock", "before": "kqueue_scan.take" }
  { "insert": "goto mutex_spin_exit_kq_lock", "before": "knote_proc_fork.add_NOTE_FORK" }

if, while, for_each: conditions, loops and walks of lists, of statements that semicolons separate.  A
walk has a cursor, a local variable that may be new, and the rules of replace.  With "replace" the
statement itself is this, or this through LABEL with those behind it in its block; what stands
directly behind is those LABEL, or those LABEL through LABEL.
  { "insert": "if kq.kq_count == 0 { wake_all kq.kq_cv }", "after": "kqueue_scan.init_marker" }
  { "insert": "for_each kn, p1.p_klist, next_read_after_body { knote_activate kn }", "before": "knote_proc_fork.mutex_exit_p_lock" }
  { "replace": "knote_activate_locked.queue", "with": "if kn.kn_kq.kq_count == 0 { this }" }
  { "replace": "knote_proc_fork.add_NOTE_FORK", "with": "if kn.kn_sfflags == 0 { this } else { those if }" }
  { "replace": "knote_proc_fork.if_3", "with": "else { those mutex_spin_exit_kq_lock }" }

move: to another place of the same call.
  { "move": "knote_proc_fork_track.mutex_exit_p_lock", "before": "mutex_spin_exit_kq_lock" }

Operands are expressions over arguments and locals of the paths around, with or without the path
before them (kn, knote_proc_fork.kn), globals, and the names of objects and values:
  a ? b : c   ||  &&  |  &  & ~  ==  !=  <  <=  >  >=  x in list  +  -  !  x.field  none  true  false
  allocated(x)  first(list)  last(list)  size(list)  next(list, x)  first_free(pool)  list == []
Code that nothing reaches any more is a note on stderr.

What can be inserted, by system.  Of the paths those that are called with objects alone, and with
places for results; not those for which a fork's child, a kqueue or a struct kevent is fixed.  What
is behind [brackets] is there in that revision, or where the scenario has such calls.
  netbsd, primitives: cv_broadcast cv_wait mutex_enter mutex_exit mutex_spin_enter mutex_spin_exit
    mutex_tryenter rw_enter_reader rw_enter_writer rw_exit
  netbsd, paths: assert_kn_fop execve1 exit1 filt_procdetach filter_detach filter_event
    knote_activate knote_activate_locked knote_detach knote_enqueue [kern_event.c 1.129]
    assert_kq_lock kn_enter_flux kn_leave_flux kn_wait_flux knote_proc_exit knote_willdetach
    [kern_event.c 1.128] knote_exit [vfork] end_vfork [two processes] do_sys_wait [killpg] killpg1
  freebsd, primitives: msleep msleep_pdrop mtx_lock mtx_unlock sx_slock sx_sunlock sx_xlock
    sx_xunlock wakeup
  freebsd, paths: detach_and_drop exit1 filt_proc_exit filt_procdetach kn_list_lock kn_list_unlock
    knlist_clear knlist_remove_inevent knote_activate knote_drop knote_enqueue knote_of_exit
    kq_flux_wakeup pfind sys_sigsuspend wait_for_flux zpfind [two processes] kern_wait proc_reparent
    [killpg] killpg1 leavepgrp
  dragonfly, primitives: lockmgr_exclusive lockmgr_release lockmgr_shared lwkt_gettoken
    lwkt_gettoken_shared lwkt_reltoken lwkt_trytoken tsleep wakeup wakeup_one
  dragonfly, paths: exit1 ksignal_parent leavepgrp phold pfind pholdzomb prele prelezomb
    proc_move_allproc_zombie pstall zpfind [two processes] kern_wait proc_remove_zombie [killpg]
    dokillpg [kqueue] filter_detach filter_event knote knote_acquire knote_activate
    knote_detach_and_drop knote_drop knote_enqueue knote_insert knote_release knote_remove
    wait_for_knote
)";

} // namespace interlock::checker::cli
