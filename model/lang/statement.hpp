// Paths as written: the statement tree that lowers to guarded actions and that patches edit.
#pragma once

#include "lang/expression.hpp"

#include <map>
#include <memory>
#include <optional>

namespace interlock::lang {

// Where the modelled code stands.  line is 0 where it is not known.
struct Anchor {
  std::string file;     // "sys/kern/kern_event.c"
  std::string revision; // "1.129"
  std::string function; // "knote_proc_fork_track"
  int line = 0;
  // What C's statement is, by itself: "knote_proc_fork_track:mutex_exit#2"; empty where not known.
  std::string key = {};
};

enum class UpdateKind : std::uint8_t {
  assign,     // target := value
  push_front, // list operations: `list`, of `object` when it is a field, and the element `value`
  push_back,
  remove,        // no change when the element is not on the list
  insert_before, // in front of `position`, which must be on the list
  clear,
};

// One of the simultaneous updates of a step.  All values are computed in the state before the step.
struct Update {
  UpdateKind kind = UpdateKind::assign;
  VariableId variable = 0;
  Expr object; // empty unless the variable is a field
  Expr value;
  Expr position; // insert_before only
};

// A condition that must hold when the step is reached (see Action); false violates `property`.
struct Check {
  std::string property;
  Expr condition;
  std::string message;
};

enum class EffectKind : std::uint8_t { acquire, try_acquire, release, sleep, wake };
enum class Mode : std::uint8_t { exclusive, shared };

// What a step does to a lock or a sleep channel, for the analyses; its updates say the same in
// full.
struct Effect {
  EffectKind kind = EffectKind::acquire;
  Expr lock; // reference into a lock pool
  Mode mode = Mode::exclusive;
};

// A value worth showing beside a step, such as the event that it delivers.  Evaluated before the
// step.
struct Report {
  std::string name;
  Expr value;
};

// An event that a step shows to an observer (observer.hpp), with its values before the step.
struct Shows {
  std::string event; // "parent returns"
  std::vector<Report> values;
  std::string rule = {}; // of the observer's steps: what such an event breaks (observer.hpp)
};

// Where the outermost path of a thread, a system call, begins and ends.
enum class Boundary : std::uint8_t {
  none,
  begins,
  parks, // begins, and may last for ever on purpose
  returns,
};

// Whether a step that stays possible comes.
enum class Comes : std::uint8_t {
  surely,
  by_retry,   // surely, but late: a sleep's timeout finds what it waits for, and nobody told it
  by_timeout, // surely, but late: its caller gave the call a timeout
  by_chance,  // at any time or never, such as a signal
};

// One atomic step.
struct Step {
  Expr guard; // empty: always enabled
  std::vector<Check> entry_checks;
  std::vector<Check> checks;
  std::vector<Update> updates;
  std::vector<Effect> effects;
  Expr idle_when; // empty: a thread that waits here is not idle
  Comes comes = Comes::surely;
  std::vector<Report> reports;
  std::optional<Shows> shows = {};
  Boundary boundary = Boundary::none;
};

// How a loop over a list finds its next element (queue(3) macros).
enum class Cursor : std::uint8_t {
  next_read_after_body,  // SLIST_FOREACH, LIST_FOREACH: the element must still be on the list
  next_read_before_body, // SLIST_FOREACH_SAFE: the saved element may be gone
  next_read_of_unlinked, // SLIST_FOREACH, whose elements keep their link when they are taken off:
                         // the element must still be allocated
  restart_from_head,     // while ((x = SLIST_FIRST(list)) != NULL)
};

inline constexpr Cursor cursor_rules[] = {Cursor::next_read_after_body,
                                          Cursor::next_read_before_body,
                                          Cursor::next_read_of_unlinked, Cursor::restart_from_head};
const char* rule_name(Cursor rule); // "next_read_after_body", ...

struct Statement;
using Block = std::vector<std::shared_ptr<Statement>>;

enum class StatementKind : std::uint8_t { step, test, loop, for_each, choice, call, leave, check };
// "step", "test", "loop", "choice", "call", "jump", "check".
const char* kind_name(StatementKind kind);

enum class Leave : std::uint8_t { break_loop, continue_loop, return_path };

struct Statement {
  StatementKind kind = StatementKind::step;
  std::string label; // unique in its path: "enter_flux"
  Anchor anchor;
  // The code takes no lock for the guarded variables that it touches here, on purpose: an object
  // that nobody else can reach yet, or a race that the kernel has.  A test is then a step of its
  // own.
  bool unguarded = false;
  Step step;      // step
  Check check;    // check: folded into the step that follows
  Expr condition; // test; loop: empty runs for ever
  std::vector<Block>
      blocks; // test: then, else; loop, for_each, call: the body; choice: the branches
  Leave leave = Leave::return_path;
  std::string target;    // leave: label of the loop, empty for the innermost
  std::string path;      // call: the path's name; label is the same unless renamed
  int called_at = 0;     // call: the line of the call, where it is known; the anchor is the path's
  VariableId cursor = 0; // for_each: local that holds the element
  VariableId saved = 0;  // for_each: local that holds the next element, as read before the body
  VariableId list = 0;   // for_each
  Expr list_object;      // for_each: empty for a global list
  Cursor rule = Cursor::next_read_after_body;
  std::map<std::string, Expr> names; // call: arguments and locals by name, for patches
  // call: the labels of the path as written, in order, also of what the scenario left out
  std::shared_ptr<const std::vector<std::string>> labels;
};

// A block whose statements, at every depth, are shared with no other.
Block copy_of(const Block& block);

} // namespace interlock::lang
