// What NetBSD's kernel does and the model leaves out.
#include "kernel_text/ledger.hpp"

#include <iterator>

namespace interlock::kernel_text {

namespace {

using Branch = LedgerBranch;

constexpr const char* before_vfork = "kern_event-1.129"; // has the vfork(2) of kern_fork.c 1.209
constexpr const char* vfork = "kern_fork-1.231";

Ledger of_filters() {
  return {
      {.functions = {"filter_attach", "filter_detach", "filter_event"},
       .text = "kn->kn_fop->f_",
       .act = Act::asserts,
       .reason = "that the filter has this operation",
       .could_hide = "kassert",
       .but = "kn_fop is NULL or &proc_filtops in the model, which has all three and is constant; "
              "the KASSERT before it excludes NULL"},
      {.functions = {"knote_activate_locked", "knote_enqueue"},
       .names = {"kq_sel"},
       .reason = "tells those who poll(2) the kqueue, and kqueues that watch it",
       .could_hide = "kevent-contract",
       .but = "no scenario has either, and kevent(2) sleeps on kq_cv, which is broadcast before"},
  };
}

Ledger of_kqueues() {
  return {
      {.functions = {"kqueue_register"},
       .condition = "if (fp != NULL)",
       .reason = "gives back the descriptor that a filter of descriptors watches",
       .could_hide = "no-deadlock",
       .but = "fp is set for filters of descriptors alone"},
      {.functions = {"kqueue_register"},
       .text = "kn->kn_obj = fp",
       .reason = "what a filter of descriptors watches",
       .could_hide = "null-dereference",
       .but = "fp is NULL here for EVFILT_PROC; filt_procattach() sets kn_obj"},
      {.functions = {"kqueue_register"},
       .condition = "kfilter == NULL",
       .reason = "refuses a filter that does not exist",
       .could_hide = "locks-held-on-return",
       .but = "the calls of a scenario name EVFILT_PROC"},
      {.functions = {"kqueue_close"},
       .text = "&ff->ff_knlist",
       .reason = "takes away the knotes that watch descriptors",
       .could_hide = "knote-protocol",
       .but = "a knote of EVFILT_PROC is on fd_knhash: these lists are empty"},
      {.functions = {"kqueue_scan"},
       .condition = "EV_DISPATCH",
       .reason = "disables the knote once its event is read",
       .could_hide = "kevent-contract",
       .but =
           "it stands in the else of EV_CLEAR, which filt_procattach() sets for every EVFILT_PROC"},
      {.functions = {"kqueue_scan"},
       .condition = "touch == 0",
       .reason = "clears kn_data and kn_fflags once more",
       .could_hide = "kevent-contract",
       .but = "both were cleared just before, and kq_lock is held"},
      {.functions = {"kqueue_scan"},
       .condition = "nkev == kevcnt",
       .reason = "copies KQ_NEVENTS events out, eight of them, with no lock held, and goes on",
       .could_hide = "kevent-contract",
       .but = "a call of a scenario collects at most seven",
       .order = "fd_lock and kq_lock are given back and taken again in the order of the loop's "
                "beginning"},
  };
}

Ledger of_descriptors() {
  return {
      {.functions = {"fd_getfile", "fd_putfile", "fd_close"},
       .condition = "fdp->fd_refcnt == 1",
       .reason = "a descriptor table of one lwp is changed without atomic operations",
       .could_hide = "no-deadlock",
       .but = "the changes are those of the other branch, and nobody else makes any"},
      {.functions = {"fd_close"},
       .text = "atomic_dec_uint_nv(&ff->ff_refcnt)",
       .reason = "gives back the reference that the caller of fd_close() took for it",
       .could_hide = "no-deadlock",
       .but = "the model's close(2) takes none: what is left are the references of others, for "
              "which both wait"},
      {.functions = {"fd_close"},
       .text = "atomic_and_uint(&ff->ff_refcnt, ~FR_CLOSING)",
       .reason = "the descriptor's number may be used again",
       .could_hide = "kevent-contract",
       .but = "no scenario opens a descriptor; when the flag is cleared there is no reference left "
              "whose fd_putfile() could look at it"},
      {.functions = {"fd_close"},
       .condition = "PK_ADVLOCK",
       .reason = "gives up the locks of POSIX that the process has on the file",
       .could_hide = "no-deadlock",
       .but = "a kqueue's file operations have no fo_advlock",
       .order = "the branch is never taken for a kqueue"},
      {.functions = {"fd_getfile"},
       .text = "fd_putfile(fd)",
       .reason = "gives the reference back that was taken before the file was found closed",
       .could_hide = "no-deadlock",
       .but =
           "the model looks and takes in one step; fd_putfile() joins a close that waits for the "
           "reference, as for any other"},
      {.functions = {"fd_free"},
       .condition = "ff->ff_refcnt == 0",
       .reason = "closes a file that nobody uses without fd_close()",
       .could_hide = "use-after-free",
       .but =
           "fd_close() without a reference clears ff_file and closes the file, too: with fd_lock, "
           "which it gives back before"},
      {.functions = {"fd_free"},
       .text = "ff->ff_refcnt++",
       .reason = "the reference that fd_close() gives back",
       .could_hide = "no-deadlock",
       .but = "the model's fd_close() expects none"},
      {.functions = {"fd_free"},
       .names = {"fd_knhash", "fd_knhashmask"},
       .reason = "frees the hash of the table's knotes",
       .could_hide = "use-after-free",
       .but =
           "all kqueues of the table are closed, and kqueue_close() has waited for each fork that "
           "held one of their knotes in flux: no path comes to the table any more"},
      {.functions = {"fd_free"},
       .names = {"fdfile_cache", "filedesc_cache"},
       .reason = "frees the table and its entries",
       .could_hide = "use-after-free",
       .but = "the last lwp of the table is here, and none of its kqueues is left"},
  };
}

Ledger of_exec() {
  return {
      {.functions = {"execve_loadvm", "execve_runproc"},
       .names = {"exec_lock"},
       .reason = "keeps the formats of programs from being unloaded",
       .could_hide = "no-deadlock",
       .but =
           "every exec takes it shared; its writers are exec_add() and exec_remove(), for modules",
       .order =
           "taken after p_reflock and before proc_lock and p_lock; exec_remove() takes proc_lock "
           "alone under it, exec_add() nothing of the model"},
      {.functions = {"execve_loadvm", "execve_runproc"},
       .names = {"exec_maxhdrsz", "exec_pool", "ep_hdr"},
       .reason = "memory for the program's header and arguments",
       .could_hide = "leak",
       .but = "only knotes, kqueues and processes are counted"},
      {.functions = {"execve_loadvm"},
       .condition = "goto bad",
       .reason = "the program cannot be run",
       .could_hide = "locks-held-on-return",
       .but = "exec always succeeds in the model; every way to clrflg gives p_reflock back"},
      {.functions = {"execve_runproc"},
       .condition = "goto exec_abort",
       .reason = "the old program is gone and the new one cannot be run: the process exits",
       .could_hide = "no-deadlock",
       .but = "exec always succeeds in the model; exit1() wakes a parent in vfork(2) as it does "
              "without",
       .order = "p_lock is taken for exit1() with no other lock held, as sys_exit() does"},
      {.functions = {"execve_runproc"},
       .condition = "p->p_nlwps > 1",
       .reason = "makes the other lwps exit",
       .could_hide = "kevent-contract",
       .but = "a scenario in which a process with several threads calls exec is refused",
       .order = "the branch is never taken"},
      {.functions = {"execve_runproc"},
       .condition = "PS_STOPEXEC",
       .reason = "stops at exec for a debugger",
       .could_hide = "no-deadlock",
       .but = "no scenario has a debugger, and so the flag is never set",
       .order = "the branch is never taken"},
  };
}

Ledger of_exit() {
  return {
      {.functions = {"exit1"},
       .text = "KERNEL_UNLOCK_ALL(l, NULL)",
       .reason = "in case that somebody has leaked KERNEL_LOCK",
       .could_hide = "locks-held-on-return",
       .but = "where the model has KERNEL_LOCK, that it is held on return is a violation"},
      {.functions = {"exit1"},
       .condition = "PS_STOPEXIT",
       .reason = "stops before the exit for a debugger",
       .could_hide = "no-deadlock",
       .but = "no scenario has a debugger, and so the flag is never set",
       .order = "the branch is never taken"},
      {.functions = {"exit1"},
       .condition = "SESS_LEADER(p)",
       .reason = "takes the terminal away from the session",
       .could_hide = "kevent-contract",
       .but =
           "no scenario has a terminal; where proc_lock is given up, the process is SDYING, which "
           "proc_find() does not find, and NOTE_EXIT is posted after it",
       .order =
           "tty_lock is innermost, and proc_lock is taken again with p_reflock held, as before"},
      {.functions = {"exit1"},
       .condition = "PSL_CHTRACED",
       .reason = "forgets the parent of children that a debugger has got",
       .could_hide = "use-after-free",
       .but = "no scenario has a debugger: p_opptr is NULL"},
      {.functions = {"exit1"},
       .condition = "LIST_FIRST(&old_parent->p_children) != p",
       .reason = "puts the process first among its parent's children, for wait4(2)",
       .could_hide = "kevent-contract",
       .but =
           "wait4(2) is for any child in a scenario, and with proc_lock held nobody sees the list "
           "without the process"},
      {.functions = {"exit1", "execve_runproc", "proc_free"},
       .condition = "PSL_TRACED",
       .reason = "a debugger is told, or loses the process",
       .could_hide = "no-deadlock",
       .but = "no scenario has a debugger, and so the flag is never set",
       .order = "the branch is never taken"},
      {.functions = {"exit1", "proc_free", "fork1"},
       .names = {"p_list", "l_list"},
       .reason = "the lists of all processes and of all lwps",
       .could_hide = "not-on-list",
       .but = "no path of the model walks them; they are edited with proc_lock held"},
      {.functions = {"exit1", "execve_runproc", "fork1"},
       .names = {"p_stmutex"},
       .reason = "the lock of the process' profiling clock",
       .could_hide = "sleep-with-spin-lock",
       .but = "startprofclock() and stopprofclock() do not sleep",
       .order = "a spin mutex under which nothing is taken or slept on"},
  };
}

Ledger of_wait() {
  Ledger ledger{
      {.functions = {"do_sys_wait"},
       .condition = "(options & WEXITED) == 0",
       .reason = "for callers who do not want those who have exited",
       .could_hide = "no-deadlock",
       .but = "do_sys_wait() sets WEXITED"},
      {.functions = {"do_sys_wait"},
       .condition = "options & WNOWAIT",
       .reason = "leaves the zombie for another call",
       .could_hide = "leak",
       .but = "wait4(2) of a scenario has no option but WNOHANG"},
      {.functions = {"do_sys_wait"},
       .condition = "child->p_stat == SZOMB",
       .branch = Branch::otherwise,
       .reason = "reports a child that has stopped or goes on",
       .could_hide = "no-deadlock",
       .but = "no scenario stops a process"},
  };
  for (const char* chosen : {"case P_PGID", "case P_SID", "case P_UID", "case P_GID"})
    ledger.push_back(
        {.functions = {"do_sys_wait"},
         .condition = chosen,
         .reason = "for callers who want the children of a group, session or user",
         .could_hide = "no-deadlock",
         .but = "wait4(2) of a scenario is for any child, P_ALL, or for one process, P_PID",
         .order = "p_lock is taken with proc_lock held, as for P_ALL"});
  return ledger;
}

Ledger of_fork() {
  return {
      {.functions = {"fork1"},
       .condition = "(forkfsleep)",
       .reason = "makes a fork that is refused slow",
       .could_hide = "no-deadlock",
       .but = "fork is not refused in the model, and the sleep ends after a time",
       .order = "slept before fork1() takes any lock"},
      {.functions = {"fork1"},
       .condition = "p2 == NULL",
       .reason = "there is no pid left",
       .could_hide = "locks-held-on-return",
       .but = "proc_alloc() always succeeds in the model",
       .order = "p_lock is taken with no other lock held, and nothing under it"},
      {.functions = {"fork1"},
       .text = "_INIT(&p2->",
       .reason = "the new process' lists are empty",
       .could_hide = "not-on-list",
       .but = "a process of the model has empty lists when it is allocated, and nobody comes to it "
              "before it is on its parent's"},
      {.functions = {"fork1"},
       .text = "p2->p_lock = ",
       .reason = "gives the new process its lock, or with FORK_SHARESIGS its parent's",
       .could_hide = "lock-recursion",
       .but = "only clone(2) asks for FORK_SHARESIGS; with fork(2) and vfork(2) it has its own, as "
              "in the model"},
      {.functions = {"fork1"},
       .condition = "PS_STOPFORK",
       .reason = "the child starts stopped, for a debugger",
       .could_hide = "no-deadlock",
       .but = "no scenario has a debugger, and so the flag is never set"},
      {.functions = {"fork1"},
       .condition = "tracefork(p1, flags)",
       .reason = "tells a debugger of the fork",
       .could_hide = "no-deadlock",
       .but = "no scenario has a debugger: PSL_TRACED is never set",
       .order = "the branch is never taken"},
      {.functions = {"fork1"},
       .condition = "tracevforkdone(p1, flags)",
       .reason = "tells a debugger that the child of vfork(2) has let its parent go on",
       .could_hide = "locks-held-on-return",
       .but = "no scenario has a debugger: PSL_TRACED is never set",
       .order = "the branch is never taken"},
      {.functions = {"fork1"},
       .condition = "flags & FORK_PPWAIT",
       .branch = Branch::otherwise,
       .reason = "fork(2) does not wait for the child",
       .could_hide = "no-deadlock",
       .but = "l_vforkwaiting is false before: fork1() returns from vfork(2) only when it is",
       .revisions = {vfork}},
      {.functions = {"proc_alloc"},
       .condition = "proc_alloc_pid(p) == -1",
       .reason = "there is no pid left",
       .could_hide = "leak",
       .but = "there always is one in the model"},
  };
}

// A process of a scenario is not traced and does not stop; it catches the signal, which is SIGINT.
Ledger of_signals() {
  return {
      inserts_behind_last("fork1"),
      {.functions = {"kpsignal2"},
       .text = "KNOTE(&p->p_klist, NOTE_SIGNAL",
       .reason = "tells EVFILT_SIGNAL, which shares the list with EVFILT_PROC",
       .could_hide = "kevent-contract",
       .but = "filt_proc() does nothing with NOTE_SIGNAL: it says whether fflags are set, and then "
              "the knote is queued already",
       .order = "knote() takes each knote's kq_lock with p_lock held, as knote_proc_exit() does"},
      {.functions = {"kpsignal2"},
       .condition = "if (traced)",
       .reason = "a process that is traced",
       .could_hide = "group-signal",
       .but = "no scenario has a debugger: PSL_TRACED is never set"},
      {.functions = {"kpsignal2"},
       .condition = "lid != 0",
       .reason = "a signal for one lwp",
       .could_hide = "group-signal",
       .but = "kill(2) names no lwp"},
      {.functions = {"kpsignal2"},
       .condition = "signo == SIGKILL",
       .reason = "SIGCONT and SIGKILL make a process go on that is stopped",
       .could_hide = "group-signal",
       .but = "no process of a scenario stops, and SIGINT is neither"},
      {.functions = {"kpsignal2"},
       .text = "p->p_lwps",
       .reason = "the lwp that takes the signal is woken, where it sleeps interruptibly",
       .could_hide = "no-deadlock",
       .but = "a signal that ends a sleep is the environment's choice `signals`; without it the "
              "sleeps of scenarios go on behind the handler"},
  };
}

// The texts that go with kern_event.c 1.129 have the wait of vfork(2) in the lwp that calls it,
// which is modelled as kern_fork-1.231.
Ledger of_older_vfork() {
  Ledger ledger{
      {.functions = {"fork1", "exit1", "execve_runproc"},
       .names = {"l_waitcv"},
       .reason = "the channel of vfork(2) in later texts; this revision has that of 1.209",
       .could_hide = "no-deadlock",
       .but = "the revision kern_fork-1.231 has it",
       .order = "slept on with proc_lock as interlock and no other lock held, as on p_waitcv",
       .revisions = {before_vfork}},
  };
  for (const char* label : {"fork1_vfork.cv_wait_p_waitcv", "exit1_vfork.wake_vfork",
                            "execve_runproc_vfork.wake_vfork"})
    ledger.push_back({.label = label,
                      .reason = "the channel of vfork(2) in 1.209; later texts have l_waitcv",
                      .could_hide = "no-deadlock",
                      .but = "the revision kern_fork-1.231 has the later one",
                      .revisions = {before_vfork}});
  return ledger;
}

} // namespace

Ledger netbsd_ledger() {
  Ledger all;
  for (const Ledger& part : {of_filters(), of_kqueues(), of_descriptors(), of_exec(), of_exit(),
                             of_wait(), of_fork(), of_signals(), of_older_vfork()})
    std::copy(part.begin(), part.end(), std::back_inserter(all));
  return all;
}

} // namespace interlock::kernel_text
