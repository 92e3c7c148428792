// FreeBSD's primitives for patches; see freebsd_primitives.hpp.
#include "systems/freebsd_primitives.hpp"

#include "systems/primitives.hpp"

namespace interlock::systems {

namespace {

using actions::freebsd::Path;
using lang::Expr;
using states::LockKind;

const LockKinds mutexes{LockKind::mtx};
const LockKinds sx_locks{LockKind::sx};
const LockKinds channels{LockKind::sleep_channel};

} // namespace

lang::Primitives freebsd_primitives(states::freebsd::Kernel& kernel,
                                    const actions::freebsd::Context& context) {
  using actions::freebsd::Interlock;
  using actions::freebsd::Primitives;
  PrimitiveTable<Path> table(
      [&kernel, &context](lang::ThreadId thread) { return Path(kernel, thread, context); });
  table.on_lock("mtx_lock", "LOCK: take a mutex", mutexes, &Primitives::mtx_lock);
  table.on_lock("mtx_unlock", "LOCK: release a mutex", mutexes, &Primitives::mtx_unlock);
  table.on_lock("sx_xlock", "LOCK: take an sx lock exclusively", sx_locks, &Primitives::sx_xlock);
  table.on_lock("sx_slock", "LOCK: take an sx lock shared", sx_locks, &Primitives::sx_slock);
  table.on_lock("sx_xunlock", "LOCK: release an sx lock held exclusively", sx_locks,
                &Primitives::sx_xunlock);
  table.on_lock("sx_sunlock", "LOCK: release an sx lock held shared", sx_locks,
                &Primitives::sx_sunlock);
  table.on_lock("wakeup", "CHANNEL: wake all that sleep there", channels, &Primitives::wakeup);
  table.add("msleep", 2, "CHANNEL, LOCK: sleep, with the mutex as interlock",
            [](Path& path, const std::vector<Expr>& values) {
              path.msleep(lock_of(path.kernel(), values[0], channels),
                          lock_of(path.kernel(), values[1], mutexes), {{}, "msleep", {}, false});
            });
  table.add("msleep_pdrop", 2, "CHANNEL, LOCK: the same with PDROP",
            [](Path& path, const std::vector<Expr>& values) {
              path.msleep(lock_of(path.kernel(), values[0], channels),
                          lock_of(path.kernel(), values[1], mutexes), {{}, "msleep", {}, false},
                          Interlock::dropped);
            });
  // Calls of paths.
  const auto on_knote = [&](const char* name, const char* text,
                            void (*call)(Path&, const states::freebsd::Knote&)) {
    table.add(name, 1, text, [call](Path& path, const std::vector<Expr>& values) {
      call(path, states::freebsd::Knote(path.kernel(), values[0]));
    });
  };
  on_knote("knote_activate", "KNOTE: KNOTE_ACTIVATE(kn, 1), with its kq_lock held",
           actions::freebsd::knote_activate);
  on_knote("knote_drop", "KNOTE: free it; it is in flux and off its list",
           actions::freebsd::knote_drop);
  table.add("kq_flux_wakeup", 1, "KQUEUE: KQ_FLUX_WAKEUP(kq), with its kq_lock held",
            [](Path& path, const std::vector<Expr>& values) {
              actions::freebsd::kq_flux_wakeup(path,
                                               states::freebsd::Kqueue(path.kernel(), values[0]));
            });
  return table.take();
}

} // namespace interlock::systems
