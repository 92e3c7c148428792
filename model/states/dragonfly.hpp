// DragonFly's kernel: its tokens and lockmgr locks, hold counts, the process group, and what its
// kqueue has of its own.
#pragma once

#include "states/kernel.hpp"
#include "states/tokens.hpp"

namespace interlock::states::dragonfly {

// What the scenario uses of the kernel; the rest takes no room in the state.
struct Features {
  bool kqueue = true;  // EVFILT_PROC: the tokens of knote lists and of kqueues
  bool signals = true; // kill(2): pending signals, and the walk of the process group
  bool waitgen = true; // p_waitgen
};

class Kernel;

class Proc : public states::Proc {
public:
  Proc(const Kernel& kernel, Expr reference);
  Expr p_flags() const;
  Expr has_flag(const char* flag) const; // p_flags & flag
  Expr p_lock() const;                   // the hold count in p_lock
  Expr plock_zomb() const;               // PLOCK_ZOMB in p_lock
  Expr plock_waiting() const;            // PLOCK_WAITING in p_lock
  Expr p_waitgen() const;
  Expr p_nthreads() const;
  Expr p_lwp_tree() const; // its thread is on p_lwp_tree
  Expr td_exiting() const; // TDF_EXITING of its last thread: it has left the kernel for good
  Expr p_siglist() const;  // signals that are pending
  Lock p_token() const;
  Lock klist_token() const;    // the pool token of &p_klist
  Lock p_channel() const;      // what tsleep() and wakeup() call p
  Lock p_lock_channel() const; // and &p_lock
  Lock p_nthreads_channel() const;

private:
  const Kernel& kernel() const;
};

class Kqueue : public states::Kqueue {
public:
  Kqueue(const Kernel& kernel, Expr reference);
  Expr kq_sleep() const;  // KQ_SLEEP
  Expr kq_knlist() const; // the bucket that has all its knotes
  Lock kq_token() const;  // the pool token of the kqueue
  Lock kq_channel() const;

private:
  const Kernel& kernel() const;
};

class Knote : public states::Knote {
public:
  Knote(const Kernel& kernel, Expr reference);
  Kqueue kn_kq() const;
  Proc kn_ptr() const; // p_proc: the process that it watches
  Lock kn_channel() const;

private:
  const Kernel& kernel() const;
};

class Descriptor : public states::Descriptor {
public:
  Descriptor(const Kernel& kernel, Expr reference);
  Expr f_count() const; // of its struct file: one for the descriptor, one for each user

private:
  const Kernel& kernel() const;
};

// Declares everything in a specification whose threads are declared already.  All processes are in
// one process group.
class Kernel : public states::Kernel {
public:
  Kernel(SpecBuilder& spec, const KernelPlan& plan, const Features& features);

  const Features& features() const { return features_; }
  const Tokens& tokens() const { return tokens_; }

  Lock proc_token() const { return token(proc_token_); } // proc_tokens[n]: all pids share one
  Lock pg_token() const { return token(pg_token_); }
  Lock mp_token() const { return token(mp_token_); } // get_mplock()
  Lock pg_lock() const { return locks_.lock(spec_, LockKind::lockmgr, 0); }

  Proc initproc() const { return {*this, initproc_ref()}; }
  Kqueue kqueue(std::size_t i) const { return {*this, kqueue_ref(i)}; }
  Descriptor descriptor(std::size_t i) const { return {*this, descriptor_ref(i)}; }
  // kern_kevent()'s marker and kqueue_scan()'s own.
  Knote marker(lang::ThreadId thread) const { return {*this, marker_ref(thread)}; }
  Knote local_marker(lang::ThreadId thread) const { return {*this, marker_ref(thread, 1)}; }

  Expr p_flags(const std::string& names) const;
  Expr signal(const std::string& names) const;
  Expr kqueue_is_referred(std::size_t i) const override;

  VariableId p_flags_field = 0, p_lock = 0, plock_zomb = 0, plock_waiting = 0, p_waitgen = 0,
             p_nthreads = 0, p_lwp_tree = 0, td_exiting = 0, p_siglist = 0;
  VariableId p_token = 0, klist_token = 0, p_channel = 0, p_lock_channel = 0,
             p_nthreads_channel = 0;
  VariableId kq_sleep = 0, kq_token = 0, kq_channel = 0, kq_knlist = 0, bucket_kq = 0;
  VariableId kn_channel = 0;
  VariableId f_count = 0;
  // Ghosts, of a pid: its process is in the group; a signal to the group has reached it; one has
  // reached its parent while it was being forked and not yet a member.

private:
  Lock token(std::uint32_t number) const { return locks_.lock(spec_, LockKind::token, number); }
  void add_locks();
  void declare_procs();
  void declare_kqueue_fields();
  void start();
  void protect();

  Features features_;
  Tokens tokens_;
  TypeRef p_flags_type_, signals_;
  std::uint32_t proc_token_ = 0, pg_token_ = 0, mp_token_ = 0;
  std::vector<Value> p_tokens_, klist_tokens_, p_channels_, p_lock_channels_, p_nthreads_channels_,
      kq_tokens_, kq_channels_, kn_channels_;
};

} // namespace interlock::states::dragonfly
