// Findings of a review.
#include "cli/review_cases.hpp"

#include "kernel_text/statement_lines.hpp"
#include "properties/property.hpp"
#include "text/wrap.hpp"
#include "witnesses/table.hpp"

#include <algorithm>

namespace interlock::checker::cli {

namespace {

using kernel_text::StatementLine;
using kernel_text::StatementLines;
using reports::Case;
using reports::Finding;
using reports::Place;

Case wrong_case(const std::string& name, Finding finding) {
  Case result;
  result.name = name;
  result.group = "review";
  result.outcome = Case::Outcome::wrong;
  result.finding = std::move(finding);
  return result;
}

// The lines without those of a subsequence.
StatementLines without(const StatementLines& lines, const StatementLines& gone) {
  StatementLines kept;
  auto next = gone.begin();
  for (const StatementLine& line : lines)
    if (next != gone.end() && next->number == line.number && next->text == line.text)
      ++next;
    else
      kept.push_back(line);
  return kept;
}

} // namespace

Finding story_of_new_text(const witnesses::Witness& witness, const kernel_text::NewPlaces& places) {
  Finding finding;
  finding.threads = witness.threads;
  for (const witnesses::WitnessStep& step : witness.steps) {
    const auto place = places.find(step.label);
    if (place == places.end())
      finding.steps.push_back(
          {step.thread, step.label, {step.source.file, step.source.line}, false});
    else
      finding.steps.push_back(
          {step.thread, place->second.text, {place->second.file, place->second.line}, true});
  }
  finding.endings = text::lines_of(witnesses::endings(witness));
  return finding;
}

Case case_of_config(const BeforeAfter& each, const kernel_text::NewPlaces& places,
                    const std::vector<Place>& changes, const std::string& reproduce) {
  Case result;
  result.name = each.name;
  result.group = std::filesystem::path(result.name).parent_path().string();
  if (!each.error.empty()) {
    Finding finding;
    finding.rule = "review-answer";
    finding.rule_text = "Every config that a change concerns has an answer.";
    finding.title = "no answer";
    finding.details = {each.error};
    finding.config = {result.name, 0};
    finding.changes = changes;
    finding.reproduce = reproduce;
    result.outcome = Case::Outcome::wrong;
    result.finding = std::move(finding);
    return result;
  }
  result.seconds = each.checked.result.statistics.seconds;
  result.verdict = each.before_text() + "; after the change " + each.after_text();
  if (!each.is_new_violation())
    return result;
  const witnesses::Witness& witness = each.checked.witness.value();
  Finding finding = story_of_new_text(witness, places);
  const properties::Entry* entry = properties::find(witness.property);
  finding.rule = witness.property;
  finding.rule_text = entry == nullptr ? witness.property : entry->text;
  finding.title = result.verdict;
  finding.details = {witness.property + ": " + witness.message};
  finding.config = {result.name, 0};
  finding.changes = changes;
  const auto last = std::find_if(finding.steps.rbegin(), finding.steps.rend(),
                                 [](const reports::Step& step) { return step.told; });
  if (changes.size() == 1) // one line is to blame
    finding.place = changes.front();
  else if (last != finding.steps.rend())
    finding.place = last->place;
  finding.reproduce = reproduce;
  result.outcome = Case::Outcome::failed;
  result.finding = std::move(finding);
  return result;
}

Case case_of_untranslated(const kernel_text::Change& change, const Place& place,
                          const std::string& reproduce) {
  Finding finding;
  finding.rule = "review-translation";
  finding.rule_text = "Every change of the kernel's text is a change of the model.";
  finding.title = "not translated: " + change.text;
  finding.details = {(change.function.empty() ? "" : change.function + "(): ") + change.text,
                     "not translated: " + change.why};
  finding.config = place;
  finding.place = place;
  finding.reproduce = reproduce;
  return wrong_case(change.file + (place.line == 0 ? "" : ":" + std::to_string(place.line)),
                    std::move(finding));
}

Case case_of_complaint(const std::string& complaint, const std::string& reproduce) {
  Finding finding;
  finding.rule = "review-text";
  finding.rule_text = "Every text and config can be read.";
  finding.title = "cannot be read";
  finding.details = {complaint};
  const std::string file = complaint.substr(0, complaint.find(':'));
  finding.config = {file, 0};
  finding.reproduce = reproduce;
  return wrong_case(file, std::move(finding));
}

Place place_in_new_text(const kernel_text::Change& change, const kernel_text::File& before,
                        const kernel_text::File& after, const std::string& system) {
  if (change.new_line != 0)
    return {after.name, change.new_line};
  const kernel_text::Function* old_function = before.find(change.function);
  const kernel_text::Function* new_function = after.find(change.function);
  if (old_function == nullptr || new_function == nullptr)
    return {after.name, 0};
  const StatementLines old_lines = kernel_text::statement_lines(*old_function, system);
  const StatementLines new_lines = kernel_text::statement_lines(*new_function, system);
  const kernel_text::LineDifference difference = kernel_text::difference_of(old_lines, new_lines);
  const StatementLines old_kept = without(old_lines, difference.gone);
  const StatementLines new_kept = without(new_lines, difference.come);
  int line = new_function->line;
  for (std::size_t i = 0; i < std::min(old_kept.size(), new_kept.size()); ++i)
    if (old_kept[i].number <= change.old_line)
      line = new_kept[i].number;
  return {after.name, line};
}

} // namespace interlock::checker::cli
