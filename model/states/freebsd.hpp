// FreeBSD's kernel: its locks and sleep channels, and what its kqueue and processes have of their
// own.
#pragma once

#include "states/kernel.hpp"

namespace interlock::states::freebsd {

// The rule for two locks of struct proc, in words.
inline constexpr const char* proc_lock_rule =
    "a child's before its parent's; a process in PRS_NEW is nobody's parent";

class Kernel;

class Proc : public states::Proc { // p_stat() is the kernel's p_state
public:
  Proc(const Kernel& kernel, Expr reference);
  Expr p_wexit() const;       // P_WEXIT in p_flag
  Expr on_zombproc() const;   // on zombproc, and not on allproc
  Expr p_siglist() const;     // a signal is pending
  Expr p_ppwait() const;      // P_PPWAIT in p_flag: the parent waits in vfork
  Expr kl_lock() const;       // p_klist.kl_lock is set: the list is not destroyed
  Lock p_mtx() const;         // PROC_LOCK(p), which is the lock of p_klist too
  Lock wait_channel() const;  // the address of the proc
  Lock pause_channel() const; // the address of its p_sigacts
  Lock p_pwait() const;       // a condition variable, which is an address to sleep on too

private:
  const Kernel& kernel() const;
};

class Kqueue : public states::Kqueue {
public:
  Kqueue(const Kernel& kernel, Expr reference);
  Expr kq_fluxwait() const; // KQ_FLUXWAIT in kq_state
  Expr kq_sleep() const;    // KQ_SLEEP in kq_state
  Lock kq_lock() const;
  Lock channel() const; // the address of the kqueue: readers and who waits for flux sleep there
  // The bucket of kq_knhash for a pid.  Every pid has its own: pids of few processes rarely
  // collide.
  Expr bucket(const Expr& pid) const;

private:
  const Kernel& kernel() const;
};

class Knote : public states::Knote {
public:
  Knote(const Kernel& kernel, Expr reference);
  Kqueue kn_kq() const;
  Proc kn_obj() const;    // kn_ptr.p_proc
  Proc kn_knlist() const; // the process whose p_klist kn_knlist points to, or none

private:
  const Kernel& kernel() const;
};

class Descriptor : public states::Descriptor {
public:
  Descriptor(const Kernel& kernel, Expr reference);
  Expr f_count() const;

private:
  const Kernel& kernel() const;
};

// What a scenario asks for.
struct Features {
  bool group = false; // a process group, which somebody signals
};

// Declares everything in a specification whose threads are declared already.
class Kernel : public states::Kernel {
public:
  Kernel(SpecBuilder& spec, const KernelPlan& plan, const Features& features);

  Lock allproc_lock() const { return locks_.lock(spec_, LockKind::sx, allproc_lock_); }
  Lock proctree_lock() const { return locks_.lock(spec_, LockKind::sx, proctree_lock_); }
  Lock pg_mtx() const { return locks_.lock(spec_, LockKind::mtx, pg_mtx_.value()); } // PGRP_LOCK
  Lock fd_sx(std::size_t process) const; // of the process' descriptor table

  Proc initproc() const { return {*this, initproc_ref()}; }
  Kqueue kqueue(std::size_t i) const { return {*this, kqueue_ref(i)}; }
  Descriptor descriptor(std::size_t i) const { return {*this, descriptor_ref(i)}; }
  Knote marker(lang::ThreadId thread) const { return {*this, marker_ref(thread)}; }
  Expr kqueue_is_referred(std::size_t i) const override;

  VariableId p_wexit = 0, p_zombproc = 0, p_siglist = 0, p_ppwait = 0, kl_lock = 0, p_mtx = 0,
             wait_channel = 0, pause_channel = 0, p_pwait = 0;
  VariableId kq_fluxwait = 0, kq_sleep = 0, kq_lock = 0, kq_channel = 0;
  VariableId kn_knlist = 0;
  VariableId bucket_kq = 0;           // of a bucket: its kqueue
  std::vector<VariableId> kq_buckets; // of a kqueue: the bucket of each pid
  VariableId f_count = 0;
  VariableId sq_lock = 0; // of a sleep channel: the interlock of those that sleep there

private:
  void add_locks(const Features& features);
  void declare_proc_fields();
  std::vector<std::string> bucket_names() const;
  void declare_buckets();
  void protect();
  void order_proc_locks();

  std::uint32_t allproc_lock_ = 0, proctree_lock_ = 0;
  std::optional<std::uint32_t> pg_mtx_; // where there is a group
  std::vector<std::uint32_t> fd_sxs_;
  std::vector<Value> p_mtxs_, wait_channels_, pause_channels_, p_pwaits_, kq_locks_, kq_channels_;
};

} // namespace interlock::states::freebsd
