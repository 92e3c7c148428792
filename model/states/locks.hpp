// The lock objects of a kernel: what kinds there are, and a table of all instances.
#pragma once

#include "lang/spec_builder.hpp"

#include <map>

namespace interlock::states {

using lang::Expr;
using lang::PoolId;
using lang::SpecBuilder;
using lang::VariableId;

// The kinds of locks that some modelled kernel has, with the state that each one needs.
enum class LockKind : std::uint8_t {
  adaptive_mutex, // NetBSD mutex(9), IPL_NONE: one owner, may sleep to get it, not recursive
  spin_mutex,     // NetBSD mutex(9), IPL_SCHED: one owner, no sleeping while held, not recursive
  rwlock,         // NetBSD rwlock(9): one writer or many readers, not recursive
  kernel_lock,    // NetBSD KERNEL_LOCK: one owner, recursive, given up while its holder sleeps
  condition_variable, // condvar(9): a set of sleeping threads
  mtx,                // FreeBSD mutex(9), MTX_DEF: one owner, blocks, no sleeping while held
  sx,                 // FreeBSD sx(9): one exclusive or many shared holders, may be held asleep
  sleep_channel,      // msleep(9), tsleep(9): an address that threads sleep on
  token,   // DragonFly LWKT token: exclusive or shared, given up while its holder does not run; how
           // often a thread has it is in states/tokens.hpp
  lockmgr, // DragonFly lockmgr(9): one exclusive or many shared holders, may be held asleep
};

// What an object of a kind has and how it is waited for.
struct LockTraits {
  const char* name = "";  // as the kernel's manual calls it: "adaptive mutex"
  bool owner = false;     // one thread may hold it
  bool readers = false;   // many may share it
  bool recursive = false; // it counts how often it is held
  bool waiters = false;   // threads sleep on it
  bool soft = false;      // given up while its holder blocks or sleeps
  lang::Waiting waiting = lang::Waiting::sleeps;
};
const LockTraits& traits(LockKind kind);

// Every kind, in the order of the enumeration.
const std::vector<LockKind>& lock_kinds();

// A lock object: a reference into the pool of its kind.
struct Lock {
  LockKind kind = LockKind::adaptive_mutex;
  Expr reference;
};

// All lock instances of a specification.  Instances are added first, then declared at once, because
// a pool's size is fixed by its declaration.
class LockTable {
public:
  // Adds an instance, such as class "kq_lock", name "kq.kq_lock"; gives its number within its kind.
  std::uint32_t add(LockKind kind, const std::string& lock_class, const std::string& name);

  // Declares a pool for each kind that has instances.  Call once, after all threads are declared.
  void declare(SpecBuilder& spec);

  Lock lock(const SpecBuilder& spec, LockKind kind, std::uint32_t number) const;
  // The reference values of a constant field that gives each object its own lock.
  static lang::Value value(std::uint32_t number) { return static_cast<lang::Value>(number) + 1; }

  bool has(LockKind kind) const { return kinds_.contains(kind); }
  // A pool that exists only when the kind has instances.
  PoolId pool(LockKind kind) const { return kinds_.at(kind).pool; }
  lang::TypeRef reference_type(const SpecBuilder& spec, LockKind kind) const {
    return spec.pools()[pool(kind)].reference;
  }
  std::size_t count(LockKind kind) const { return has(kind) ? kinds_.at(kind).names.size() : 0; }

  // Fields, of the kinds whose traits have them.
  Expr owner(const SpecBuilder& spec, const Lock& lock) const;
  Expr readers(const SpecBuilder& spec, const Lock& lock) const;
  Expr recursion(const SpecBuilder& spec,
                 const Lock& lock) const; // recursive kinds: how often it is held
  Expr waiters(const SpecBuilder& spec, const Lock& lock) const; // what threads sleep on

  // The flag set with one flag per thread, for readers and waiters.
  const lang::TypeRef& thread_set() const { return thread_set_; }

private:
  struct Kind {
    std::vector<std::string> names;
    std::vector<std::string> classes;
    PoolId pool = 0;
    VariableId owner = 0;
    VariableId readers = 0;
    VariableId recursion = 0;
    VariableId waiters = 0;
  };
  std::map<LockKind, Kind> kinds_;
  lang::TypeRef thread_set_;
};

// How the kernel's manual calls the kind.
inline const char* kind_name(LockKind kind) { return traits(kind).name; }

} // namespace interlock::states
