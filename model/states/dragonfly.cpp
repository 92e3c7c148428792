// Declaration of DragonFly's objects; see dragonfly.hpp.
#include "states/dragonfly.hpp"

namespace interlock::states::dragonfly {

namespace {

const KernelWords words{
    {"KN_ACTIVE", "KN_QUEUED", "KN_DISABLED", "KN_DETACHED", "KN_MARKER", "KN_REPROCESS",
     "KN_DELETING", "KN_PROCESSING", "KN_WAITING"},
    {"EV_ONESHOT", "EV_CLEAR", "EV_EOF", "EV_DISPATCH"},
    {"SIDL", "SACTIVE", "SZOMB"},
    "SACTIVE",
    false,
};

// The deepest nesting is a fork that registers the child: both processes, the parent's knote list,
// the kqueue and the mplock twice, the child again, its knote list.
constexpr std::uint32_t deepest_stack = 9;
constexpr std::uint32_t deepest_stack_without_kqueue = 4;

} // namespace

// --- handles: each is made with a DragonFly kernel, so that the casts back to it are sound ---

Proc::Proc(const dragonfly::Kernel& kernel, Expr reference)
    : states::Proc(kernel, std::move(reference)) {}
const Kernel& Proc::kernel() const { return static_cast<const Kernel&>(Object::kernel()); }
Expr Proc::p_flags() const { return field(kernel().p_flags_field); }
Expr Proc::has_flag(const char* flag) const { return (p_flags() & kernel().p_flags(flag)) != 0; }
Expr Proc::p_lock() const { return field(kernel().p_lock); }
Expr Proc::plock_zomb() const { return field(kernel().plock_zomb); }
Expr Proc::plock_waiting() const { return field(kernel().plock_waiting); }
Expr Proc::p_waitgen() const { return field(kernel().p_waitgen); }
Expr Proc::p_nthreads() const { return field(kernel().p_nthreads); }
Expr Proc::p_lwp_tree() const { return field(kernel().p_lwp_tree); }
Expr Proc::td_exiting() const { return field(kernel().td_exiting); }
Expr Proc::p_siglist() const { return field(kernel().p_siglist); }
Lock Proc::p_token() const { return lock(kernel().p_token, LockKind::token); }
Lock Proc::klist_token() const { return lock(kernel().klist_token, LockKind::token); }
Lock Proc::p_channel() const { return lock(kernel().p_channel, LockKind::sleep_channel); }
Lock Proc::p_lock_channel() const { return lock(kernel().p_lock_channel, LockKind::sleep_channel); }
Lock Proc::p_nthreads_channel() const {
  return lock(kernel().p_nthreads_channel, LockKind::sleep_channel);
}

Kqueue::Kqueue(const dragonfly::Kernel& kernel, Expr reference)
    : states::Kqueue(kernel, std::move(reference)) {}
const Kernel& Kqueue::kernel() const { return static_cast<const Kernel&>(Object::kernel()); }
Expr Kqueue::kq_sleep() const { return field(kernel().kq_sleep); }
Expr Kqueue::kq_knlist() const { return field(kernel().kq_knlist); }
Lock Kqueue::kq_token() const { return lock(kernel().kq_token, LockKind::token); }
Lock Kqueue::kq_channel() const { return lock(kernel().kq_channel, LockKind::sleep_channel); }

Knote::Knote(const dragonfly::Kernel& kernel, Expr reference)
    : states::Knote(kernel, std::move(reference)) {}
const Kernel& Knote::kernel() const { return static_cast<const Kernel&>(Object::kernel()); }
Kqueue Knote::kn_kq() const { return {kernel(), field(kernel().kn_kq)}; }
Proc Knote::kn_ptr() const { return {kernel(), field(kernel().kn_obj)}; }
Lock Knote::kn_channel() const { return lock(kernel().kn_channel, LockKind::sleep_channel); }

Descriptor::Descriptor(const dragonfly::Kernel& kernel, Expr reference)
    : states::Descriptor(kernel, std::move(reference)) {}
const Kernel& Descriptor::kernel() const { return static_cast<const Kernel&>(Object::kernel()); }
Expr Descriptor::f_count() const { return field(kernel().f_count); }

// --- the kernel ---

Kernel::Kernel(SpecBuilder& spec, const KernelPlan& plan, const Features& features)
    : states::Kernel(spec, plan), features_(features) {
  add_locks();
  locks_.declare(spec_);
  tokens_.declare(spec_, locks_, features_.kqueue ? deepest_stack : deepest_stack_without_kqueue);
  declare_types(words);
  declare_processes(words);
  declare_procs();
  std::vector<std::string> buckets;
  for (const KernelPlan::Kqueue& kqueue : plan_.kqueues)
    buckets.push_back(kqueue.name + ".kq_knlist");
  declare_kqueues(buckets, "fd_file");
  declare_knotes({"marker", "local_marker"});
  declare_kqueue_fields();
  start();
  protect();
}

void Kernel::add_locks() {
  const auto add = [&](LockKind kind, const char* name, const std::string& owner) {
    return LockTable::value(locks_.add(kind, name, owner + "." + name));
  };
  proc_token_ = locks_.add(LockKind::token, "proc_token", "proc_token");
  pg_token_ = locks_.add(LockKind::token, "pg_token", "pgrp0.pg_token");
  locks_.add(LockKind::lockmgr, "pg_lock", "pgrp0.pg_lock");
  if (features_.kqueue)
    mp_token_ = locks_.add(LockKind::token, "mp_token", "mp_token");
  for (std::size_t i = 0; i < plan_.procs; ++i) {
    const std::string proc = "proc" + std::to_string(i);
    p_tokens_.push_back(add(LockKind::token, "p_token", proc));
    if (features_.kqueue)
      klist_tokens_.push_back(add(LockKind::token, "klist_token", proc));
    p_channels_.push_back(add(LockKind::sleep_channel, "p", proc));
    p_lock_channels_.push_back(add(LockKind::sleep_channel, "p_lock", proc));
    p_nthreads_channels_.push_back(add(LockKind::sleep_channel, "p_nthreads", proc));
  }
  if (!features_.kqueue)
    return;
  for (const KernelPlan::Kqueue& kqueue : plan_.kqueues) {
    kq_tokens_.push_back(add(LockKind::token, "kq_token", kqueue.name));
    kq_channels_.push_back(add(LockKind::sleep_channel, "kq", kqueue.name));
  }
  for (std::size_t i = 0; i < plan_.knotes; ++i)
    kn_channels_.push_back(add(LockKind::sleep_channel, "kn", "knote" + std::to_string(i)));
}

void Kernel::declare_procs() {
  const auto threads = static_cast<Value>(plan_.threads.size());
  const auto processes = static_cast<Value>(plan_.processes.size());
  p_flags_type_ =
      lang::flags_type("p_flags", {"P_PPWAIT", "P_WEXIT", "P_MAYBETHREADED", "P_CONTINUED"});
  p_flags_field = spec_.field(proc_pool, "p_flags", p_flags_type_, 0);
  // Every thread holds a process at most twice at a time, and its own thread's exit holds it once.
  p_lock = spec_.field(proc_pool, "p_lock", lang::integer_type(0, 2 * threads + 1), 0);
  plock_zomb = spec_.field(proc_pool, "PLOCK_ZOMB", lang::boolean_type(), 0);
  plock_waiting = spec_.field(proc_pool, "PLOCK_WAITING", lang::boolean_type(), 0);
  p_nthreads = spec_.field(proc_pool, "p_nthreads", lang::integer_type(0, threads), 0);
  p_lwp_tree = spec_.field(proc_pool, "p_lwp_tree", lang::boolean_type(), 0);
  td_exiting = spec_.field(proc_pool, "TDF_EXITING", lang::boolean_type(), 0);
  if (features_.waitgen)
    p_waitgen = spec_.field(proc_pool, "p_waitgen", lang::integer_type(0, processes), 0);
  if (features_.signals) {
    signals_ = lang::flags_type("signals", {"SIGINT", "SIGTSTP"});
    p_siglist = spec_.field(proc_pool, "p_siglist", signals_, 0);
    declare_group();
  }
  p_token = lock_field(proc_pool, "p_token", LockKind::token, p_tokens_);
  p_channel = lock_field(proc_pool, "p", LockKind::sleep_channel, p_channels_);
  p_lock_channel =
      lock_field(proc_pool, "p_lock_channel", LockKind::sleep_channel, p_lock_channels_);
  p_nthreads_channel =
      lock_field(proc_pool, "p_nthreads_channel", LockKind::sleep_channel, p_nthreads_channels_);
  if (features_.kqueue)
    klist_token = lock_field(proc_pool, "klist_token", LockKind::token, klist_tokens_);
}

void Kernel::declare_kqueue_fields() {
  std::vector<Value> lists;
  std::vector<Value> kqueues;
  for (std::size_t i = 0; i < plan_.kqueues.size(); ++i) {
    lists.push_back(static_cast<Value>(i) + 1);
    kqueues.push_back(static_cast<Value>(i) + 1);
  }
  if (!features_.kqueue)
    return;
  kq_sleep = spec_.field(kqueue_pool, "KQ_SLEEP", lang::boolean_type(), 0);
  kq_token = lock_field(kqueue_pool, "kq_token", LockKind::token, kq_tokens_);
  kq_channel = lock_field(kqueue_pool, "kq", LockKind::sleep_channel, kq_channels_);
  kq_knlist =
      spec_.constant_field(kqueue_pool, "kq_knlist", spec_.pools()[bucket_pool].reference, lists);
  bucket_kq =
      spec_.constant_field(bucket_pool, "kq", spec_.pools()[kqueue_pool].reference, kqueues);
  kn_channels_.resize(spec_.pools()[knote_pool].objects.size(),
                      lang::none); // markers: nobody waits
  kn_channel = lock_field(knote_pool, "kn", LockKind::sleep_channel, kn_channels_);
  f_count = spec_.field(descriptor_pool, "f_count",
                        lang::integer_type(0, static_cast<Value>(plan_.threads.size()) + 1), 1);
}

// What exists at the start has its threads.
void Kernel::start() {
  std::uint32_t slot = 0;
  for (std::size_t i = 0; i < plan_.processes.size(); ++i) {
    if (plan_.processes[i].parent)
      continue;
    Value threads = 0;
    for (const KernelPlan::Thread& thread : plan_.threads)
      threads += thread.process == i ? 1 : 0;
    spec_.set_initial(p_nthreads, slot, threads);
    spec_.set_initial(p_lwp_tree, slot, 1);
    if (features_.waitgen) // lwp_fork() has made its threads
      spec_.set_initial(p_flags_field, slot, p_flags("P_MAYBETHREADED").node().value);
    ++slot;
  }
}

void Kernel::protect() {
  const auto p_token_of = [this](const Expr& p) { return Proc(*this, p).p_token().reference; };
  spec_.set_guard(p_flags_field, p_token_of);
  spec_.set_guard(p_pptr, p_token_of);
  spec_.set_guard(p_nthreads, p_token_of);
  spec_.set_guard(p_lwp_tree, p_token_of);
  spec_.set_guard(p_children, p_token_of);
  spec_.set_guard(pid_proc, [this](const Expr&) { return proc_token().reference; });
  for (const VariableId field : {kn_kq, kn_id, p_pid, l_proc})
    spec_.set_write_once(field);
  if (features_.signals) {
    spec_.set_guard(p_siglist, p_token_of);
    spec_.set_guard(group()->pg_members, [this](const Expr&) { return pg_token().reference; });
  }
  if (!features_.kqueue)
    return;
  const auto token_of_kqueue = [this](const Expr& kq) {
    return Kqueue(*this, kq).kq_token().reference;
  };
  const auto token_of_knote = [this](const Expr& kn) {
    return Knote(*this, kn).kn_kq().kq_token().reference;
  };
  for (const VariableId field : {kq_count, kq_head, kq_sleep})
    spec_.set_guard(field, token_of_kqueue);
  for (const VariableId field :
       {kn_status, kn_flags, kn_sfflags, kn_fflags, kn_data, kn_udata, kn_obj})
    spec_.set_guard(field, token_of_knote);
  spec_.set_guard(knhash, [this](const Expr& bucket) {
    return Kqueue(*this, spec_.read(bucket_kq, bucket)).kq_token().reference;
  });
  spec_.set_guard(p_klist,
                  [this](const Expr& p) { return Proc(*this, p).klist_token().reference; });
}

Expr Kernel::p_flags(const std::string& names) const {
  return lang::literal(p_flags_type_, lang::parse_value(*p_flags_type_, names));
}
Expr Kernel::signal(const std::string& names) const {
  return lang::literal(signals_, lang::parse_value(*signals_, names));
}

// A kqueue lives as long as its descriptor, and as long as a call uses its file.
Expr Kernel::kqueue_is_referred(std::size_t i) const {
  return features_.kqueue ? descriptor(i).f_count() != 0 : Expr(true);
}

} // namespace interlock::states::dragonfly
