// What a check found, as text for people and as JSON for machines.
#pragma once

#include "config/config.hpp"
#include "verdict/exit_codes.hpp"
#include "verdict/first_screen.hpp"
#include "verdict/unreached.hpp"
#include "witnesses/step_text.hpp"

#include <nlohmann/json.hpp>

namespace interlock::checker {

// How the replay of a counterexample went, in the words of harness::ReplayReport.
struct ReplaySummary {
  std::string outcome; // "reproduced", "followed", "diverged", "out-of-time"
  std::string text;    // lines: what was found, what ran, what was not checked
  std::size_t steps = 0;
  std::size_t threads = 0;
  std::vector<std::pair<std::string, std::uint64_t>> counts; // instructions that ran
  std::string not_checked;

  bool diverged() const { return outcome == "diverged"; }
};

// What a config says has to happen in some run.
struct Example {
  std::string name;
  bool happens = false;
  std::string text;                 // where it does not: "no run takes exit1.set_SZOMB"
  std::string limit;                // not empty: why it was not looked for to the end
  std::optional<std::size_t> steps; // of a shortest way to the state, where it is one
  std::string witness_path;         // of that way; empty where none was written
};

// One config's check, with what became of its counterexample.
struct CheckedConfig {
  const Config* config = nullptr;
  const lang::Spec* spec = nullptr;
  CheckResult result;
  std::optional<witnesses::Witness> witness;  // violated
  std::optional<FirstScreen> first_screen;    // violated
  std::string witness_path;                   // empty when none was written
  std::optional<ReplaySummary> replay;        // when it was replayed
  std::string error;                          // why the witness could not be written, if so
  systems::SelectedProperties properties;     // that are checked
  std::vector<std::string> order;             // systems::BuiltSpec::order
  std::vector<Example> examples;              // holds
  std::vector<UnreachedReturn> unreached;     // holds
  std::vector<std::size_t> unreached_patches; // holds: their positions

  bool is_vacuous() const;      // something never happens
  bool misses_examples() const; // something was not looked for to the end
};

struct ReportOptions {
  witnesses::TellOptions tell = {}; // which steps are told
  bool coverage = false;            // add the table of actions that were never taken
  bool quiet = false;               // the verdict's line only
  std::size_t width = 160;          // columns
  bool fold = false;                // see witnesses::TableOptions
  text::Paint paint = {};           // the report is printable where it is painted
};

// "holds", "violates kevent-contract (12 steps)", "incomplete", "interrupted".
std::string verdict_text(const CheckResult& result);

// The human report; its last line is `exit N: TEXT`.
std::string report(const CheckedConfig& checked, const ReportOptions& options);

// One result for --format json.  Keys, in this order, stable within a version of the program:
//   config name, digest, system, revision; properties [that are checked], format (whose set they
//   are) or null where the config names them; excused [property or rule]; order [what the scenario
//   says of the order of its calls]; verdict "holds" | "vacuous" | "violated" | "incomplete" |
//   "interrupted"; exit {code, text}; limit (incomplete: which); violation {property, kind,
//   message, length, context_switches, story (first_screen.hpp), table (witnesses/steps_json.hpp),
//   with exit 75 also bound {step, pool, key}} or null; locks, where lock-order or lock-discipline
//   was analysed: as in a result of `interlock locks` (locks/report.hpp), with the findings of the
//   selected ones, else null; witness (path) or null; error (why the witness could not be written)
//   or null; replay {outcome "reproduced" | "followed" | "diverged" | "out-of-time", text, steps,
//   threads, counts {name: n}, not_checked} or null, where steps, threads and counts are those that
//   really ran; statistics {states, transitions, depth, seconds, state_bits, bytes_per_state, cut
//   {property: n}}; of what holds sometimes [{name, happens, text (why not) or null, limit (not
//   looked for to the end) or null, steps or null, witness or null}] and never_returns [{thread,
//   call, number, begins}], unreached_patches [position]; never_taken [{thread, label, chain, file,
//   line}] with --coverage.
// The command's result for a config that is wrong has four keys: config, as it was named; verdict
//   "wrong"; exit {code, text}; error, as on stderr.
nlohmann::ordered_json json_report(const CheckedConfig& checked, const ReportOptions& options);

// The violation's code; 15 where something of "sometimes" never happens; 16 when the replay
// diverged, 153 when the witness could not be written. A replay that ran out of time leaves it.
ExitCode exit_code_of(const CheckedConfig& checked);

} // namespace interlock::checker
