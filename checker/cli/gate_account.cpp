// Rows, differences and sums.
#include "cli/gate_account.hpp"

#include "campaigns/gate.hpp"
#include "campaigns/golden.hpp"
#include "cli/gate_cases.hpp"
#include "cli/interruption.hpp"
#include "cli/output.hpp"
#include "files/files.hpp"
#include "text/numbers.hpp"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <system_error>

namespace interlock::checker::cli {

namespace {

constexpr std::size_t most_steps = 24; // of a story on the terminal

std::string left(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, text.size()), ' ') + "  ";
}
std::string right(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

std::string seconds_text(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", seconds);
  return text;
}

const char* kind_of(const GateItem& item) {
  switch (item.file.kind) {
  case FoundFile::Kind::config:
    return "config";
  case FoundFile::Kind::witness:
    return "witness";
  case FoundFile::Kind::passed_over:
    return "other";
  case FoundFile::Kind::missing:
    return "missing";
  }
  return "";
}

} // namespace

GateAccount::GateAccount(const std::vector<GateItem>& items, const AccountOptions& options,
                         const AnswerOptions& answers)
    : options_(options), answers_(answers), tree_(options.trees, [](const std::string& message) {
        say({ExitCode::success, message});
      }) {
  report_.command = "gate";
  report_.version = INTERLOCK_VERSION;
  for (const GateItem& item : items) {
    name_ = std::max(name_, item.file.path.string().size());
    if (item.config)
      verdict_ = std::max(verdict_, expectation_text(*item.config).size());
  }
  put(row("file", "verdict", "expected", "states", "transitions", "depth", "seconds"));
}

void GateAccount::put(const std::string& line) const {
  if (!options_.json)
    std::cout << line << "\n" << std::flush;
}

std::string GateAccount::row(const std::string& name, const std::string& verdict,
                             const std::string& expected, const std::string& states,
                             const std::string& transitions, const std::string& depth,
                             const std::string& seconds) const {
  return left(name, name_) + left(verdict, verdict_) + left(expected, verdict_) +
         right(states, 10) + right(transitions, 13) + right(depth, 7) + right(seconds, 9);
}

std::string GateAccount::row(const std::filesystem::path& path, const std::string& text) const {
  return left(path.string(), name_) + text;
}

void GateAccount::add(const GateItem& item, const GateOutcome& outcome) {
  const FoundFile::Kind kind = item.file.kind;
  configs_ += kind == FoundFile::Kind::config ? 1U : 0U;
  witnesses_ += kind == FoundFile::Kind::witness ? 1U : 0U;
  cached_ += outcome.cached ? 1U : 0U;
  if (outcome.failure) {
    add_failure(item, *outcome.failure);
  } else if (outcome.answer) {
    add_config(item, *outcome.answer, outcome.cached);
  } else if (outcome.followed) {
    add_witness(item, *outcome.followed, outcome.cached);
  } else if (!outcome.not_reached.empty()) {
    ++not_reached_;
    add_skipped(item, "not reached", "not reached: ", outcome.not_reached);
  } else {
    ++passed_over_;
    add_skipped(item, "passed over", "passed over: ", item.file.reason);
  }
}

void GateAccount::add_failure(const GateItem& item, const Failure& failure) {
  put(row(item.file.path, "wrong: " + std::to_string(static_cast<int>(failure.code)) + ", " +
                              text_of(failure.code)));
  say(failure);
  if (first_failure_ == ExitCode::success)
    first_failure_ = failure.code;
  switch (item.file.kind) {
  case FoundFile::Kind::config:
    ++wrong_configs_;
    break;
  case FoundFile::Kind::witness:
    ++wrong_witnesses_;
    break;
  default:
    ++missing_;
  }
  results_.push_back({{"file", item.file.path.string()},
                      {"kind", kind_of(item)},
                      {"outcome", "wrong"},
                      {"exit", exit_json(failure.code)},
                      {"error", failure.message}});
  report_.cases.push_back(case_of_failure(item.file.path, failure));
}

void GateAccount::add_skipped(const GateItem& item, const std::string& outcome,
                              const std::string& text, const std::string& reason) {
  put(row(item.file.path, text + reason));
  results_.push_back({{"file", item.file.path.string()},
                      {"kind", kind_of(item)},
                      {"outcome", outcome},
                      {"reason", reason}});
  report_.cases.push_back(case_of_skipped(item.file.path, text + reason));
}

void GateAccount::add_witness(const GateItem& item, const FollowedWitness& witness, bool cached) {
  ++followed_;
  put(row(item.file.path,
          "witness: " + witness.property + ", " + text::counted(witness.steps, "step")));
  results_.push_back({{"file", item.file.path.string()},
                      {"kind", kind_of(item)},
                      {"outcome", "followed"},
                      {"cached", cached},
                      {"property", witness.property},
                      {"length", witness.steps}});
  report_.cases.push_back(case_of_witness(item.file.path, witness));
}

std::vector<std::string> GateAccount::update(const GateItem& item, const Answer& answer,
                                             std::vector<std::string> found) {
  const Config& config = item.config.value();
  const std::string text = with_golden_numbers(config, answer);
  if (text == config.source->text())
    return found;
  GateItem changed{item.file, parse_config(config.source->name(), text), {}};
  try {
    files::write(item.file.path, text, &interrupted());
  } catch (const std::system_error& error) {
    unwritten_ = true;
    say({ExitCode::system, error.what()});
    return found;
  }
  ++updated_;
  for (const std::string& line : changed_lines(config.source->name(), config.source->text(), text))
    put("  UPDATED  " + line);
  keep_answer(changed, answer, answers_);
  return differences(changed.config->expect.value(), answer);
}

void GateAccount::add_config(const GateItem& item, const Answer& answer, bool cached) {
  const Config& config = item.config.value();
  for (const std::string& note : answer.notes)
    std::cerr << config.source->name() << ": note: " << note << "\n";
  put(row(config.source->name(), outcome_text(answer), expectation_text(config),
          std::to_string(answer.states), std::to_string(answer.transitions),
          std::to_string(answer.depth), cached ? "cached" : seconds_text(answer.seconds)));
  for (const auto& [property, count] : answer.cut) {
    put("  CUT      " + text::counted(count, "step") + " not taken that would violate " + property);
    ++cut_[property];
  }
  for (const std::string& example : answer.never)
    put("  VACUOUS  " + example);
  if (answer.verdict == Verdict::incomplete)
    put("  LIMIT    " + answer.limit);
  std::vector<std::string> found = differences(config.expect.value(), answer);
  if (options_.update && !found.empty())
    found = update(item, answer, std::move(found));
  for (const std::string& difference : found)
    put("  DIFFERS  " + difference);
  const bool has_story = !found.empty() && answer.violation;
  reports::Case result = case_of_answer(config, answer, found, answers_.search,
                                        has_story ? lines_of(config) : witnesses::Statements());
  if (cached)
    result.seconds = 0;
  if (result.finding) {
    if (answer.violation)
      put_story(*result.finding, *answer.violation);
    put("  reproduce: " + result.finding->reproduce);
  }
  ++(found.empty() ? as_expected_ : different_);
  incomplete_ += answer.verdict == Verdict::incomplete ? 1U : 0U;
  with_cut_ += answer.cut.empty() ? 0U : 1U;
  Json document = json_of(answer);
  results_.push_back({{"file", config.source->name()},
                      {"kind", kind_of(item)},
                      {"outcome", found.empty() ? "as expected" : "different"},
                      {"cached", cached},
                      {"verdict", outcome_text(answer)},
                      {"expected", expectation_text(config)},
                      {"differences", found},
                      {"statistics",
                       {{"states", answer.states},
                        {"transitions", answer.transitions},
                        {"depth", answer.depth},
                        {"seconds", answer.seconds},
                        {"cut", answer.cut}}},
                      {"limit", answer.limit.empty() ? Json() : Json(answer.limit)},
                      {"notes", answer.notes},
                      {"violation", document["violation"]},
                      {"never", answer.never},
                      {"unreached", answer.unreached},
                      {"also", document["also"]},
                      {"reproduce", result.finding ? Json(result.finding->reproduce) : Json()}});
  report_.cases.push_back(std::move(result));
}

witnesses::Statements GateAccount::lines_of(const Config& config) {
  try {
    return tree_.of(config);
  } catch (...) { // the finding stands without lines
    say(current_failure(config.source->name()));
    return {};
  }
}

// Unless another config has told the same.
void GateAccount::put_story(const reports::Finding& finding, const AnswerViolation& violation) {
  put("  " + violation.property + ": " + violation.message);
  const auto [told, is_new] =
      stories_.emplace(violation.property + ": " + violation.message, finding.config.file);
  if (!is_new) {
    put("  as in " + told->second);
    return;
  }
  if (!finding.story.empty()) {
    for (const std::string& line : finding.story)
      put("  " + line);
    return;
  }
  for (const std::string& line : story_lines(finding, "", most_steps))
    put("  " + line);
  for (const std::string& line : finding.endings)
    put("  " + line);
}

std::vector<std::string> GateAccount::last_lines() const {
  std::string cut;
  for (const auto& [property, count] : cut_)
    cut += (cut.empty() ? " (" : ", ") + property + " in " + std::to_string(count);
  std::vector<std::string> lines;
  if (cached_ != 0)
    lines.push_back(text::counted(cached_, "answer") + " from the cache");
  if (options_.update)
    lines.push_back(text::counted(updated_, "config") + " updated");
  if (not_reached_ != 0)
    lines.push_back(text::counted(not_reached_, "file") + " not reached");
  lines.push_back(text::counted(configs_, "config") + ": " + std::to_string(as_expected_) +
                  " as expected, " + std::to_string(different_) + " different, " +
                  std::to_string(wrong_configs_) + " wrong; " + std::to_string(incomplete_) +
                  " incomplete, " + std::to_string(with_cut_) + " with cut steps" + cut +
                  (cut.empty() ? "" : ")"));
  lines.push_back(std::to_string(witnesses_) + " witness" + (witnesses_ == 1 ? ": " : "es: ") +
                  std::to_string(followed_) + " as its config says, " +
                  std::to_string(wrong_witnesses_) + " wrong");
  lines.push_back(std::to_string(passed_over_) + " passed over, " + std::to_string(missing_) +
                  " missing");
  return lines;
}

ExitCode GateAccount::exit_code() const {
  if (interrupted().load())
    return ExitCode::interrupted;
  if (unwritten_)
    return ExitCode::system;
  if (different_ != 0)
    return ExitCode::gate;
  if (first_failure_ != ExitCode::success)
    return first_failure_;
  return not_reached_ != 0 ? ExitCode::incomplete : ExitCode::success;
}

nlohmann::ordered_json GateAccount::totals() const {
  return {{"configs", configs_},         {"as_expected", as_expected_},
          {"different", different_},     {"updated", updated_},
          {"wrong", wrong_configs_},     {"incomplete", incomplete_},
          {"with_cut", with_cut_},       {"witnesses", witnesses_},
          {"followed", followed_},       {"wrong_witnesses", wrong_witnesses_},
          {"passed_over", passed_over_}, {"missing", missing_},
          {"not_reached", not_reached_}, {"cached", cached_}};
}

ExitCode GateAccount::finish(const ReportFiles& files) {
  report_.summary = last_lines();
  report_.exit_code = static_cast<int>(exit_code());
  for (const std::string& line : report_.summary)
    put(line);
  if (!write_reports(files, report_))
    unwritten_ = true;
  const ExitCode code = exit_code();
  if (options_.json)
    put_document(
        "interlock-gate",
        {{"results", std::move(results_)}, {"totals", totals()}, {"exit", exit_json(code)}});
  else
    std::cout << exit_line(code);
  return code;
}

} // namespace interlock::checker::cli
