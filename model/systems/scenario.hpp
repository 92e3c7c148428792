// A scenario as a config describes it, and the specification that a system builds from it.
#pragma once

#include "lang/patch.hpp"
#include "lang/spec.hpp"
#include "text/collector.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace interlock::systems {

// A piece of text from the config with the JSON pointer of where it stands, for error messages.
struct Text {
  std::string text;
  std::string pointer;
};

struct ThreadScript {
  Text name;
  std::vector<Text> calls; // "fork child", "kevent add proc parent track,exit,fork", ...
};

struct ProcessDeclaration {
  Text name;
  std::vector<Text>
      threads; // names of scripts; a process that is not declared has one thread of its name
};

struct KqueueDeclaration {
  Text name;
  Text process; // whose descriptor table holds it
};

// An edit of the statements with a label (`path.step`, or the call chain and the label).
struct Patch {
  using Kind = lang::Patch::Kind;
  Kind kind = Kind::drop;
  Text label; // lang::Patch says what these are
  Text argument;
};

// A condition that its author wants to hold in every state.
struct StatedInvariant {
  Text name;   // of a property then
  Text forall; // "proc p, knote kn", or empty
  Text holds;  // in the language of patches; empty where the invariant could not be read
};

// Something that its author wants to happen in some run: that what the config proves is not proved
// of nothing.  Either a state or a step.
struct StatedExample {
  Text name;
  Text exists; // as StatedInvariant::forall, of a state
  Text holds;  // in some state, for some choice of these objects
  Text takes;  // the label of a step that is taken
};

// Parts of a scenario that could not be read, which was said by who read it.  What depends on them
// is not judged; all else is.
struct Unread {
  bool system = false;
  bool revision = false;
  bool names = false; // of a thread, a process or a kqueue
  bool calls = false;
  bool properties = false;
  bool bounds = false;
  bool patches = false;
  bool invariants = false;
  bool any() const {
    return system || revision || names || calls || properties || bounds || patches || invariants;
  }
};

// Of Scenario::reuse.
inline constexpr const char* reuse_lowest = "lowest";
inline constexpr const char* reuse_any = "any";

struct Scenario {
  int format = 1; // which properties are checked where none is named
  Text system;
  Text revision;
  std::vector<Text> setup; // "THREAD: CALL", one after the other, before all else
  std::vector<ThreadScript> threads;
  std::vector<ProcessDeclaration> processes;
  std::vector<KqueueDeclaration> kqueues;
  std::vector<Text> environment; // choices that are turned on: "allocation-fails", ...
  std::vector<Text> properties;  // selected; empty selects all that the system has
  std::vector<Text> excused;     // properties, and rules of them, that are not checked all the same
  std::map<std::string, std::pair<int, std::string>> bounds; // pool name -> (size, JSON pointer)
  Text reuse; // which free object an allocation takes: "lowest", as without it, or "any"
  std::vector<Patch> patches;
  std::vector<StatedInvariant> invariants; // checked, whichever properties are selected
  std::vector<StatedExample> sometimes;    // looked for where all holds
  Unread unread;

  // Whether it can be told which properties are selected: where none is named, a patch that could
  // not be read may add a check.
  bool tells_properties() const {
    return !unread.properties && !unread.invariants && !(unread.patches && properties.empty());
  }
};

// A scenario that makes no sense.  what() says what is wrong and what is allowed; pointer() where.
class ScenarioError : public std::runtime_error {
public:
  ScenarioError(const std::string& message, std::string pointer, std::size_t offset = 0)
      : std::runtime_error(message), pointer_(std::move(pointer)), offset_(offset) {}
  const std::string& pointer() const { return pointer_; }
  // Characters into the text at pointer() where the trouble starts.
  std::size_t offset() const { return offset_; }

private:
  std::string pointer_;
  std::size_t offset_;
};

// All that is wrong with a scenario, as far as it could be told: at least one.  As a ScenarioError
// it is the first of them.
class ScenarioErrors : public ScenarioError {
public:
  explicit ScenarioErrors(std::vector<ScenarioError> errors)
      : ScenarioError(errors.at(0)), errors_(std::move(errors)) {}
  const std::vector<ScenarioError>& errors() const { return errors_; }

private:
  std::vector<ScenarioError> errors_;
};

// Collects what is wrong with a scenario, so that all of it is said at once.
using Objections = text::Collector<ScenarioError, ScenarioErrors>;

// Something that a user can name, with a line that explains it.
struct Entry {
  std::string name;
  std::string text;
};

struct SystemDescription {
  std::string name; // "netbsd"
  std::string text;
  std::vector<Entry> revisions;        // "kern_event-1.128": ...
  std::vector<Entry> calls;            // "fork CHILD": ...
  std::vector<Entry> properties;       // "kevent-contract": ...
  std::vector<Entry> rules;            // of these: "kevent-contract/udata": ...
  std::vector<Entry> environment;      // "allocation-fails": ...
  std::vector<Entry> bounds;           // "knotes": ...
  std::vector<std::string> lock_order; // documented order, outermost first
  // Lock classes of which a thread may hold two, each with the rule that says which comes first:
  // those that the built specification has (lang::Spec::nestings).
  std::vector<Entry> nestable_locks;
  // A kernel, whose calls are those of processes and kqueues (call_table.hpp)?
  bool kernel = true;
};

// Every system, in name order.
const std::vector<SystemDescription>& systems();

// The one of that name, or nullptr.
const SystemDescription* find_system(const std::string& name);

// The properties that are checked.
struct SelectedProperties {
  std::vector<std::string> names; // in the config's order
  std::set<std::string> excused;  // rules of these that are not: "kevent-contract/udata"
  bool by_format = false;         // none is named: they are those of the scenario's format

  bool contains(const std::string& property) const;
  // Whether the property, or the rule, of that name is checked.
  bool checks(const std::string& name) const;
  // The rules of a property that are excused, by their own names: "udata".
  std::set<std::string> excused_of(const std::string& property) const;
};

// A step of a specification, by name: all of its actions.
struct StepName {
  lang::ThreadId thread = 0;
  std::string label; // "knote_proc_fork_track.enter_flux"
  std::string chain; // "fork child > fork1 > knote_proc_fork > knote_proc_fork_track"
  auto operator<=>(const StepName&) const = default;
};

struct BuiltSpec {
  std::unique_ptr<const lang::Spec> spec;
  SelectedProperties properties;
  std::set<std::string> insertable = {}; // primitives and paths that patches can insert
  // What the scenario says of the order of its calls: what holds, holds for such runs alone.
  std::vector<std::string> order = {};
  // By patch: the steps around what it edits, and those that it brings.
  std::vector<std::vector<StepName>> patched = {};
};

// What can be said of a scenario without its specification: all but its patches is looked at.
struct Judgement {
  std::vector<ScenarioError> objections;
  // As BuiltSpec has them; nothing where it cannot be told which they are.
  std::optional<SelectedProperties> properties;
};
Judgement judge(const Scenario& scenario);

// Builds the specification of a scenario.  Throws ScenarioErrors for what the user got wrong and
// lang::SpecError for a mistake in the specification itself (or in what a patch made of it).
BuiltSpec build(const Scenario& scenario);

} // namespace interlock::systems
