// A specification: pools, variables, threads, properties and the guarded actions that the threads'
// paths lower to.  This is the data that every reader (explorer, printer, harness, exporters)
// walks.
#pragma once

#include "lang/expression.hpp"
#include "lang/statement.hpp"

#include <map>
#include <optional>

namespace interlock::lang {

using ThreadId = std::uint32_t; // also the object of the pool `thread`: thread t is object t
using PointId = std::uint32_t;  // a program point of one thread
using ActionId = std::uint32_t;

constexpr PoolId thread_pool = 0;
constexpr PointId start_point = 0;

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

struct Pool {
  std::string name;                    // "knote"
  std::vector<std::string> objects;    // "knote0", "knote1"
  std::vector<std::string> classes;    // per object, for lock pools: the lock class, "kq_lock"
  TypeRef reference;                   // the type of a reference into this pool
  std::optional<VariableId> allocated; // boolean field; absent when all objects always exist
  std::optional<LockPool> lock;
};

// Which of two locks of one class a thread may take while it holds the other one.  Classes without
// such a rule may not be nested.
struct Nesting {
  using Lock = std::pair<PoolId, std::uint32_t>; // a lock pool and one of its objects
  std::string lock_class;
  std::string text; // the rule in words: "a child's before its parent's"
  // By the lock that is held and the one that is taken: whether the rule allows it in a state.
  std::map<std::pair<Lock, Lock>, Expr> allowed;
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
  Protection protection = Protection::unprotected;
  std::function<Expr(const Expr& object)>
      guard;                  // guarded: the reference to the lock that protects it
  std::uint32_t capacity = 0; // 0: a scalar; else a bounded list of that many elements
  std::vector<Value> initial; // per object (one for globals and locals)
  std::map<std::uint32_t, std::vector<Value>> initial_lists; // of a list, by object; else empty
  // Where it lives in a State: object i occupies slots first_slot + i * stride ... ; a list has its
  // size first and then `capacity` elements, unused ones 0.  Filled by Spec::finish().
  std::uint32_t first_slot = 0;
  std::uint32_t stride = 1;
  std::uint32_t objects = 1;
};

// One guarded action of one thread.  It may be taken in a state where the thread is at `from` and
// `path` and `guard` hold.  Order of evaluation: path; if true, entry_checks (even when the guard
// is false: the thread has arrived here); guard; if true, checks; then all updates at once; next
// `to`. A check that is false is a violation of its property, in the place of the step.
struct Action {
  ThreadId thread = 0;
  PointId from = 0;
  PointId to = 0;
  Expr path; // conjunction of the tests between `from` and the step
  std::vector<Check> entry_checks;
  Expr guard;
  std::vector<Check> checks;
  std::vector<Update> updates; // without the program counter, with resets of dead locals
  std::vector<Effect> effects;
  Expr idle_when;        // empty, or: waiting here is allowed while this holds
  bool optional = false; // see Step::optional
  std::vector<Report> reports;
  std::string label; // "knote_proc_fork_track.enter_flux"
  std::string chain; // "fork child > fork1 > knote_proc_fork > knote_proc_fork_track"
  Anchor anchor;
};

struct Point {
  std::string label;             // of the step or test at this point; "done" at the end
  std::vector<ActionId> actions; // in label order of the source
};

struct Thread {
  std::string name;
  Block body;                // as written, also after lowering; patches edit it
  std::vector<Point> points; // filled by finish(); the last one is "done"
  VariableId counter = 0;    // the program counter: a local variable
  PointId done() const { return static_cast<PointId>(points.size() - 1); }
};

enum class PropertyKind : std::uint8_t {
  check,       // violated by a failing Check (or a fault) of that name
  invariant,   // `condition` in every reachable state
  at_rest,     // `condition` in every state where no thread can move and none is deadlocked
  no_deadlock, // no state where no thread can move and some thread is neither done nor idle
  analysis,    // of the whole state graph, by an analysis of that name
};

struct Property {
  std::string name; // several entries may share a name; all must hold
  PropertyKind kind = PropertyKind::check;
  Expr condition;      // no local may be read: it is reset when it is dead
  std::string message; // what is wrong when it fails
};

// A state: one value per slot.  Slot order is that of Spec::variables().
using State = std::vector<Value>;

// Faults of evaluation, as the name of the property that they violate.
namespace fault {
inline constexpr const char* null_dereference = "null-dereference";
inline constexpr const char* use_after_free = "use-after-free";
// The walk of a list stands on an element that has been removed.  (A C list would follow the stale
// link; the specification goes no further.)
inline constexpr const char* not_on_list = "not-on-list";
inline constexpr const char* bounds = "bounds"; // a value left its range, a list or a pool is full
} // namespace fault

class Spec {
public:
  Spec();

  // --- declarations (before finish) ---
  PoolId pool(std::string name, std::vector<std::string> objects, bool allocatable);
  VariableId global(std::string name, TypeRef type, Value initial);
  VariableId global_list(std::string name, TypeRef element, std::uint32_t capacity);
  VariableId field(PoolId pool, std::string name, TypeRef type, Value initial);
  VariableId field_list(PoolId pool, std::string name, TypeRef element, std::uint32_t capacity);
  // A field that never changes: one value per object; takes no room in the state.
  VariableId constant_field(PoolId pool, std::string name, TypeRef type, std::vector<Value> values);
  VariableId local(ThreadId thread, std::string name, TypeRef type, Value initial);
  void set_initial(VariableId variable, std::uint32_t object, Value value);
  // The elements of a list at the start, which is empty without it.
  void set_initial_list(VariableId variable, std::uint32_t object, std::vector<Value> elements);
  void set_ghost(VariableId variable);
  void set_guard(VariableId variable, std::function<Expr(const Expr& object)> lock);
  void set_write_once(VariableId variable);
  void set_lock_pool(PoolId pool, LockPool lock, std::vector<std::string> classes);
  // Declares a rule for the locks of a class, whose pools are declared.  `allows` is asked at once
  // for each two of them, as literal references; it gives a boolean over the state, without locals.
  // Throws SpecError for a class without locks, and for a second rule of a class.
  void nesting(std::string lock_class, std::string text,
               const std::function<Expr(const Expr& held, const Expr& taken)>& allows);
  // Threads must be declared before anything that refers to them.  Throws SpecError on a second
  // name.
  ThreadId thread(std::string name);
  void set_body(ThreadId thread, Block body);
  void property(Property property);
  // Keeps only these properties: the checks of others are left out of the steps, as if they were
  // not written.  The faults of evaluation (namespace fault) always stay.  Without this call all
  // are kept.
  void select_properties(std::vector<std::string> names);
  bool keeps(const std::string& property) const;

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

  // Lowers every thread, checks the whole and lays out the state.  Throws SpecError naming the
  // step. Nothing may be declared afterwards.
  void finish();

  // --- what readers walk (after finish) ---
  const std::vector<Pool>& pools() const { return pools_; }
  const std::vector<Variable>& variables() const { return variables_; }
  const std::vector<Thread>& threads() const { return threads_; }
  // Before finish, whose errors then say that a patch may be their cause.
  std::vector<Thread>& threads_for_patching() {
    patched_ = true;
    return threads_;
  }
  const std::vector<Action>& actions() const {
    return actions_;
  } // by thread, then point, then source order
  const std::vector<Property>& properties() const { return properties_; }
  const std::vector<Nesting>& nestings() const { return nestings_; }
  std::uint32_t slot_count() const { return slot_count_; }
  State initial_state() const;
  // `kq_lock.owner`-like name of a slot: "knote1.kn_fflags", "proc_lock.owner", "parent.pc",
  // "allproc[0]".
  const std::string& slot_name(std::uint32_t slot) const { return slot_names_[slot]; }
  const Type& slot_type(std::uint32_t slot) const { return *slot_types_[slot]; }
  bool slot_is_ghost(std::uint32_t slot) const { return slot_ghost_[slot]; }
  // The variable of that pool with that name.  Throws SpecError, naming the nearest, when there is
  // none.
  VariableId field_named(PoolId pool, const std::string& name) const;

  std::optional<VariableId> find_local(ThreadId thread, const std::string& name) const;

private:
  void require_unfinished(const std::string& what) const;
  void require_sound_properties() const;
  // A condition of states: boolean, and without locals.  `what` is in the message.
  void require_condition(const std::string& what, const Expr& condition) const;
  VariableId declare(Variable variable);
  void drop_unselected(Block& block) const;
  void lay_out();

  std::vector<Pool> pools_;
  std::vector<Variable> variables_;
  std::vector<Thread> threads_;
  std::vector<Action> actions_;
  std::vector<Property> properties_;
  std::vector<Nesting> nestings_;
  std::vector<std::string> selected_; // empty: all
  std::vector<std::string> slot_names_;
  std::vector<TypeRef> slot_types_;
  std::vector<bool> slot_ghost_;
  std::uint32_t slot_count_ = 0;
  bool finished_ = false;
  bool patched_ = false;
};

} // namespace interlock::lang
