// Declaration of FreeBSD's objects; see freebsd.hpp.
#include "states/freebsd.hpp"

namespace interlock::states::freebsd {

namespace {
const KernelWords words{
    {"KN_ACTIVE", "KN_QUEUED", "KN_DISABLED", "KN_DETACHED", "KN_INFLUX", "KN_MARKER", "KN_SCAN"},
    {"EV_ONESHOT", "EV_CLEAR", "EV_EOF", "EV_DROP", "EV_DISPATCH"},
    {"PRS_NEW", "PRS_NORMAL", "PRS_ZOMBIE"},
    "PRS_NORMAL",
    false,
    "p_state",
};
} // namespace

// --- handles: each is made with a FreeBSD kernel, so that the casts back to it are sound ---

Proc::Proc(const freebsd::Kernel& kernel, Expr reference)
    : states::Proc(kernel, std::move(reference)) {}
const Kernel& Proc::kernel() const { return static_cast<const Kernel&>(Object::kernel()); }
Expr Proc::p_wexit() const { return field(kernel().p_wexit); }
Expr Proc::on_zombproc() const { return field(kernel().p_zombproc); }
Expr Proc::p_siglist() const { return field(kernel().p_siglist); }
Expr Proc::p_ppwait() const { return field(kernel().p_ppwait); }
Expr Proc::kl_lock() const { return field(kernel().kl_lock); }
Lock Proc::p_mtx() const { return lock(kernel().p_mtx, LockKind::mtx); }
Lock Proc::wait_channel() const { return lock(kernel().wait_channel, LockKind::sleep_channel); }
Lock Proc::p_pwait() const { return lock(kernel().p_pwait, LockKind::sleep_channel); }
Lock Proc::pause_channel() const { return lock(kernel().pause_channel, LockKind::sleep_channel); }

Kqueue::Kqueue(const freebsd::Kernel& kernel, Expr reference)
    : states::Kqueue(kernel, std::move(reference)) {}
const Kernel& Kqueue::kernel() const { return static_cast<const Kernel&>(Object::kernel()); }
Expr Kqueue::kq_fluxwait() const { return field(kernel().kq_fluxwait); }
Expr Kqueue::kq_sleep() const { return field(kernel().kq_sleep); }
Lock Kqueue::kq_lock() const { return lock(kernel().kq_lock, LockKind::mtx); }
Lock Kqueue::channel() const { return lock(kernel().kq_channel, LockKind::sleep_channel); }

Expr Kqueue::bucket(const Expr& pid) const {
  if (pid.is_literal())
    return field(kernel().kq_buckets.at(static_cast<std::size_t>(pid.node().value - 1)));
  Expr found = kernel().spec().nothing(kernel().bucket_pool);
  for (std::size_t i = kernel().kq_buckets.size(); i-- > 0;)
    found = lang::choose(pid == kernel().pid(i).ref(), field(kernel().kq_buckets[i]), found);
  return found;
}

Knote::Knote(const freebsd::Kernel& kernel, Expr reference)
    : states::Knote(kernel, std::move(reference)) {}
const Kernel& Knote::kernel() const { return static_cast<const Kernel&>(Object::kernel()); }
Kqueue Knote::kn_kq() const { return {kernel(), field(kernel().kn_kq)}; }
Proc Knote::kn_obj() const { return {kernel(), field(kernel().kn_obj)}; }
Proc Knote::kn_knlist() const { return {kernel(), field(kernel().kn_knlist)}; }

Descriptor::Descriptor(const freebsd::Kernel& kernel, Expr reference)
    : states::Descriptor(kernel, std::move(reference)) {}
const Kernel& Descriptor::kernel() const { return static_cast<const Kernel&>(Object::kernel()); }
Expr Descriptor::f_count() const { return field(kernel().f_count); }

// --- the kernel ---

Kernel::Kernel(SpecBuilder& spec, const KernelPlan& plan, const Features& features)
    : states::Kernel(spec, plan) {
  add_locks(features);
  locks_.declare(spec_);
  sq_lock = spec_.field(locks_.pool(LockKind::sleep_channel), "sq_lock",
                        locks_.reference_type(spec_, LockKind::mtx), lang::none);
  declare_types(words);
  declare_processes(words);
  declare_proc_fields();
  if (features.group)
    declare_group();
  declare_kqueues(bucket_names(), "fd_ofiles");
  declare_buckets();
  f_count = spec_.field(descriptor_pool, "f_count",
                        lang::integer_type(0, static_cast<Value>(plan_.threads.size()) + 1), 1);
  declare_knotes({"marker"}, "p_proc");
  kn_knlist = spec_.field(knote_pool, "kn_knlist", spec_.pools()[proc_pool].reference, lang::none);
  protect();
  order_proc_locks();
}

Lock Kernel::fd_sx(std::size_t process) const {
  return locks_.lock(spec_, LockKind::sx, fd_sxs_.at(process));
}

Expr Kernel::kqueue_is_referred(std::size_t i) const { return descriptor(i).f_count() != 0; }

void Kernel::add_locks(const Features& features) {
  const auto add = [&](LockKind kind, const char* name, const std::string& owner) {
    return LockTable::value(locks_.add(kind, name, owner + "." + name));
  };
  proctree_lock_ = locks_.add(LockKind::sx, "proctree_lock", "proctree_lock");
  allproc_lock_ = locks_.add(LockKind::sx, "allproc_lock", "allproc_lock");
  for (const KernelPlan::Process& process : plan_.processes)
    fd_sxs_.push_back(locks_.add(LockKind::sx, "fd_sx", "fd." + process.name + ".fd_sx"));
  for (std::size_t i = 0; i < plan_.procs; ++i) {
    const std::string proc = "proc" + std::to_string(i);
    p_mtxs_.push_back(add(LockKind::mtx, "p_mtx", proc));
    wait_channels_.push_back(add(LockKind::sleep_channel, "proc", proc));
    pause_channels_.push_back(add(LockKind::sleep_channel, "p_sigacts", proc));
    p_pwaits_.push_back(add(LockKind::sleep_channel, "p_pwait", proc));
  }
  for (const KernelPlan::Kqueue& kqueue : plan_.kqueues) {
    kq_locks_.push_back(add(LockKind::mtx, "kq_lock", kqueue.name));
    kq_channels_.push_back(add(LockKind::sleep_channel, "kq", kqueue.name));
  }
  if (features.group) // behind those of struct proc: see order_proc_locks()
    pg_mtx_ = locks_.add(LockKind::mtx, "pg_mtx", "pgrp0.pg_mtx");
}

void Kernel::declare_proc_fields() {
  p_wexit = spec_.field(proc_pool, "P_WEXIT", lang::boolean_type(), 0);
  p_zombproc = spec_.field(proc_pool, "on_zombproc", lang::boolean_type(), 0);
  p_siglist = spec_.field(proc_pool, "p_siglist", lang::boolean_type(), 0);
  p_ppwait = spec_.field(proc_pool, "P_PPWAIT", lang::boolean_type(), 0);
  kl_lock = spec_.field(proc_pool, "kl_lock", lang::boolean_type(), 0);
  p_mtx = lock_field(proc_pool, "p_mtx", LockKind::mtx, p_mtxs_);
  wait_channel = lock_field(proc_pool, "proc", LockKind::sleep_channel, wait_channels_);
  pause_channel = lock_field(proc_pool, "p_sigacts", LockKind::sleep_channel, pause_channels_);
  p_pwait = lock_field(proc_pool, "p_pwait", LockKind::sleep_channel, p_pwaits_);
  if (plan_.init) // no path asks for it, but a patch that stands for new C may
    spec_.constant_field(proc_pool, "p_reaper", spec_.pools()[proc_pool].reference,
                         std::vector<Value>(plan_.procs, initproc_ref().node().value));
  std::uint32_t slot = 0;
  for (const KernelPlan::Process& process : plan_.processes)
    if (!process.parent)
      spec_.set_initial(kl_lock, slot++, 1);
}

std::vector<std::string> Kernel::bucket_names() const {
  std::vector<std::string> names;
  for (const KernelPlan::Kqueue& kqueue : plan_.kqueues)
    for (const KernelPlan::Process& process : plan_.processes)
      names.push_back(kqueue.name + ".kq_knhash[" + process.name + "]");
  return names;
}

void Kernel::declare_buckets() {
  const std::size_t pids = plan_.processes.size();
  std::vector<Value> kqueues;
  for (std::size_t i = 0; i < plan_.kqueues.size() * pids; ++i)
    kqueues.push_back(static_cast<Value>(i / pids) + 1);
  bucket_kq =
      spec_.constant_field(bucket_pool, "kq", spec_.pools()[kqueue_pool].reference, kqueues);
  for (std::size_t pid = 0; pid < pids; ++pid) {
    std::vector<Value> buckets;
    for (std::size_t kqueue = 0; kqueue < plan_.kqueues.size(); ++kqueue)
      buckets.push_back(static_cast<Value>(kqueue * pids + pid) + 1);
    kq_buckets.push_back(spec_.constant_field(kqueue_pool,
                                              "kq_knhash[" + plan_.processes[pid].name + "]",
                                              spec_.pools()[bucket_pool].reference, buckets));
  }
  kq_fluxwait = spec_.field(kqueue_pool, "KQ_FLUXWAIT", lang::boolean_type(), 0);
  kq_sleep = spec_.field(kqueue_pool, "KQ_SLEEP", lang::boolean_type(), 0);
  kq_lock = lock_field(kqueue_pool, "kq_lock", LockKind::mtx, kq_locks_);
  kq_channel = lock_field(kqueue_pool, "kq", LockKind::sleep_channel, kq_channels_);
}

// sys/proc.h says which lock protects which field of struct proc: c the p_mtx, d allproc_lock,
// e proctree_lock, m the pg_mtx.
void Kernel::protect() {
  const auto kq_lock_of = [this](const Expr& kq) { return Kqueue(*this, kq).kq_lock().reference; };
  const auto p_mtx_of = [this](const Expr& p) { return Proc(*this, p).p_mtx().reference; };
  for (const VariableId field : {kq_count, kq_head, kq_fluxwait, kq_sleep})
    spec_.set_guard(field, kq_lock_of);
  spec_.set_guard(kn_status, [this, kq_lock_of](const Expr& kn) {
    return kq_lock_of(Knote(*this, kn).kn_kq().ref());
  });
  spec_.set_guard(knhash, [this, kq_lock_of](const Expr& bucket) {
    return kq_lock_of(spec_.read(bucket_kq, bucket));
  });
  for (const VariableId field : {p_stat_field, p_pptr, p_wexit, p_siglist, p_ppwait, p_klist})
    spec_.set_guard(field, p_mtx_of);
  for (const VariableId field : {pid_proc, p_zombproc})
    spec_.set_guard(field, [this](const Expr&) { return allproc_lock().reference; });
  if (group() != nullptr)
    spec_.set_guard(group()->pg_members, [this](const Expr&) { return pg_mtx().reference; });
  spec_.set_guard(p_children, [this](const Expr&) { return proctree_lock().reference; });
  for (const VariableId field : {kn_kq, kn_id, p_pid, l_proc})
    spec_.set_write_once(field);
}

void Kernel::order_proc_locks() {
  // The locks are declared in the order of the procs, before all other mutexes.
  const auto proc_of = [this](const Expr& p_mtx) {
    return Proc(*this, spec_.object(proc_pool, static_cast<std::uint32_t>(p_mtx.node().value - 1)));
  };
  spec_.nesting("p_mtx", proc_lock_rule, [&](const Expr& held, const Expr& taken) {
    const Proc first = proc_of(held);
    return spec_.is_allocated(first.ref()) &&
           (first.p_pptr() == proc_of(taken).ref() || first.p_stat() == p_stat("PRS_NEW"));
  });
}

} // namespace interlock::states::freebsd
