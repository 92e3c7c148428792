// interlock review
#include "cli/before_after.hpp"
#include "cli/commands.hpp"
#include "cli/failure.hpp"
#include "cli/installed.hpp"
#include "cli/interruption.hpp"
#include "cli/output.hpp"
#include "cli/patch_keys.hpp"
#include "cli/patched.hpp"
#include "cli/report_files.hpp"
#include "cli/review_cases.hpp"
#include "cli/review_texts.hpp"
#include "cli/revision.hpp"
#include "cli/text_fit.hpp"
#include "files/files.hpp"
#include "kernel_text/change.hpp"
#include "kernel_text/read.hpp"
#include "kernel_text/source_error.hpp"
#include "story/story_text.hpp"
#include "text/lists.hpp"
#include "text/numbers.hpp"
#include "text/printable.hpp"
#include "text/shell.hpp"
#include "verdict/lock_reason.hpp"

#include <algorithm>
#include <iostream>
#include <sstream>
#include <system_error>

namespace interlock::checker::cli {

namespace {

using Json = nlohmann::ordered_json;
using kernel_text::Change;
using kernel_text::Changes;

struct ReviewArguments {
  std::string revision;
  ChangeOptions change;
  std::vector<std::string> configs;
  BeforeAfterOptions checks{.suffix = "review"};
  std::string format = "human";
  ReportFiles reports;
  std::string patches;        // file for them
  bool modelled_only = false; // other files do not count
};

// Both texts of a file that has changed.
struct FilePair {
  kernel_text::File before, after;
};

class Review {
public:
  explicit Review(const ReviewArguments& options) : options_(options) {}

  ExitCode run() {
    if (options_.format == "json" && !options_.reports.annotate.empty())
      refuse("review", "--annotate prints lines, and --format json a document; take one of them");
    configs_ = read_revision("review", options_.revision, options_.configs);
    read_changes();
    const bool json = options_.format == "json";
    if (!json)
      put_changes();
    if (changes_.changes.empty())
      for (const Config& config : configs_.configs)
        reviewed_.push_back(not_concerned(config));
    else
      review_configs();
    kept_.forget_unused();
    const ExitCode code = exit_code();
    bool written = write_patches();
    written = write_reports(options_.reports, report(code)) && written;
    if (json)
      put_json(code);
    else
      put_summary(code);
    return written ? code : ExitCode::system;
  }

private:
  // Of all configs together, for what-if.
  std::vector<lang::Patch> all_patches() const {
    std::vector<lang::Patch> patches;
    for (const Change& change : changes_.changes)
      patches.insert(patches.end(), change.patches.begin(), change.patches.end());
    return patches;
  }

  std::vector<lang::Patch> with_keys(const Change& change) const {
    return with_source_keys(change.patches, systems::known_text(configs_.system, configs_.name));
  }

  bool write_patches() {
    if (options_.patches.empty())
      return true;
    Json patches = Json::array();
    for (const Change& change : changes_.changes)
      for (const lang::Patch& patch : with_keys(change))
        patches.push_back(json_of(patch));
    try {
      files::write(options_.patches, Json{{"patches", patches}}.dump(2) + "\n", &interrupted());
    } catch (const std::exception&) {
      complaints_.add(current_failure().message);
      return false;
    }
    return true;
  }

  // Where nothing has changed none is wanted: building all specifications takes its time.
  RevisionModel& model() {
    if (!model_) {
      model_ = build_revision(configs_, options_.checks.search);
      for (const std::string& error : model_->errors)
        complaints_.add(error);
      // A new text may have what decides in later revisions.
      model_->modelled.constants = &kernel_text::constants_of(configs_.system);
    }
    return *model_;
  }

  // The modelled files, which the paths of all configs say.
  std::set<std::string> files() {
    std::string content = "modelled files";
    for (const Config& config : configs_.configs)
      content += " " + answer_text(config);
    const std::string key = kept_.key_of(content);
    try {
      if (const auto found = configs_.errors.empty() ? kept_.find(key) : std::nullopt)
        return found->get<std::set<std::string>>();
    } catch (const Json::exception&) { // no list of names: found anew
    }
    if (model().errors.empty())
      kept_.keep(key, Json(model().files));
    return model().files;
  }

  void read_changes() {
    const std::set<std::string> files = this->files();
    const ReviewTexts texts = texts_of(options_.change, files);
    bool any = false;
    for (const std::string& file : files) {
      const auto before = find_file(texts.old_paths, file);
      const auto after = find_file(texts.new_paths, file);
      if (!before && !after)
        continue;
      any = true;
      if (!before || !after) {
        complaints_.add((before ? before : after)->string() + ": the " + (before ? "new" : "old") +
                        " text of " + file + " is missing");
        continue;
      }
      // What stands in a folder of our own is called by its name in the kernel.
      const auto read = [&](const std::filesystem::path& path) {
        return texts.scratch ? kernel_text::read_text(file, files::read(path), {})
                             : kernel_text::read(path, {});
      };
      try {
        add({read(*before), read(*after)});
      } catch (const kernel_text::SourceError& error) {
        complaints_.add(error.what());
      }
    }
    if (options_.modelled_only)
      left_alone_ = texts.other_files.size();
    else
      for (const std::string& file : texts.other_files)
        add_other(file);
    const bool may_be_none = options_.modelled_only && !options_.change.range.empty();
    if (!any && texts.other_files.empty() && !may_be_none)
      complaints_.add("none of the modelled files is there: " +
                      text::joined({files.begin(), files.end()}));
  }

  void add_other(const std::string& file) {
    Change change;
    change.file = file;
    change.text = "changed";
    change.why = "a file that no model knows";
    changes_.changes.push_back(std::move(change));
  }

  void add(FilePair pair) {
    if (kernel_text::is_same_text(pair.before, pair.after)) {
      same_.push_back(std::move(pair));
      return;
    }
    const auto& functions = model().functions;
    Changes changes =
        kernel_text::changes_of(pair.before, pair.after, model().modelled, {functions, functions});
    changes_.places.merge(changes.places);
    for (const std::string& error : changes.errors)
      complaints_.add(error);
    if (changes.changes.empty()) {
      same_.push_back(std::move(pair));
      return;
    }
    FileFit fit = fit_of(pair.before, model(), changes.changes);
    if (!fit.misfits.empty()) // scenarios of other revisions may explain it
      fit = fit_of(pair.before, model_of_all(), changes.changes);
    as_modelled_ += fit.same;
    others_ += fit.others;
    for (Change& misfit : fit.misfits)
      changes.changes.push_back(std::move(misfit));
    for (Change& change : changes.changes)
      changes_.changes.push_back(std::move(change));
    changed_.push_back(std::move(pair));
  }

  const RevisionModel& model_of_all() {
    if (!model_of_all_)
      model_of_all_ = build_revision(configs_, options_.checks.search, Scenarios::of_all_revisions);
    return *model_of_all_;
  }

  void review_configs() {
    BeforeAfterOptions checks = options_.checks;
    for (LoadedConfig& config : model().configs) {
      if (interrupted().load())
        break;
      reviewed_.push_back(review(config, checks));
      if (options_.format != "json" && reviewed_.back().concerned)
        put(reviewed_.back());
    }
  }

  // With the patches that the change is for the paths of this config, which is taken.
  BeforeAfter review(LoadedConfig& config, BeforeAfterOptions& checks) {
    const auto paths = kernel_text::model_functions(*config.built.spec);
    std::vector<lang::Patch> patches;
    std::string error;
    for (const FilePair& pair : changed_) {
      const Changes own = kernel_text::changes_of(pair.before, pair.after, model().modelled,
                                                  {model().functions, paths});
      for (const Change& change : own.changes) {
        if (!is_translated(change) || change.absent)
          continue;
        if (!change.translated() && error.empty())
          error = place_of(change) + ": " + change.why;
        patches.insert(patches.end(), change.patches.begin(), change.patches.end());
      }
    }
    if (!error.empty())
      return without_answer(config.config, error);
    const lang::Spec& spec = *config.built.spec;
    if (patches_for(spec, patches) != patches_for(spec, all_patches()))
      with_own_patches_.push_back(config.config.source->name());
    return compare(std::move(config), patches, checks, kept_);
  }

  // Where the steps of a counterexample stand in the new text, and those of others told so far.
  const kernel_text::NewPlaces& places_of(const witnesses::Witness& witness) {
    for (const witnesses::WitnessStep& step : witness.steps)
      if (placed_.insert(step.source.function).second)
        for (const std::vector<FilePair>* pairs : {&same_, &changed_})
          for (const FilePair& pair : *pairs)
            changes_.places.merge(kernel_text::unchanged_places(
                pair.before, pair.after, step.source.function, model().modelled,
                {model().functions, model().functions}));
    return changes_.places;
  }

  // For the paths of all configs together.
  bool is_translated(const Change& change) const {
    return std::any_of(changes_.changes.begin(), changes_.changes.end(), [&](const Change& other) {
      return other.translated() && other.file == change.file && other.function == change.function &&
             other.old_line == change.old_line && other.new_line == change.new_line &&
             other.text == change.text;
    });
  }

  bool is_partial() const {
    const auto untranslated = [](const Change& change) { return !change.translated(); };
    const auto unanswered = [](const BeforeAfter& each) { return !each.error.empty(); };
    return std::any_of(changes_.changes.begin(), changes_.changes.end(), untranslated) ||
           std::any_of(reviewed_.begin(), reviewed_.end(), unanswered);
  }

  ExitCode exit_code() const {
    const ExitCode code = exit_code_of(reviewed_);
    const bool quiet = code == ExitCode::success || code == ExitCode::incomplete;
    // What is found in half a change need not be in the whole.
    const bool counts = code == ExitCode::interrupted || kernel_text::is_whole(changes_.changes);
    if (!quiet && code != ExitCode::partial && counts)
      return code;
    if (!complaints_.empty())
      return ExitCode::usage;
    return is_partial() ? ExitCode::partial : code;
  }

  static std::string place_of(const Change& change) {
    const int line = std::max(change.old_line, change.new_line);
    return change.file + (line == 0 ? "" : ":" + std::to_string(line)) + ": " + change.function +
           (change.function.empty() ? "" : "(): ") + change.text;
  }

  void put_changes() const {
    for (const Change& change : changes_.changes) {
      std::cout << text::printable(place_of(change)) << "\n";
      if (!change.translated())
        std::cout << "    not translated: " << text::printable(change.why) << "\n";
      for (const lang::Patch& patch : with_keys(change))
        std::cout << "    " << text::printable(patch_text(patch)) << "\n";
    }
    if (others_ != 0)
      std::cout << "note: of the modelled functions in these files " << others_ << " of "
                << as_modelled_ + others_ << " are not as in the text of revision " << configs_.name
                << "\n";
    if (left_alone_ != 0)
      std::cout << "note: " << text::counted(left_alone_, "changed file")
                << " that no model knows: not reviewed\n";
    if (changes_.changes.empty() && complaints_.empty())
      std::cout << "no statement of these files has changed\n";
    std::cout << std::flush;
  }

  void put(const BeforeAfter& each) {
    std::cout << each.name << ": ";
    if (!each.error.empty()) {
      std::cout << "no answer: " << text::printable(each.error) << "\n";
      return;
    }
    const bool whole = kernel_text::is_whole(changes_.changes);
    std::cout << each.before_text() << "; after "
              << (whole ? "the change " : "what was translated ") << each.after_text() << "\n";
    if (each.is_new_violation())
      put_story(each.checked);
    for (const std::string& line : difference_lines(each))
      std::cout << text::printable(line) << "\n";
    std::cout << std::flush;
  }

  // The counterexample in lines of the new text, unless another config has shown the same; what
  // happens elsewhere is counted.
  void put_story(const CheckedConfig& checked) {
    const witnesses::Witness& witness = *checked.witness;
    std::cout << "  " << text::printable(witness.message) << "\n";
    const auto [shown, is_new] =
        stories_.emplace(witness.property + ": " + witness.message, checked.config->source->name());
    if (is_new) {
      put_reason(checked);
      put_steps(witness);
    } else {
      std::cout << "  as in " << shown->second << "\n";
    }
    std::cout << "  witness: " << checked.witness_path << "\n";
    if (checked.replay) {
      std::istringstream lines(checked.replay->text);
      for (std::string line; is_new && std::getline(lines, line);)
        std::cout << "  " << line << "\n";
      if (!is_new)
        std::cout << "  replay: " << checked.replay->outcome << "\n";
    }
  }

  // Why it fails: who wrote what, who holds which lock.
  void put_reason(const CheckedConfig& checked) {
    const lang::Trace& trace = checked.result.trace.value();
    Story story = story_of(*checked.spec, trace, lock_reason_of(checked.result.locks, trace));
    witnesses::Statements statements;
    for (const auto& [label, place] : places_of(*checked.witness))
      statements[label] = {place.file, place.line, place.text};
    tell_statements(story, statements);
    const std::string indent = "  ";
    const std::size_t width = screen_for("never").width - indent.size();
    std::istringstream lines(story_text(story, {.width = width}));
    for (std::string line; std::getline(lines, line);)
      std::cout << indent << text::printable(line) << "\n";
  }

  void put_steps(const witnesses::Witness& witness) {
    const reports::Finding story = story_of_new_text(witness, places_of(witness));
    for (const std::string& line : story_lines(story, "elsewhere"))
      std::cout << "  " << text::printable(line) << "\n";
    for (const std::string& line : story.endings)
      std::cout << "  " << line << "\n";
  }

  std::string changes_text() const {
    const auto untranslated =
        std::count_if(changes_.changes.begin(), changes_.changes.end(),
                      [](const Change& change) { return !change.translated(); });
    return text::counted(changes_.changes.size(), "change") + ", " + std::to_string(untranslated) +
           " not translated; " + summary_text(reviewed_);
  }

  // This review of some configs.
  std::string command(const std::string& configs) const {
    std::vector<std::string> words{"interlock", "review", options_.revision};
    const auto add = [&](const char* name, const std::vector<std::string>& values) {
      if (!values.empty() && !values.front().empty()) {
        words.emplace_back(name);
        words.insert(words.end(), values.begin(), values.end());
      }
    };
    const ChangeOptions& change = options_.change;
    add("--old", change.old_paths);
    add("--new", change.new_paths);
    add("--diff", {change.diff});
    add("--tree", {change.tree});
    add("--git", {change.range});
    add("--repo", {change.repository});
    if (options_.modelled_only)
      words.emplace_back("--modelled-only");
    add("--configs", configs.empty() ? options_.configs : std::vector<std::string>{configs});
    return text::shell_line(words);
  }

  // Where the new text has it; a file that is not read is named alone.
  reports::Place place_in_new_text(const Change& change) const {
    for (const FilePair& pair : changed_)
      if (change.file == pair.before.name || change.file == pair.after.name)
        return cli::place_in_new_text(change, pair.before, pair.after, configs_.system);
    return {change.file, change.new_line};
  }

  reports::Report report(ExitCode code) {
    reports::Report report;
    report.command = "review";
    report.version = INTERLOCK_VERSION;
    report.summary = {changes_text()};
    report.exit_code = static_cast<int>(code);
    std::vector<reports::Place> changed; // lines, each once
    for (const Change& change : changes_.changes) {
      const reports::Place place = place_in_new_text(change);
      if (!change.translated())
        report.cases.push_back(case_of_untranslated(change, place, command("")));
      else if (std::none_of(changed.begin(), changed.end(), [&](const reports::Place& other) {
                 return other.file == place.file && other.line == place.line;
               }))
        changed.push_back(place);
    }
    for (const std::string& complaint : complaints_.all())
      report.cases.push_back(case_of_complaint(complaint, command("")));
    for (const BeforeAfter& each : reviewed_)
      if (each.concerned)
        report.cases.push_back(case_of_config(
            each, each.is_new_violation() ? places_of(*each.checked.witness) : changes_.places,
            changed, command(each.name)));
    return report;
  }

  void put_summary(ExitCode code) const {
    if (!options_.patches.empty() && !with_own_patches_.empty())
      std::cout << "note: in " << text::joined(with_own_patches_)
                << " other steps stand beside the change; the patches there were not all those of "
                << text::printable(options_.patches) << "\n";
    std::cout << changes_text() << "\n"
              << "exit " << static_cast<int>(code) << ": " << text_of(code) << "\n";
  }

  void put_json(ExitCode code) const {
    Json changes = Json::array();
    for (const Change& change : changes_.changes) {
      Json patches = Json::array();
      for (const lang::Patch& patch : with_keys(change))
        patches.push_back(patch_text(patch));
      changes.push_back({{"file", change.file},
                         {"function", change.function},
                         {"old_line", change.old_line},
                         {"new_line", change.new_line},
                         {"text", change.text},
                         {"patches", patches},
                         {"of_operation", change.of_operation},
                         {"not_translated", change.translated() ? Json() : Json(change.why)}});
    }
    Json configs = Json::array();
    for (const BeforeAfter& each : reviewed_)
      if (each.concerned)
        configs.push_back(json_of(each));
    put_document("interlock-review",
                 {{"revision", options_.revision},
                  {"changes", changes},
                  {"configs", configs},
                  {"text", {{"as_modelled", as_modelled_}, {"not_as_modelled", others_}}},
                  {"errors", complaints_.all()},
                  {"partial", is_partial()},
                  {"exit", exit_json(code)}});
  }

  const ReviewArguments& options_;
  KeptAnswers kept_{options_.checks.cache.path(), options_.checks.search};
  RevisionConfigs configs_;
  std::optional<RevisionModel> model_;        // where something has changed
  std::optional<RevisionModel> model_of_all_; // where a text has to be explained
  std::vector<FilePair> same_, changed_;
  // Modelled functions of the old texts, by their digests.
  std::size_t as_modelled_ = 0, others_ = 0;
  std::size_t left_alone_ = 0;   // changed files that no model knows
  Changes changes_;              // for the paths of all configs together
  std::set<std::string> placed_; // functions whose places are told, changed or not
  std::vector<BeforeAfter> reviewed_;
  Complaints complaints_;
  std::vector<std::string> with_own_patches_;  // configs
  std::map<std::string, std::string> stories_; // what is violated -> the config that showed it
};

} // namespace

void add_review(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand(
      "review", "What a change of the kernel's C does to the verdicts: both texts are read, the\n"
                "difference becomes patches, and every config that takes a changed path is\n"
                "checked before and after");
  const auto options = std::make_shared<ReviewArguments>();
  command
      ->add_option("REVISION", options->revision,
                   "The revision of the old text, or SYSTEM/REVISION")
      ->required();
  ChangeOptions& change = options->change;
  command->add_option("--old", change.old_paths, "Trees, folders or files of the old text")
      ->type_name("PATH...");
  command->add_option("--new", change.new_paths, "The same of the new text")->type_name("PATH...");
  command->add_option("--diff", change.diff, "A unified diff, of what --tree is the old text of")
      ->type_name("FILE");
  command->add_option("--tree", change.tree, "A tree of the old text")->type_name("DIR");
  command->add_option("--git", change.range, "Two commits of --repo")->type_name("OLD..NEW");
  command->add_option("--repo", change.repository, "A git repository")->type_name("DIR");
  add_configs_option(*command, options->configs);
  add_before_after_options(*command, options->checks);
  add_format(*command, options->format, {"human", "json"});
  add_report_options(*command, options->reports);
  command
      ->add_option("--patches", options->patches, "Write the patches into this file, for what-if")
      ->type_name("FILE");
  command->add_flag("--modelled-only", options->modelled_only,
                    "Leave alone what else a diff or commit changes: files that no model knows");
  command->footer(
      "Configs of that revision without patches count. What could not be translated is said, with\n"
      "the reason, and makes the answer partial. Of a function with one operation that was not,\n"
      "none is taken: half a change is another change. So it is where the old text of a changed\n"
      "function is not the one that was modelled and is not explained. Lock orders, and sequences\n"
      "of delivered events, that come or go are told, too. Exit code: that of the "
      "first new "
      "violation,\n"
      "where every operation was translated; else 151 where a text could not be read, and 19 "
      "where\n"
      "the answer is partial.\n"
      "Final answers are kept, before and after, as `interlock gate` keeps them.\n"
      "Examples:\n"
      "  interlock review kqueue-10.4 --old ../freebsd-10.4 --new ../my-tree\n"
      "  interlock review kqueue-10.4 --diff my.patch --tree ../freebsd-10.4\n"
      "  interlock review before-ee934fe9e6 --git ee934fe9e6^..ee934fe9e6 --repo ../dragonfly\n"
      "  interlock review netbsd/kern_event-1.129 --old old/kern_event.c --new kern_event.c "
      "--configs configs/netbsd\n");
  command->callback([options, &run] { run = [options] { return Review(*options).run(); }; });
}

} // namespace interlock::checker::cli
