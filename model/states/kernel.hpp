// The objects of a modelled kernel: proc, descriptor table, kqueue, knote and the process table,
// with typed handles so that a path reads like the kernel's own code.
#pragma once

#include "states/locks.hpp"

#include <optional>

namespace interlock::states {

using lang::Type;
using lang::TypeRef;
using lang::Value;

// What a scenario needs; sizes of everything are fixed when the specification is built.
struct KernelPlan {
  struct Process {
    std::string name;
    std::optional<std::size_t>
        parent;          // the process that forks it; none for one that exists at the start
    int exit_status = 0; // what it passes to exit(2), if it exits
  };
  struct Kqueue {
    std::string name;
    std::size_t process = 0; // whose descriptor table holds it
  };
  struct Thread {
    std::string name;
    std::size_t process = 0;
    bool scans = false; // waits for events, and so needs a marker
  };
  std::vector<Process> processes;
  std::vector<Kqueue> kqueues;
  std::vector<Thread> threads;    // in the order of Spec's threads
  std::vector<std::string> udata; // the values that the scenario registers
  std::size_t procs = 0;          // slots for struct proc
  std::size_t knotes = 0;         // slots for struct knote, markers not counted
  bool kernel_lock = false;
  bool in_flux = true; // knotes have kn_influx
  // The accesses that the kernel protects: 1.129 and later hold the lock at each of them.
  bool kn_data_under_kq_lock = true;
  bool p_klist_under_p_lock = true;
};

// Types that are the same in every kernel that has kqueue.
struct KqueueTypes {
  TypeRef status; // KN_ACTIVE ...
  TypeRef flags;  // EV_ONESHOT ...
  TypeRef note;   // NOTE_EXIT ...
  TypeRef data;   // 0, pid(P), status(N)
  TypeRef udata;  // 0, the scenario's values, lwp(T) for a knote claimed by thread T
  TypeRef p_stat; // SIDL ...
  TypeRef fop;    // which filter's operations: NULL, proc_filtops
};

class Kernel;

// A handle to an object of some pool: the reference and the kernel it belongs to.
class Object {
public:
  Object(const Kernel& kernel, Expr reference)
      : kernel_(&kernel), reference_(std::move(reference)) {}
  const Expr& ref() const { return reference_; }
  Expr is_none() const;

protected:
  const Kernel& kernel() const { return *kernel_; }
  Expr field(VariableId variable) const;
  Lock lock(VariableId constant_field, LockKind kind) const;

private:
  const Kernel* kernel_;
  Expr reference_;
};

class Filedesc;
class Kqueue;
class Pid;

class Proc : public Object {
public:
  using Object::Object;
  Expr p_stat() const;
  Expr p_pptr() const; // the parent, or none: init
  Expr p_pid() const;
  Expr p_nlwps() const;  // lwps: all, zombies among them too
  Expr p_nzlwps() const; // zombies
  Expr p_nrlwps() const; // running or sleeping
  Lock p_lock() const;
  Lock p_reflock() const;
  Lock p_waitcv() const;
};

class Kqueue : public Object {
public:
  using Object::Object;
  Expr kq_count() const;   // the low bits of kq_count: how many knotes are queued
  Expr kq_closing() const; // its flag KQ_CLOSING
  Expr kq_restart() const; // its flag KQ_RESTART
  Lock kq_lock() const;
  Lock kq_cv() const;
  Filedesc kq_fdp() const;
};

class Knote : public Object {
public:
  using Object::Object;
  Kqueue kn_kq() const;
  Expr kn_id() const; // the pid
  Proc kn_obj() const;
  Expr kn_fop() const;
  Expr kn_status() const;
  Expr kn_flags() const;
  Expr kn_sfflags() const;
  Expr kn_fflags() const;
  Expr kn_data() const;
  Expr kn_udata() const;
  Expr kn_influx() const;
  Expr has(const char* status_bit) const; // kn_status & bit
  Expr flag(const char* flag) const;      // kn_flags & flag
  Expr wants(const char* note) const;     // kn_sfflags & note
  Expr is_marker() const;
};

class Filedesc : public Object {
public:
  using Object::Object;
  Lock fd_lock() const;
  Expr fd_knhash() const;     // the hash of knotes has been allocated
  Expr fd_knhashmask() const; // 0 or not
  // The bucket of fd_knhash for a pid.  Every pid has its own: pids of few processes rarely
  // collide.
  Expr bucket(const Expr& pid) const;
};

// The descriptor of a kqueue.
class Descriptor : public Object {
public:
  using Object::Object;
  Expr ff_open() const; // ff_file is set
  Expr ff_refcnt() const;
  Expr ff_closing() const; // FR_CLOSING in the reference count
  Lock ff_closing_cv() const;
};

// struct lwp of a thread.
class Lwp : public Object {
public:
  using Object::Object;
  Filedesc l_fd() const;
  Lock l_mutex() const; // what lwp_lock() takes; of a thread whose process is forked
};

class Pid : public Object {
public:
  using Object::Object;
  Expr proc() const;    // the table entry: who has this pid, or none
  Expr as_data() const; // constant: pid(P)
  Expr status() const;  // constant: the wait status of its exit
};

// Declares everything in a specification whose threads are declared already.
class Kernel {
public:
  Kernel(Spec& spec, const KernelPlan& plan);
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;

  Spec& spec() const { return spec_; }
  const KernelPlan& plan() const { return plan_; }
  const LockTable& locks() const { return locks_; }
  const KqueueTypes& types() const { return types_; }

  Lock proc_lock() const { return locks_.lock(spec_, LockKind::adaptive_mutex, proc_lock_); }
  Lock kqueue_filter_lock() const { return locks_.lock(spec_, LockKind::rwlock, filter_lock_); }
  Lock kernel_lock() const { return locks_.lock(spec_, LockKind::kernel_lock, 0); }

  Pid pid(std::size_t process) const {
    return {*this, spec_.object(pid_pool, static_cast<std::uint32_t>(process))};
  }
  Kqueue kqueue(std::size_t i) const {
    return {*this, spec_.object(kqueue_pool, static_cast<std::uint32_t>(i))};
  }
  Descriptor descriptor(std::size_t i) const {
    return {*this, spec_.object(descriptor_pool, static_cast<std::uint32_t>(i))};
  }
  Filedesc filedesc(std::size_t process) const {
    return {*this, spec_.object(filedesc_pool, static_cast<std::uint32_t>(process))};
  }
  Lwp lwp(lang::ThreadId thread) const { return {*this, spec_.self(thread)}; }
  Knote marker(lang::ThreadId thread) const;
  std::size_t marker_count() const { return markers_.size(); }

  // Literals by name.
  Expr note(const std::string& names) const {
    return lang::literal(types_.note, lang::parse_value(*types_.note, names));
  }
  Expr status_bit(const std::string& names) const {
    return lang::literal(types_.status, lang::parse_value(*types_.status, names));
  }
  Expr flag(const std::string& names) const {
    return lang::literal(types_.flags, lang::parse_value(*types_.flags, names));
  }
  Expr p_stat(const std::string& name) const {
    return lang::literal(types_.p_stat, lang::parse_value(*types_.p_stat, name));
  }
  Expr udata(const std::string& name) const {
    return lang::literal(types_.udata, lang::parse_value(*types_.udata, name));
  }
  Expr udata_of(lang::ThreadId thread) const; // curlwp, as KNOTE_WILLDETACH stores it
  Expr fop(const std::string& name) const {
    return lang::literal(types_.fop, lang::parse_value(*types_.fop, name));
  }
  Expr no_data() const { return lang::literal(types_.data, 0); }

  // Pools and variables, for the paths and the properties.
  PoolId proc_pool = 0, pid_pool = 0, kqueue_pool = 0, knote_pool = 0, filedesc_pool = 0,
         descriptor_pool = 0, bucket_pool = 0;
  VariableId p_stat_field = 0, p_pptr = 0, p_pid = 0, p_lock = 0, p_reflock = 0, p_waitcv = 0,
             p_klist = 0, p_children = 0, p_nlwps = 0, p_nzlwps = 0, p_nrlwps = 0;
  VariableId pid_proc = 0, pid_data = 0, pid_status = 0;
  VariableId kq_count = 0, kq_closing = 0, kq_restart = 0, kq_head = 0, kq_lock = 0, kq_cv = 0,
             kq_fdp = 0;
  VariableId kn_kq = 0, kn_id = 0, kn_obj = 0, kn_status = 0, kn_flags = 0, kn_sfflags = 0,
             kn_fflags = 0, kn_data = 0, kn_udata = 0, kn_influx = 0, kn_fop = 0;
  VariableId kn_claimed_in_flux = 0; // ghost: kn_influx != 0 when KN_WILLDETACH was set
  VariableId fd_lock = 0, fd_knhash_allocated = 0, fd_knhashmask = 0;
  VariableId fd_knhash = 0;           // of a bucket: its list
  VariableId bucket_fdp = 0;          // of a bucket: its table
  std::vector<VariableId> fd_buckets; // of a table: the bucket of each pid
  VariableId ff_open = 0, ff_refcnt = 0, ff_closing = 0, ff_closing_cv = 0;
  VariableId l_started = 0, l_proc = 0, l_fd = 0, l_mutex = 0; // of struct lwp, the pool `thread`

private:
  void add_locks();
  void declare_types();
  void declare_processes();
  void declare_lwps();
  void declare_pids();
  void start_processes();
  void declare_buckets();
  void declare_kqueues();
  void declare_knotes();
  void protect();

  Spec& spec_;
  KernelPlan plan_;
  LockTable locks_;
  KqueueTypes types_;
  std::uint32_t proc_lock_ = 0, filter_lock_ = 0;
  std::vector<Value> p_locks_, p_reflocks_, p_waitcvs_, kq_locks_, kq_cvs_, fd_locks_, ff_cvs_,
      lwp_locks_;
  std::map<lang::ThreadId, std::uint32_t> markers_; // thread -> object of the knote pool
};

} // namespace interlock::states
