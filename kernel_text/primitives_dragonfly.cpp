// DragonFly's primitives: token(9), spinlock(9), lockmgr(9), tsleep(9), and PHOLD() and its kin of
// sys/proc.h and kern_proc.c.
#include "kernel_text/primitive_table.hpp"

namespace interlock::kernel_text {

PrimitiveTable dragonfly_primitives() {
  PrimitiveTable table;
  add_first(table, Act::takes, {"lwkt_gettoken", "spin_lock", "mtx_lock"});
  add_named(table, Act::takes, "mp_token", {"get_mplock"});
  add_named(table, Act::gives, "mp_token", {"rel_mplock"});
  // The pool's token of an address: a kqueue's, a file's list of knotes, or a process' list.
  for (const auto& [name, act] :
       {std::pair("lwkt_getpooltoken", Act::takes), std::pair("lwkt_relpooltoken", Act::gives)}) {
    table.primitives.push_back({name, {{act, Subject::named, "kq_token"}}, "kq"});
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
  // p_lock counts who holds a process.
  add_named(table, Act::sets, "p_lock", {"PHOLD"});
  add_named(table, Act::calls, "prele", {"PRELE"});
  add_named(table, Act::calls, "pholdzomb", {"PHOLDZOMB"});
  add_named(table, Act::calls, "prelezomb", {"PRELEZOMB"});
  add_named(table, Act::calls, "pstall", {"PSTALL"});
  const Operation on_knote{Act::sleeps, Subject::named, "address"};
  table.primitives.push_back({"tsleep", {on_knote}, "kn"});
  add_first(table, Act::sleeps, {"tsleep", "tsleep_interlock", "ssleep", "lksleep", "lwkt_yield"});
  table.primitives.push_back({"wakeup", {{Act::wakes, Subject::named, "address"}}, "kn"});
  add_first(table, Act::wakes, {"wakeup", "wakeup_one"});
  // EVFILT_PROC's filter, the one that is modelled.
  add_named(table, Act::calls, "filt_procattach", {"f_attach"});
  add_named(table, Act::calls, "filt_procdetach", {"f_detach"});
  add_named(table, Act::calls, "filt_proc", {"f_event"});
  add_first(table, Act::asserts, {"KKASSERT", "KASSERT", "ASSERT_LWKT_TOKEN_HELD"});
  add_named(table, Act::allocates, "knote", {"knote_alloc"});
  add_named(table, Act::frees, "knote", {"knote_free"});
  add_first(table, Act::allocates, {"kmalloc", "hashinit", "objcache_get"});
  add_first(table, Act::frees, {"kfree", "hashdestroy", "objcache_put"});
  add_named(table, Act::calls, "lwpsignal", {"ksignal"});
  table.lists = {{"p_sibling", "p_children"},
                 {"kn_next", "p_klist"},
                 {"kn_kqlink", "kq_knlist"},
                 {"kn_link", "knotes"},
                 {"kn_tqe", "kq_knpend"}};
  table.subjects = {{"lwp_proc", "p"}, {"pp", "p"}, {"p_pptr", "p"}};
  add_knote_helpers(table);
  table.structures = {{"p_flag", {"p_flags"}}}; // its name until 2011-11
  return table;
}

} // namespace interlock::kernel_text
