// What a specification declares: pools, variables, and the threads with their bodies as written.
// SpecBuilder adds to them; a Spec has them for its readers.
#pragma once

#include "lang/expression.hpp"
#include "lang/statement.hpp"

#include <map>
#include <optional>

namespace interlock::lang {

using ThreadId = std::uint32_t; // also the object of the pool `thread`: thread t is object t

constexpr PoolId thread_pool = 0;

// How a thread waits for a lock, which also says what its holder may do meanwhile.
enum class Waiting : std::uint8_t {
  spins,  // busy: the holder may neither block nor sleep (spin mutex)
  blocks, // off the processor for a bounded time: the holder may block, but not sleep
  sleeps, // for as long as it takes: the holder may sleep
};

// What a lock pool's objects are.  The variables are fields of the pool.
struct LockPool {
  std::string kind; // "adaptive mutex", "spin mutex", "rwlock", ... as the kernel calls it
  std::optional<VariableId> owner;   // thread reference: the exclusive holder
  std::optional<VariableId> readers; // flags, one per thread: the shared holders
  std::optional<VariableId>
      waiters; // flags, one per thread: the threads asleep (condition variable)
  // Given up while its holder blocks or sleeps, and taken again afterwards (KERNEL_LOCK, tokens).
  bool soft = false;
  Waiting waiting = Waiting::sleeps;
};

// Whether the objects of a pool always exist, or are there from their allocation until they are
// freed.
enum class Lifetime : std::uint8_t { permanent, allocated };

struct Pool {
  std::string name;                    // "knote"
  std::vector<std::string> objects;    // "knote0", "knote1"
  std::vector<std::string> classes;    // per object, for lock pools: the lock class, "kq_lock"
  TypeRef reference;                   // the type of a reference into this pool
  std::optional<VariableId> allocated; // boolean field; absent for Lifetime::permanent
  std::optional<LockPool> lock;
};

enum class Scope : std::uint8_t { global, field, local };

// How the modelled kernel protects a variable.  Tests of what is not `unprotected` are folded into
// the step that follows them, because nothing can change between the two; accesses to `guarded`
// variables carry a check that the guard is held.  `write_once` is set while the object is still
// private and never changes afterwards; `immutable` has no place in the state at all.
enum class Protection : std::uint8_t { unprotected, guarded, write_once, immutable };

struct Variable {
  std::string name; // "kn_fflags", "knote_proc_fork.kn"
  TypeRef type;     // of the scalar, or of a list's elements
  Scope scope = Scope::global;
  PoolId pool = 0;     // field: of this pool
  ThreadId thread = 0; // local: of this thread
  bool ghost = false;
  bool drawn = false; // by the environment, of a scenario: in no kernel's text
  Protection protection = Protection::unprotected;
  std::uint32_t capacity = 0; // 0: a scalar; else a bounded list of that many elements
  std::vector<Value> initial; // per object (one for globals and locals)
  std::map<std::uint32_t, std::vector<Value>> initial_lists; // of a list, by object; else empty
  // Where it lives in a State: object i occupies slots first_slot + i * stride ... ; a list has its
  // size first and then `capacity` elements, unused ones 0.  Filled by SpecBuilder::finish().
  std::uint32_t first_slot = 0;
  std::uint32_t stride = 1;
  std::uint32_t objects = 1;
};

class Declarations {
public:
  const std::vector<Pool>& pools() const { return pools_; }
  const std::vector<Variable>& variables() const { return variables_; }
  // As written, also after lowering, with the checks of every property; patches edit it.
  const Block& body(ThreadId thread) const { return bodies_.at(thread); }
  ThreadId thread_count() const { return static_cast<ThreadId>(bodies_.size()); }
  const std::string& thread_name(ThreadId thread) const {
    return pools_[thread_pool].objects.at(thread);
  }
  // Whether the actions have the checks of a property; the faults of evaluation (namespace fault)
  // always stay.
  bool keeps(const std::string& property) const;
  // Whether it is one of those that are checked; of a fault that is not, the steps are cut.
  bool selects(const std::string& property) const;
  // The variable of that pool with that name.  Throws SpecError, naming the nearest, when there is
  // none.
  VariableId field_named(PoolId pool, const std::string& name) const;
  std::optional<VariableId> find_local(ThreadId thread, const std::string& name) const;

  // --- expressions over the declarations ---
  Expr read(VariableId variable) const;                  // global or local
  Expr read(VariableId field, const Expr& object) const; // field of an object
  Expr object(PoolId pool, std::uint32_t index) const;   // a literal reference
  Expr nothing(PoolId pool) const;                       // the literal `none`
  Expr self(ThreadId thread) const { return object(thread_pool, thread); }
  Expr first_free(PoolId pool) const;
  Expr is_allocated(const Expr& object) const;
  // List operations; `object` is empty for a global list.
  Expr list_size(VariableId list, const Expr& object = {}) const;
  Expr list_front(VariableId list, const Expr& object = {}) const;
  Expr list_back(VariableId list, const Expr& object = {}) const;
  Expr list_next(VariableId list, const Expr& object, const Expr& element) const;
  Expr list_has(VariableId list, const Expr& object, const Expr& element) const;

  // What a user should know about a specification that is sound.
  const std::vector<std::string>& notes() const { return notes_; }

protected:
  Declarations();

  std::vector<Pool> pools_;
  std::vector<Variable> variables_;
  std::vector<Block> bodies_;         // by thread
  std::vector<std::string> selected_; // properties; empty: all
  std::vector<std::string> notes_;
};

} // namespace interlock::lang
