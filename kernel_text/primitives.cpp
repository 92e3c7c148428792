// Tables of primitives.  Sources: mutex(9), sx(9), rwlock(9), sleep(9), condvar(9), queue(3) of
// each system, and the macros that sys/event.h, sys/proc.h, sys/filedesc.h and kern_event.c itself
// define.
#include "kernel_text/primitives.hpp"

#include <map>
#include <stdexcept>

namespace interlock::kernel_text {

namespace {

using Table = std::vector<Primitive>;

void add(Table& table, Does does, std::initializer_list<const char*> names) {
  for (const char* name : names)
    table.push_back({name, does, {}});
}

// queue(3): every kind of list has these, as far as it can do them.
void add_queues(Table& table) {
  for (const std::string kind : {"LIST", "SLIST", "TAILQ", "STAILQ", "SIMPLEQ", "RB"}) {
    for (const char* edit :
         {"_INSERT_HEAD", "_INSERT_TAIL", "_INSERT_BEFORE", "_INSERT_AFTER", "_REMOVE",
          "_REMOVE_HEAD", "_REMOVE_AFTER", "_INIT", "_CONCAT", "_SWAP", "_INSERT"})
      table.push_back({kind + edit, Does::edits, {}});
    for (const char* look : {"_FIRST", "_LAST", "_NEXT", "_PREV", "_EMPTY", "_FIND", "_ROOT"})
      table.push_back({kind + look, Does::looks, {}});
    for (const char* walk : {"_FOREACH", "_FOREACH_SAFE", "_FOREACH_REVERSE",
                             "_FOREACH_REVERSE_SAFE", "_FOREACH_MUTABLE", "_FOREACH_FROM"})
      table.push_back({kind + walk, Does::walks, {}});
  }
}

Table freebsd() {
  Table table;
  add(table, Does::takes,
      {"mtx_lock", "mtx_lock_spin", "sx_xlock", "sx_slock", "rw_wlock", "rw_rlock", "PROC_LOCK",
       "PROC_SLOCK", "PROC_STATLOCK", "PGRP_LOCK", "SESS_LOCK", "thread_lock", "KQ_LOCK",
       "KQ_GLOBAL_LOCK", "FILEDESC_XLOCK", "FILEDESC_SLOCK", "kl_lock", "KN_LIST_LOCK"});
  add(table, Does::tries, {"mtx_trylock", "sx_try_xlock", "sx_try_slock", "PROC_TRYLOCK"});
  add(table, Does::gives,
      {"mtx_unlock",       "mtx_unlock_spin",  "sx_xunlock",     "sx_sunlock",
       "sx_unlock",        "rw_wunlock",       "rw_runlock",     "PROC_UNLOCK",
       "PROC_SUNLOCK",     "PROC_STATUNLOCK",  "PGRP_UNLOCK",    "SESS_UNLOCK",
       "thread_unlock",    "KQ_UNLOCK",        "KQ_UNLOCK_FLUX", "KQ_GLOBAL_UNLOCK",
       "FILEDESC_XUNLOCK", "FILEDESC_SUNLOCK", "kl_unlock",      "KN_LIST_UNLOCK"});
  add(table, Does::sleeps,
      {"msleep", "msleep_sbt", "msleep_spin", "mtx_sleep", "sx_sleep", "tsleep", "pause", "cv_wait",
       "cv_wait_sig", "cv_timedwait", "cv_timedwait_sig"});
  add(table, Does::wakes,
      {"wakeup", "wakeup_one", "cv_signal", "cv_broadcast", "KQ_FLUX_WAKEUP", "selwakeuppri",
       "selwakeup"});
  add(table, Does::asserts,
      {"KASSERT", "MPASS", "mtx_assert", "sx_assert", "PROC_LOCK_ASSERT", "KQ_OWNED", "KQ_NOTOWNED",
       "KNL_ASSERT_LOCKED", "KNL_ASSERT_UNLOCKED", "KNL_ASSERT_LOCK", "CTASSERT"});
  add(table, Does::allocates,
      {"malloc", "uma_zalloc", "hashinit", "hashinit_flags", "knote_alloc", "fget", "fdalloc"});
  add(table, Does::frees, {"free", "uma_zfree", "hashdestroy", "knote_free"});
  return table;
}

Table dragonfly() {
  Table table;
  add(table, Does::takes,
      {"lwkt_gettoken", "lwkt_gettoken_shared", "lwkt_getpooltoken", "get_mplock", "spin_lock",
       "spin_lock_shared", "crit_enter", "crit_enter_id", "PHOLD", "pgref", "mtx_lock"});
  table.push_back({"lockmgr", Does::takes, "LK_RELEASE"});
  add(table, Does::tries, {"lwkt_trytoken", "spin_trylock", "PHOLDZOMB", "PSTALL"});
  add(table, Does::gives,
      {"lwkt_reltoken", "lwkt_relpooltoken", "rel_mplock", "spin_unlock", "spin_unlock_shared",
       "crit_exit", "crit_exit_id", "PRELE", "PRELEZOMB", "pgrel", "mtx_unlock"});
  add(table, Does::sleeps, {"tsleep", "tsleep_interlock", "ssleep", "lksleep", "lwkt_yield"});
  add(table, Does::wakes, {"wakeup", "wakeup_one", "KNOTE_WAKEUP"});
  add(table, Does::asserts, {"KKASSERT", "KASSERT", "ASSERT_LWKT_TOKEN_HELD"});
  add(table, Does::allocates, {"kmalloc", "hashinit", "knote_alloc", "objcache_get", "fdalloc"});
  add(table, Does::frees, {"kfree", "hashdestroy", "knote_free", "objcache_put"});
  return table;
}

Table netbsd() {
  Table table;
  add(table, Does::takes,
      {"mutex_enter", "mutex_spin_enter", "rw_enter", "lwp_lock", "KERNEL_LOCK", "membar_enter"});
  add(table, Does::tries, {"mutex_tryenter", "rw_tryenter"});
  add(table, Does::gives,
      {"mutex_exit", "mutex_spin_exit", "rw_exit", "lwp_unlock", "KERNEL_UNLOCK_ONE",
       "KERNEL_UNLOCK_ALL", "KERNEL_UNLOCK_LAST"});
  add(table, Does::sleeps,
      {"cv_wait", "cv_wait_sig", "cv_timedwait", "cv_timedwait_sig", "kpause", "tsleep",
       "mtsleep"});
  add(table, Does::wakes, {"cv_broadcast", "cv_signal", "wakeup", "selnotify"});
  add(table, Does::asserts, {"KASSERT", "KASSERTMSG", "KDASSERT"});
  add(table, Does::allocates,
      {"kmem_alloc", "kmem_zalloc", "kmem_intr_alloc", "pool_get", "pool_cache_get", "hashinit",
       "knote_alloc", "proc_alloc"});
  add(table, Does::frees,
      {"kmem_free", "pool_put", "pool_cache_put", "hashdone", "knote_free", "proc_free"});
  return table;
}

struct Entry {
  Table table;
  std::map<std::string, const Primitive*> by_name;
};

const std::map<std::string, Entry>& tables() {
  static const std::map<std::string, Entry> all = [] {
    std::map<std::string, Entry> made{
        {"dragonfly", {dragonfly(), {}}}, {"freebsd", {freebsd(), {}}}, {"netbsd", {netbsd(), {}}}};
    for (auto& [system, entry] : made) {
      add_queues(entry.table);
      for (const Primitive& primitive : entry.table)
        entry.by_name.emplace(primitive.name, &primitive);
    }
    return made;
  }();
  return all;
}

const Entry& table_of(const std::string& system) {
  const auto found = tables().find(system);
  if (found == tables().end())
    throw std::invalid_argument("there is no table of primitives for " + system);
  return found->second;
}

} // namespace

const char* word_of(Does does) {
  switch (does) {
  case Does::takes:
    return "takes";
  case Does::tries:
    return "tries";
  case Does::gives:
    return "gives";
  case Does::sleeps:
    return "sleeps";
  case Does::wakes:
    return "wakes";
  case Does::edits:
    return "edits";
  case Does::looks:
    return "looks";
  case Does::walks:
    return "walks";
  case Does::asserts:
    return "asserts";
  case Does::allocates:
    return "allocates";
  case Does::frees:
    return "frees";
  }
  return "";
}

const std::vector<Primitive>& primitives_of(const std::string& system) {
  return table_of(system).table;
}

const Primitive* find_primitive(const std::string& system, const std::string& name) {
  const Entry& entry = table_of(system);
  const auto found = entry.by_name.find(name);
  return found == entry.by_name.end() ? nullptr : found->second;
}

std::vector<std::string> systems_with_primitives() {
  std::vector<std::string> names;
  for (const auto& [system, entry] : tables())
    names.push_back(system);
  return names;
}

} // namespace interlock::kernel_text
