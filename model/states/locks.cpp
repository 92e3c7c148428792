// Declaration of the lock pools.
#include "states/locks.hpp"

namespace interlock::states {

namespace {
// How deep a recursive lock may nest in the modelled paths: kevent() registers, and the
// registration's filter operation takes it again.
constexpr lang::Value deepest_recursion = 4;
} // namespace

const LockTraits& traits(LockKind kind) {
  static const std::map<LockKind, LockTraits> table{
      {LockKind::adaptive_mutex, {.name = "adaptive mutex", .owner = true}},
      {LockKind::spin_mutex,
       {.name = "spin mutex", .owner = true, .waiting = lang::Waiting::spins}},
      {LockKind::rwlock, {.name = "rwlock", .owner = true, .readers = true}},
      {LockKind::kernel_lock,
       {.name = "kernel lock",
        .owner = true,
        .recursive = true,
        .soft = true,
        .waiting = lang::Waiting::spins}},
      {LockKind::condition_variable, {.name = "condition variable", .waiters = true}},
      {LockKind::mtx,
       {.name = "mtx", .owner = true, .recursive = true, .waiting = lang::Waiting::blocks}},
      {LockKind::sx, {.name = "sx", .owner = true, .readers = true}},
      {LockKind::sleep_channel, {.name = "sleep channel", .waiters = true}},
      {LockKind::token, {.name = "token", .owner = true, .readers = true, .soft = true}},
      {LockKind::lockmgr, {.name = "lockmgr", .owner = true, .readers = true}},
  };
  return table.at(kind);
}

const std::vector<LockKind>& lock_kinds() {
  static const std::vector<LockKind> kinds{LockKind::adaptive_mutex,
                                           LockKind::spin_mutex,
                                           LockKind::rwlock,
                                           LockKind::kernel_lock,
                                           LockKind::condition_variable,
                                           LockKind::mtx,
                                           LockKind::sx,
                                           LockKind::sleep_channel,
                                           LockKind::token,
                                           LockKind::lockmgr};
  return kinds;
}

std::uint32_t LockTable::add(LockKind kind, const std::string& lock_class,
                             const std::string& name) {
  Kind& entry = kinds_[kind];
  entry.names.push_back(name);
  entry.classes.push_back(lock_class);
  return static_cast<std::uint32_t>(entry.names.size() - 1);
}

void LockTable::declare(SpecBuilder& spec) {
  const std::vector<std::string>& threads = spec.pools()[lang::thread_pool].objects;
  thread_set_ = lang::flags_type("threads", threads);
  const lang::TypeRef thread = spec.pools()[lang::thread_pool].reference;
  for (auto& [kind, entry] : kinds_) {
    const LockTraits& has = traits(kind);
    entry.pool = spec.pool(has.name, entry.names, lang::Lifetime::permanent);
    lang::LockPool lock{has.name, {}, {}, {}};
    lock.soft = has.soft;
    lock.waiting = has.waiting;
    if (has.waiters)
      lock.waiters = entry.waiters = spec.field(entry.pool, "waiters", thread_set_, 0);
    if (has.owner)
      lock.owner = entry.owner = spec.field(entry.pool, "owner", thread, lang::none);
    if (has.readers)
      lock.readers = entry.readers = spec.field(entry.pool, "readers", thread_set_, 0);
    if (has.recursive)
      entry.recursion =
          spec.field(entry.pool, "count", lang::integer_type(0, deepest_recursion), 0);
    spec.set_lock_pool(entry.pool, lock, entry.classes);
  }
}

Lock LockTable::lock(const SpecBuilder& spec, LockKind kind, std::uint32_t number) const {
  return {kind, spec.object(kinds_.at(kind).pool, number)};
}

Expr LockTable::owner(const SpecBuilder& spec, const Lock& lock) const {
  return spec.read(kinds_.at(lock.kind).owner, lock.reference);
}
Expr LockTable::readers(const SpecBuilder& spec, const Lock& lock) const {
  return spec.read(kinds_.at(lock.kind).readers, lock.reference);
}
Expr LockTable::recursion(const SpecBuilder& spec, const Lock& lock) const {
  return spec.read(kinds_.at(lock.kind).recursion, lock.reference);
}
Expr LockTable::waiters(const SpecBuilder& spec, const Lock& lock) const {
  return spec.read(kinds_.at(lock.kind).waiters, lock.reference);
}

} // namespace interlock::states
