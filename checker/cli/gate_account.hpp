// The gate's account: a row for every file, what differs, and the last lines.
#pragma once

#include "cli/gate_answers.hpp"
#include "cli/lines_in_tree.hpp"
#include "cli/report_files.hpp"

#include <map>
#include <nlohmann/json.hpp>

namespace interlock::checker::cli {

struct AccountOptions {
  bool json = false;              // a document instead of the table
  bool update = false;            // rewrite golden numbers
  std::vector<std::string> trees; // of the kernel's C, where steps are looked for
};

// Prints the account as it is added to, or at its end as a document.
class GateAccount {
public:
  // All three must live as long as the account.
  GateAccount(const std::vector<GateItem>& items, const AccountOptions& options,
              const AnswerOptions& answers);

  void add(const GateItem& item, const GateOutcome& outcome);

  // The last lines, or the document, and the reports.  Its format, `interlock-gate`, version 1:
  // results, a list of
  //   file; kind "config" | "witness" | "other" | "missing"; outcome "as expected" | "different" |
  //   "wrong" | "not reached" | "followed" | "passed over"; cached; and of a config that was
  //   checked: verdict, expected, differences (lines), statistics {states, transitions, depth,
  //   seconds, cut}, limit, notes, violation {property, kind, message, context_switches, threads,
  //   steps, endings} or null, reproduce; of others, where it applies: error, reason, property and
  //   length;
  // then totals, and exit {code, text}.
  ExitCode finish(const ReportFiles& files);

private:
  using Json = nlohmann::ordered_json;

  void add_config(const GateItem& item, const Answer& answer, bool cached);
  void add_witness(const GateItem& item, const FollowedWitness& witness, bool cached);
  void add_failure(const GateItem& item, const Failure& failure);
  void add_skipped(const GateItem& item, const std::string& outcome, const std::string& text,
                   const std::string& reason);
  std::vector<std::string> update(const GateItem& item, const Answer& answer,
                                  std::vector<std::string> found);
  // Of the steps of a counterexample, for a config that differs.
  witnesses::Statements lines_of(const Config& config);
  void put_story(const reports::Finding& finding, const AnswerViolation& violation);
  void put(const std::string& line) const;
  std::vector<std::string> last_lines() const;
  ExitCode exit_code() const;
  Json totals() const;

  std::string row(const std::string& name, const std::string& verdict, const std::string& expected,
                  const std::string& states, const std::string& transitions,
                  const std::string& depth, const std::string& seconds) const;
  std::string row(const std::filesystem::path& path, const std::string& text) const;

  const AccountOptions& options_;
  const AnswerOptions& answers_;
  std::size_t name_ = 6; // widths of columns
  std::size_t verdict_ = 10;
  Json results_ = Json::array();
  reports::Report report_;
  LinesInTree tree_;
  std::map<std::string, std::string> stories_; // what is violated -> the config that told it
  std::size_t cached_ = 0;
  std::size_t configs_ = 0;
  std::size_t as_expected_ = 0;
  std::size_t different_ = 0;
  std::size_t updated_ = 0;
  std::size_t wrong_configs_ = 0;
  std::size_t incomplete_ = 0;
  std::size_t with_cut_ = 0;
  std::map<std::string, std::size_t> cut_; // property: configs
  std::size_t witnesses_ = 0;
  std::size_t followed_ = 0;
  std::size_t wrong_witnesses_ = 0;
  std::size_t passed_over_ = 0;
  std::size_t missing_ = 0;
  std::size_t not_reached_ = 0;
  bool unwritten_ = false; // a config or a report
  ExitCode first_failure_ = ExitCode::success;
};

} // namespace interlock::checker::cli
