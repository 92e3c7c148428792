// Declaration of NetBSD's objects; see netbsd.hpp.
#include "states/netbsd.hpp"

#include <algorithm>

namespace interlock::states::netbsd {

namespace {
const KernelWords words{
    {"KN_ACTIVE", "KN_QUEUED", "KN_DISABLED", "KN_DETACHED", "KN_MARKER", "KN_BUSY",
     "KN_WILLDETACH"},
    {"EV_ONESHOT", "EV_CLEAR", "EV_EOF", "EV_DISPATCH"},
    {"SIDL", "SACTIVE", "SDYING", "SDEAD", "SZOMB"},
    "SACTIVE",
    true,
};
} // namespace

// --- handles: each is made with a NetBSD kernel, so that the casts back to it are sound ---

Proc::Proc(const netbsd::Kernel& kernel, Expr reference)
    : states::Proc(kernel, std::move(reference)) {}
const Kernel& Proc::kernel() const { return static_cast<const Kernel&>(Object::kernel()); }
Expr Proc::p_nlwps() const { return field(kernel().p_nlwps); }
Expr Proc::p_nzlwps() const { return field(kernel().p_nzlwps); }
Expr Proc::p_nrlwps() const { return field(kernel().p_nrlwps); }
Expr Proc::ppwait() const { return field(kernel().ppwait); }
Expr Proc::p_vforklwp() const { return field(kernel().p_vforklwp); }
Expr Proc::p_sigpend() const { return field(kernel().p_sigpend); }
Lock Proc::p_lock() const { return lock(kernel().p_lock, LockKind::adaptive_mutex); }
Lock Proc::p_reflock() const { return lock(kernel().p_reflock, LockKind::rwlock); }
Lock Proc::p_waitcv() const { return lock(kernel().p_waitcv, LockKind::condition_variable); }

Kqueue::Kqueue(const netbsd::Kernel& kernel, Expr reference)
    : states::Kqueue(kernel, std::move(reference)) {}
const Kernel& Kqueue::kernel() const { return static_cast<const Kernel&>(Object::kernel()); }
Expr Kqueue::kq_closing() const { return field(kernel().kq_closing); }
Expr Kqueue::kq_restart() const { return field(kernel().kq_restart); }
Lock Kqueue::kq_lock() const { return lock(kernel().kq_lock, LockKind::spin_mutex); }
Lock Kqueue::kq_cv() const { return lock(kernel().kq_cv, LockKind::condition_variable); }
Filedesc Kqueue::kq_fdp() const { return {kernel(), field(kernel().kq_fdp)}; }

Knote::Knote(const netbsd::Kernel& kernel, Expr reference)
    : states::Knote(kernel, std::move(reference)) {}
const Kernel& Knote::kernel() const { return static_cast<const Kernel&>(Object::kernel()); }
Kqueue Knote::kn_kq() const { return {kernel(), field(kernel().kn_kq)}; }
Proc Knote::kn_obj() const { return {kernel(), field(kernel().kn_obj)}; }
Expr Knote::kn_fop() const { return field(kernel().kn_fop); }
Expr Knote::kn_influx() const { return field(kernel().kn_influx); }

Filedesc::Filedesc(const netbsd::Kernel& kernel, Expr reference)
    : Object(kernel, std::move(reference)) {}
const Kernel& Filedesc::kernel() const { return static_cast<const Kernel&>(Object::kernel()); }
Lock Filedesc::fd_lock() const { return lock(kernel().fd_lock, LockKind::adaptive_mutex); }
Expr Filedesc::fd_knhash() const { return field(kernel().fd_knhash); }
Expr Filedesc::fd_knhashmask() const { return field(kernel().fd_knhashmask); }

Expr Filedesc::bucket(const Expr& pid) const {
  if (pid.is_literal())
    return field(kernel().fd_buckets.at(static_cast<std::size_t>(pid.node().value - 1)));
  Expr found = kernel().spec().nothing(kernel().bucket_pool);
  for (std::size_t i = kernel().fd_buckets.size(); i-- > 0;)
    found = lang::choose(pid == kernel().pid(i).ref(), field(kernel().fd_buckets[i]), found);
  return found;
}

Descriptor::Descriptor(const netbsd::Kernel& kernel, Expr reference)
    : states::Descriptor(kernel, std::move(reference)) {}
const Kernel& Descriptor::kernel() const { return static_cast<const Kernel&>(Object::kernel()); }
Expr Descriptor::ff_refcnt() const { return field(kernel().ff_refcnt); }
Expr Descriptor::ff_closing() const { return field(kernel().ff_closing); }
Lock Descriptor::ff_closing_cv() const {
  return lock(kernel().ff_closing_cv, LockKind::condition_variable);
}

Lwp::Lwp(const netbsd::Kernel& kernel, Expr reference) : Object(kernel, std::move(reference)) {}
const Kernel& Lwp::kernel() const { return static_cast<const Kernel&>(Object::kernel()); }
Filedesc Lwp::l_fd() const { return {kernel(), field(kernel().l_fd)}; }
Lock Lwp::l_mutex() const { return lock(kernel().l_mutex, LockKind::spin_mutex); }
Expr Lwp::l_vforkwaiting() const { return field(kernel().l_vforkwaiting); }
Lock Lwp::l_waitcv() const { return lock(kernel().l_waitcv, LockKind::condition_variable); }

// --- the kernel ---

Kernel::Kernel(SpecBuilder& spec, const KernelPlan& plan, const Features& features)
    : states::Kernel(spec, plan), features_(features) {
  add_locks();
  locks_.declare(spec_);
  declare_types(words);
  declare_processes(words);
  if (features_.group) {
    declare_group();
    p_sigpend = spec_.field(proc_pool, "p_sigpend", lang::boolean_type(), 0);
  }
  declare_tables();
  declare_lwps();
  declare_vfork();
  declare_kqueues(name_buckets(), "ff_file");
  declare_buckets();
  declare_descriptors();
  declare_knotes();
  fop_ = lang::enumeration_type("filterops", {"NULL", "proc_filtops"});
  kn_fop = spec_.field(knote_pool, "kn_fop", fop_, 0);
  if (features_.in_flux) {
    kn_influx = spec_.field(knote_pool, "kn_influx",
                            lang::integer_type(0, static_cast<Value>(plan_.threads.size())), 0);
    kn_claimed_in_flux = spec_.field(knote_pool, "claimed_in_flux", lang::boolean_type(), 0);
    spec_.set_ghost(kn_claimed_in_flux);
  }
  protect();
}

void Kernel::add_locks() {
  const auto add = [&](LockKind kind, const char* name, const std::string& owner) {
    return LockTable::value(locks_.add(kind, name, owner + "." + name));
  };
  proc_lock_ = locks_.add(LockKind::adaptive_mutex, "proc_lock", "proc_lock");
  filter_lock_ = locks_.add(LockKind::rwlock, "kqueue_filter_lock", "kqueue_filter_lock");
  if (features_.kernel_lock)
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
  if (features_.vfork && features_.vfork_in_lwp)
    for (const KernelPlan::Thread& thread : plan_.threads)
      l_waitcvs_.push_back(add(LockKind::condition_variable, "l_waitcv", thread.name));
}

void Kernel::declare_tables() {
  std::vector<std::string> names;
  for (const KernelPlan::Process& process : plan_.processes)
    names.push_back("fd." + process.name);
  filedesc_pool = spec_.pool("filedesc", names, lang::Lifetime::permanent);
  p_lock = lock_field(proc_pool, "p_lock", LockKind::adaptive_mutex, p_locks_);
  p_reflock = lock_field(proc_pool, "p_reflock", LockKind::rwlock, p_reflocks_);
  p_waitcv = lock_field(proc_pool, "p_waitcv", LockKind::condition_variable, p_waitcvs_);
  fd_lock = lock_field(filedesc_pool, "fd_lock", LockKind::adaptive_mutex, fd_locks_);
  fd_knhash = spec_.field(filedesc_pool, "fd_knhash", lang::boolean_type(), 0);
  fd_knhashmask = spec_.field(filedesc_pool, "fd_knhashmask", lang::integer_type(0, 1), 0);
}

// The lwps of the processes that exist at the start run.
void Kernel::declare_lwps() {
  const TypeRef count = lang::integer_type(0, static_cast<Value>(plan_.threads.size()));
  p_nlwps = spec_.field(proc_pool, "p_nlwps", count, 0);
  p_nzlwps = spec_.field(proc_pool, "p_nzlwps", count, 0);
  p_nrlwps = spec_.field(proc_pool, "p_nrlwps", count, 0);
  l_fd = spec_.field(lang::thread_pool, "l_fd", spec_.pools()[filedesc_pool].reference, lang::none);
  l_mutex = lock_field(lang::thread_pool, "l_mutex", LockKind::spin_mutex, lwp_locks_);
  std::uint32_t slot = 0;
  for (std::size_t process = 0; process < plan_.processes.size(); ++process) {
    if (plan_.processes[process].parent)
      continue;
    Value lwps = 0;
    for (std::uint32_t t = 0; t < plan_.threads.size(); ++t)
      if (plan_.threads[t].process == process) {
        spec_.set_initial(l_fd, t, static_cast<Value>(process) + 1);
        ++lwps;
      }
    spec_.set_initial(p_nlwps, slot, lwps);
    spec_.set_initial(p_nrlwps, slot, lwps);
    ++slot;
  }
}

// Only the tables that hold a kqueue need a hash.
std::vector<std::string> Kernel::name_buckets() {
  std::vector<std::string> names;
  buckets_of_pids_.assign(plan_.processes.size(),
                          std::vector<Value>(plan_.processes.size(), lang::none));
  for (std::size_t table = 0; table < plan_.processes.size(); ++table) {
    const bool used =
        std::any_of(plan_.kqueues.begin(), plan_.kqueues.end(),
                    [&](const KernelPlan::Kqueue& kqueue) { return kqueue.process == table; });
    for (std::size_t pid = 0; used && pid < plan_.processes.size(); ++pid) {
      names.push_back("fd." + plan_.processes[table].name + ".fd_knhash[" +
                      plan_.processes[pid].name + "]");
      tables_of_buckets_.push_back(static_cast<Value>(table) + 1);
      buckets_of_pids_[pid][table] = static_cast<Value>(names.size());
    }
  }
  return names;
}

void Kernel::declare_vfork() {
  if (!features_.vfork)
    return;
  ppwait = spec_.field(proc_pool, "PL_PPWAIT", lang::boolean_type(), 0);
  std::vector<VariableId> fields{ppwait};
  if (features_.vfork_in_lwp) {
    p_vforklwp = spec_.field(proc_pool, "p_vforklwp", spec_.pools()[lang::thread_pool].reference,
                             lang::none);
    l_vforkwaiting = spec_.field(lang::thread_pool, "l_vforkwaiting", lang::boolean_type(), 0);
    l_waitcv = lock_field(lang::thread_pool, "l_waitcv", LockKind::condition_variable, l_waitcvs_);
    fields.insert(fields.end(), {p_vforklwp, l_vforkwaiting});
  }
  for (const VariableId field : fields)
    spec_.set_guard(field, [this](const Expr&) { return proc_lock().reference; });
}

void Kernel::declare_buckets() {
  bucket_fdp = spec_.constant_field(bucket_pool, "fdp", spec_.pools()[filedesc_pool].reference,
                                    tables_of_buckets_);
  for (std::size_t pid = 0; pid < plan_.processes.size(); ++pid)
    fd_buckets.push_back(
        spec_.constant_field(filedesc_pool, "fd_knhash[" + plan_.processes[pid].name + "]",
                             spec_.pools()[bucket_pool].reference, buckets_of_pids_[pid]));
}

void Kernel::declare_descriptors() {
  std::vector<Value> tables;
  for (const KernelPlan::Kqueue& kqueue : plan_.kqueues)
    tables.push_back(static_cast<Value>(kqueue.process) + 1);
  kq_closing = spec_.field(kqueue_pool, "KQ_CLOSING", lang::boolean_type(), 0);
  kq_restart = spec_.field(kqueue_pool, "KQ_RESTART", lang::boolean_type(), 0);
  kq_lock = lock_field(kqueue_pool, "kq_lock", LockKind::spin_mutex, kq_locks_);
  kq_cv = lock_field(kqueue_pool, "kq_cv", LockKind::condition_variable, kq_cvs_);
  kq_fdp =
      spec_.constant_field(kqueue_pool, "kq_fdp", spec_.pools()[filedesc_pool].reference, tables);
  ff_refcnt = spec_.field(descriptor_pool, "ff_refcnt",
                          lang::integer_type(0, static_cast<Value>(plan_.threads.size())), 0);
  ff_closing = spec_.field(descriptor_pool, "FR_CLOSING", lang::boolean_type(), 0);
  ff_closing_cv = lock_field(descriptor_pool, "ff_closing", LockKind::condition_variable, ff_cvs_);
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
  if (features_.in_flux)
    spec_.set_guard(kn_influx, kq_lock_of_knote);
  if (features_.kn_data_under_kq_lock)
    spec_.set_guard(kn_data, kq_lock_of_knote);
  const auto p_lock_of_proc = [this](const Expr& p) { return Proc(*this, p).p_lock().reference; };
  if (features_.p_klist_under_p_lock)
    spec_.set_guard(p_klist, p_lock_of_proc);
  for (const VariableId field : {p_nlwps, p_nzlwps, p_nrlwps})
    spec_.set_guard(field, p_lock_of_proc);
  for (const VariableId field : {fd_knhash, fd_knhashmask})
    spec_.set_guard(field,
                    [this](const Expr& fdp) { return Filedesc(*this, fdp).fd_lock().reference; });
  spec_.set_guard(knhash, [this](const Expr& bucket) {
    return Filedesc(*this, spec_.read(bucket_fdp, bucket)).fd_lock().reference;
  });
  // KQ_CLOSING is written with fd_lock and kq_lock held and may be read with either: the fd_lock is
  // what all its readers hold.
  spec_.set_guard(kq_closing, [this](const Expr& kq) {
    return Kqueue(*this, kq).kq_fdp().fd_lock().reference;
  });
  for (const VariableId field : {p_pptr, pid_proc})
    spec_.set_guard(field, the_proc_lock);
  spec_.set_guard(p_children, the_proc_lock);
  if (group() != nullptr) {
    spec_.set_guard(group()->pg_members, the_proc_lock);
    spec_.set_guard(p_sigpend, p_lock_of_proc);
  }
  for (const VariableId field : {kn_kq, kn_id, kn_obj, kn_fop, p_pid, l_proc, l_fd})
    spec_.set_write_once(field);
}

} // namespace interlock::states::netbsd
