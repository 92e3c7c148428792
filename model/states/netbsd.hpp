// NetBSD's kernel: its locks, descriptor tables, and what its kqueue has of its own.
#pragma once

#include "states/kernel.hpp"

namespace interlock::states::netbsd {

// What a revision has, and the accesses that it protects.
struct Features {
  bool kernel_lock = false;
  bool in_flux = true; // knotes have kn_influx
  // 1.129 and later hold the lock at each of these accesses.
  bool kn_data_under_kq_lock = true;
  bool p_klist_under_p_lock = true;
  // Some thread calls vfork(2): processes have PL_PPWAIT.  With vfork_in_lwp (kern_fork.c 1.231)
  // its parent waits in its own lwp.
  bool vfork = false;
  bool vfork_in_lwp = false;
  bool group = false; // a process group, which somebody signals
};

class Kernel;

class Proc : public states::Proc {
public:
  Proc(const Kernel& kernel, Expr reference);
  Expr p_nlwps() const;  // lwps: all, zombies among them too
  Expr p_nzlwps() const; // zombies
  Expr p_nrlwps() const; // running or sleeping
  Expr ppwait() const;   // PL_PPWAIT in p_lflag: its parent waits in vfork(2)
  Expr p_vforklwp() const;
  Expr p_sigpend() const; // a signal is pending; where there is a group
  Lock p_lock() const;
  Lock p_reflock() const;
  Lock p_waitcv() const;

private:
  const Kernel& kernel() const;
};

class Filedesc : public Object {
public:
  Filedesc(const Kernel& kernel, Expr reference);
  Lock fd_lock() const;
  Expr fd_knhash() const;     // the hash of knotes has been allocated
  Expr fd_knhashmask() const; // 0 or not
  // The bucket of fd_knhash for a pid.  Every pid has its own: pids of few processes rarely
  // collide.
  Expr bucket(const Expr& pid) const;

private:
  const Kernel& kernel() const;
};

class Kqueue : public states::Kqueue { // kq_count() is the low bits of the kernel's kq_count
public:
  Kqueue(const Kernel& kernel, Expr reference);
  Expr kq_closing() const; // its flag KQ_CLOSING
  Expr kq_restart() const; // its flag KQ_RESTART
  Lock kq_lock() const;
  Lock kq_cv() const;
  Filedesc kq_fdp() const;

private:
  const Kernel& kernel() const;
};

class Knote : public states::Knote {
public:
  Knote(const Kernel& kernel, Expr reference);
  Kqueue kn_kq() const;
  Proc kn_obj() const;
  Expr kn_fop() const;
  Expr kn_influx() const;

private:
  const Kernel& kernel() const;
};

class Descriptor : public states::Descriptor {
public:
  Descriptor(const Kernel& kernel, Expr reference);
  Expr ff_open() const { return is_open(); } // ff_file is set
  Expr ff_refcnt() const;
  Expr ff_closing() const; // FR_CLOSING in the reference count
  Lock ff_closing_cv() const;

private:
  const Kernel& kernel() const;
};

// struct lwp of a thread.
class Lwp : public Object {
public:
  Lwp(const Kernel& kernel, Expr reference);
  Filedesc l_fd() const;
  Lock l_mutex() const; // what lwp_lock() takes; of a thread whose process is forked
  Expr l_vforkwaiting() const;
  Lock l_waitcv() const;

private:
  const Kernel& kernel() const;
};

// Declares everything in a specification whose threads are declared already.
class Kernel : public states::Kernel {
public:
  Kernel(SpecBuilder& spec, const KernelPlan& plan, const Features& features);

  const Features& features() const { return features_; }

  Lock proc_lock() const { return locks_.lock(spec_, LockKind::adaptive_mutex, proc_lock_); }
  Lock kqueue_filter_lock() const { return locks_.lock(spec_, LockKind::rwlock, filter_lock_); }
  Lock kernel_lock() const { return locks_.lock(spec_, LockKind::kernel_lock, 0); }

  Kqueue kqueue(std::size_t i) const { return {*this, kqueue_ref(i)}; }
  Descriptor descriptor(std::size_t i) const { return {*this, descriptor_ref(i)}; }
  Knote marker(lang::ThreadId thread) const { return {*this, marker_ref(thread)}; }
  Lwp lwp(lang::ThreadId thread) const { return {*this, spec_.self(thread)}; }
  Proc initproc() const { return {*this, initproc_ref()}; }
  Filedesc filedesc(std::size_t process) const {
    return {*this, spec_.object(filedesc_pool, static_cast<std::uint32_t>(process))};
  }

  // Whose operations a knote's kn_fop are: "NULL", "proc_filtops".
  Expr fop(const std::string& name) const {
    return lang::literal(fop_, lang::parse_value(*fop_, name));
  }

  PoolId filedesc_pool = 0;
  VariableId p_lock = 0, p_reflock = 0, p_waitcv = 0, p_nlwps = 0, p_nzlwps = 0, p_nrlwps = 0,
             ppwait = 0, p_vforklwp = 0, p_sigpend = 0;
  VariableId kq_closing = 0, kq_restart = 0, kq_lock = 0, kq_cv = 0, kq_fdp = 0;
  VariableId kn_influx = 0, kn_fop = 0;
  VariableId kn_claimed_in_flux = 0; // ghost: kn_influx != 0 when KN_WILLDETACH was set
  VariableId fd_lock = 0, fd_knhash = 0, fd_knhashmask = 0;
  VariableId bucket_fdp = 0;          // of a bucket: its table
  std::vector<VariableId> fd_buckets; // of a table: the bucket of each pid
  VariableId ff_refcnt = 0, ff_closing = 0, ff_closing_cv = 0;
  VariableId l_fd = 0, l_mutex = 0, l_vforkwaiting = 0, l_waitcv = 0; // of a thread

private:
  void add_locks();
  void declare_tables();
  void declare_lwps();
  void declare_vfork();
  std::vector<std::string> name_buckets();
  void declare_buckets();
  void declare_descriptors();
  void protect();

  Features features_;
  std::uint32_t proc_lock_ = 0, filter_lock_ = 0;
  std::vector<Value> p_locks_, p_reflocks_, p_waitcvs_, kq_locks_, kq_cvs_, fd_locks_, ff_cvs_,
      lwp_locks_, l_waitcvs_;
  TypeRef fop_;
  std::vector<Value> tables_of_buckets_;
  std::vector<std::vector<Value>> buckets_of_pids_; // by pid, then table
};

} // namespace interlock::states::netbsd
