// interlock review
#include "cli/batch.hpp"
#include "cli/commands.hpp"
#include "cli/interruption.hpp"
#include "cli/output.hpp"
#include "cli/patched.hpp"
#include "cli/revision.hpp"
#include "files/files.hpp"
#include "harness/replay.hpp"
#include "kernel_text/change.hpp"
#include "kernel_text/read.hpp"
#include "kernel_text/source_error.hpp"
#include "lang/places.hpp"
#include "text/lists.hpp"
#include "text/printable.hpp"
#include "verdict/report.hpp"
#include "witnesses/table.hpp"

#include <algorithm>
#include <iostream>
#include <sstream>
#include <system_error>

namespace interlock::checker::cli {

namespace {

using Json = nlohmann::ordered_json;
using kernel_text::Change;
using kernel_text::Changes;

struct Options {
  std::string revision;
  std::vector<std::string> old_paths, new_paths;
  std::vector<std::string> configs;
  std::string out = "interlock-out";
  bool no_replay = false;
  std::string format = "human";
  SearchOptions search;
};

std::string counted(std::size_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string patch_text(const lang::Patch& patch) {
  using Kind = lang::Patch::Kind;
  switch (patch.kind) {
  case Kind::drop:
    return "drop " + patch.label;
  case Kind::drop_part:
    return "drop " + patch.argument + " of " + patch.label;
  case Kind::negate:
    return "negate " + patch.label;
  case Kind::replace:
    return "replace " + patch.label + " with " + patch.argument;
  case Kind::insert_before:
    return "insert " + patch.argument + " before " + patch.label;
  case Kind::insert_after:
    return "insert " + patch.argument + " after " + patch.label;
  case Kind::move_before:
    return "move " + patch.label + " before " + patch.argument;
  case Kind::move_after:
    return "move " + patch.label + " after " + patch.argument;
  }
  return "";
}

// A config of the revision, before the change and after it.
struct Reviewed {
  LoadedConfig before;
  bool concerned = false; // it takes a changed path
  // What is violated before: the first, and then each one that is when the others are left out.
  std::vector<std::string> known;
  std::optional<LoadedConfig> after;
  CheckedConfig checked; // after; without what is known, where that alone is violated
  bool still_violated = false;
  std::string error; // why there is no answer

  bool is_new_violation() const {
    return concerned && error.empty() && checked.result.verdict == Verdict::violated &&
           std::find(known.begin(), known.end(), property()) == known.end();
  }
  std::string property() const { return checked.result.trace->violation.property; }
};

class Review {
public:
  explicit Review(const Options& options) : options_(options) {}

  ExitCode run() {
    load();
    read_changes();
    const bool json = options_.format == "json";
    if (!json)
      put_changes();
    for (Reviewed& each : reviewed_) {
      check(each);
      if (!json && each.concerned)
        put(each);
      if (interrupted().load())
        break;
    }
    const ExitCode code = exit_code();
    if (json)
      put_json(code);
    else
      put_summary(code);
    return code;
  }

private:
  void load() {
    RevisionModel model =
        load_revision("review", options_.revision, options_.configs, options_.search);
    for (LoadedConfig& config : model.configs) {
      Reviewed each;
      each.before = std::move(config);
      reviewed_.push_back(std::move(each));
    }
    modelled_ = std::move(model.modelled);
    functions_ = std::move(model.functions);
    files_ = std::move(model.files);
  }

  void complain(const std::string& error) {
    errors_.push_back(error);
    std::cerr << "interlock: " << text::printable(error) << "\n";
  }

  void read_changes() {
    bool any = false;
    for (const std::string& file : files_) {
      const auto before = find_file(options_.old_paths, file);
      const auto after = find_file(options_.new_paths, file);
      if (!before && !after)
        continue;
      any = true;
      if (!before || !after) {
        complain((before ? before : after)->string() + ": the " + (before ? "new" : "old") +
                 " text of " + file + " is missing");
        continue;
      }
      try {
        const kernel_text::File old_file = kernel_text::read(*before, {});
        const kernel_text::File new_file = kernel_text::read(*after, {});
        add(kernel_text::changes_of(old_file, new_file, modelled_, functions_));
      } catch (const kernel_text::SourceError& error) {
        complain(error.what());
      }
    }
    if (!any)
      complain("none of the modelled files is there: " +
               text::joined({files_.begin(), files_.end()}));
  }

  void add(Changes changes) {
    for (Change& change : changes.changes)
      changes_.changes.push_back(std::move(change));
    changes_.places.merge(changes.places);
    for (const std::string& error : changes.errors)
      complain(error);
  }

  // The patches whose steps the specification has.
  std::vector<lang::Patch> patches_for(const lang::Spec& spec) const {
    std::set<std::string> labels;
    for (const lang::Found& found : lang::all_statements(spec))
      labels.insert(lang::path_of(spec, found) + "." + found.statement->label);
    std::vector<lang::Patch> patches;
    for (const Change& change : changes_.changes)
      for (const lang::Patch& patch : change.patches) {
        const bool moves = patch.kind == lang::Patch::Kind::move_before ||
                           patch.kind == lang::Patch::Kind::move_after;
        if (labels.contains(patch.label) && (!moves || labels.contains(patch.argument)))
          patches.push_back(patch);
      }
    return patches;
  }

  // The properties of a config without some; nullopt where one is none of them, or none is left.
  static std::optional<std::vector<std::string>> without(const LoadedConfig& loaded,
                                                         const std::vector<std::string>& known) {
    std::vector<std::string> left = loaded.built.properties;
    for (const std::string& property : known)
      if (std::erase(left, property) == 0)
        return std::nullopt;
    return left.empty() ? std::nullopt : std::optional(left);
  }

  // A violation that is there before must not hide one that is new: what is known is left out, on
  // both sides, until nothing more is found before.
  void check(Reviewed& each) const {
    const std::vector<lang::Patch> patches = patches_for(*each.before.built.spec);
    if (patches.empty())
      return;
    each.concerned = true;
    each.checked.config = &each.before.config;
    try {
      CheckResult before = search(each.before, options_.search);
      while (before.verdict == Verdict::violated) {
        each.known.push_back(before.trace->violation.property);
        const auto left = without(each.before, each.known);
        if (!left)
          break;
        before = search(load_within(options_.search, patched(each.before.config, {}, *left)),
                        options_.search);
      }
      check_after(each, patches, {});
      if (each.checked.result.verdict != Verdict::violated || each.is_new_violation())
        return;
      each.still_violated = true;
      if (const auto left = without(each.before, each.known))
        check_after(each, patches, *left);
    } catch (const std::exception&) {
      each.error = current_failure().message;
    }
  }

  void check_after(Reviewed& each, const std::vector<lang::Patch>& patches,
                   const std::vector<std::string>& properties) const {
    each.after = load_within(options_.search, patched(each.before.config, patches, properties));
    each.checked.config = &each.after->config;
    each.checked.spec = each.after->built.spec.get();
    each.checked.result = search(*each.after, options_.search);
    if (each.is_new_violation())
      witness(each);
  }

  void witness(Reviewed& each) const {
    const Config& config = each.after->config;
    each.checked.witness = witness_of(config, *each.checked.spec, each.checked.result);
    const std::filesystem::path name = config.source->name();
    const std::filesystem::path path =
        std::filesystem::path(options_.out) / (name.stem().string() + ".review.witness.json");
    files::write(path, witnesses::write(*each.checked.witness), &interrupted());
    each.checked.witness_path = path.string();
    if (options_.no_replay)
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

  // "holds", "violates kassert, kevent-contract".
  static std::string before_text(const Reviewed& each) {
    return each.known.empty() ? "holds" : "violates " + text::joined(each.known);
  }
  static std::string after_text(const Reviewed& each) {
    if (each.is_new_violation())
      return "violates " + each.property();
    if (each.still_violated)
      return each.checked.result.verdict == Verdict::incomplete ? "incomplete" : "as before";
    const std::string text = each.checked.result.verdict == Verdict::violated
                                 ? before_text(each)
                                 : verdict_text(each.checked.result);
    return text == before_text(each) ? "as before" : text;
  }

  bool is_partial() const {
    return std::any_of(changes_.changes.begin(), changes_.changes.end(),
                       [](const Change& change) { return !change.translated(); }) ||
           std::any_of(reviewed_.begin(), reviewed_.end(),
                       [](const Reviewed& each) { return !each.error.empty(); });
  }

  ExitCode exit_code() const {
    for (const Reviewed& each : reviewed_)
      if (each.is_new_violation())
        return exit_code_of(each.checked);
    if (interrupted().load())
      return ExitCode::interrupted;
    if (!errors_.empty())
      return ExitCode::usage;
    if (is_partial())
      return ExitCode::partial;
    for (const Reviewed& each : reviewed_)
      if (each.concerned && each.checked.result.verdict == Verdict::incomplete)
        return ExitCode::incomplete;
    return ExitCode::success;
  }

  static std::string place_of(const Change& change) {
    return change.file + ":" + std::to_string(std::max(change.old_line, change.new_line)) + ": " +
           change.function + (change.function.empty() ? "" : "(): ") + change.text;
  }

  void put_changes() const {
    for (const Change& change : changes_.changes) {
      std::cout << text::printable(place_of(change)) << "\n";
      if (!change.translated())
        std::cout << "    not translated: " << text::printable(change.why) << "\n";
      for (const lang::Patch& patch : change.patches)
        std::cout << "    " << text::printable(patch_text(patch)) << "\n";
    }
    if (changes_.changes.empty())
      std::cout << "no statement of these files has changed\n";
    std::cout << std::flush;
  }

  void put(const Reviewed& each) {
    std::cout << each.before.config.source->name() << ": ";
    if (!each.error.empty()) {
      std::cout << "no answer: " << text::printable(each.error) << "\n";
      return;
    }
    std::cout << before_text(each) << "; after the change " << after_text(each) << "\n";
    if (each.is_new_violation())
      put_story(each.checked);
    std::cout << std::flush;
  }

  // The counterexample in lines of the new text, unless another config has shown the same; what
  // happens elsewhere is counted.
  void put_story(const CheckedConfig& checked) {
    const witnesses::Witness& witness = *checked.witness;
    std::cout << "  " << text::printable(witness.message) << "\n";
    const auto [shown, is_new] =
        stories_.emplace(witness.property + ": " + witness.message, checked.config->source->name());
    if (is_new)
      put_steps(witness);
    else
      std::cout << "  as in " << shown->second << "\n";
    std::cout << "  witness: " << checked.witness_path << "\n";
    if (checked.replay) {
      std::istringstream lines(checked.replay->text);
      for (std::string line; is_new && std::getline(lines, line);)
        std::cout << "  " << line << "\n";
      if (!is_new)
        std::cout << "  replay: " << checked.replay->outcome << "\n";
    }
  }

  void put_steps(const witnesses::Witness& witness) const {
    std::size_t elsewhere = 0;
    const auto put_elsewhere = [&] {
      if (elsewhere != 0)
        std::cout << "      ... " << counted(elsewhere, "step") << " elsewhere\n";
      elsewhere = 0;
    };
    std::size_t width = 0;
    for (const std::string& thread : witness.threads)
      width = std::max(width, thread.size());
    std::string last;
    for (const witnesses::WitnessStep& step : witness.steps) {
      const auto place = changes_.places.find(step.label);
      if (place == changes_.places.end()) {
        ++elsewhere;
        continue;
      }
      const kernel_text::NewPlace& where = place->second;
      const std::string line = step.thread + std::string(width - step.thread.size(), ' ') + "  " +
                               std::filesystem::path(where.file).filename().string() + ":" +
                               std::to_string(where.line) + ": " + where.text;
      if (line == last) // one line of C is several steps
        continue;
      put_elsewhere();
      std::cout << "  " << text::printable(line) << "\n";
      last = line;
    }
    put_elsewhere();
    std::istringstream endings(witnesses::endings(witness));
    for (std::string line; std::getline(endings, line);)
      std::cout << "  " << line << "\n";
  }

  void put_summary(ExitCode code) const {
    std::size_t concerned = 0;
    std::size_t violations = 0;
    for (const Reviewed& each : reviewed_) {
      concerned += each.concerned ? 1U : 0U;
      violations += each.is_new_violation() ? 1U : 0U;
    }
    std::size_t untranslated = 0;
    for (const Change& change : changes_.changes)
      untranslated += change.translated() ? 0U : 1U;
    std::cout << counted(changes_.changes.size(), "change") << ", " << untranslated
              << " not translated; " << concerned << " of " << counted(reviewed_.size(), "config")
              << " concerned, " << violations << " with a new violation\n"
              << "exit " << static_cast<int>(code) << ": " << text_of(code) << "\n";
  }

  void put_json(ExitCode code) const {
    Json changes = Json::array();
    for (const Change& change : changes_.changes) {
      Json patches = Json::array();
      for (const lang::Patch& patch : change.patches)
        patches.push_back(patch_text(patch));
      changes.push_back({{"file", change.file},
                         {"function", change.function},
                         {"old_line", change.old_line},
                         {"new_line", change.new_line},
                         {"text", change.text},
                         {"patches", patches},
                         {"not_translated", change.translated() ? Json() : Json(change.why)}});
    }
    Json configs = Json::array();
    for (const Reviewed& each : reviewed_) {
      if (!each.concerned)
        continue;
      const bool answered = each.error.empty();
      configs.push_back(
          {{"config", each.before.config.source->name()},
           {"before", before_text(each)},
           {"after", answered ? Json(after_text(each)) : Json()},
           {"error", answered ? Json() : Json(each.error)},
           {"new_violation", each.is_new_violation() ? Json(each.property()) : Json()},
           {"witness",
            each.checked.witness_path.empty() ? Json() : Json(each.checked.witness_path)}});
    }
    put_document("interlock-review", {{"revision", options_.revision},
                                      {"changes", changes},
                                      {"configs", configs},
                                      {"errors", errors_},
                                      {"partial", is_partial()},
                                      {"exit", exit_json(code)}});
  }

  const Options& options_;
  std::vector<Reviewed> reviewed_;
  kernel_text::Modelled modelled_;
  std::map<std::string, kernel_text::ModelFunction> functions_;
  std::set<std::string> files_;
  Changes changes_;
  std::vector<std::string> errors_;
  std::map<std::string, std::string> stories_; // what is violated -> the config that showed it
};

} // namespace

void add_review(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand(
      "review", "What a change of the kernel's C does to the verdicts: both texts are read, the\n"
                "difference becomes patches, and every config that takes a changed path is\n"
                "checked before and after");
  const auto options = std::make_shared<Options>();
  command
      ->add_option("REVISION", options->revision,
                   "The revision of the old text, or SYSTEM/REVISION")
      ->required();
  command->add_option("--old", options->old_paths, "Trees, folders or files of the old text")
      ->type_name("PATH...")
      ->required();
  command->add_option("--new", options->new_paths, "The same of the new text")
      ->type_name("PATH...")
      ->required();
  command->add_option("--configs", options->configs, "Configs, or folders of them")
      ->type_name("PATH...")
      ->default_val(std::vector<std::string>{"configs"});
  command->add_option("--out", options->out, "Folder for witnesses")
      ->type_name("DIR")
      ->capture_default_str();
  command->add_flag("--no-replay", options->no_replay, "Do not run the counterexamples");
  add_format(*command, options->format, {"human", "json"});
  add_search_options(*command, options->search);
  command->footer(
      "Configs of that revision without patches count. What could not be translated is said, with\n"
      "the reason, and makes the answer partial: exit code 19 where nothing was found in the "
      "rest.\n"
      "Otherwise that of the first new violation; 151 where a text could not be read.\n"
      "Examples:\n"
      "  interlock review kqueue-10.4 --old ../freebsd-10.4 --new ../my-tree\n"
      "  interlock review netbsd/kern_event-1.129 --old old/kern_event.c --new kern_event.c "
      "--configs configs/netbsd\n");
  command->callback([options, &run] { run = [options] { return Review(*options).run(); }; });
}

} // namespace interlock::checker::cli
