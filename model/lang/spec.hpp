// A specification: declarations, properties and the guarded actions that the threads' paths lower
// to.  This is the data that every reader (explorer, printer, harness, exporters) walks; it never
// changes.  SpecBuilder makes it.
#pragma once

#include "lang/fault.hpp"
#include "lang/footprint.hpp"

namespace interlock::lang {

using PointId = std::uint32_t; // a program point of one thread
using ActionId = std::uint32_t;

constexpr PointId start_point = 0;

// One guarded action of one thread.  It may be taken in a state where the thread is at `from` and
// `path` and `guard` hold.  Order of evaluation: path; if true, entry_checks (even when the guard
// is false: the thread has arrived here); guard; if true, checks; what it shows, which the observer
// has to explain; then all updates at once; next `to`.  A check that is false is a violation of its
// property, in the place of the step, and so is an event without an explanation.
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
  Expr idle_when; // empty, or: waiting here is allowed while this holds
  Comes comes = Comes::surely;
  std::vector<Report> reports;
  std::optional<Shows> shows;
  std::string label; // "knote_proc_fork_track.enter_flux"
  std::string chain; // "fork child > fork1 > knote_proc_fork > knote_proc_fork_track"
  Boundary boundary = Boundary::none;
  std::size_t call = 0; // which of the thread's outermost paths it is in, from 1; 0: in none
  Anchor anchor;
};

struct Point {
  std::string label;             // of the step or test at this point; "done" at the end
  std::vector<ActionId> actions; // in label order of the source
};

struct Thread {
  std::string name;
  std::vector<Point> points; // the last one is "done"
  VariableId counter = 0;    // the program counter: a local variable
  PointId done() const { return static_cast<PointId>(points.size() - 1); }
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

enum class PropertyKind : std::uint8_t {
  check,        // violated by a failing Check (or a fault) of that name
  invariant,    // `condition` in every reachable state
  at_rest,      // `condition` in every state that is at rest (standstill.hpp)
  settled,      // the observer owes nothing in such a state: see Observer::debt()
  no_deadlock,  // no state where no thread can move and some thread is neither done nor idle
  no_oversleep, // no state where only the timeout of a sleep finds what the sleep was for
  analysis,     // of the whole state graph, by an analysis of that name
};

struct Property {
  std::string name; // several entries may share a name; all must hold
  PropertyKind kind = PropertyKind::check;
  Expr condition;      // no local may be read: it is reset when it is dead
  std::string message; // what is wrong when it fails
};

// A state: one value per slot.  Slot order is that of Spec::variables().
using State = std::vector<Value>;

class Observer;

// Who judges what the steps show; and where, in a state, the number of its set is.
struct Observation {
  std::shared_ptr<Observer> observer;
  std::string property;   // violated by an event that is not explained
  VariableId set = 0;     // a ghost, global; empty in the footprints and in all that is printed
  std::uint32_t slot = 0; // of `set`
};

class Spec : public Declarations {
public:
  const std::vector<Thread>& threads() const { return threads_; }
  // By thread, then point, then source order.
  const std::vector<Action>& actions() const { return actions_; }
  // What an action reads and writes, and which locks it takes, gives up and needs.
  const Footprint& footprint(ActionId action) const { return footprints_[action]; }
  const std::vector<Property>& properties() const { return properties_; }
  const std::vector<Nesting>& nestings() const { return nestings_; }
  // Nothing where nobody looks on: what steps show is then nobody's business.
  const std::optional<Observation>& observation() const { return observation_; }
  std::uint32_t slot_count() const { return slot_count_; }
  State initial_state() const;
  // `kq_lock.owner`-like name of a slot: "knote1.kn_fflags", "proc_lock.owner", "parent.pc",
  // "allproc[0]".
  const std::string& slot_name(std::uint32_t slot) const { return slot_names_[slot]; }
  const Type& slot_type(std::uint32_t slot) const { return *slot_types_[slot]; }

private:
  friend class SpecBuilder;
  Spec(Declarations declarations, std::vector<Thread> threads, std::vector<Action> actions,
       std::vector<Property> properties, std::vector<Nesting> nestings,
       std::optional<Observation> observation);
  void lay_out();

  std::vector<Thread> threads_;
  std::vector<Action> actions_;
  std::vector<Footprint> footprints_; // by action
  std::vector<Property> properties_;
  std::vector<Nesting> nestings_;
  std::optional<Observation> observation_;
  std::vector<std::string> slot_names_;
  std::vector<TypeRef> slot_types_;
  std::uint32_t slot_count_ = 0;
};

} // namespace interlock::lang
