// Declaration of the objects that all kernels have; see kernel.hpp.
#include "states/kernel.hpp"

#include <algorithm>
#include <set>

namespace interlock::states {

std::string status_name(int exit_status) {
  return exit_status == 0 ? "0" : "status(" + std::to_string(exit_status) + ")";
}

std::vector<std::size_t> KernelPlan::kqueues_of(std::size_t process) const {
  std::vector<std::size_t> owned;
  for (std::size_t i = 0; i < kqueues.size(); ++i)
    if (kqueues[i].process == process)
      owned.push_back(i);
  return owned;
}

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

Expr Kqueue::kq_count() const { return field(kernel().kq_count); }

Kqueue Knote::kn_kq() const { return {kernel(), field(kernel().kn_kq)}; }
Expr Knote::kn_id() const { return field(kernel().kn_id); }
Proc Knote::kn_obj() const { return {kernel(), field(kernel().kn_obj)}; }
Expr Knote::kn_status() const { return field(kernel().kn_status); }
Expr Knote::kn_flags() const { return field(kernel().kn_flags); }
Expr Knote::kn_sfflags() const { return field(kernel().kn_sfflags); }
Expr Knote::kn_fflags() const { return field(kernel().kn_fflags); }
Expr Knote::kn_data() const { return field(kernel().kn_data); }
Expr Knote::kn_udata() const { return field(kernel().kn_udata); }
Expr Knote::has(const char* status_bit) const {
  return (kn_status() & kernel().status_bit(status_bit)) != 0;
}
Expr Knote::flag(const char* flag) const { return (kn_flags() & kernel().flag(flag)) != 0; }
Expr Knote::wants(const char* note) const { return (kn_sfflags() & kernel().note(note)) != 0; }
Expr Knote::is_marker() const { return has("KN_MARKER"); }

Expr Descriptor::is_open() const { return field(kernel().open); }

Expr Pid::proc() const { return field(kernel().pid_proc); }
Expr Pid::as_data() const { return field(kernel().pid_data); }
Expr Pid::status() const { return field(kernel().pid_status); }

// --- the kernel ---

void Kernel::declare_types(const KernelWords& words) {
  types_.status = lang::flags_type("kn_status", words.status);
  types_.flags = lang::flags_type("kn_flags", words.flags);
  types_.note = lang::flags_type(
      "note", {"NOTE_EXIT", "NOTE_FORK", "NOTE_TRACK", "NOTE_TRACKERR", "NOTE_CHILD"});
  types_.p_stat = lang::enumeration_type("p_stat", words.p_stat);
  std::vector<std::string> data{"0"};
  std::set<int> statuses;
  for (const KernelPlan::Process& process : plan_.processes) {
    data.push_back("pid(" + process.name + ")");
    statuses.insert(process.exit_status);
  }
  statuses.erase(0);
  for (const int status : statuses)
    data.push_back(status_name(status));
  types_.data = lang::enumeration_type("data", data);
  std::vector<std::string> udata{"0"};
  udata.insert(udata.end(), plan_.udata.begin(), plan_.udata.end());
  if (words.udata_holds_threads)
    for (const KernelPlan::Thread& thread : plan_.threads)
      udata.push_back("lwp(" + thread.name + ")");
  types_.udata = lang::enumeration_type("udata", udata);
}

VariableId Kernel::lock_field(PoolId pool, const char* name, LockKind kind,
                              const std::vector<Value>& locks) {
  return spec_.constant_field(pool, name, locks_.reference_type(spec_, kind), locks);
}

void Kernel::declare_processes(const KernelWords& words) {
  std::vector<std::string> procs;
  std::vector<std::string> pids;
  for (std::size_t i = 0; i < plan_.procs; ++i)
    procs.push_back("proc" + std::to_string(i));
  for (const KernelPlan::Process& process : plan_.processes)
    pids.push_back(process.name);
  proc_pool = spec_.pool("proc", procs, lang::Lifetime::allocated);
  pid_pool = spec_.pool("pid", pids, lang::Lifetime::permanent);
  const TypeRef proc = spec_.pools()[proc_pool].reference;
  const TypeRef pid = spec_.pools()[pid_pool].reference;
  p_stat_field = spec_.field(proc_pool, words.p_stat_name, types_.p_stat, 0);
  p_pptr = spec_.field(proc_pool, "p_pptr", proc, lang::none);
  p_pid = spec_.field(proc_pool, "p_pid", pid, lang::none);
  p_children =
      spec_.field_list(proc_pool, "p_children", proc, static_cast<std::uint32_t>(plan_.procs));
  l_started = spec_.field(lang::thread_pool, "l_started", lang::boolean_type(), 0);
  l_proc = spec_.field(lang::thread_pool, "l_proc", proc, lang::none);
  declare_pids();
  start_processes(words);
}

void Kernel::declare_group() {
  ProcessGroup group;
  group.pool = spec_.pool("pgrp", {"pgrp0"}, lang::Lifetime::permanent);
  group.pg_members = spec_.field_list(group.pool, "pg_members", spec_.pools()[proc_pool].reference,
                                      static_cast<std::uint32_t>(plan_.procs));
  group.signalled = spec_.field(pid_pool, "group_signalled", lang::boolean_type(), 0);
  group.missed = spec_.field(pid_pool, "missed_signal", lang::boolean_type(), 0);
  group.member = spec_.field(pid_pool, "group_member", lang::boolean_type(), 0);
  for (const VariableId ghost : {group.signalled, group.missed, group.member})
    spec_.set_ghost(ghost);
  // What exists at the start has the first slots, and is in the group.
  std::vector<Value> members;
  for (const KernelPlan::Process& process : plan_.processes)
    if (!process.parent)
      members.push_back(static_cast<Value>(members.size()) + 1);
  spec_.set_initial_list(group.pg_members, 0, members);
  group_ = group;
}

void Kernel::declare_pids() {
  pid_proc = spec_.field(pid_pool, "proc", spec_.pools()[proc_pool].reference, lang::none);
  std::vector<Value> as_data;
  std::vector<Value> status;
  for (std::size_t i = 0; i < plan_.processes.size(); ++i) {
    as_data.push_back(static_cast<Value>(i) + 1);
    status.push_back(lang::parse_value(*types_.data, status_name(plan_.processes[i].exit_status)));
  }
  pid_data = spec_.constant_field(pid_pool, "pid", types_.data, as_data);
  pid_status = spec_.constant_field(pid_pool, "P_WAITSTATUS", types_.data, status);
}

// The processes that exist at the start have the first slots, in their order.
void Kernel::start_processes(const KernelWords& words) {
  std::uint32_t slot = 0;
  std::map<std::size_t, Value> slots;
  for (std::size_t i = 0; i < plan_.processes.size(); ++i) {
    if (plan_.processes[i].parent)
      continue;
    spec_.set_initial(*spec_.pools()[proc_pool].allocated, slot, 1);
    spec_.set_initial(p_stat_field, slot, lang::parse_value(*types_.p_stat, words.running));
    spec_.set_initial(p_pid, slot, static_cast<Value>(i) + 1);
    spec_.set_initial(pid_proc, static_cast<std::uint32_t>(i), static_cast<Value>(slot) + 1);
    slots[i] = static_cast<Value>(slot) + 1;
    ++slot;
  }
  for (std::size_t t = 0; t < plan_.threads.size(); ++t)
    if (slots.contains(plan_.threads[t].process)) {
      spec_.set_initial(l_started, static_cast<std::uint32_t>(t), 1);
      spec_.set_initial(l_proc, static_cast<std::uint32_t>(t), slots.at(plan_.threads[t].process));
    }
}

void Kernel::declare_kqueues(const std::vector<std::string>& buckets, const char* descriptor_open) {
  std::vector<std::string> names;
  std::vector<std::string> descriptors;
  for (const KernelPlan::Kqueue& kqueue : plan_.kqueues) {
    names.push_back(kqueue.name);
    descriptors.push_back("fd." + kqueue.name);
  }
  bucket_pool = spec_.pool("bucket", buckets, lang::Lifetime::permanent);
  kqueue_pool = spec_.pool("kqueue", names, lang::Lifetime::allocated);
  descriptor_pool = spec_.pool("descriptor", descriptors, lang::Lifetime::permanent);
  // A knote that is activated again while a scan has taken it counts twice.
  const auto most = static_cast<Value>(plan_.knotes);
  kq_count = spec_.field(kqueue_pool, "kq_count", lang::integer_type(0, 2 * most), 0);
  open = spec_.field(descriptor_pool, descriptor_open, lang::boolean_type(), 1);
  for (std::uint32_t i = 0; i < names.size(); ++i)
    spec_.set_initial(*spec_.pools()[kqueue_pool].allocated, i, 1);
}

void Kernel::declare_knotes(const std::vector<std::string>& markers, const char* kn_obj_name) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < plan_.knotes; ++i)
    names.push_back("knote" + std::to_string(i));
  for (std::size_t t = 0; t < plan_.threads.size(); ++t)
    if (plan_.threads[t].scans) {
      markers_[static_cast<lang::ThreadId>(t)] = static_cast<std::uint32_t>(names.size());
      for (const std::string& marker : markers)
        names.push_back(marker + "." + plan_.threads[t].name);
    }
  knote_pool = spec_.pool("knote", names, lang::Lifetime::allocated);
  const TypeRef knote = spec_.pools()[knote_pool].reference;
  kn_kq = spec_.field(knote_pool, "kn_kq", spec_.pools()[kqueue_pool].reference, lang::none);
  kn_id = spec_.field(knote_pool, "kn_id", spec_.pools()[pid_pool].reference, lang::none);
  kn_obj = spec_.field(knote_pool, kn_obj_name, spec_.pools()[proc_pool].reference, lang::none);
  kn_status = spec_.field(knote_pool, "kn_status", types_.status, 0);
  kn_flags = spec_.field(knote_pool, "kn_flags", types_.flags, 0);
  kn_sfflags = spec_.field(knote_pool, "kn_sfflags", types_.note, 0);
  kn_fflags = spec_.field(knote_pool, "kn_fflags", types_.note, 0);
  kn_data = spec_.field(knote_pool, "kn_data", types_.data, 0);
  kn_udata = spec_.field(knote_pool, "udata", types_.udata, 0);
  const auto all = static_cast<std::uint32_t>(names.size());
  p_klist = spec_.field_list(proc_pool, "p_klist", knote, static_cast<std::uint32_t>(plan_.knotes));
  knhash = spec_.field_list(bucket_pool, "knotes", knote, static_cast<std::uint32_t>(plan_.knotes));
  kq_head = spec_.field_list(kqueue_pool, "kq_head", knote, all);
  // Markers live on the stacks of the scanning threads: they always exist.
  for (std::size_t object = plan_.knotes; object < names.size(); ++object) {
    const auto marker = static_cast<std::uint32_t>(object);
    spec_.set_initial(*spec_.pools()[knote_pool].allocated, marker, 1);
    spec_.set_initial(kn_status, marker, lang::parse_value(*types_.status, "KN_MARKER"));
  }
}

Expr Kernel::initproc_ref() const {
  if (!plan_.init)
    return spec_.nothing(proc_pool);
  // The processes that exist at the start have the first slots, in their order.
  const auto slot = std::count_if(
      plan_.processes.begin(), plan_.processes.begin() + static_cast<std::ptrdiff_t>(*plan_.init),
      [](const KernelPlan::Process& process) { return !process.parent; });
  return spec_.object(proc_pool, static_cast<std::uint32_t>(slot));
}

Expr Kernel::udata_of(lang::ThreadId thread) const {
  return udata("lwp(" + plan_.threads.at(thread).name + ")");
}

} // namespace interlock::states
