// FreeBSD's primitives: mutex(9), sx(9), rwlock(9), sleep(9), condvar(9), and the macros of
// sys/event.h, sys/proc.h, sys/filedesc.h and kern_event.c itself.
#include "kernel_text/primitive_table.hpp"

namespace interlock::kernel_text {

namespace {

void add_freebsd_locks(PrimitiveTable& table) {
  add_first(table, Act::takes, {"mtx_lock", "mtx_lock_spin", "sx_xlock", "rw_wlock"});
  add_shared(table, Act::takes, {"sx_slock", "rw_rlock"});
  add_first(table, Act::tries, {"mtx_trylock", "sx_try_xlock"});
  add_shared(table, Act::tries, {"sx_try_slock"});
  add_first(table, Act::gives,
            {"mtx_unlock", "mtx_unlock_spin", "sx_xunlock", "rw_wunlock", "sx_unlock", "sx_sunlock",
             "rw_runlock"});
  struct Macro {
    const char *lock, *take, *give;
  };
  for (const Macro& macro : std::initializer_list<Macro>{
           {"p_mtx", "PROC_LOCK", "PROC_UNLOCK"},
           {"p_slock", "PROC_SLOCK", "PROC_SUNLOCK"},
           {"p_statmtx", "PROC_STATLOCK", "PROC_STATUNLOCK"},
           {"pg_mtx", "PGRP_LOCK", "PGRP_UNLOCK"},
           {"s_mtx", "SESS_LOCK", "SESS_UNLOCK"},
           {"td_lock", "thread_lock", "thread_unlock"},
           {"kq_lock", "KQ_LOCK", "KQ_UNLOCK"},
           {"kq_global", "KQ_GLOBAL_LOCK", "KQ_GLOBAL_UNLOCK"},
           {"fd_sx", "FILEDESC_XLOCK", "FILEDESC_XUNLOCK"},
           // The lists of knotes that are modelled are those of processes: knlist_init_mtx().
           {"p_mtx", "kl_lock", "kl_unlock"},
       }) {
    add_named(table, Act::takes, macro.lock, {macro.take});
    add_named(table, Act::gives, macro.lock, {macro.give});
  }
  add_named(table, Act::tries, "p_mtx", {"PROC_TRYLOCK"});
  add_named(table, Act::gives, "p_mtx", {"thread_exit"});
  add(table, {Act::takes, Subject::named, "fd_sx", true}, {"FILEDESC_SLOCK"});
  add_named(table, Act::gives, "fd_sx", {"FILEDESC_SUNLOCK"});
}

// The process table, of which the model has the process of a pid and whether it is a zombie; and
// the beginning and end of what they have.
void add_processes(PrimitiveTable& table) {
  const Operation table_of_pids{Act::sets, Subject::named, "proc"};
  const Operation zombie{Act::sets, Subject::named, "on_zombproc"};
  table.primitives.push_back({"LIST_INSERT_HEAD", {zombie}, "zombproc"});
  table.primitives.push_back({"LIST_INSERT_HEAD", {table_of_pids}, "allproc"});
  table.primitives.push_back({"LIST_REMOVE", {table_of_pids}, "p_list"});
  table.primitives.push_back(
      {"sched_add",
       {{Act::sets, Subject::named, "l_proc"}, {Act::sets, Subject::named, "l_started"}}});
  const Operation list_lock{Act::sets, Subject::named, "kl_lock"};
  table.primitives.push_back({"knlist_init_mtx", {list_lock}, "p_klist"});
  table.primitives.push_back({"knlist_destroy", {list_lock}, "p_klist"});
}

// Descriptors and files; and what a kqueue is made of.
void add_files(PrimitiveTable& table) {
  table.primitives.push_back({"fdfree", {{Act::sets, Subject::named, "fd_ofiles"}}, "fdp"});
  add_named(table, Act::sets, "fd_ofiles", {"fdfree_last"});
  add_first(table, Act::sets, {"atomic_cmpset_int", "atomic_cmpset_acq_int"});
  for (const char* part : {"kq_knhash", "kq_knlist"})
    table.primitives.push_back({"free", {{Act::frees, Subject::named, part}}, part});
  table.primitives.push_back({"free", {{Act::frees, Subject::named, "kqueue"}}, "kq"});
}

// What is known to do nothing that the model has, among what looks as if it did.
void add_passed_over(PrimitiveTable& table) {
  table.families = {"mtx_",    "sx_",     "rw_",         "rm_",           "cv_",
                    "sema_",   "msleep",  "tsleep",      "pause",         "wakeup",
                    "sleepq_", "lockmgr", "thread_lock", "thread_unlock", "knlist_"};
  add_named(table, Act::takes, "Giant", {"VFS_LOCK_GIANT"});
  add_named(table, Act::gives, "Giant", {"VFS_UNLOCK_GIANT"});
  table.passed_over = {
      {"tracing, audit and statistics, which decide nothing",
       {"AUDIT_ARG_PID",
        "AUDIT_ARG_PROCESS",
        "AUDIT_ARG_SIGNUM",
        "AUDIT_ARG_VALUE",
        "AUDIT_SYSCLOSE",
        "CTR1",
        "CTR2",
        "CTR3",
        "CTR4",
        "CTR6",
        "PCPU_ADD",
        "PCPU_INC",
        "SDT_PROBE",
        "SDT_PROBE3",
        "WITNESS_WARN",
        "WCOREDUMP",
        "WEXITSTATUS",
        "WIFSIGNALED",
        "WTERMSIG",
        "W_STOPCODE"}},
      {"asks or names something and changes nothing: a hash, a bit, a limit, a lock's address",
       {"FILEDESC_LOCK", "IN_CAPABILITY_MODE", "KN_HASH", "NDSLOTS", "PIDHASH", "PROC_SLOCK_ASSERT",
        "P_SHOULDSTOP", "RFTSIGFLAGS", "RFTSIGNUM", "SEL_WAITING", "SESS_LEADER", "TIMESEL",
        "TIMESPEC_TO_TIMEVAL", "knlist_empty", "sx_xlocked"}},
      {"the threads of a process, of which the model has one that does not change its state there",
       {"FIRST_THREAD_IN_PROC", "FOREACH_THREAD_IN_PROC", "TD_SET_CAN_RUN"}},
      {"a walk by which no call of a scenario goes", {"FOREACH_PROC_IN_SYSTEM"}},
      {"the hold count that keeps a process from being swapped out; nothing is swapped",
       {"_PHOLD", "_PRELE"}},
      {"hooks of modules and of procfs(5), of which none is loaded",
       {"EVENTHANDLER_INVOKE", "_STOPEVENT"}},
      {"ptrace(2) of memory and registers: of the traced process alone",
       {"PROC_READ", "PROC_WRITE"}},
      {"a vnode's own operation, in what the ledger leaves out",
       {"VOP_ADVLOCK", "VOP_REVOKE", "VOP_UNLOCK"}},
      {"a lock or list that ends with what it is in, which nobody can reach any more",
       {"knlist_destroy", "mtx_destroy"}},
  };
}

// Sleeps, wake-ups and signals.
void add_sleeps(PrimitiveTable& table) {
  add_first(table, Act::sleeps,
            {"msleep", "msleep_sbt", "msleep_spin", "mtx_sleep", "sx_sleep", "tsleep", "pause",
             "cv_wait", "cv_wait_sig", "cv_timedwait", "cv_timedwait_sig"});
  table.sleeps = {{.name = "msleep",
                   .interlock = 2,
                   .flags = 3,
                   .time = 5,
                   .drops = "PDROP",
                   .dropping = "msleep_pdrop",
                   .other = {"PCATCH"}},
                  {.name = "tsleep", .flags = 2, .time = 4, .other = {"PCATCH"}},
                  {.name = "cv_wait", .interlock = 2}};
  add(table, {.act = Act::wakes, .woken = Woken::all}, {"wakeup", "cv_broadcast"});
  add(table, {.act = Act::wakes, .woken = Woken::one}, {"wakeup_one", "cv_signal"});
  add_first(table, Act::looks, {"selwakeuppri", "selwakeup"});
  // A signal of kill(2), which has its own ksi; that of a child's exit has p_ksi, and is left out.
  add_named(table, Act::sets, "p_siglist", {"postsig"});
  table.primitives.push_back(
      {"pksignal",
       {{Act::sets, Subject::named, "p_siglist"}, {Act::wakes, Subject::named, "p_sigacts"}},
       "ksi"});
}

// What becomes of a knote: its activation, and the filter of EVFILT_PROC.
void add_knotes(PrimitiveTable& table) {
  const Operation flux{Act::sets, Subject::named, "KQ_FLUXWAIT"};
  const Operation wake_flux{Act::wakes, Subject::named, "kq"};
  table.primitives.push_back({"KQ_FLUX_WAKEUP", {flux, wake_flux}});
  table.primitives.push_back(
      {"KQ_UNLOCK_FLUX", {flux, wake_flux, {Act::gives, Subject::named, "kq_lock"}}});
  // The second argument says whether the caller holds kq_lock.
  const Operation activate{Act::calls, Subject::named, "KNOTE_ACTIVATE"};
  table.primitives.push_back({"KNOTE_ACTIVATE", {activate}, "1"});
  table.primitives.push_back({"KNOTE_ACTIVATE",
                              {{Act::takes, Subject::named, "kq_lock"},
                               activate,
                               {Act::gives, Subject::named, "kq_lock"}}});
  add_named(table, Act::calls, "knote", {"KNOTE_LOCKED"});
  // EVFILT_PROC's filter, the one that is modelled.
  add_named(table, Act::calls, "filt_procattach", {"f_attach"});
  add_named(table, Act::calls, "filt_procdetach", {"f_detach"});
  table.primitives.push_back({"f_event", {{Act::sets, Subject::named, "kn_fflags"}}, "NOTE_FORK"});
  table.primitives.push_back({"f_event", {{Act::reads, Subject::named, "kn_fflags"}}, "0"});
  add_named(table, Act::calls, "filt_proc", {"f_event"});
}

} // namespace

PrimitiveTable freebsd_primitives() {
  PrimitiveTable table;
  add_processes(table); // what is of some arguments alone comes before what is of any
  add_files(table);
  add_freebsd_locks(table);
  add_sleeps(table);
  add_knotes(table);
  add_first(table, Act::asserts, {"KASSERT", "MPASS", "mtx_assert", "sx_assert"});
  add_named(table, Act::asserts, "p_mtx",
            {"PROC_LOCK_ASSERT", "KNL_ASSERT_LOCK", "KNL_ASSERT_LOCKED", "KNL_ASSERT_UNLOCKED"});
  add_named(table, Act::asserts, "kq_lock", {"KQ_OWNED", "KQ_NOTOWNED"});
  add_named(table, Act::allocates, "knote", {"knote_alloc"});
  add_named(table, Act::frees, "knote", {"knote_free"});
  add_first(table, Act::allocates, {"malloc", "uma_zalloc", "hashinit", "hashinit_flags"});
  add_first(table, Act::frees, {"free", "uma_zfree", "hashdestroy"});
  table.inlined = {"closef",       "closefp",       "fget_unlocked", "_fget",
                   "knote_attach", "knote_dequeue", "kqueue_expand", "kqueue_wakeup",
                   "pfind_locked", "zpfind_locked"};
  add_passed_over(table);
  // Of kern_ptrace(), and of fork1().
  table.tails = {"sendsig", "out", "fail"};
  table.lists = {{"kn_selnext", "p_klist"},       {"kn_link", "knotes"},
                 {"kn_tqe", "kq_head"},           {"kq_list", "fd_kqlist"},
                 {"p_hash", "pidhash"},           {"p_list", "allproc"},
                 {"p_orphan", "p_orphans"},       {"p_pglist", "pg_members"},
                 {"p_reapsibling", "p_reaplist"}, {"p_sibling", "p_children"}};
  table.structures = {{"kn_kevent", {"kn_id", "kn_flags", "udata"}}};
  table.subjects = {{"fpp", "fd_ofiles"},  {"initproc", "proc"}, {"knote_zone", "knote"},
                    {"list", "p_klist"},   {"p_reaper", "proc"}, {"p_pptr", "proc"},
                    {"proc_zone", "proc"}, {"pp", "proc"},       {"q", "proc"}};
  return table;
}

} // namespace interlock::kernel_text
