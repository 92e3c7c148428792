// Declaration of the lock pools.
#include "states/locks.hpp"

namespace interlock::states {

namespace {
// How deep KERNEL_LOCK may nest in the modelled paths: kevent() registers, and the registration's
// filter operation takes it again.
constexpr lang::Value deepest_kernel_lock = 4;
} // namespace

const char* kind_name(LockKind kind) {
  switch (kind) {
  case LockKind::adaptive_mutex:
    return "adaptive mutex";
  case LockKind::spin_mutex:
    return "spin mutex";
  case LockKind::rwlock:
    return "rwlock";
  case LockKind::kernel_lock:
    return "kernel lock";
  case LockKind::condition_variable:
    return "condition variable";
  }
  return "lock";
}

std::uint32_t LockTable::add(LockKind kind, const std::string& lock_class,
                             const std::string& name) {
  Kind& entry = kinds_[kind];
  entry.names.push_back(name);
  entry.classes.push_back(lock_class);
  return static_cast<std::uint32_t>(entry.names.size() - 1);
}

void LockTable::declare(Spec& spec) {
  const std::vector<std::string>& threads = spec.pools()[lang::thread_pool].objects;
  thread_set_ = lang::flags_type("threads", threads);
  const lang::TypeRef thread = spec.pools()[lang::thread_pool].reference;
  for (auto& [kind, entry] : kinds_) {
    entry.pool = spec.pool(kind_name(kind), entry.names, false);
    lang::LockPool lock{kind_name(kind), {}, {}, {}};
    lock.soft = kind == LockKind::kernel_lock;
    if (kind == LockKind::spin_mutex || kind == LockKind::kernel_lock)
      lock.waiting = lang::Waiting::spins;
    if (kind == LockKind::condition_variable) {
      entry.waiters = spec.field(entry.pool, "waiters", thread_set_, 0);
      lock.waiters = entry.waiters;
    } else {
      entry.owner = spec.field(entry.pool, "owner", thread, lang::none);
      lock.owner = entry.owner;
    }
    if (kind == LockKind::rwlock) {
      entry.readers = spec.field(entry.pool, "readers", thread_set_, 0);
      lock.readers = entry.readers;
    }
    if (kind == LockKind::kernel_lock)
      entry.recursion =
          spec.field(entry.pool, "count", lang::integer_type(0, deepest_kernel_lock), 0);
    spec.set_lock_pool(entry.pool, lock, entry.classes);
  }
}

Lock LockTable::lock(const Spec& spec, LockKind kind, std::uint32_t number) const {
  return {kind, spec.object(kinds_.at(kind).pool, number)};
}

Expr LockTable::owner(const Spec& spec, const Lock& lock) const {
  return spec.read(kinds_.at(lock.kind).owner, lock.reference);
}
Expr LockTable::readers(const Spec& spec, const Lock& lock) const {
  return spec.read(kinds_.at(lock.kind).readers, lock.reference);
}
Expr LockTable::recursion(const Spec& spec, const Lock& lock) const {
  return spec.read(kinds_.at(lock.kind).recursion, lock.reference);
}
Expr LockTable::waiters(const Spec& spec, const Lock& lock) const {
  return spec.read(kinds_.at(lock.kind).waiters, lock.reference);
}

} // namespace interlock::states
