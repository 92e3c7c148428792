// NetBSD's primitives: mutex(9), rwlock(9), condvar(9), kernel_lock(9).
#include "kernel_text/primitive_table.hpp"

namespace interlock::kernel_text {

PrimitiveTable netbsd_primitives() {
  PrimitiveTable table;
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

} // namespace interlock::kernel_text
