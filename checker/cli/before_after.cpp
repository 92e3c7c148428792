// Two checks of a config, and the difference.
#include "cli/before_after.hpp"

#include "cli/explored.hpp"
#include "cli/failure.hpp"
#include "cli/interruption.hpp"
#include "cli/patched.hpp"
#include "config/patch_forms.hpp"
#include "files/files.hpp"
#include "harness/replay.hpp"
#include "lang/places.hpp"
#include "systems/known_text.hpp"
#include "text/lists.hpp"
#include "text/numbers.hpp"

#include <algorithm>
#include <set>

namespace interlock::checker::cli {

namespace {

void write_witness(BeforeAfter& each, BeforeAfterOptions& options) {
  const Config& config = each.after->config;
  each.checked.witness = witness_of(config, *each.checked.spec, each.checked.result);
  const std::filesystem::path name = config.source->name();
  // Two configs of one name are told apart by their digests.
  std::filesystem::path path = std::filesystem::path(options.out) /
                               (name.stem().string() + "." + options.suffix + ".witness.json");
  if (!options.written.insert(path).second)
    path.replace_filename(name.stem().string() + "-" + config.digest.substr(0, 8) + "." +
                          options.suffix + ".witness.json");
  files::write(path, witnesses::write(*each.checked.witness), &interrupted());
  each.checked.witness_path = path.string();
  if (options.no_replay)
    return;
  const harness::ReplayReport replay =
      harness::replay(*each.checked.spec, each.checked.result.trace.value(), {});
  each.checked.replay = {outcome_name(replay.outcome),
                         lines_of(replay),
                         replay.steps,
                         replay.threads,
                         {},
                         replay.not_checked};
}

SetDifference difference(const std::set<std::string>& before, const std::set<std::string>& after) {
  SetDifference found;
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(),
                      std::back_inserter(found.come));
  std::set_difference(before.begin(), before.end(), after.begin(), after.end(),
                      std::back_inserter(found.gone));
  return found;
}

// The two sides of a comparison.
class Comparison {
public:
  Comparison(LoadedConfig before, const std::vector<lang::Patch>& patches,
             BeforeAfterOptions& options, KeptAnswers& kept, BeforeAfter& each)
      : loaded_(std::make_unique<LoadedConfig>(std::move(before))), config_(loaded_->config),
        patches_(patches), options_(options), kept_(kept), each_(each),
        before_(config_, loaded_, options.search, kept) {}

  void run() {
    check_before();
    check_after({}, {});
    if (each_.checked.result.verdict == Verdict::violated && !each_.is_new_violation()) {
      each_.still_violated = true;
      if (excusable_)
        check_after(each_.known, {});
    }
    if (const std::vector<std::string> cut = newly_cut(); !cut.empty() && !each_.is_new_violation())
      check_after(excusable_ ? each_.known : std::vector<std::string>(), cut);
    if (!options_.verdicts_only)
      compare_more();
  }

private:
  void check_before() {
    Answer answer = before_.answer();
    for (const auto& [property, count] : answer.cut)
      each_.cut.insert(property);
    while (answer.violation) {
      each_.known.push_back(answer.violation->property);
      excusable_ = can_excuse(*loaded_, each_.known);
      if (!excusable_)
        break;
      std::unique_ptr<LoadedConfig> loaded;
      answer = Explored(patched(config_, {}, each_.known), loaded, options_.search, kept_).answer();
    }
    each_.verdict = answer.verdict;
  }

  void check_after(const std::vector<std::string>& excused,
                   const std::vector<std::string>& more_properties) {
    each_.after.reset();
    after_.emplace(patched(config_, patches_, excused, more_properties), each_.after,
                   options_.search, kept_);
    const Answer& answer = after_->answer();
    each_.violated = answer.violation ? answer.violation->property : "";
    CheckResult& result = each_.checked.result;
    result = {};
    result.verdict = answer.verdict;
    result.limit = answer.limit;
    result.statistics.seconds = answer.seconds;
    result.statistics.cut = answer.cut;
    if (!each_.is_new_violation())
      return;
    result = after_->counterexample();
    each_.checked.config = &each_.after->config;
    each_.checked.spec = each_.after->built.spec.get();
    write_witness(each_, options_);
  }

  // Properties that the config does not select, which steps would violate after and not before:
  // what is behind these steps is not seen.
  std::vector<std::string> newly_cut() const {
    std::vector<std::string> properties;
    for (const auto& [property, count] : each_.checked.result.statistics.cut)
      if (!each_.cut.contains(property))
        properties.push_back(property);
    return properties;
  }

  void compare_more() {
    const ExploredTexts orders = before_.lock_orders();
    // With nothing excused on either side.
    std::unique_ptr<LoadedConfig> loaded;
    Explored after(patched(config_, patches_), loaded, options_.search, kept_);
    const ExploredTexts orders_after = after.lock_orders();
    const ExploredTexts behaviours = before_.behaviours();
    const ExploredTexts behaviours_after = after.behaviours();
    for (const std::string& limit :
         {orders.limit, orders_after.limit, behaviours.limit, behaviours_after.limit})
      if (each_.not_compared.empty())
        each_.not_compared = limit;
    if (interrupted().load())
      each_.not_compared = "interrupted";
    if (!each_.not_compared.empty())
      return;
    each_.lock_orders = difference(orders.texts, orders_after.texts);
    each_.behaviours = difference(behaviours.texts, behaviours_after.texts);
  }

  std::unique_ptr<LoadedConfig> loaded_;
  const Config config_;
  bool excusable_ = true; // what is known, all together
  const std::vector<lang::Patch>& patches_;
  BeforeAfterOptions& options_;
  KeptAnswers& kept_;
  BeforeAfter& each_;
  Explored before_;
  std::optional<Explored> after_;
};

} // namespace

std::vector<lang::Patch> patches_for(const lang::Spec& spec,
                                     const std::vector<lang::Patch>& patches) {
  using Kind = lang::Patch::Kind;
  std::set<std::string> labels;
  for (const lang::Found& found : lang::all_statements(spec)) {
    labels.insert(lang::path_of(spec, found) + "." + found.statement->label);
    labels.insert(found.statement->anchor.key);
  }
  const auto has = [&](const std::string& label) {
    if (labels.contains(label) || systems::is_source_key(label))
      return labels.contains(label);
    return label.find_first_of("@>") != std::string::npos ||
           label.find('.') == std::string::npos; // of a step of the same path
  };
  std::vector<lang::Patch> found;
  for (const lang::Patch& patch : patches) {
    const bool moves = patch.kind == Kind::move_before || patch.kind == Kind::move_after;
    if (has(patch.label) && (!moves || has(patch.argument)))
      found.push_back(patch);
  }
  return found;
}

bool BeforeAfter::is_new_violation() const {
  return concerned && error.empty() && checked.result.verdict == Verdict::violated &&
         std::find(known.begin(), known.end(), violated) == known.end();
}

std::string BeforeAfter::before_text() const {
  if (!known.empty())
    return "violates " + text::joined(known);
  CheckResult result;
  result.verdict = verdict;
  return verdict_text(result);
}

std::string BeforeAfter::after_text() const {
  if (is_new_violation())
    return "violates " + violated;
  if (checked.result.verdict == Verdict::incomplete ||
      checked.result.verdict == Verdict::interrupted)
    return verdict_text(checked.result);
  if (still_violated || checked.result.verdict == Verdict::violated)
    return "as before";
  const std::string text = verdict_text(checked.result);
  return text == before_text() ? "as before" : text;
}

BeforeAfter compare(LoadedConfig before, const std::vector<lang::Patch>& patches,
                    BeforeAfterOptions& options, KeptAnswers& kept) {
  BeforeAfter each = not_concerned(before.config);
  if (before.stopped) { // there is no specification to look for the steps in
    each.concerned = true;
    each.verdict = each.checked.result.verdict = search(before, options.search).verdict;
    return each;
  }
  const std::vector<lang::Patch> some = patches_for(*before.built.spec, patches);
  if (some.empty())
    return each;
  each.concerned = true;
  try {
    Comparison(std::move(before), some, options, kept, each).run();
  } catch (const std::exception&) {
    each.error = current_failure().message;
  }
  return each;
}

BeforeAfter not_concerned(const Config& config) {
  BeforeAfter each;
  each.name = config.source->name();
  return each;
}

BeforeAfter without_answer(const Config& config, std::string error) {
  BeforeAfter each = not_concerned(config);
  each.concerned = true;
  each.error = std::move(error);
  return each;
}

void add_before_after_options(CLI::App& command, BeforeAfterOptions& options) {
  command.add_option("--out", options.out, "Folder for witnesses")
      ->type_name("DIR")
      ->capture_default_str();
  command.add_flag("--no-replay", options.no_replay, "Do not run the counterexamples");
  command.add_flag("--verdicts-only", options.verdicts_only,
                   "Do not compare lock orders and sequences of events");
  add_cache_options(command, options.cache);
  add_search_options(command, options.search);
}

std::vector<std::string> difference_lines(const BeforeAfter& each) {
  std::vector<std::string> lines;
  const auto add = [&](const std::string& what, const std::vector<std::string>& found) {
    constexpr std::size_t most = 5;
    for (std::size_t i = 0; i < found.size() && i < most; ++i)
      lines.push_back("  " + what + ": " + found[i]);
    if (found.size() > most)
      lines.push_back("  " + what + ": and " + std::to_string(found.size() - most) + " more");
  };
  add("new lock order", each.lock_orders.come);
  add("lost lock order", each.lock_orders.gone);
  add("new behaviour", each.behaviours.come);
  add("lost behaviour", each.behaviours.gone);
  if (!each.not_compared.empty())
    lines.push_back("  lock orders and behaviours are not compared: " + each.not_compared);
  return lines;
}

std::string summary_text(const std::vector<BeforeAfter>& all) {
  const auto count = [&](const auto& is) { return std::count_if(all.begin(), all.end(), is); };
  return std::to_string(count([](const BeforeAfter& each) { return each.concerned; })) + " of " +
         text::counted(all.size(), "config") + " concerned, " +
         std::to_string(count([](const BeforeAfter& each) { return each.is_new_violation(); })) +
         " with a new violation";
}

ExitCode exit_code_of(const std::vector<BeforeAfter>& all) {
  const auto any = [&](const auto& is) { return std::any_of(all.begin(), all.end(), is); };
  for (const BeforeAfter& each : all)
    if (each.is_new_violation())
      return exit_code_of(each.checked);
  if (interrupted().load())
    return ExitCode::interrupted;
  if (any([](const BeforeAfter& each) { return !each.error.empty(); }))
    return ExitCode::partial;
  if (any([](const BeforeAfter& each) {
        return each.concerned && (each.verdict == Verdict::incomplete ||
                                  each.checked.result.verdict == Verdict::incomplete);
      }))
    return ExitCode::incomplete;
  return ExitCode::success;
}

nlohmann::ordered_json json_of(const BeforeAfter& each) {
  using Json = nlohmann::ordered_json;
  const auto difference_json = [](const SetDifference& difference) {
    return Json{{"new", difference.come}, {"lost", difference.gone}};
  };
  const bool answered = each.error.empty();
  return {{"config", each.name},
          {"before", each.before_text()},
          {"after", answered ? Json(each.after_text()) : Json()},
          {"error", answered ? Json() : Json(each.error)},
          {"new_violation", each.is_new_violation() ? Json(each.violated) : Json()},
          {"witness", each.checked.witness_path.empty() ? Json() : Json(each.checked.witness_path)},
          {"lock_orders", difference_json(each.lock_orders)},
          {"behaviours", difference_json(each.behaviours)},
          {"not_compared", each.not_compared.empty() ? Json() : Json(each.not_compared)}};
}

std::string patch_text(const lang::Patch& patch) {
  const PatchForm& form = form_of(patch);
  std::string text =
      std::string(form.first) + " " + (form.second_is_label ? patch.argument : patch.label);
  if (form.second != nullptr)
    text += std::string(" ") + form.second + " " +
            (form.second_is_label ? patch.label : patch.argument);
  return text;
}

} // namespace interlock::checker::cli
