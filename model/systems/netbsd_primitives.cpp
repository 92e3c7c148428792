// Primitives for patches; see netbsd_primitives.hpp.
#include "systems/netbsd_primitives.hpp"

namespace interlock::systems {

namespace {

using actions::netbsd::Path;
using lang::Expr;
using states::Lock;
using states::LockKind;

// A primitive works on some kinds of locks only: an rwlock that is taken as if it were a mutex has
// no meaning.
using Kinds = std::vector<LockKind>;
const Kinds mutexes{LockKind::adaptive_mutex, LockKind::spin_mutex};
const Kinds rwlocks{LockKind::rwlock};
const Kinds conditions{LockKind::condition_variable};

Lock lock_of(const states::Kernel& kernel, const Expr& reference, const Kinds& kinds) {
  for (const LockKind kind : kinds)
    if (kernel.locks().has(kind) && reference.type().kind == lang::Kind::reference &&
        kernel.locks().pool(kind) == reference.type().pool)
      return {kind, reference};
  std::string allowed;
  for (const LockKind kind : kinds)
    allowed += (allowed.empty() ? "" : " or ") + std::string(states::kind_name(kind));
  throw lang::SpecError(lang::to_string(reference) + " is no " + allowed);
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
  const auto on_lock = [&](const char* name, const char* text, const Kinds& kinds,
                           void (actions::Steps::*primitive)(const Lock&)) {
    add(name, 1, text, [&kernel, &kinds, primitive](Path& path, const std::vector<Expr>& values) {
      (path.*primitive)(lock_of(kernel, values[0], kinds));
    });
  };
  using actions::Steps;
  on_lock("mutex_enter", "LOCK: take an adaptive mutex", mutexes, &Steps::mutex_enter);
  on_lock("mutex_exit", "LOCK: release an adaptive mutex", mutexes, &Steps::mutex_exit);
  on_lock("mutex_spin_enter", "LOCK: take a spin mutex", mutexes, &Steps::mutex_spin_enter);
  on_lock("mutex_spin_exit", "LOCK: release a spin mutex", mutexes, &Steps::mutex_spin_exit);
  on_lock("rw_enter_reader", "LOCK: take an rwlock to read", rwlocks, &Steps::rw_enter_reader);
  on_lock("rw_enter_writer", "LOCK: take an rwlock to write", rwlocks, &Steps::rw_enter_writer);
  on_lock("rw_exit", "LOCK: release an rwlock", rwlocks, &Steps::rw_exit);
  on_lock("cv_broadcast", "CONDITION: wake all that sleep on it", conditions, &Steps::cv_broadcast);
  add("mutex_tryenter", 2, "LOCK, RESULT: one attempt to take a mutex",
      [&kernel](Path& path, const std::vector<Expr>& values) {
        path.mutex_tryenter(lock_of(kernel, values[0], mutexes), values[1]);
      });
  add("cv_wait", 2, "CONDITION, LOCK: sleep, with the lock as interlock",
      [&kernel](Path& path, const std::vector<Expr>& values) {
        path.cv_wait(lock_of(kernel, values[0], conditions), lock_of(kernel, values[1], mutexes));
      });
  add("knote_activate", 1, "KNOTE: take its kq_lock and activate it",
      [&kernel](Path& path, const std::vector<Expr>& values) {
        actions::netbsd::knote_activate(path, states::Knote(kernel, values[0]));
      });
  return primitives;
}

} // namespace interlock::systems
