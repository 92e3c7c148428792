// NetBSD's primitives for patches; see netbsd_primitives.hpp.
#include "systems/netbsd_primitives.hpp"

#include "systems/primitives.hpp"

namespace interlock::systems {

namespace {

using actions::netbsd::Path;
using lang::Expr;
using states::LockKind;

const LockKinds mutexes{LockKind::adaptive_mutex, LockKind::spin_mutex};
const LockKinds rwlocks{LockKind::rwlock};
const LockKinds conditions{LockKind::condition_variable};

} // namespace

lang::Primitives netbsd_primitives(states::netbsd::Kernel& kernel,
                                   const actions::netbsd::Context& context) {
  using actions::netbsd::Primitives;
  PrimitiveTable<Path> table(
      [&kernel, &context](lang::ThreadId thread) { return Path(kernel, thread, context); });
  table.on_lock("mutex_enter", "LOCK: take an adaptive mutex", mutexes, &Primitives::mutex_enter);
  table.on_lock("mutex_exit", "LOCK: release an adaptive mutex", mutexes, &Primitives::mutex_exit);
  table.on_lock("mutex_spin_enter", "LOCK: take a spin mutex", mutexes,
                &Primitives::mutex_spin_enter);
  table.on_lock("mutex_spin_exit", "LOCK: release a spin mutex", mutexes,
                &Primitives::mutex_spin_exit);
  table.on_lock("rw_enter_reader", "LOCK: take an rwlock to read", rwlocks,
                &Primitives::rw_enter_reader);
  table.on_lock("rw_enter_writer", "LOCK: take an rwlock to write", rwlocks,
                &Primitives::rw_enter_writer);
  table.on_lock("rw_exit", "LOCK: release an rwlock", rwlocks, &Primitives::rw_exit);
  table.on_lock("cv_broadcast", "CONDITION: wake all that sleep on it", conditions,
                &Primitives::cv_broadcast);
  table.add("mutex_tryenter", 2, "LOCK, RESULT: one attempt to take a mutex",
            [](Path& path, const std::vector<Expr>& values) {
              path.mutex_tryenter(lock_of(path.kernel(), values[0], mutexes), values[1]);
            });
  table.add("cv_wait", 2, "CONDITION, LOCK: sleep, with the lock as interlock",
            [](Path& path, const std::vector<Expr>& values) {
              path.cv_wait(lock_of(path.kernel(), values[0], conditions),
                           lock_of(path.kernel(), values[1], mutexes));
            });
  // Calls of paths.
  const auto on_knote = [&](const char* name, const char* text,
                            void (*call)(Path&, const states::netbsd::Knote&)) {
    table.add(name, 1, text, [call](Path& path, const std::vector<Expr>& values) {
      call(path, states::netbsd::Knote(path.kernel(), values[0]));
    });
  };
  on_knote("knote_activate", "KNOTE: take its kq_lock and activate it",
           actions::netbsd::knote_activate);
  on_knote("knote_activate_locked", "KNOTE: activate it, with its kq_lock held",
           actions::netbsd::knote_activate_locked);
  on_knote("knote_enqueue", "KNOTE: take its kq_lock and enable it",
           actions::netbsd::knote_enqueue);
  table.add("kn_wait_flux", 1, "KNOTE: sleep until it is not in flux, with its kq_lock held",
            [](Path& path, const std::vector<Expr>& values) {
              actions::netbsd::kn_wait_flux(path, states::netbsd::Knote(path.kernel(), values[0]),
                                            actions::netbsd::CanLoop::yes);
            });
  table.add("knote_detach", 2, "KNOTE, FILEDESC: detach and free it, with fd_lock held: drops it",
            [](Path& path, const std::vector<Expr>& values) {
              actions::netbsd::knote_detach(path, states::netbsd::Knote(path.kernel(), values[0]),
                                            states::netbsd::Filedesc(path.kernel(), values[1]),
                                            actions::netbsd::DoFop::yes);
            });
  return table.take();
}

} // namespace interlock::systems
