// Tables of primitives.  Sources: mutex(9), sx(9), rwlock(9), sleep(9), condvar(9), queue(3) of
// each system, and the macros that sys/event.h, sys/proc.h, sys/filedesc.h and kern_event.c itself
// define.
#include "kernel_text/primitives.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace interlock::kernel_text {

namespace {

struct Table {
  std::vector<Primitive> primitives;
  // What C names otherwise than the model does: the field that links a list's elements -> the list,
  // a lock's member or a local variable -> the lock.
  std::map<std::string, std::string> lists, subjects;
  // A structure that is assigned as a whole -> its fields.
  std::map<std::string, std::vector<std::string>> structures;
};

using Names = std::initializer_list<const char*>;

void add(Table& table, const Operation& operation, Names names) {
  for (const char* name : names)
    table.primitives.push_back({name, {operation}});
}

void add_named(Table& table, Act act, const char* subject, Names names) {
  add(table, {act, Subject::named, subject}, names);
}

void add_shared(Table& table, Act act, Names names) {
  add(table, {act, Subject::first_argument, "", true}, names);
}

void add_first(Table& table, Act act, Names names) { add(table, {act}, names); }

// queue(3): every kind of list has these, as far as it can do them.
void add_queues(Table& table) {
  for (const std::string kind : {"LIST", "SLIST", "TAILQ", "STAILQ", "SIMPLEQ", "RB"}) {
    const auto add_kind = [&](Act act, Subject subject, Names names) {
      for (const char* name : names)
        table.primitives.push_back({kind + name, {{act, subject}}});
    };
    add_kind(Act::edits, Subject::link,
             {"_INSERT_HEAD", "_INSERT_TAIL", "_INSERT_BEFORE", "_INSERT_AFTER", "_REMOVE",
              "_REMOVE_HEAD", "_REMOVE_AFTER", "_INSERT"});
    add_kind(Act::edits, Subject::first_argument, {"_INIT", "_CONCAT", "_SWAP"});
    add_kind(Act::looks, Subject::link, {"_NEXT", "_PREV"});
    add_kind(Act::looks, Subject::first_argument, {"_FIRST", "_LAST", "_EMPTY", "_FIND", "_ROOT"});
    add_kind(Act::walks, Subject::link,
             {"_FOREACH", "_FOREACH_SAFE", "_FOREACH_REVERSE", "_FOREACH_REVERSE_SAFE",
              "_FOREACH_MUTABLE", "_FOREACH_FROM"});
  }
}

// Functions of a few lines that the model has where they are called.
void add_knote_helpers(Table& table) {
  add_named(table, Act::edits, "knotes", {"knote_attach"});
  table.primitives.push_back({"knote_dequeue",
                              {{Act::edits, Subject::named, "kq_head"},
                               {Act::sets, Subject::named, "KN_QUEUED"},
                               {Act::sets, Subject::named, "kq_count"}}});
}

void add_freebsd_locks(Table& table) {
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
  add(table, {Act::takes, Subject::named, "fd_sx", true}, {"FILEDESC_SLOCK"});
  add_named(table, Act::gives, "fd_sx", {"FILEDESC_SUNLOCK"});
}

Table freebsd() {
  Table table;
  add_freebsd_locks(table);
  add_first(table, Act::sleeps,
            {"msleep", "msleep_sbt", "msleep_spin", "mtx_sleep", "sx_sleep", "tsleep", "pause",
             "cv_wait", "cv_wait_sig", "cv_timedwait", "cv_timedwait_sig"});
  add_first(table, Act::wakes, {"wakeup", "wakeup_one", "cv_signal", "cv_broadcast"});
  add_first(table, Act::looks, {"selwakeuppri", "selwakeup"});
  const Operation flux{Act::sets, Subject::named, "KQ_FLUXWAIT"};
  const Operation wake_flux{Act::wakes, Subject::named, "kq"};
  table.primitives.push_back({"KQ_FLUX_WAKEUP", {flux, wake_flux}});
  table.primitives.push_back(
      {"kqueue_wakeup",
       {{Act::wakes, Subject::named, "kq"}, {Act::sets, Subject::named, "KQ_SLEEP"}}});
  add_knote_helpers(table);
  table.primitives.push_back(
      {"KQ_UNLOCK_FLUX", {flux, wake_flux, {Act::gives, Subject::named, "kq_lock"}}});
  // The second argument says whether the caller holds kq_lock.
  const Operation activate{Act::calls, Subject::named, "KNOTE_ACTIVATE"};
  table.primitives.push_back({"KNOTE_ACTIVATE", {activate}, "1"});
  table.primitives.push_back({"KNOTE_ACTIVATE",
                              {{Act::takes, Subject::named, "kq_lock"},
                               activate,
                               {Act::gives, Subject::named, "kq_lock"}}});
  // EVFILT_PROC's filter, the one that is modelled.
  add_named(table, Act::calls, "filt_procattach", {"f_attach"});
  add_named(table, Act::calls, "filt_procdetach", {"f_detach"});
  table.primitives.push_back({"f_event", {{Act::sets, Subject::named, "kn_fflags"}}, "NOTE_FORK"});
  table.primitives.push_back({"f_event", {{Act::reads, Subject::named, "kn_fflags"}}, "0"});
  add_named(table, Act::calls, "filt_proc", {"f_event"});
  add_first(table, Act::asserts, {"KASSERT", "MPASS", "mtx_assert", "sx_assert"});
  add_named(table, Act::asserts, "p_mtx",
            {"PROC_LOCK_ASSERT", "KNL_ASSERT_LOCK", "KNL_ASSERT_LOCKED", "KNL_ASSERT_UNLOCKED"});
  add_named(table, Act::asserts, "kq_lock", {"KQ_OWNED", "KQ_NOTOWNED"});
  add_named(table, Act::allocates, "knote", {"knote_alloc"});
  add_named(table, Act::frees, "knote", {"knote_free"});
  add_first(table, Act::allocates, {"malloc", "uma_zalloc", "hashinit", "hashinit_flags"});
  add_first(table, Act::frees, {"free", "uma_zfree", "hashdestroy"});
  table.lists = {{"kn_selnext", "p_klist"},
                 {"kn_link", "knotes"},
                 {"kn_tqe", "kq_head"},
                 {"p_sibling", "p_children"},
                 {"p_reapsibling", "p_reaplist"}};
  table.structures = {{"kn_kevent", {"kn_id", "kn_flags", "udata"}}};
  table.subjects = {{"proc_zone", "proc"}, {"knote_zone", "knote"}, {"list", "p_klist"}};
  return table;
}

Table dragonfly() {
  Table table;
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

Table netbsd() {
  Table table;
  add_first(table, Act::takes,
            {"mutex_enter", "mutex_spin_enter", "rw_enter", "lwp_lock", "KERNEL_LOCK"});
  add_first(table, Act::tries, {"mutex_tryenter", "rw_tryenter"});
  add_first(table, Act::gives,
            {"mutex_exit", "mutex_spin_exit", "rw_exit", "lwp_unlock", "KERNEL_UNLOCK_ONE",
             "KERNEL_UNLOCK_ALL", "KERNEL_UNLOCK_LAST"});
  add_first(table, Act::sleeps,
            {"cv_wait", "cv_wait_sig", "cv_timedwait", "cv_timedwait_sig", "kpause", "tsleep",
             "mtsleep"});
  add_first(table, Act::wakes, {"cv_broadcast", "cv_signal", "wakeup", "selnotify"});
  add_first(table, Act::asserts, {"KASSERT", "KASSERTMSG", "KDASSERT"});
  add_named(table, Act::allocates, "knote", {"knote_alloc"});
  add_named(table, Act::frees, "knote", {"knote_free"});
  add_named(table, Act::allocates, "proc", {"proc_alloc"});
  add_named(table, Act::frees, "proc", {"proc_free"});
  add_first(
      table, Act::allocates,
      {"kmem_alloc", "kmem_zalloc", "kmem_intr_alloc", "pool_get", "pool_cache_get", "hashinit"});
  add_first(table, Act::frees, {"kmem_free", "pool_put", "pool_cache_put", "hashdone"});
  return table;
}

const std::map<std::string, Table>& tables() {
  static const std::map<std::string, Table> all = [] {
    std::map<std::string, Table> made{
        {"dragonfly", dragonfly()}, {"freebsd", freebsd()}, {"netbsd", netbsd()}};
    for (auto& [system, table] : made)
      add_queues(table);
    return made;
  }();
  return all;
}

const Table& table_of(const std::string& system) {
  const auto found = tables().find(system);
  if (found == tables().end())
    throw std::invalid_argument("there is no table of primitives for " + system);
  return found->second;
}

bool has_word(const Expression& expression, const std::string& word) {
  return expression.text == word ||
         std::any_of(expression.parts.begin(), expression.parts.end(),
                     [&](const Expression& part) { return has_word(part, word); });
}

std::string last_name(const Expression& expression) {
  switch (expression.kind) {
  case ExpressionKind::name:
    return expression.text;
  case ExpressionKind::member:
    return member_of(expression);
  case ExpressionKind::type: // sizeof(struct proc)
    return expression.text.substr(expression.text.rfind(' ') + 1);
  case ExpressionKind::prefix:
  case ExpressionKind::cast:
  case ExpressionKind::index:
    return last_name(expression.parts.at(0));
  default:
    return "";
  }
}

} // namespace

const std::vector<Primitive>& primitives_of(const std::string& system) {
  return table_of(system).primitives;
}

std::string callee_of(const Expression& call) {
  const Expression& callee = call.parts.at(0);
  const bool pointer = callee.kind == ExpressionKind::name || callee.kind == ExpressionKind::member;
  return pointer ? last_name(callee) : "";
}

const Primitive* find_primitive(const std::string& system, const Expression& call) {
  const std::string name = callee_of(call);
  for (const Primitive& primitive : primitives_of(system)) {
    const bool meant =
        primitive.with.empty() ||
        std::any_of(call.parts.begin() + 1, call.parts.end(),
                    [&](const Expression& argument) { return has_word(argument, primitive.with); });
    if (primitive.name == name && meant)
      return &primitive;
  }
  return nullptr;
}

std::string subject_of(const std::string& system, const Expression& expression) {
  const auto& subjects = table_of(system).subjects;
  const std::string name = last_name(expression);
  const auto known = subjects.find(name);
  return known == subjects.end() ? name : known->second;
}

std::vector<std::string> fields_of(const std::string& system, const std::string& member) {
  const auto& structures = table_of(system).structures;
  const auto known = structures.find(member);
  return known == structures.end() ? std::vector<std::string>{member} : known->second;
}

std::set<std::string> subjects_of(const std::string& system, const Operation& operation,
                                  const Expression& call) {
  if (operation.subject == Subject::named)
    return {operation.name};
  if (operation.subject == Subject::link) {
    const auto& lists = table_of(system).lists;
    for (std::size_t i = 1; i < call.parts.size(); ++i)
      if (const auto known = lists.find(last_name(call.parts[i])); known != lists.end())
        return {known->second};
  }
  return call.parts.size() < 2 ? std::set<std::string>{}
                               : std::set<std::string>{subject_of(system, call.parts[1])};
}

std::vector<std::string> systems_with_primitives() {
  std::vector<std::string> names;
  for (const auto& [system, table] : tables())
    names.push_back(system);
  return names;
}

} // namespace interlock::kernel_text
