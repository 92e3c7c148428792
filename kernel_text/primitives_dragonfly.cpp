// DragonFly's primitives: token(9), spinlock(9), lockmgr(9), tsleep(9), atomic(9), and PHOLD() and
// its kin of sys/proc.h and kern_proc.c.
#include "kernel_text/primitive_table.hpp"

namespace interlock::kernel_text {

namespace {

void add_locks(PrimitiveTable& table) {
  add_first(table, Act::takes, {"lwkt_gettoken", "spin_lock", "mtx_lock"});
  add_named(table, Act::takes, "mp_token", {"get_mplock"});
  add_named(table, Act::gives, "mp_token", {"rel_mplock"});
  // The pool's token of an address: a kqueue's, a file's list of knotes, or a process' list.
  for (const auto& [name, act] :
       {std::pair("lwkt_getpooltoken", Act::takes), std::pair("lwkt_relpooltoken", Act::gives)}) {
    for (const char* kqueue : {"kq", "kn_kq"})
      table.primitives.push_back({name, {{act, Subject::named, "kq_token"}}, kqueue});
    table.primitives.push_back({name, {{act, Subject::named, "f_klist"}}, "f_klist"});
    table.primitives.push_back({name, {{act, Subject::named, "klist_token"}}});
  }
  add_named(table, Act::takes, "critical section", {"crit_enter", "crit_enter_id"});
  add_named(table, Act::gives, "critical section", {"crit_exit", "crit_exit_id"});
  add_shared(table, Act::takes, {"lwkt_gettoken_shared", "spin_lock_shared"});
  table.primitives.push_back({"lockmgr", {{Act::gives}}, "LK_RELEASE"});
  table.primitives.push_back(
      {"lockmgr", {{Act::takes, Subject::first_argument, "", true}}, "LK_SHARED"});
  table.primitives.push_back({"lockmgr", {{Act::takes}}});
  add_first(table, Act::tries, {"lwkt_trytoken", "spin_trylock"});
  add_first(table, Act::gives,
            {"lwkt_reltoken", "spin_unlock", "mtx_unlock", "spin_unlock_shared"});
}

void add_sleeps(PrimitiveTable& table) {
  // The model has a knote's and a hold's channel by its address, where the object may be gone.
  for (const auto& [name, act] :
       {std::pair("tsleep", Act::sleeps), std::pair("tsleep_interlock", Act::joins)}) {
    table.primitives.push_back({name, {{act, Subject::named, "address"}}, "kn"});
    table.primitives.push_back(
        {name, {{act, Subject::named, "p_lock", false, "p_lock_channel"}}, "p_lock"});
    table.primitives.push_back(
        {name, {{act, Subject::named, "p_nthreads", false, "p_nthreads_channel"}}, "p_nthreads"});
  }
  add_first(table, Act::joins, {"tsleep_interlock"});
  add_first(table, Act::sleeps, {"tsleep", "ssleep", "lksleep", "lwkt_yield"});
  table.sleeps = {{.name = "tsleep", .flags = 2, .time = 4, .other = {"PCATCH", "PINTERLOCKED"}}};
  table.primitives.push_back({"wakeup",
                              {{.act = Act::wakes,
                                .subject = Subject::named,
                                .name = "p_nthreads",
                                .also = "p_nthreads_channel",
                                .woken = Woken::all}},
                              "p_nthreads"});
  add(table, {.act = Act::wakes, .woken = Woken::all}, {"wakeup"});
  add(table, {.act = Act::wakes, .woken = Woken::one}, {"wakeup_one"});
}

void add_processes(PrimitiveTable& table) {
  // p_lock counts who holds a process; its flags are variables of the model.
  add_named(table, Act::sets, "p_lock", {"PHOLD", "reaper_get"}); // the reaper is held
  add_named(table, Act::calls, "prele", {"PRELE"});
  add_named(table, Act::calls, "pholdzomb", {"PHOLDZOMB"});
  add_named(table, Act::calls, "prelezomb", {"PRELEZOMB"});
  add_named(table, Act::calls, "pstall", {"PSTALL"});
  table.structures["p_lock"] = {"p_lock", "PLOCK_ZOMB", "PLOCK_WAITING"};
  table.structures["p_flag"] = {"p_flags"}; // its name until 2011-11
  // The process table: who has the pid.
  for (const char* name : {"LIST_INSERT_HEAD", "LIST_REMOVE"})
    table.primitives.push_back({name, {{Act::sets, Subject::named, "proc"}}, "p_list"});
  add_first(table, Act::sets,
            {"lwp_rb_tree_RB_INSERT", "lwp_rb_tree_RB_REMOVE", "SIGADDSET", "SIGDELSET",
             "SIGEMPTYSET", "SIG_STOPSIGMASK", "SIG_CONTSIGMASK"});
  add_named(table, Act::sets, "TDF_EXITING", {"cpu_lwp_exit"});
  table.primitives.push_back(
      {"setrunqueue",
       {{Act::sets, Subject::named, "l_proc"}, {Act::sets, Subject::named, "l_started"}}});
  add_named(table, Act::calls, "lwpsignal", {"ksignal"});
  table.inlined.insert({"killalllwps", "lwp_fork", "lwp_wait", "lwp_dispose", "proc_makepid"});
}

void add_kqueues(PrimitiveTable& table) {
  add_named(table, Act::calls, "knote", {"KNOTE"});
  // EVFILT_PROC's filter, the one that is modelled.
  add_named(table, Act::calls, "filt_procattach", {"f_attach"});
  add_named(table, Act::calls, "filt_procdetach", {"f_detach"});
  add_named(table, Act::calls, "filt_proc", {"f_event"});
  table.inlined.insert({"knote_attach", "knote_dequeue"});
  table.structures["kn_kevent"] = {"kn_id", "kn_flags", "udata"};
  table.structures["p_proc"] = {"kn_obj"};
}

void add_files(PrimitiveTable& table) {
  table.inlined.insert({"kern_close", "closef", "fhold", "funsetfd_locked"});
  table.structures["fp"] = {"fd_file"};
  add_named(table, Act::calls, "kqueue_close", {"fo_close"}); // the files that are modelled
}

void add_memory(PrimitiveTable& table) {
  add_named(table, Act::allocates, "knote", {"knote_alloc"});
  add_named(table, Act::frees, "knote", {"knote_free"});
  add_first(table, Act::allocates, {"kmalloc", "hashinit", "objcache_get"});
  table.primitives.push_back({"kfree", {{Act::frees, Subject::named, "kqueue"}}, "kq"});
  table.primitives.push_back({"kfree", {{Act::frees, Subject::named, "proc"}}, "M_PROC"});
  add_first(table, Act::frees, {"kfree", "hashdestroy", "objcache_put"});
}

// What is known to do nothing that the model has, among what looks as if it did.
void add_passed_over(PrimitiveTable& table) {
  table.families = {"lwkt_gettoken",
                    "lwkt_reltoken",
                    "lwkt_trytoken",
                    "lwkt_getpooltoken",
                    "lwkt_relpooltoken",
                    "spin_",
                    "mtx_",
                    "lockmgr",
                    "ssleep",
                    "lksleep",
                    "tsleep",
                    "mtxsleep",
                    "wakeup",
                    "zsleep"};
  table.passed_over = {
      {"asks or names something and changes nothing: a hash, a bit, a signal, a credential",
       {"ALLPROC_HASH", "CANSIGNAL", "CURSIG_NOBLOCK", "KN_HASH", "ONLY_LWP_IN_PROC", "PIDHASH",
        "PIDSPIN", "PRISON_CHECK", "SESS_LEADER", "SIGISMEMBER", "WEXITSTATUS", "WTERMSIG",
        "W_STOPCODE"}},
      {"hooks of modules and of procfs(5), of which none is loaded",
       {"EVENTHANDLER_INVOKE", "STOPEVENT"}},
      {"the hold count of one thread, which the model has not: a process has one that ends with it",
       {"LWPHOLD", "LWPRELE"}},
      {"a vnode's own operation, in what the ledger leaves out", {"VOP_ADVLOCK"}},
      {"a lock that begins with what it is in, which nobody can reach yet", {"spin_init"}},
  };
}

} // namespace

PrimitiveTable dragonfly_primitives() {
  PrimitiveTable table;
  add_passed_over(table);
  add_locks(table);
  add_sleeps(table);
  add_processes(table);
  add_kqueues(table);
  add_files(table);
  add_memory(table);
  add_first(table, Act::asserts, {"KKASSERT", "KASSERT", "ASSERT_LWKT_TOKEN_HELD"});
  table.tails = {"done"};
  table.atomics = {{"atomic_set_int", 2},       {"atomic_clear_int", 2},    {"atomic_add_int", 2},
                   {"atomic_subtract_int", 2},  {"atomic_fetchadd_int", 2}, {"atomic_add_long", 2},
                   {"atomic_fetchadd_long", 2}, {"atomic_cmpset_int", 3}};
  table.lists = {{"p_sibling", "p_children"}, {"p_pglist", "pg_members"}, {"kn_next", "p_klist"},
                 {"kn_kqlink", "kq_knlist"},  {"kn_link", "knotes"},      {"kn_tqe", "kq_head"}};
  table.subjects = {{"initproc", "p"},
                    {"lwp_proc", "p"},
                    {"opp", "p"},
                    {"pp", "p"},
                    {"p_pptr", "p"},
                    {"q", "p"},
                    {"reproc", "p"},
                    {"proc_tokens", "proc_token"},
                    {"tok", "kq_token"}, // of the kqueue, by lwkt_token_pool_lookup()
                    {"lwp_siglist", "p_siglist"}};
  return table;
}

} // namespace interlock::kernel_text
