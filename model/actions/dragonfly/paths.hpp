// The paths of DragonFly's fork, exit, wait, kill and kqueue.  Each function calls the path: it
// appends the path's statements to `s`.  Tokens and locks held on entry and on return are given as
// {token}; all tokens are given up, and had again, wherever a path can block.
//
// Sources: sys/kern/kern_fork.c d9d67b59; kern_exit.c, kern_proc.c, kern_sig.c and kern_event.c as
// of 2016-02; for the older revisions, those files at their commits.  Lines are those of
// kern_fork.c d9d67b59.  What is left out: specs/dragonfly.md.
#pragma once

#include "actions/dragonfly/primitives.hpp"
#include "actions/kernel_path.hpp"

namespace interlock::actions::dragonfly {

using states::dragonfly::Kernel;
using states::dragonfly::Knote;
using states::dragonfly::Kqueue;
using states::dragonfly::Proc;

// How start_forked_proc() makes sure that the child's wake-up is not lost.
enum class PpwaitInterlock : std::uint8_t {
  none,       // it looks at P_PPWAIT and sleeps
  token,      // ee934fe9e6: with the child's p_token held
  compare_set // 51818c080a: tsleep_interlock(), then a compare-and-set of p_flags
};

// What differs between the revisions; steps are composed by it.
struct Revision {
  const char* commit = "d9d67b59"; // for anchors
  PpwaitInterlock ppwait = PpwaitInterlock::compare_set;
  // de7ac1d675: fork1() holds the child's p_token from before it can be found on.
  bool child_token = true;
  // de7ac1d675: the child is held (PHOLD) while start_forked_proc() and its caller use it.
  bool child_held = true;
  // de7ac1d675: wait4() has the zombie's p_token until it is off its lists; before, until it waits
  // for its holds.
  bool zombie_token = true;
  // 82354ad856: exit1() clears P_PPWAIT and wakes the parent before it waits for the holds of its
  // process to go away; before, it clears the flag early and wakes the parent last of all.
  bool exit_wakes_first = true;
  // 82354ad856: who waits for holds to go away is woken (PLOCK_WAITING); before, it looks again.
  bool holds_wake = true;
  // 0730ed66e3: wait4() is alone with the zombie (PLOCK_ZOMB); exit1() holds a child's p_token
  // while it gives it a new parent.
  bool serial_reaping = true;
  // 51818c080a: wait4() is interlocked with p_waitgen; the parent is woken last, without the token.
  bool waitgen = true;
  // 51818c080a: pfind() takes the spinlock of the pid's chain, and not the table's token.
  bool pid_spinlock = false;
  // Between ee934fe9e6 and de7ac1d675: lwp_exit() wakes who waits for the process' threads when it
  // has given its token back; before, with the token held.
  bool wakes_late = true;
  // Between 2013 and 2015: orphans go to a reaper, which is held meanwhile; before, to init.
  bool reaper = true;
  // kern_event.c as of 2016-02 belongs to this revision.
  bool kqueue = true;
  // 7adc569540: kqueue_wakeup() wakes one of those that wait, and not all.
  bool kq_wakeup_one = true;

  bool has_lines() const { return kqueue; }
};

// Choices that a config turns on.
struct Environment {
  bool allocation_sleeps = false;    // kmalloc(M_WAITOK) may block
  bool authorization_denied = false; // PRISON_CHECK may refuse EVFILT_PROC on a process
  bool signals = false;              // a signal may interrupt kevent(2) and wait4(2)
  bool sigchld_ignored = false;      // every process but init ignores SIGCHLD
};

using Context = actions::Context<Revision, Environment>;

// Builds the body of one thread.
class Path : public KernelPath<Primitives, Proc, Context> {
public:
  Path(Kernel& kernel, lang::ThreadId thread, const Context& context)
      : KernelPath(kernel, thread, context, context.environment.allocation_sleeps) {}
  bool has_signals() { return kernel().features().signals; }
  // A line of kern_fork.c, where the revision's lines are known.
  // Of a step, where the text is known.
  int known_line(int number) const { return revision().has_lines() ? number : 0; }
  Path& at(int number) {
    if (revision().has_lines())
      line(number);
    return *this;
  }
  Anchor kern_fork(const char* function, int line) const {
    return {"sys/kern/kern_fork.c", revision().commit, function, known_line(line)};
  }
  Anchor kern_exit(const char* function) const { return later("kern_exit.c", function); }
  Anchor kern_proc(const char* function) const { return later("kern_proc.c", function); }
  Anchor kern_sig(const char* function) const { return later("kern_sig.c", function); }
  Anchor kern_descrip(const char* function) const { return later("kern_descrip.c", function); }
  Anchor kern_event(const char* function) const { return later("kern_event.c", function); }
  lang::TypeRef procs() { return spec().pools()[kernel().proc_pool].reference; }
  lang::TypeRef knotes() { return spec().pools()[kernel().knote_pool].reference; }
  lang::TypeRef channels() {
    return kernel().locks().reference_type(spec(), LockKind::sleep_channel);
  }
  lang::TypeRef tokens() { return kernel().locks().reference_type(spec(), LockKind::token); }

private:
  // d9d67b59 is read of kern_fork.c alone.
  Anchor later(const char* file, const char* function) const {
    return {std::string("sys/kern/") + file, revision().has_lines() ? "2016-02" : revision().commit,
            function, 0};
  }
};

// --- kern_proc.c ---
void phold(Path& s, const Proc& p);
void prele(Path& s, const Proc& p);
// Waits until the process is held by nobody; the tokens are given up meanwhile.
void pstall(Path& s, const Proc& p, const char* wmesg);
// Serialises those that would reap p; result is false when somebody else does, and p may be gone.
void pholdzomb(Path& s, const Proc& p, const Expr& result);
void prelezomb(Path& s, const Proc& p);
// The process with this pid, held, or none.  A process that is being made is found.
void pfind(Path& s, const Expr& pid, const Expr& p);
void zpfind(Path& s, const Expr& pid, const Expr& p); // the same of zombies
void proc_add_allproc(Path& s, std::size_t child, const Proc& p2);
void proc_move_allproc_zombie(Path& s, const Proc& p); // {p_token}
// Off all lists but the process group's.  {p_token of p and of its parent}
void proc_remove_zombie(Path& s, const Proc& parent, const Proc& p);
void leavepgrp(Path& s, const Proc& p);
// p_flags |= and &= ~, which are no atomic operations: a load and a store.  {p_token}
void set_p_flags(Path& s, const Proc& p, const char* flag);
void clear_p_flags(Path& s, const Proc& p, const char* flag);

// --- kern_fork.c, kern_exit.c, kern_sig.c ---
void sys_fork(Path& s, std::size_t child, Fork kind);
void exit1(Path& s);
void kern_wait(Path& s, const ReapCall& reap, const ReapResult& answer);
// kill(2) with SIGTSTP, which its receiver catches, and kill(2) of the group with SIGINT.
void kern_kill(Path& s, std::size_t process, const Expr& result);
void dokillpg(Path& s, const Expr& result);
// SIGCHLD, which is ignored.
void ksignal_parent(Path& s, const Proc& parent);

struct Kevent : actions::Kevent {
  // EV_FLAG1, the registration that filt_proc() makes for a forked child: that process.
  std::optional<std::size_t> forked_child = {};
};

// --- kern_event.c: knotes (kern_event_knote.cpp).  {kq_token} ---
void knote_activate(Path& s, const Knote& kn);
void knote_enqueue(Path& s, const Knote& kn);
// Somebody else has the knote: asks to be woken, and sleeps.  It may be gone afterwards.
void wait_for_knote(Path& s, const Knote& kn, const char* wmesg);
// Result: whether the caller has the knote now; if not, it may be gone.
void knote_acquire(Path& s, const Knote& kn, const Expr& result);
// Result: whether it is gone, or detached.
void knote_release(Path& s, const Knote& kn, const Expr& result);
void knote_drop(Path& s, const Knote& kn);
void knote_detach_and_drop(Path& s, const Knote& kn);
void knote_insert(Path& s, const Proc& p, const Knote& kn);
void knote_remove(Path& s, const Proc& p, const Knote& kn);

// What knote() tells the filters.
struct Hint {
  std::optional<std::size_t> forked_child; // NOTE_FORK | pid; otherwise NOTE_EXIT
};

// --- kern_event.c: EVFILT_PROC (kern_event_filter.cpp).  {kq_token} ---
void filter_attach(Path& s, const Knote& kn, const Kevent& kev, const Expr& result);
void filter_detach(Path& s, const Knote& kn);
void filter_event(Path& s, const Knote& kn, const Expr& result); // hint 0
void filter_event(Path& s, const Knote& kn, const Hint& hint, const Expr& result);

// --- kern_event.c: kqueues ---
void knote(Path& s, const Proc& p, const Hint& hint); // KNOTE()
void kqueue_register(Path& s, const Kqueue& kq, const Kevent& kev, const Expr& result);
void kern_kevent(Path& s, const WaitCall& wait, const WaitResult& result);
void kqueue_close(Path& s, std::size_t kqueue);
// funsetfd_locked() and closef(), by close(2) and by exit.
void close_file(Path& s, std::size_t kqueue, const Expr& result);
// close(2) of the kqueue's descriptor; result is 0 or EBADF.
void sys_close(Path& s, std::size_t kqueue, const Expr& result);
void holdfp(Path& s, std::size_t kqueue, const Expr& result);
void fdrop(Path& s, std::size_t kqueue);

} // namespace interlock::actions::dragonfly
