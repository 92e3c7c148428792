// A config as it is, and with patches: what the patches do to its verdict.
#pragma once

#include "cli/kept_answers.hpp"
#include "verdict/report.hpp"

#include <filesystem>
#include <memory>
#include <set>

namespace interlock::checker::cli {

struct BeforeAfterOptions {
  SearchOptions search = {};
  CacheOptions cache = {};
  std::string out = "interlock-out"; // folder for witnesses
  std::string suffix = {};           // of their names: NAME.SUFFIX.witness.json
  bool no_replay = false;
  bool verdicts_only = false;                   // neither lock orders nor behaviours
  std::set<std::filesystem::path> written = {}; // so far: no witness replaces another
};

// What has come and gone.
struct SetDifference {
  std::vector<std::string> come, gone;
};

struct BeforeAfter {
  std::string name;                 // the config's
  bool concerned = false;           // it has a step that a patch names
  Verdict verdict = Verdict::holds; // before, without what is known
  // What is violated before: the first, and then each one that is when the others are left out.
  std::vector<std::string> known;
  std::set<std::string> cut; // before: properties that are not selected, and steps would violate
  std::unique_ptr<LoadedConfig> after; // of a new violation; `checked` points into it
  // After; without what is known, where nothing else is violated with it.  Of a new violation all,
  // else what its verdict says.
  CheckedConfig checked;
  std::string violated; // after: the property
  bool still_violated = false;
  std::string error;         // why there is no answer
  SetDifference lock_orders; // "p_mtx -> kq_lock"
  SetDifference behaviours;  // sequences of delivered events
  std::string not_compared;  // why lock orders and behaviours are not, where they are not

  bool is_new_violation() const;
  // "holds", "violates kassert, kevent-contract", "incomplete".
  std::string before_text() const;
  // "as before", or the verdict.
  std::string after_text() const;
};

// Checks the config before and after, with those of the patches whose steps its specification has.
// A violation that is there before hides none that is new: it is left out on both sides; steps that
// are cut after and not before are a violation of what they are cut for.  Writes a witness of a new
// one, and replays it.  What fails is in `error`.  What was kept is not explored again.
BeforeAfter compare(LoadedConfig before, const std::vector<lang::Patch>& patches,
                    BeforeAfterOptions& options, KeptAnswers& kept);

// The patches whose steps the specification has.  One that names a line or a chain of calls is
// tried wherever it is.
std::vector<lang::Patch> patches_for(const lang::Spec& spec,
                                     const std::vector<lang::Patch>& patches);

// A config that no patch concerns, and one about which something cannot be answered.
BeforeAfter not_concerned(const Config& config);
BeforeAfter without_answer(const Config& config, std::string error);

// --out, --no-replay, the cache, and the limits of a search.
void add_before_after_options(CLI::App& command, BeforeAfterOptions& options);

// The differences of lock orders and behaviours, a line each, with two blanks before it.
std::vector<std::string> difference_lines(const BeforeAfter& each);

// "2 of 29 configs concerned, 1 with a new violation".
std::string summary_text(const std::vector<BeforeAfter>& all);

// The code of the first new violation; then an interruption, an answer that is missing (partial),
// a limit, or success.
ExitCode exit_code_of(const std::vector<BeforeAfter>& all);

// Keys: config, before, after (null without an answer), error, new_violation (the property) and
// witness, or null; lock_orders and behaviours, each with new and lost, and not_compared.
nlohmann::ordered_json json_of(const BeforeAfter& each);

// "move a.b before a.c".
std::string patch_text(const lang::Patch& patch);

} // namespace interlock::checker::cli
