// The witness: a counterexample in the model's words, complete enough to be followed and replayed.
#pragma once

#include "lang/trace.hpp"
#include "json/source.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace interlock::witnesses {

inline constexpr const char* format_name = "interlock-witness";
inline constexpr std::uint64_t format_version = 2;

// How much a witness says.
enum class Form : std::uint8_t {
  full,  // everything, for readers that have no specification
  steps, // only what following the steps cannot recompute
};

// What the reader of a table may leave out.
enum class Role : std::uint8_t {
  value,
  local,   // of a path; back at its initial value when it is dead
  counter, // a program counter
  lock,    // owner or readers of a lock
  ghost,   // what a property remembers; no modelled step reads it
};

struct Variable {
  std::string name; // "parent.pc", "knote1.kn_fflags", "allproc"
  std::string type;
  Role role = Role::value;
  bool operator==(const Variable&) const = default;
};

struct Lock {
  std::string name;       // the object: "kq0_lock"
  std::string lock_class; // "kq_lock"
  std::string kind;       // "adaptive mutex"
  bool operator==(const Lock&) const = default;
};

struct Held {
  std::string lock;
  bool shared = false;
  bool operator==(const Held&) const = default;
};

struct Change {
  std::string variable;
  std::string from;
  std::string to;
  bool operator==(const Change&) const = default;
};

struct Named {
  std::string name;
  std::string value;
  bool operator==(const Named&) const = default;
};

struct Source {
  std::string file;
  std::string revision;
  std::string function;
  int line = 0; // 0: not known
  bool operator==(const Source&) const = default;
};

struct WitnessStep {
  std::string thread;
  std::string label;
  // The number in lang::Spec::actions(): in full to cross-check, else only where the thread can
  // take two steps of that label.
  std::optional<std::uint64_t> action;
  // The rest is empty unless the form is full.
  std::string chain;
  Source source;
  std::vector<Held> held_before;
  std::vector<Held> held_after; // of the step's thread; a failing step leaves all as it was
  std::vector<Change> changes;  // in the order of Witness::variables
  std::vector<Named> reports;
  bool operator==(const WitnessStep&) const = default;
};

// How a thread stands in the last state.
struct Ending {
  std::string thread;
  std::string standing;             // "done", "idle", "blocked", "can move"
  std::string label;                // of the step or test that it would take next
  std::string waits_for;            // a lock or channel, or empty
  bool asleep = false;              // only a wake-up helps
  std::vector<std::string> holders; // threads that hold what it waits for
  Source source;                    // of the step that waits, when waits_for is set
  bool operator==(const Ending&) const = default;
};

// The config that the witness came from.  `text` is all that is needed to build the specification
// again.
struct Origin {
  std::string tool_version;
  std::string config_name;
  std::string config_text;
  std::string digest;
  std::string system;
  std::string revision;
  bool operator==(const Origin&) const = default;
};

struct Witness {
  Form form = Form::full;
  Origin origin;
  std::string property;
  lang::ViolationKind kind = lang::ViolationKind::check;
  std::string message;
  std::vector<WitnessStep> steps; // the last one fails when kind is check: it has no successor
  // The rest is empty unless the form is full.
  std::uint64_t context_switches = 0; // steps whose thread is not that of the step before
  std::vector<std::string> threads;
  std::vector<Lock> locks;
  std::vector<Variable> variables;
  std::vector<std::string> initial; // one value per variable
  std::vector<std::string> last;    // one value per variable
  std::vector<Ending> endings;      // one per thread
  bool operator==(const Witness&) const = default;
};

// A witness that does not follow the specification rebuilt from its config.  what() names the first
// step that does not fit; pointer() where in the file it stands.
class WitnessError : public std::runtime_error {
public:
  WitnessError(const std::string& message, std::string pointer)
      : std::runtime_error(message), pointer_(std::move(pointer)) {}
  const std::string& pointer() const { return pointer_; }

private:
  std::string pointer_;
};

// A trace in the model's words.  Throws lang::SpecError when it does not follow the specification.
Witness describe(const lang::Spec& spec, const lang::Trace& trace, const Origin& origin,
                 Form form = Form::full);

// What the analyses of a specification find (lang::PropertyKind::analysis), each with the trace
// that shows it.
struct Findings {
  std::vector<lang::Trace> traces;
  std::string limit; // not empty: why some may be missing
};
using Analyse = std::function<Findings()>;

// The trace that a witness tells.  What is wrong at its end is found anew, and every word of the
// witness is compared with what the specification says: throws WitnessError at the first
// difference.  `analyse` is asked for a witness of an analysis, whose finding and steps must be
// among its own.
lang::Trace trace_of(const lang::Spec& spec, const Witness& witness, const Analyse& analyse);

// The file (schemas/witness-2.schema.json); read(write(x)) == x.
std::string write(const Witness& witness);

// Reads a witness file's text.  Throws DocumentError for anything that write() does not write.
Witness read(const json::Source& source);

// Witnesses may be larger than configs: 64 MiB.
inline constexpr std::size_t largest_file = std::size_t{64} << 20;

// "check", "invariant", "at rest", "deadlock", "analysis".
std::string kind_name(lang::ViolationKind kind);

} // namespace interlock::witnesses
