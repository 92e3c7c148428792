// Declaration of the kernel objects; see kernel.hpp.
#include "states/kernel.hpp"

#include <algorithm>
#include <set>

namespace interlock::states {

// --- handles ---

Expr Object::is_none() const {
  return reference_ == kernel_->spec().nothing(reference_.type().pool);
}
Expr Object::field(VariableId variable) const { return kernel_->spec().read(variable, reference_); }
Lock Object::lock(VariableId constant_field, LockKind kind) const {
  return {kind, field(constant_field)};
}

Expr Proc::p_stat() const { return field(kernel().p_stat_field); }
Expr Proc::p_pptr() const { return field(kernel().p_pptr); }
Expr Proc::p_pid() const { return field(kernel().p_pid); }
Expr Proc::p_nlwps() const { return field(kernel().p_nlwps); }
Expr Proc::p_nzlwps() const { return field(kernel().p_nzlwps); }
Expr Proc::p_nrlwps() const { return field(kernel().p_nrlwps); }
Lock Proc::p_lock() const { return lock(kernel().p_lock, LockKind::adaptive_mutex); }
Lock Proc::p_reflock() const { return lock(kernel().p_reflock, LockKind::rwlock); }
Lock Proc::p_waitcv() const { return lock(kernel().p_waitcv, LockKind::condition_variable); }

Expr Kqueue::kq_count() const { return field(kernel().kq_count); }
Expr Kqueue::kq_closing() const { return field(kernel().kq_closing); }
Expr Kqueue::kq_restart() const { return field(kernel().kq_restart); }
Lock Kqueue::kq_lock() const { return lock(kernel().kq_lock, LockKind::spin_mutex); }
Lock Kqueue::kq_cv() const { return lock(kernel().kq_cv, LockKind::condition_variable); }
Filedesc Kqueue::kq_fdp() const { return {kernel(), field(kernel().kq_fdp)}; }

Kqueue Knote::kn_kq() const { return {kernel(), field(kernel().kn_kq)}; }
Expr Knote::kn_id() const { return field(kernel().kn_id); }
Proc Knote::kn_obj() const { return {kernel(), field(kernel().kn_obj)}; }
Expr Knote::kn_fop() const { return field(kernel().kn_fop); }
Expr Knote::kn_status() const { return field(kernel().kn_status); }
Expr Knote::kn_flags() const { return field(kernel().kn_flags); }
Expr Knote::kn_sfflags() const { return field(kernel().kn_sfflags); }
Expr Knote::kn_fflags() const { return field(kernel().kn_fflags); }
Expr Knote::kn_data() const { return field(kernel().kn_data); }
Expr Knote::kn_udata() const { return field(kernel().kn_udata); }
Expr Knote::kn_influx() const { return field(kernel().kn_influx); }
Expr Knote::has(const char* status_bit) const {
  return (kn_status() & kernel().status_bit(status_bit)) != 0;
}
Expr Knote::flag(const char* flag) const { return (kn_flags() & kernel().flag(flag)) != 0; }
Expr Knote::wants(const char* note) const { return (kn_sfflags() & kernel().note(note)) != 0; }
Expr Knote::is_marker() const { return has("KN_MARKER"); }

Lock Filedesc::fd_lock() const { return lock(kernel().fd_lock, LockKind::adaptive_mutex); }
Expr Filedesc::fd_knhash() const { return field(kernel().fd_knhash_allocated); }
Expr Filedesc::fd_knhashmask() const { return field(kernel().fd_knhashmask); }

Expr Filedesc::bucket(const Expr& pid) const {
  if (pid.is_literal())
    return field(kernel().fd_buckets.at(static_cast<std::size_t>(pid.node().value - 1)));
  Expr found = kernel().spec().nothing(kernel().bucket_pool);
  for (std::size_t i = kernel().fd_buckets.size(); i-- > 0;)
    found = lang::choose(pid == kernel().pid(i).ref(), field(kernel().fd_buckets[i]), found);
  return found;
}

Expr Descriptor::ff_open() const { return field(kernel().ff_open); }
Expr Descriptor::ff_refcnt() const { return field(kernel().ff_refcnt); }
Expr Descriptor::ff_closing() const { return field(kernel().ff_closing); }
Lock Descriptor::ff_closing_cv() const {
  return lock(kernel().ff_closing_cv, LockKind::condition_variable);
}

Filedesc Lwp::l_fd() const { return {kernel(), field(kernel().l_fd)}; }
Lock Lwp::l_mutex() const { return lock(kernel().l_mutex, LockKind::spin_mutex); }

Expr Pid::proc() const { return field(kernel().pid_proc); }
Expr Pid::as_data() const { return field(kernel().pid_data); }
Expr Pid::status() const { return field(kernel().pid_status); }

// --- the kernel ---

Kernel::Kernel(Spec& spec, const KernelPlan& plan) : spec_(spec), plan_(plan) {
  add_locks();
  locks_.declare(spec_);
  declare_types();
  declare_processes();
  declare_kqueues();
  declare_knotes();
  protect();
}

void Kernel::add_locks() {
  const auto add = [&](LockKind kind, const char* name, const std::string& owner) {
    return LockTable::value(locks_.add(kind, name, owner + "." + name));
  };
  proc_lock_ = locks_.add(LockKind::adaptive_mutex, "proc_lock", "proc_lock");
  filter_lock_ = locks_.add(LockKind::rwlock, "kqueue_filter_lock", "kqueue_filter_lock");
  if (plan_.kernel_lock)
    locks_.add(LockKind::kernel_lock, "KERNEL_LOCK", "KERNEL_LOCK");
  for (std::size_t i = 0; i < plan_.procs; ++i) {
    const std::string proc = "proc" + std::to_string(i);
    p_locks_.push_back(add(LockKind::adaptive_mutex, "p_lock", proc));
    p_reflocks_.push_back(add(LockKind::rwlock, "p_reflock", proc));
    p_waitcvs_.push_back(add(LockKind::condition_variable, "p_waitcv", proc));
  }
  for (const KernelPlan::Process& process : plan_.processes)
    fd_locks_.push_back(add(LockKind::adaptive_mutex, "fd_lock", "fd." + process.name));
  for (const KernelPlan::Kqueue& kqueue : plan_.kqueues) {
    kq_locks_.push_back(add(LockKind::spin_mutex, "kq_lock", kqueue.name));
    kq_cvs_.push_back(add(LockKind::condition_variable, "kq_cv", kqueue.name));
    ff_cvs_.push_back(add(LockKind::condition_variable, "ff_closing", "fd." + kqueue.name));
  }
  for (const KernelPlan::Thread& thread : plan_.threads)
    lwp_locks_.push_back(plan_.processes[thread.process].parent
                             ? add(LockKind::spin_mutex, "lwp_lock", thread.name)
                             : lang::none);
}

void Kernel::declare_types() {
  types_.status =
      lang::flags_type("kn_status", {"KN_ACTIVE", "KN_QUEUED", "KN_DISABLED", "KN_DETACHED",
                                     "KN_MARKER", "KN_BUSY", "KN_WILLDETACH"});
  types_.flags = lang::flags_type("kn_flags", {"EV_ONESHOT", "EV_CLEAR", "EV_EOF"});
  types_.note = lang::flags_type(
      "note", {"NOTE_EXIT", "NOTE_FORK", "NOTE_TRACK", "NOTE_TRACKERR", "NOTE_CHILD"});
  types_.p_stat = lang::enumeration_type("p_stat", {"SIDL", "SACTIVE", "SDYING", "SDEAD", "SZOMB"});
  types_.fop = lang::enumeration_type("filterops", {"NULL", "proc_filtops"});
  std::vector<std::string> data{"0"};
  std::set<int> statuses;
  for (const KernelPlan::Process& process : plan_.processes) {
    data.push_back("pid(" + process.name + ")");
    statuses.insert(process.exit_status);
  }
  for (const int status : statuses)
    data.push_back("status(" + std::to_string(status) + ")");
  types_.data = lang::enumeration_type("data", data);
  std::vector<std::string> udata{"0"};
  udata.insert(udata.end(), plan_.udata.begin(), plan_.udata.end());
  for (const KernelPlan::Thread& thread : plan_.threads)
    udata.push_back("lwp(" + thread.name + ")");
  types_.udata = lang::enumeration_type("udata", udata);
}

void Kernel::declare_processes() {
  std::vector<std::string> procs;
  std::vector<std::string> pids;
  for (std::size_t i = 0; i < plan_.procs; ++i)
    procs.push_back("proc" + std::to_string(i));
  for (const KernelPlan::Process& process : plan_.processes)
    pids.push_back(process.name);
  proc_pool = spec_.pool("proc", procs, true);
  pid_pool = spec_.pool("pid", pids, false);
  filedesc_pool = [&] {
    std::vector<std::string> names;
    names.reserve(pids.size());
    for (const std::string& pid : pids)
      names.push_back("fd." + pid);
    return spec_.pool("filedesc", names, false);
  }();
  const TypeRef proc = spec_.pools()[proc_pool].reference;
  const TypeRef pid = spec_.pools()[pid_pool].reference;
  p_stat_field = spec_.field(proc_pool, "p_stat", types_.p_stat, 0);
  p_pptr = spec_.field(proc_pool, "p_pptr", proc, lang::none);
  p_pid = spec_.field(proc_pool, "p_pid", pid, lang::none);
  p_lock = spec_.constant_field(proc_pool, "p_lock",
                                locks_.reference_type(spec_, LockKind::adaptive_mutex), p_locks_);
  p_reflock = spec_.constant_field(proc_pool, "p_reflock",
                                   locks_.reference_type(spec_, LockKind::rwlock), p_reflocks_);
  p_waitcv =
      spec_.constant_field(proc_pool, "p_waitcv",
                           locks_.reference_type(spec_, LockKind::condition_variable), p_waitcvs_);
  if (plan_.procs > 1)
    p_children =
        spec_.field_list(proc_pool, "p_children", proc, static_cast<std::uint32_t>(plan_.procs));
  fd_lock = spec_.constant_field(filedesc_pool, "fd_lock",
                                 locks_.reference_type(spec_, LockKind::adaptive_mutex), fd_locks_);
  fd_knhash_allocated = spec_.field(filedesc_pool, "fd_knhash", lang::boolean_type(), 0);
  fd_knhashmask = spec_.field(filedesc_pool, "fd_knhashmask", lang::integer_type(0, 1), 0);
  declare_lwps();
  declare_pids();
  start_processes();
}

void Kernel::declare_lwps() {
  const TypeRef count = lang::integer_type(0, static_cast<Value>(plan_.threads.size()));
  p_nlwps = spec_.field(proc_pool, "p_nlwps", count, 0);
  p_nzlwps = spec_.field(proc_pool, "p_nzlwps", count, 0);
  p_nrlwps = spec_.field(proc_pool, "p_nrlwps", count, 0);
  l_started = spec_.field(lang::thread_pool, "l_started", lang::boolean_type(), 0);
  l_proc = spec_.field(lang::thread_pool, "l_proc", spec_.pools()[proc_pool].reference, lang::none);
  l_fd = spec_.field(lang::thread_pool, "l_fd", spec_.pools()[filedesc_pool].reference, lang::none);
  if (locks_.has(LockKind::spin_mutex))
    l_mutex = spec_.constant_field(lang::thread_pool, "l_mutex",
                                   locks_.reference_type(spec_, LockKind::spin_mutex), lwp_locks_);
}

void Kernel::declare_pids() {
  pid_proc = spec_.field(pid_pool, "proc", spec_.pools()[proc_pool].reference, lang::none);
  std::vector<Value> as_data;
  std::vector<Value> status;
  for (std::size_t i = 0; i < plan_.processes.size(); ++i) {
    as_data.push_back(static_cast<Value>(i) + 1);
    status.push_back(lang::parse_value(
        *types_.data, "status(" + std::to_string(plan_.processes[i].exit_status) + ")"));
  }
  pid_data = spec_.constant_field(pid_pool, "pid", types_.data, as_data);
  pid_status = spec_.constant_field(pid_pool, "P_WAITSTATUS", types_.data, status);
}

// The processes that exist at the start have the first slots, in their order.
void Kernel::start_processes() {
  std::uint32_t slot = 0;
  std::map<std::size_t, Value> slots;
  for (std::size_t i = 0; i < plan_.processes.size(); ++i) {
    if (plan_.processes[i].parent)
      continue;
    spec_.set_initial(*spec_.pools()[proc_pool].allocated, slot, 1);
    spec_.set_initial(p_stat_field, slot, lang::parse_value(*types_.p_stat, "SACTIVE"));
    spec_.set_initial(p_pid, slot, static_cast<Value>(i) + 1);
    spec_.set_initial(pid_proc, static_cast<std::uint32_t>(i), static_cast<Value>(slot) + 1);
    const auto lwps = static_cast<Value>(
        std::count_if(plan_.threads.begin(), plan_.threads.end(),
                      [&](const KernelPlan::Thread& thread) { return thread.process == i; }));
    spec_.set_initial(p_nlwps, slot, lwps);
    spec_.set_initial(p_nrlwps, slot, lwps);
    slots[i] = static_cast<Value>(slot) + 1;
    ++slot;
  }
  for (std::uint32_t t = 0; t < plan_.threads.size(); ++t)
    if (const std::size_t process = plan_.threads[t].process; slots.contains(process)) {
      spec_.set_initial(l_started, t, 1);
      spec_.set_initial(l_proc, t, slots.at(process));
      spec_.set_initial(l_fd, t, static_cast<Value>(process) + 1);
    }
}

// Only the tables that hold a kqueue need a hash.
void Kernel::declare_buckets() {
  std::vector<std::string> names;
  std::vector<Value> tables;
  std::vector<std::vector<Value>> buckets(plan_.processes.size(),
                                          std::vector<Value>(plan_.processes.size(), lang::none));
  for (std::size_t table = 0; table < plan_.processes.size(); ++table) {
    const bool used =
        std::any_of(plan_.kqueues.begin(), plan_.kqueues.end(),
                    [&](const KernelPlan::Kqueue& kqueue) { return kqueue.process == table; });
    for (std::size_t pid = 0; used && pid < plan_.processes.size(); ++pid) {
      names.push_back("fd." + plan_.processes[table].name + ".fd_knhash[" +
                      plan_.processes[pid].name + "]");
      tables.push_back(static_cast<Value>(table) + 1);
      buckets[pid][table] = static_cast<Value>(names.size());
    }
  }
  bucket_pool = spec_.pool("bucket", names, false);
  bucket_fdp =
      spec_.constant_field(bucket_pool, "fdp", spec_.pools()[filedesc_pool].reference, tables);
  for (std::size_t pid = 0; pid < plan_.processes.size(); ++pid)
    fd_buckets.push_back(spec_.constant_field(filedesc_pool,
                                              "fd_knhash[" + plan_.processes[pid].name + "]",
                                              spec_.pools()[bucket_pool].reference, buckets[pid]));
}

void Kernel::declare_kqueues() {
  declare_buckets();
  std::vector<std::string> names;
  std::vector<std::string> descriptors;
  std::vector<Value> tables;
  for (const KernelPlan::Kqueue& kqueue : plan_.kqueues) {
    names.push_back(kqueue.name);
    descriptors.push_back("fd." + kqueue.name);
    tables.push_back(static_cast<Value>(kqueue.process) + 1);
  }
  kqueue_pool = spec_.pool("kqueue", names, true);
  descriptor_pool = spec_.pool("descriptor", descriptors, false);
  const auto most = static_cast<Value>(plan_.knotes);
  kq_count = spec_.field(kqueue_pool, "kq_count", lang::integer_type(0, 2 * most), 0);
  kq_closing = spec_.field(kqueue_pool, "KQ_CLOSING", lang::boolean_type(), 0);
  kq_restart = spec_.field(kqueue_pool, "KQ_RESTART", lang::boolean_type(), 0);
  kq_lock = spec_.constant_field(kqueue_pool, "kq_lock",
                                 locks_.reference_type(spec_, LockKind::spin_mutex), kq_locks_);
  kq_cv = spec_.constant_field(kqueue_pool, "kq_cv",
                               locks_.reference_type(spec_, LockKind::condition_variable), kq_cvs_);
  kq_fdp =
      spec_.constant_field(kqueue_pool, "kq_fdp", spec_.pools()[filedesc_pool].reference, tables);
  ff_open = spec_.field(descriptor_pool, "ff_file", lang::boolean_type(), 1);
  ff_refcnt = spec_.field(descriptor_pool, "ff_refcnt",
                          lang::integer_type(0, static_cast<Value>(plan_.threads.size())), 0);
  ff_closing = spec_.field(descriptor_pool, "FR_CLOSING", lang::boolean_type(), 0);
  ff_closing_cv =
      spec_.constant_field(descriptor_pool, "ff_closing",
                           locks_.reference_type(spec_, LockKind::condition_variable), ff_cvs_);
  for (std::uint32_t i = 0; i < names.size(); ++i)
    spec_.set_initial(*spec_.pools()[kqueue_pool].allocated, i, 1);
}

void Kernel::declare_knotes() {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < plan_.knotes; ++i)
    names.push_back("knote" + std::to_string(i));
  for (std::size_t t = 0; t < plan_.threads.size(); ++t)
    if (plan_.threads[t].scans) {
      markers_[static_cast<lang::ThreadId>(t)] = static_cast<std::uint32_t>(names.size());
      names.push_back("marker." + plan_.threads[t].name);
    }
  knote_pool = spec_.pool("knote", names, true);
  const TypeRef knote = spec_.pools()[knote_pool].reference;
  kn_kq = spec_.field(knote_pool, "kn_kq", spec_.pools()[kqueue_pool].reference, lang::none);
  kn_id = spec_.field(knote_pool, "kn_id", spec_.pools()[pid_pool].reference, lang::none);
  kn_obj = spec_.field(knote_pool, "kn_obj", spec_.pools()[proc_pool].reference, lang::none);
  kn_fop = spec_.field(knote_pool, "kn_fop", types_.fop, 0);
  kn_status = spec_.field(knote_pool, "kn_status", types_.status, 0);
  kn_flags = spec_.field(knote_pool, "kn_flags", types_.flags, 0);
  kn_sfflags = spec_.field(knote_pool, "kn_sfflags", types_.note, 0);
  kn_fflags = spec_.field(knote_pool, "kn_fflags", types_.note, 0);
  kn_data = spec_.field(knote_pool, "kn_data", types_.data, 0);
  kn_udata = spec_.field(knote_pool, "udata", types_.udata, 0);
  if (plan_.in_flux) {
    kn_influx = spec_.field(knote_pool, "kn_influx",
                            lang::integer_type(0, static_cast<Value>(plan_.threads.size())), 0);
    kn_claimed_in_flux = spec_.field(knote_pool, "claimed_in_flux", lang::boolean_type(), 0);
    spec_.set_ghost(kn_claimed_in_flux);
  }
  const auto all = static_cast<std::uint32_t>(names.size());
  p_klist = spec_.field_list(proc_pool, "p_klist", knote, static_cast<std::uint32_t>(plan_.knotes));
  fd_knhash =
      spec_.field_list(bucket_pool, "knotes", knote, static_cast<std::uint32_t>(plan_.knotes));
  kq_head = spec_.field_list(kqueue_pool, "kq_head", knote, all);
  // Markers live on the stacks of the scanning threads: they always exist.
  for (const auto& [thread, object] : markers_) {
    spec_.set_initial(*spec_.pools()[knote_pool].allocated, object, 1);
    spec_.set_initial(kn_status, object, lang::parse_value(*types_.status, "KN_MARKER"));
  }
}

void Kernel::protect() {
  const auto kq_lock_of_kqueue = [this](const Expr& kq) {
    return Kqueue(*this, kq).kq_lock().reference;
  };
  const auto kq_lock_of_knote = [this](const Expr& kn) {
    return Knote(*this, kn).kn_kq().kq_lock().reference;
  };
  const auto the_proc_lock = [this](const Expr&) { return proc_lock().reference; };
  for (const VariableId field : {kq_count, kq_restart, kq_head})
    spec_.set_guard(field, kq_lock_of_kqueue);
  for (const VariableId field : {kn_status, kn_fflags, kn_flags})
    spec_.set_guard(field, kq_lock_of_knote);
  if (plan_.in_flux)
    spec_.set_guard(kn_influx, kq_lock_of_knote);
  if (plan_.kn_data_under_kq_lock)
    spec_.set_guard(kn_data, kq_lock_of_knote);
  const auto p_lock_of_proc = [this](const Expr& p) { return Proc(*this, p).p_lock().reference; };
  if (plan_.p_klist_under_p_lock)
    spec_.set_guard(p_klist, p_lock_of_proc);
  for (const VariableId field : {p_nlwps, p_nzlwps, p_nrlwps})
    spec_.set_guard(field, p_lock_of_proc);
  for (const VariableId field : {fd_knhash_allocated, fd_knhashmask})
    spec_.set_guard(field,
                    [this](const Expr& fdp) { return Filedesc(*this, fdp).fd_lock().reference; });
  spec_.set_guard(fd_knhash, [this](const Expr& bucket) {
    return Filedesc(*this, spec_.read(bucket_fdp, bucket)).fd_lock().reference;
  });
  // KQ_CLOSING is written with fd_lock and kq_lock held and may be read with either: the fd_lock is
  // what all its readers hold.
  spec_.set_guard(kq_closing, [this](const Expr& kq) {
    return Kqueue(*this, kq).kq_fdp().fd_lock().reference;
  });
  for (const VariableId field : {p_pptr, pid_proc})
    spec_.set_guard(field, the_proc_lock);
  if (plan_.procs > 1)
    spec_.set_guard(p_children, the_proc_lock);
  for (const VariableId field : {kn_kq, kn_id, kn_obj, kn_fop, p_pid, l_proc, l_fd})
    spec_.set_write_once(field);
}

Knote Kernel::marker(lang::ThreadId thread) const {
  return {*this, spec_.object(knote_pool, markers_.at(thread))};
}

Expr Kernel::udata_of(lang::ThreadId thread) const {
  return udata("lwp(" + plan_.threads.at(thread).name + ")");
}

} // namespace interlock::states
