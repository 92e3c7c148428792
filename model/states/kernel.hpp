// What every kernel with kqueue has: processes with their pids, kqueues, knotes and the lists that
// hold them, with typed handles so that a path reads like the kernel's own code.  The kernels add
// their locks and whatever else they have (states/netbsd.hpp ...).
#pragma once

#include "states/locks.hpp"

#include <optional>

namespace interlock::states {

using lang::Type;
using lang::TypeRef;
using lang::Value;

// What a scenario needs; sizes of everything are fixed when the specification is built.
// As kevent's data and wait4(2) have it, by name.  That of 0 is 0, as where there is none.
std::string status_name(int exit_status);

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
  std::vector<Thread> threads;     // in the order of Spec's threads
  std::vector<std::string> udata;  // the values that the scenario registers
  bool dispatches = false;         // something is registered with EV_DISPATCH
  std::optional<std::size_t> init; // the process that gets orphans, if the scenario has it
  std::size_t procs = 0;           // slots for struct proc
  std::size_t knotes = 0;          // slots for struct knote, markers not counted

  // The kqueues in the descriptor table of a process.
  std::vector<std::size_t> kqueues_of(std::size_t process) const;
};

// How a kernel spells what the others have too.
struct KernelWords {
  std::vector<std::string> status;  // of a knote: KN_ACTIVE ..., with KN_MARKER
  std::vector<std::string> flags;   // EV_ONESHOT, EV_CLEAR, EV_EOF ...
  std::vector<std::string> p_stat;  // the states of a process; the first is that of a free slot
  std::string running;              // the one in which a process is that exists at the start
  bool udata_holds_threads = false; // a thread may leave its address in a knote's udata
  const char* p_stat_name = "p_stat";
};

// Types that are the same in every kernel that has kqueue.
struct KqueueTypes {
  TypeRef status; // KN_ACTIVE ...
  TypeRef flags;  // EV_ONESHOT ...
  TypeRef note;   // NOTE_EXIT ...
  TypeRef data;   // 0, pid(P), status(N)
  TypeRef udata;  // 0, the scenario's values, lwp(T) where a thread may leave its address
  TypeRef p_stat; // SIDL ...
};

// The process group that all processes of a scenario are in.  Ghosts of each process, by its pid: a
// signal to the group can reach it, being a member whose state does not drop signals; one has
// reached it; one has reached its parent, when it was being forked and none could reach it yet.
struct ProcessGroup {
  PoolId pool = 0;
  VariableId pg_members = 0;
  VariableId member = 0, signalled = 0, missed = 0;
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

class Proc : public Object {
public:
  using Object::Object;
  Expr p_stat() const;
  Expr p_pptr() const; // the parent; none: one that the scenario does not have
  Expr p_pid() const;
};

class Kqueue : public Object {
public:
  using Object::Object;
  Expr kq_count() const; // how many knotes are queued
};

class Knote : public Object {
public:
  using Object::Object;
  Kqueue kn_kq() const;
  Expr kn_id() const;  // the pid
  Proc kn_obj() const; // the process that it watches
  Expr kn_status() const;
  Expr kn_flags() const;
  Expr kn_sfflags() const;
  Expr kn_fflags() const;
  Expr kn_data() const;
  Expr kn_udata() const;
  Expr has(const char* status_bit) const; // kn_status & bit
  Expr flag(const char* flag) const;      // kn_flags & flag
  Expr wants(const char* note) const;     // kn_sfflags & note
  Expr is_marker() const;
};

// The descriptor of a kqueue.
class Descriptor : public Object {
public:
  using Object::Object;
  Expr is_open() const;
};

class Pid : public Object {
public:
  using Object::Object;
  Expr proc() const;    // the table entry: who has this pid, or none
  Expr as_data() const; // constant: pid(P)
  Expr status() const;  // constant: the wait status of its exit
};

class Kernel {
public:
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;
  virtual ~Kernel() = default;

  SpecBuilder& spec() const { return spec_; }
  const KernelPlan& plan() const { return plan_; }
  const LockTable& locks() const { return locks_; }
  const KqueueTypes& types() const { return types_; }

  Pid pid(std::size_t process) const {
    return {*this, spec_.object(pid_pool, static_cast<std::uint32_t>(process))};
  }
  Kqueue kqueue(std::size_t i) const { return {*this, kqueue_ref(i)}; }
  Descriptor descriptor(std::size_t i) const { return {*this, descriptor_ref(i)}; }
  Knote marker(lang::ThreadId thread) const { return {*this, marker_ref(thread)}; }
  // Whether a kqueue is in use: somebody may still reach it by its descriptor.
  virtual Expr kqueue_is_referred(std::size_t i) const { return descriptor(i).is_open(); }
  Expr kqueue_ref(std::size_t i) const {
    return spec_.object(kqueue_pool, static_cast<std::uint32_t>(i));
  }
  Expr descriptor_ref(std::size_t i) const {
    return spec_.object(descriptor_pool, static_cast<std::uint32_t>(i));
  }
  Expr marker_ref(lang::ThreadId thread, std::size_t which = 0) const {
    return spec_.object(knote_pool, markers_.at(thread) + static_cast<std::uint32_t>(which));
  }

  // The process init; none when the scenario has no process of that name.
  Expr initproc_ref() const;

  // Null where the scenario sends no signals.
  const ProcessGroup* group() const { return group_ ? &*group_ : nullptr; }
  Expr pgrp() const { return spec_.object(group_.value().pool, 0); }

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
  Expr udata_of(lang::ThreadId thread) const; // the thread's address, where udata may hold it
  Expr no_data() const { return lang::literal(types_.data, 0); }

  // Pools and variables, for the paths and the properties.
  PoolId proc_pool = 0, pid_pool = 0, kqueue_pool = 0, knote_pool = 0, descriptor_pool = 0,
         bucket_pool = 0;
  VariableId p_stat_field = 0, p_pptr = 0, p_pid = 0, p_klist = 0, p_children = 0;
  VariableId pid_proc = 0, pid_data = 0, pid_status = 0;
  VariableId kq_count = 0, kq_head = 0;
  VariableId kn_kq = 0, kn_id = 0, kn_obj = 0, kn_status = 0, kn_flags = 0, kn_sfflags = 0,
             kn_fflags = 0, kn_data = 0, kn_udata = 0;
  VariableId knhash = 0;                // of a bucket: its list
  VariableId open = 0;                  // of a descriptor
  VariableId l_started = 0, l_proc = 0; // of a thread: it runs, and its process

protected:
  Kernel(SpecBuilder& spec, const KernelPlan& plan) : spec_(spec), plan_(plan) {}

  // The parts of the declaration, in this order; in between a kernel declares what it has besides.
  // Locks are added to locks_ and declared first.
  void declare_types(const KernelWords& words);
  void declare_processes(const KernelWords& words);
  // The names of all hash buckets for knotes; `descriptor_open` names that field of a descriptor.
  void declare_kqueues(const std::vector<std::string>& buckets, const char* descriptor_open);
  // Each thread that scans has a marker of each of these names.  `kn_obj_name` is how the kernel
  // calls the process that a knote watches.
  void declare_knotes(const std::vector<std::string>& markers = {"marker"},
                      const char* kn_obj_name = "kn_obj");

  // After the processes, where a scenario needs it.
  void declare_group();

  // A constant field that gives each object of a pool its lock.
  VariableId lock_field(PoolId pool, const char* name, LockKind kind,
                        const std::vector<Value>& locks);

  SpecBuilder& spec_;
  KernelPlan plan_;
  LockTable locks_;
  KqueueTypes types_;

private:
  void declare_pids();
  void start_processes(const KernelWords& words);

  std::optional<ProcessGroup> group_;
  std::map<lang::ThreadId, std::uint32_t> markers_; // thread -> its first in the knote pool
};

} // namespace interlock::states
