// Findings of the gate; the words of properties are those of their table.
#include "cli/gate_cases.hpp"

#include "properties/property.hpp"
#include "text/lists.hpp"
#include "text/numbers.hpp"
#include "text/shell.hpp"
#include "json/parse.hpp"

namespace interlock::checker::cli {

namespace {

using reports::Case;
using reports::Finding;

Case case_named(const std::filesystem::path& path, Case::Outcome outcome) {
  Case result;
  result.name = path.string();
  result.group = path.parent_path().string();
  result.outcome = outcome;
  return result;
}

int line_of(const json::Source& source, std::string_view pointer) {
  return static_cast<int>(json::position_of(source.text(), source.at(pointer).offset).line);
}

using Lines = witnesses::Statements;

// What a user's own program does stands in the config.  Beside a tree the lines of the text that
// was modelled would mislead.
reports::Place place_of(const AnswerStep& step, const json::Source& source, const Lines& lines) {
  if (step.file.empty())
    return {source.name(), line_of(source, "/scenario/threads/" + json::pointer_part(step.thread))};
  if (const auto line = lines.find(step.label); line != lines.end())
    return {line->second.file, line->second.line};
  return {step.file, lines.empty() ? step.line : 0};
}

reports::Step step_of(const AnswerStep& step, const json::Source& source, const Lines& lines) {
  const auto line = lines.find(step.label);
  std::string text = line == lines.end() ? step.text : line->second.text;
  if (!step.changes.empty())
    text += "; " + text::joined(step.changes, "; ");
  return {step.thread, text, place_of(step, source, lines), step.told};
}

// Where it goes wrong: the last step, or else what its thread or any other did last that stands in
// the tree.
std::optional<reports::Place> end_of(const std::vector<AnswerStep>& steps, const Lines& lines) {
  const AnswerStep* last = nullptr;
  for (const AnswerStep& step : steps) {
    const bool is_better = last == nullptr || last->thread != steps.back().thread ||
                           step.thread == steps.back().thread;
    if (lines.contains(step.label) && is_better)
      last = &step;
  }
  if (last == nullptr)
    return std::nullopt;
  const witnesses::Statement& line = lines.at(last->label);
  return reports::Place{line.file, line.line};
}

void add_violation(Finding& finding, const AnswerViolation& violation, const json::Source& source,
                   const Lines& lines) {
  finding.rule = violation.property;
  finding.rule_text = properties::text_of(violation.property);
  finding.details.push_back(violation.property + ": " + violation.message);
  finding.threads = violation.threads;
  for (const AnswerStep& step : violation.steps)
    finding.steps.push_back(step_of(step, source, lines));
  finding.endings = violation.endings;
  finding.story = violation.story;
  finding.place = end_of(violation.steps, lines);
}

} // namespace

std::string check_command(const std::string& config, const SearchOptions& options) {
  std::vector<std::string> words{"interlock", "check"};
  const auto add = [&](const char* name, const auto& value) {
    if (value) {
      words.emplace_back(name);
      words.push_back(text::in_words(static_cast<double>(*value)));
    }
  };
  add("--max-states", options.max_states);
  add("--max-memory", options.max_memory_mib);
  add("--max-seconds", options.max_seconds);
  words.push_back(config);
  return text::shell_line(words);
}

Case case_of_answer(const Config& config, const Answer& answer,
                    const std::vector<std::string>& differences, const SearchOptions& options,
                    const Lines& lines) {
  const json::Source& source = *config.source;
  Case result = case_named(source.name(),
                           differences.empty() ? Case::Outcome::passed : Case::Outcome::failed);
  result.verdict = outcome_text(answer);
  result.seconds = answer.seconds;
  if (differences.empty())
    return result;
  Finding finding;
  finding.rule = "gate-expectation";
  finding.rule_text = "A config gives the verdict and the numbers that it expects.";
  finding.title = differences.front();
  finding.details = differences;
  finding.config = {source.name(), line_of(source, "/expect")};
  finding.reproduce = check_command(source.name(), options);
  if (answer.violation)
    add_violation(finding, *answer.violation, source, lines);
  result.finding = std::move(finding);
  return result;
}

Case case_of_witness(const std::filesystem::path& path, const FollowedWitness& witness) {
  Case result = case_named(path, Case::Outcome::passed);
  result.verdict = "witness: " + witness.property + ", " + text::counted(witness.steps, "step");
  return result;
}

Case case_of_failure(const std::filesystem::path& path, const Failure& failure) {
  Case result = case_named(path, Case::Outcome::wrong);
  Finding finding;
  finding.rule = "gate-file";
  finding.rule_text = "Every config and witness can be read, built and checked.";
  finding.title = "wrong: " + text_of(failure.code);
  finding.details = {failure.message};
  finding.config = {path.string(), static_cast<int>(failure.line)};
  finding.reproduce = text::shell_line({"interlock", "gate", path.string()});
  result.finding = std::move(finding);
  return result;
}

Case case_of_skipped(const std::filesystem::path& path, const std::string& reason) {
  Case result = case_named(path, Case::Outcome::skipped);
  result.reason = reason;
  return result;
}

} // namespace interlock::checker::cli
