// Primitives for patches; see netbsd_primitives.hpp.
#include "systems/netbsd_primitives.hpp"

namespace interlock::systems {

namespace {

using actions::netbsd::Path;
using lang::Expr;
using states::Lock;
using states::LockKind;

Lock lock_of(const states::Kernel& kernel, const Expr& reference) {
  for (const LockKind kind : {LockKind::adaptive_mutex, LockKind::spin_mutex, LockKind::rwlock,
                              LockKind::kernel_lock, LockKind::condition_variable})
    if (kernel.locks().has(kind) && reference.type().kind == lang::Kind::reference &&
        kernel.locks().pool(kind) == reference.type().pool)
      return {kind, reference};
  throw lang::SpecError(lang::to_string(reference) + " is no lock");
}

} // namespace

lang::Primitives netbsd_primitives(states::Kernel& kernel,
                                   const actions::netbsd::Context& context) {
  lang::Primitives primitives;
  const auto add = [&](const char* name, std::size_t operands, const char* text,
                       std::function<void(Path&, const std::vector<Expr>&)> build) {
    primitives[name] = {operands, text,
                        [&kernel, &context, build = std::move(build)](
                            lang::Steps& steps, const std::vector<Expr>& values) {
                          Path path(kernel, steps.thread(), context);
                          build(path, values);
                          steps.append(path.take());
                        }};
  };
  const auto on_lock = [&](const char* name, const char* text,
                           void (actions::Steps::*primitive)(const Lock&)) {
    add(name, 1, text, [&kernel, primitive](Path& path, const std::vector<Expr>& values) {
      (path.*primitive)(lock_of(kernel, values[0]));
    });
  };
  on_lock("mutex_enter", "LOCK: take an adaptive mutex", &actions::Steps::mutex_enter);
  on_lock("mutex_exit", "LOCK: release an adaptive mutex", &actions::Steps::mutex_exit);
  on_lock("mutex_spin_enter", "LOCK: take a spin mutex", &actions::Steps::mutex_spin_enter);
  on_lock("mutex_spin_exit", "LOCK: release a spin mutex", &actions::Steps::mutex_spin_exit);
  on_lock("rw_exit", "LOCK: release an rwlock", &actions::Steps::rw_exit);
  on_lock("cv_broadcast", "CONDITION: wake all that sleep on it", &actions::Steps::cv_broadcast);
  add("mutex_tryenter", 2, "LOCK, RESULT: one attempt to take a mutex",
      [&kernel](Path& path, const std::vector<Expr>& values) {
        path.mutex_tryenter(lock_of(kernel, values[0]), values[1]);
      });
  add("cv_wait", 2, "CONDITION, LOCK: sleep, with the lock as interlock",
      [&kernel](Path& path, const std::vector<Expr>& values) {
        path.cv_wait(lock_of(kernel, values[0]), lock_of(kernel, values[1]));
      });
  add("knote_activate", 1, "KNOTE: take its kq_lock and activate it",
      [&kernel](Path& path, const std::vector<Expr>& values) {
        actions::netbsd::knote_activate(path, states::Knote(kernel, values[0]));
      });
  return primitives;
}

} // namespace interlock::systems
