// NetBSD's primitives: mutex(9), rwlock(9), condvar(9), kernel_lock(9), and what sys/eventvar.h,
// kern_event.c, kern_exit.c, kern_fork.c, kern_proc.c and kern_descrip.c have of their own.
#include "kernel_text/primitive_table.hpp"

namespace interlock::kernel_text {

namespace {

void add_netbsd_locks(PrimitiveTable& table) {
  table.primitives.push_back(
      {"rw_enter", {{Act::takes, Subject::first_argument, "", true}}, "RW_READER"});
  table.primitives.push_back(
      {"rw_tryenter", {{Act::tries, Subject::first_argument, "", true}}, "RW_READER"});
  add_first(table, Act::takes, {"mutex_enter", "mutex_spin_enter", "rw_enter"});
  add_first(table, Act::tries, {"mutex_tryenter", "rw_tryenter"});
  add_first(table, Act::gives, {"mutex_exit", "mutex_spin_exit", "rw_exit"});
  add_named(table, Act::takes, "KERNEL_LOCK", {"KERNEL_LOCK"});
  add_named(table, Act::gives, "KERNEL_LOCK",
            {"KERNEL_UNLOCK_ONE", "KERNEL_UNLOCK_ALL", "KERNEL_UNLOCK_LAST"});
  // The lock of a lwp; who switches away, or makes it run, gives it back.
  add_named(table, Act::takes, "l_mutex", {"lwp_lock"});
  add_named(table, Act::gives, "l_mutex", {"lwp_unlock", "mi_switch"});
  add_named(table, Act::gives, "p_lock", {"lwp_thread_cleanup"});
  table.primitives.push_back(
      {"proc_leavepgrp",
       {{Act::edits, Subject::named, "pg_members"}, {Act::gives, Subject::named, "proc_lock"}}});
}

// What the assertion names is found in its text, but for these macros and local variables.
void add_netbsd_assertions(PrimitiveTable& table) {
  for (const char* name : {"KASSERT", "KASSERTMSG", "KDASSERT"}) {
    for (const auto& [word, field] :
         {std::pair("kn_in_flux", "kn_influx"), std::pair("KQ_COUNT", "kq_count"),
          std::pair("kn_is_detaching", "KN_WILLDETACH"), std::pair("proc_lock", "proc_lock")})
      table.primitives.push_back({name, {{Act::asserts, Subject::named, field}}, word});
    table.primitives.push_back({name, {{Act::asserts}}});
  }
}

void add_netbsd_kqueues(PrimitiveTable& table) {
  add_named(table, Act::sleeps, "kq_cv", {"KQ_FLUX_WAIT"});
  add_named(table, Act::wakes, "kq_cv", {"KQ_FLUX_WAKEUP"});
  table.primitives.push_back(
      {"KNOTE_WILLDETACH",
       {{Act::sets, Subject::named, "KN_WILLDETACH"}, {Act::sets, Subject::named, "udata"}}});
  add_first(table, Act::edits, {"klist_insert", "klist_remove"});
  add_named(table, Act::calls, "knote", {"KNOTE"});
  // EVFILT_PROC's filter, the one that is modelled.
  add_named(table, Act::calls, "filt_procattach", {"f_attach"});
  add_named(table, Act::calls, "filt_procdetach", {"f_detach"});
  add_named(table, Act::calls, "filt_proc", {"f_event"});
  add_named(table, Act::sets, "fd_knhashmask", {"hashinit"});
  // A kqueue's file operations.
  add_named(table, Act::calls, "kqueue_restart", {"fo_restart"});
  add_named(table, Act::calls, "kqueue_close", {"closef"});
  for (const char* name : {"atomic_inc_uint", "atomic_dec_uint", "atomic_dec_uint_nv",
                           "atomic_cas_uint", "atomic_or_uint", "atomic_and_uint"}) {
    table.primitives.push_back({name, {{Act::sets, Subject::named, "FR_CLOSING"}}, "FR_CLOSING"});
    table.primitives.push_back({name, {{Act::sets, Subject::named, "ff_refcnt"}}, "ff_refcnt"});
  }
  table.primitives.push_back(
      {"atomic_store_relaxed", {{Act::sets, Subject::named, "ff_file"}}, "ff_file"});
  table.structures = {{"kn_kevent", {"kn_id", "kn_flags", "kn_fflags", "kn_data", "udata"}},
                      {"ident", {"kn_id"}},
                      {"flags", {"kn_flags"}},
                      {"fflags", {"kn_fflags"}},
                      {"data", {"kn_data"}},
                      {"knchild", {"kn_obj", "kn_id", "kn_kq", "kn_fop", "udata"}}};
  table.inlined = {"kn_in_flux", "kn_enter_flux", "kn_leave_flux"};
}

void add_netbsd_processes(PrimitiveTable& table) {
  // The table of pids; proc_free_mem() is all that is left of a process.
  add_named(table, Act::sets, "proc", {"proc_alloc_pid_slot", "proc_free_pid"});
  add_named(table, Act::frees, "proc", {"proc_free_mem"});
  add_named(table, Act::sets, "p_sigpend", {"sigput"});
  const Operation runs{Act::sets, Subject::named, "l_started"};
  const Operation of_process{Act::sets, Subject::named, "l_proc"};
  table.primitives.push_back(
      {"setrunnable", {of_process, runs, {Act::gives, Subject::named, "l_mutex"}}});
  table.primitives.push_back({"sched_enqueue", {of_process, runs}});
  table.primitives.push_back({"lwp_create",
                              {{Act::sets, Subject::named, "l_fd"},
                               {Act::sets, Subject::named, "p_nlwps"},
                               {Act::sets, Subject::named, "p_nrlwps"}}});
  for (const char* name :
       {"proc_alloc_pid", "proc_reparent", "do_sys_waitid", "find_stopped_child", "match_process"})
    table.inlined.insert(name);
}

// What is known to do nothing that the model has, among what looks as if it did.
void add_passed_over(PrimitiveTable& table) {
  table.families = {"mutex_", "rw_",    "cv_",     "mtsleep",  "tsleep",    "ltsleep",
                    "kpause", "wakeup", "sleepq_", "lwp_lock", "lwp_unlock"};
  table.passed_over = {
      {"tracing and checks of debugging kernels, which decide nothing",
       {"DPRINTF", "LOCKDEBUG_BARRIER", "SDT_PROBE", "TSEXEC", "TSPROCEXIT"}},
      {"asks or names something and changes nothing: a hash, a size, a count, a lock's owner",
       {"ALIGN", "ISSET", "KAUTH_ARG", "KN_HASH", "KQ_COUNT", "NDHISLOTS", "P_WAITSTATUS",
        "P_ZOMBIE", "SESS_LEADER", "mutex_owned", "rw_lock_held"}},
      {"memory and files of a new program, in what the ledger leaves out",
       {"MD_TOPDOWN_INIT", "PNBUF_GET", "STACK_GROW", "VOP_CLOSE"}},
      {"one processor's own: preemption, its counters",
       {"CPU_COUNT", "KPREEMPT_DISABLE", "KPREEMPT_ENABLE"}},
      {"ptrace(2): a flag of the child, and the search for whom the process traced",
       {"PROCLIST_FOREACH", "SET"}},
      {"the controlling terminal, in what the ledger leaves out", {"VOP_REVOKE"}},
      {"a lock that begins or ends with what it is in, which nobody can reach",
       {"cv_destroy", "cv_init", "mutex_destroy", "mutex_init", "mutex_obj_alloc", "mutex_obj_free",
        "mutex_obj_hold", "rw_destroy", "rw_init"}},
  };
}

} // namespace

PrimitiveTable netbsd_primitives() {
  PrimitiveTable table;
  add_passed_over(table);
  add_netbsd_locks(table);
  add_netbsd_assertions(table);
  add_netbsd_kqueues(table);
  add_netbsd_processes(table);
  add_first(table, Act::sleeps,
            {"cv_wait", "cv_wait_sig", "cv_timedwait", "cv_timedwait_sig", "kpause", "tsleep",
             "mtsleep"});
  table.sleeps = {{.name = "cv_wait", .interlock = 2}};
  add_first(table, Act::wakes, {"selnotify"});
  add(table, {.act = Act::wakes, .woken = Woken::all}, {"cv_broadcast", "wakeup"});
  add(table, {.act = Act::wakes, .woken = Woken::one}, {"cv_signal"});
  add_first(table, Act::allocates,
            {"kmem_alloc", "kmem_zalloc", "kmem_intr_alloc", "pool_get", "pool_cache_get"});
  add_first(table, Act::frees, {"kmem_free", "pool_put", "pool_cache_put", "hashdone"});
  table.lists = {{"kn_selnext", "p_klist"},   {"kn_tqe", "kq_head"}, {"kn_link", "knotes"},
                 {"p_sibling", "p_children"}, {"p_list", "p_list"},  {"l_list", "l_list"},
                 {"p_pglist", "pg_members"}};
  table.subjects = {{"kn", "knote"},      {"newkn", "knote"}, {"knchild", "knote"},
                    {"kntrack", "knote"}, {"kq", "kqueue"},   {"proc_cache", "proc"}};
  return table;
}

} // namespace interlock::kernel_text
