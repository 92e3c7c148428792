// The paths of FreeBSD's fork, exit, wait, kill, ptrace and kqueue.  Each function calls the path:
// it appends the path's statements to `s`.  Locks held on entry and on return are given as {lock};
// p_mtx is the lock of a process' p_klist too.
//
// Sources: sys/kern/kern_event.c, kern_fork.c, kern_exit.c, kern_proc.c, kern_sig.c and
// sys_process.c of the revisions in systems/freebsd.cpp.  What is left out: specs/freebsd.md.
#pragma once

#include "actions/freebsd/primitives.hpp"
#include "actions/kernel_path.hpp"

namespace interlock::actions::freebsd {

using states::freebsd::Kernel;
using states::freebsd::Knote;
using states::freebsd::Kqueue;
using states::freebsd::Proc;

// What differs between the revisions; steps are composed by it.
struct Revision {
  const char* kern_event = ""; // as anchors name them
  const char* kern_fork = "";
  const char* kern_exit = "";
  const char* kern_proc = "";
  // 7054ee4e38 (2008-07): fork tells the knotes with knote_fork(), which drops its locks to
  // register the child.  Before, KNOTE() under PROC_LOCK(p1) let filt_proc() do it, with the
  // KQ_LOCK held too.
  bool knote_fork = true;
  // aeb325719a (2008-12): vfork waits on a condition variable of the child, not on the parent's
  // address.
  bool p_pwait = true;
  // 8e6fa660f2 (2011-03): p_state changes under the proc lock, child's before parent's; readers
  // look for PRS_NEW with it held.
  bool p_state_locked = true;
  // Between 9.1 and 9.3: KN_SCAN says that who put a knote in flux has it under the list's lock, so
  // that events need not pass it by; knote() tests KN_INFLUX under the KQ_LOCK only.
  bool kn_scan = true;
  // Between 9.1 and 9.3 (r254072): an exit that nobody asked for is dropped, and sets no data.
  bool ev_drop = true;
  // Between 9.1 and 9.3: NOTE_TRACKERR is set before the filter looks for something to report.
  bool error_first = true;
  // r295012 (2016-01): NOTE_CHILD has a knote of its own.
  bool child_note = false;
  // 10.4: knote() reads the next knote before the filter runs.
  bool safe_walk = false;
  // Since October 2010: the second half of fork1() is do_fork().
  bool do_fork = true;
  // Between 9.1 and 9.3: wait4(2) is kern_wait6(), and pfind() is pfind_locked() with allproc_lock.
  bool kern_wait6 = true;
  bool pfind_locked = true;
  // Until 9.3: knlist_destroy() clears the pointers to functions of the list.
  bool destroy_clears = true;
  // 10.4: exit's fdescfree() takes the files out of the table without its lock.
  bool fdescfree = false;
  // 10.4: nprocs needs no allproc_lock, and p_limit no PROC_LOCK.
  bool nprocs_atomic = false;
  // 10.4: exit tells the reaper of each child that is a zombie already.
  bool signals_reaper = false;
};

// Choices that a config turns on.
struct Environment {
  bool allocation_fails = false;     // knote_alloc() without M_WAITOK may fail
  bool authorization_denied = false; // p_cansee() may refuse
  bool signals = false;              // a signal may interrupt kevent(2) and wait4(2)
  bool fasttrap = false;             // the DTrace provider is loaded
  bool sigchld_ignored = false;      // every process but init ignores SIGCHLD
};

using Context = actions::Context<Revision, Environment>;

// Builds the body of one thread.
class Path : public KernelPath<Primitives, Proc, Context> {
public:
  Path(Kernel& kernel, lang::ThreadId thread, const Context& context)
      : KernelPath(kernel, thread, context) {}
  Anchor kern_event(const char* function) const; // with the line where the function begins
  Anchor kern_fork(const char* function) const {
    return {"sys/kern/kern_fork.c", revision().kern_fork, function, 0};
  }
  Anchor kern_exit(const char* function) const {
    return {"sys/kern/kern_exit.c", revision().kern_exit, function, 0};
  }
  Anchor kern_proc(const char* function) const {
    return {"sys/kern/kern_proc.c", revision().kern_proc, function, 0};
  }
  static Anchor other(const char* file, const char* function) {
    return {file, "releng/9.3", function, 0};
  }
  Expr local_proc(const char* name) { return local(name, reference(kernel().proc_pool)); }
  Expr local_knote(const char* name) { return local(name, reference(kernel().knote_pool)); }
  lang::TypeRef reference(lang::PoolId pool) { return spec().pools()[pool].reference; }
  // Changes of kn_status as updates.
  lang::Update set_status(const Knote& kn, const char* bits);
  lang::Update clear_status(const Knote& kn, const char* bits);
  lang::Update add_note(const Knote& kn, const Expr& notes); // to kn_fflags
};

// Which of its own registrations of a forked child the kernel makes.
enum class Tracking { none, ev_flag1, ev_flag2 };

struct Kevent : actions::Kevent {
  bool waitok = true; // memory may be waited for
  Tracking tracking = Tracking::none;
  std::size_t child = 0; // with tracking: the forked process
};

// --- kern_event.c: knotes (kern_event_knote.cpp) ---
void knote_enqueue(Path& s, const Knote& kn);   // it is not KN_QUEUED: {kq_lock}
void knote_activate(Path& s, const Knote& kn);  // KNOTE_ACTIVATE(kn, 1): {kq_lock}
void kq_flux_wakeup(Path& s, const Kqueue& kq); // {kq_lock}
// Sets KQ_FLUXWAIT and sleeps until some knote leaves flux.  {kq_lock}
void wait_for_flux(Path& s, const Kqueue& kq, Interlock then);
void knote_drop(Path& s, const Knote& kn); // the caller has it in flux and off its list
void detach_and_drop(Path& s, const Knote& kn);
// KN_LIST_LOCK(kn) and KN_LIST_UNLOCK(kn): each looks at kn_knlist for itself.
void kn_list_lock(Path& s, const Knote& kn);
void kn_list_unlock(Path& s, const Knote& kn);

// --- kern_event.c: EVFILT_PROC (kern_event_filter.cpp, kern_event_post.cpp) ---
void filt_procattach(Path& s, const Knote& kn, const Kevent& kev, const Expr& result);
void filt_procdetach(Path& s, const Knote& kn);
enum class KqLocked { no, yes };
void knlist_remove_inevent(Path& s, const Proc& p, const Knote& kn, KqLocked locked); // {p_mtx}
// filt_proc(kn, NOTE_EXIT): {p_mtx}, and {kq_lock} where the caller has it.
void filt_proc_exit(Path& s, const Knote& kn, KqLocked locked);
void knote_fork(Path& s, const Proc& p1, std::size_t child);
// KNOTE_LOCKED(&p1->p_klist, NOTE_FORK | pid) before 7054ee4e38: {p_mtx}
void knote_of_fork(Path& s, const Proc& p1, std::size_t child);
void knote_of_exit(Path& s, const Proc& p); // KNOTE_LOCKED(&p->p_klist, NOTE_EXIT): {p_mtx}
void knlist_clear(Path& s, const Proc& p);  // {p_mtx}
// What fork asks for when it registers the child for a knote of the parent.
void register_child(Path& s, const Kqueue& kq, const Knote& kn, std::size_t child,
                    Tracking tracking, const Expr& failed);

// --- kern_event.c: kqueues (kern_event_register.cpp, kern_event_scan.cpp, kern_event_close.cpp)
void kqueue_register(Path& s, const Kqueue& kq, const Kevent& kev, const Expr& result);
// Collects events; how many is left in `collected`.
void kqueue_scan(Path& s, const WaitCall& wait, const WaitResult& result);
void kqueue_close(Path& s, std::size_t kqueue);
// A reference to the kqueue's file; result is 0 or EBADF.
void fget(Path& s, std::size_t kqueue, const Expr& result);
void fdrop(Path& s, std::size_t kqueue);
void sys_close(Path& s, std::size_t kqueue, const Expr& result);

// --- kern_fork.c, kern_exit.c, kern_proc.c, kern_sig.c, sys_process.c ---
void fork1(Path& s, std::size_t child, Fork kind);
void exit1(Path& s);
void kern_wait(Path& s, const ReapCall& reap, const ReapResult& answer);
void pfind(Path& s, const Expr& pid, const Expr& p);  // -> {p_mtx} unless none
void zpfind(Path& s, const Expr& pid, const Expr& p); // the same
// Without a parent the child has none then.  {proctree_lock, p_mtx of child}
void proc_reparent(Path& s, const Proc& child, const Proc& parent);
void sys_kill(Path& s, std::size_t process, const Expr& result);
void killpg1(Path& s, const Expr& result); // of the group that all processes are in
void leavepgrp(Path& s, const Proc& p);    // {proctree_lock}
void sys_sigsuspend(Path& s, const Expr& result);
void ptrace_attach(Path& s, std::size_t process, const Expr& result);

} // namespace interlock::actions::freebsd
