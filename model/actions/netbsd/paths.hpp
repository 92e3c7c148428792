// The paths of NetBSD's fork, exit, wait and kqueue.  Each function calls the path: it appends the
// path's statements to `s`.  Locks held on entry and on return are given as {lock}.
//
// Sources: sys/kern/kern_fork.c 1.209, kern_proc.c 1.263, kern_exit.c 1.285 (before) and 1.298
// (after the change), kern_event.c 1.128 and 1.129.  Line numbers of kern_event.c are those
// of 1.129 where its commit shows them; functions outside of that commit are anchored by name. What
// is left out: specs/netbsd.md.
#pragma once

#include "actions/kernel_path.hpp"
#include "actions/netbsd/primitives.hpp"

namespace interlock::actions::netbsd {

using states::netbsd::Filedesc;
using states::netbsd::Kernel;
using states::netbsd::Knote;
using states::netbsd::Kqueue;
using states::netbsd::Lwp;
using states::netbsd::Proc;

// What differs between kern_event.c 1.128 and 1.129; steps are composed by it.
struct Revision {
  const char* kern_event = "1.129";
  // 1.129: EVFILT_PROC is MP-safe: knotes can be in flux, KN_WILLDETACH, KQ_CLOSING, the
  // knote_proc_* functions.  1.128: filter operations run under KERNEL_LOCK and knote() walks the
  // list unlocked.
  bool mpsafe_proc_filter = true;
  // kern_fork.c 1.231: who calls vfork(2) waits for its own lwp's l_vforkwaiting on its own
  // l_waitcv. 1.209: for PL_PPWAIT in the child, on the p_waitcv of its process.
  bool vfork_in_lwp = false;
};

// Choices that a config turns on.
struct Environment {
  bool allocation_fails = false;     // kmem_zalloc(KM_NOSLEEP) may return NULL
  bool authorization_denied = false; // kauth may refuse EVFILT_PROC on a process
  bool signals = false;              // a signal may interrupt kevent(2) and wait4(2)
  bool sigchld_ignored = false;      // every process but init ignores SIGCHLD
};

using Context = actions::Context<Revision, Environment>;

// Builds the body of one thread.
class Path : public KernelPath<Primitives, Proc, Context> {
public:
  Path(Kernel& kernel, lang::ThreadId thread, const Context& context)
      : KernelPath(kernel, thread, context) {}
  bool mpsafe() const { return revision().mpsafe_proc_filter; }
  Lwp curlwp() { return kernel().lwp(thread()); }
  Anchor kern_event(const char* function, int line = 0) const {
    return {"sys/kern/kern_event.c", revision().kern_event, function, line};
  }
  Anchor kern_fork(const char* function, int line = 0) const {
    return {"sys/kern/kern_fork.c", "1.209", function, line};
  }
  // exit1's part of vfork(2), from before and after the change of kern_fork.c.
  Anchor exit_vfork() const {
    return {"sys/kern/kern_exit.c", revision().vfork_in_lwp ? "1.298" : "1.271", "exit1", 0};
  }
  Anchor kern_exit(const char* function) const {
    return {"sys/kern/kern_exit.c", mpsafe() ? "1.298" : "1.285", function, 0};
  }
  Anchor vfork_wait() const {
    return {"sys/kern/kern_fork.c", revision().vfork_in_lwp ? "1.231" : "1.209", "fork1", 0};
  }
  Anchor kern_proc(const char* function) const {
    return {"sys/kern/kern_proc.c", "1.263", function, 0};
  }
  static Anchor kern_sig(const char* function) {
    return {"sys/kern/kern_sig.c", "1.405", function, 0};
  }
  Anchor kern_exec(const char* function) const {
    return {"sys/kern/kern_exec.c", revision().vfork_in_lwp ? "1.521" : "1.418", function, 0};
  }
  Anchor kern_descrip(const char* function) const {
    return {"sys/kern/kern_descrip.c", "1.229", function, 0};
  }
};

struct Kevent : actions::Kevent {
  Expr data = {}; // for the kernel's own registration: the parent's pid
  // 1.128: EV_FLAG1, the registration that filt_proc() makes for a forked child: that process.
  std::optional<std::size_t> forked_child = {};
};

// --- kern_event.c: knotes (kern_event_knote.cpp) ---
// The questions and changes about flux are inline in the kernel, and so their steps are the
// caller's: each asserts that kq_lock is held.
Expr kn_in_flux(Path& s, const Knote& kn);    // is it?
void kn_enter_flux(Path& s, const Knote& kn); // of a knote that nobody has claimed
void kn_leave_flux(Path& s, const Knote& kn);
void assert_kq_lock(Path& s, const Knote& kn); // what they begin with
// KASSERT(kn->kn_fop != NULL)
void assert_kn_fop(Path& s, const Knote& kn);
void knote_activate_locked(Path& s, const Knote& kn); // {kq_lock}
void knote_activate(Path& s, const Knote& kn);
void knote_enqueue(Path& s, const Knote& kn);
enum class CanLoop { no, yes };
void kn_wait_flux(Path& s, const Knote& kn, CanLoop can_loop);             // {kq_lock}
void knote_willdetach(Path& s, const Knote& kn, const std::string& label); // {kq_lock}
enum class DoFop { no, yes };
void knote_detach(Path& s, const Knote& kn, const Filedesc& fdp, DoFop dofop); // {fd_lock} -> {}

// --- kern_event.c: EVFILT_PROC (kern_event_filter.cpp) ---
// What fork and exit call is in kern_event_post.cpp for 1.129, in kern_event_note.cpp for 1.128.
void filter_attach(Path& s, const Knote& kn, const Kevent& kev, const Expr& result); // {fd_lock}
void filter_detach(Path& s, const Knote& kn);
// `hint` is a local: filter_hint(), which the caller sets to 0 with an earlier step.
void filter_event(Path& s, const Knote& kn, const Expr& hint, const Expr& result);
Expr filter_hint(Path& s);
void filt_procdetach(Path& s, const Knote& kn); // {fd_lock}
// Filter operations run under KERNEL_LOCK unless the filter is MP-safe.
void under_kernel_lock(Path& s, const Body& operation);
// kauth_authorize_process() of the running thread's credentials: runs `denied` where it refuses.
void kauth(Path& s, const Expr& pid, const Body& denied);
// 1.129: NOTE_FORK of `child` in its parent p1; NOTE_EXIT {p_lock}.
void knote_proc_fork(Path& s, const Proc& p1, const Proc& p2, std::size_t child);
void knote_proc_exit(Path& s, const Proc& p);
// 1.128: KNOTE(&p->p_klist, NOTE_FORK | child) and KNOTE(&p->p_klist, NOTE_EXIT).
void knote_fork(Path& s, const Proc& p, std::size_t child);
void knote_exit(Path& s, const Proc& p);

// --- kern_event.c: kqueues ---
// kern_event_register.cpp, kern_event_scan.cpp, kern_event_close.cpp
void kqueue_register(Path& s, const Kqueue& kq, const Kevent& kev, const Expr& result);

// Collects up to `most` events.  The number of events collected is left in `collected`; `restarted`
// says that the descriptor was closed meanwhile.
void kqueue_scan(Path& s, std::size_t kqueue, int most, Timeout timeout, const Expr& collected);
void kqueue_close(Path& s, std::size_t kqueue);
// fd_close() of the kqueue's descriptor; result is 0 or EBADF.
void fd_close(Path& s, std::size_t kqueue, const Expr& result);
void fd_getfile(Path& s, std::size_t kqueue, const Expr& result);
void fd_putfile(Path& s, std::size_t kqueue);

// --- kern_fork.c, kern_exit.c, kern_exec.c, kern_sig.c ---
void fork1(Path& s, std::size_t child, Fork kind);
// Clears PL_PPWAIT and wakes the thread in vfork(2); `where` is the function that does it, inline.
// {proc_lock}
void end_vfork(Path& s, const Proc& p, const Anchor& where);
void execve1(Path& s);
void killpg1(Path& s, const Expr& result); // of the group that all processes are in
void exit1(Path& s);                       // {p_lock}
void do_sys_wait(Path& s, const ReapCall& reap, const ReapResult& answer);

} // namespace interlock::actions::netbsd
