// interlock review
#include "cli/before_after.hpp"
#include "cli/commands.hpp"
#include "cli/interruption.hpp"
#include "cli/output.hpp"
#include "cli/review_texts.hpp"
#include "cli/revision.hpp"
#include "files/files.hpp"
#include "kernel_text/change.hpp"
#include "kernel_text/read.hpp"
#include "kernel_text/source_error.hpp"
#include "text/lists.hpp"
#include "text/printable.hpp"
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
  ChangeOptions change;
  std::vector<std::string> configs;
  std::string out = "interlock-out";
  bool no_replay = false;
  std::string format = "human";
  SearchOptions search;
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
    BeforeAfterOptions options{options_.search, options_.out, "review", options_.no_replay};
    for (LoadedConfig& config : configs_) {
      if (interrupted().load())
        break;
      reviewed_.push_back(compare(std::move(config), patches(), options));
      if (!json && reviewed_.back().concerned)
        put(reviewed_.back());
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
    configs_ = std::move(model.configs);
    for (const std::string& error : model.errors)
      complain(error);
    modelled_ = std::move(model.modelled);
    functions_ = std::move(model.functions);
    files_ = std::move(model.files);
  }

  void complain(const std::string& error) {
    errors_.push_back(error);
    std::cerr << "interlock: " << text::printable(error) << "\n";
  }

  void read_changes() {
    const ReviewTexts texts = texts_of(options_.change, files_);
    bool any = false;
    for (const std::string& file : files_) {
      const auto before = find_file(texts.old_paths, file);
      const auto after = find_file(texts.new_paths, file);
      if (!before && !after)
        continue;
      any = true;
      if (!before || !after) {
        complain((before ? before : after)->string() + ": the " + (before ? "new" : "old") +
                 " text of " + file + " is missing");
        continue;
      }
      // What stands in a folder of our own is called by its name in the kernel.
      const auto read = [&](const std::filesystem::path& path) {
        return texts.scratch ? kernel_text::read_text(file, files::read(path), {})
                             : kernel_text::read(path, {});
      };
      try {
        add(kernel_text::changes_of(read(*before), read(*after), modelled_, functions_));
      } catch (const kernel_text::SourceError& error) {
        complain(error.what());
      }
    }
    for (const std::string& file : texts.other_files)
      add_other(file);
    if (!any && texts.other_files.empty())
      complain("none of the modelled files is there: " +
               text::joined({files_.begin(), files_.end()}));
  }

  void add_other(const std::string& file) {
    Change change;
    change.file = file;
    change.text = "changed";
    change.why = "a file that no model knows";
    changes_.changes.push_back(std::move(change));
  }

  void add(Changes changes) {
    for (Change& change : changes.changes)
      changes_.changes.push_back(std::move(change));
    changes_.places.merge(changes.places);
    for (const std::string& error : changes.errors)
      complain(error);
  }

  std::vector<lang::Patch> patches() const {
    std::vector<lang::Patch> all;
    for (const Change& change : changes_.changes)
      all.insert(all.end(), change.patches.begin(), change.patches.end());
    return all;
  }

  bool is_partial() const {
    return std::any_of(changes_.changes.begin(), changes_.changes.end(),
                       [](const Change& change) { return !change.translated(); });
  }

  ExitCode exit_code() const {
    const ExitCode code = exit_code_of(reviewed_);
    const bool quiet = code == ExitCode::success || code == ExitCode::incomplete;
    // What is found in half a change need not be in the whole.
    const bool counts = code == ExitCode::interrupted || kernel_text::is_whole(changes_.changes);
    if (!quiet && code != ExitCode::partial && counts)
      return code;
    if (!errors_.empty())
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
      for (const lang::Patch& patch : change.patches)
        std::cout << "    " << text::printable(patch_text(patch)) << "\n";
    }
    if (changes_.changes.empty())
      std::cout << "no statement of these files has changed\n";
    std::cout << std::flush;
  }

  void put(const BeforeAfter& each) {
    std::cout << each.before.config.source->name() << ": ";
    if (!each.error.empty()) {
      std::cout << "no answer: " << text::printable(each.error) << "\n";
      return;
    }
    const bool whole = kernel_text::is_whole(changes_.changes);
    std::cout << each.before_text() << "; after "
              << (whole ? "the change " : "what was translated ") << each.after_text() << "\n";
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
    for (const BeforeAfter& each : reviewed_) {
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
    for (const BeforeAfter& each : reviewed_)
      if (each.concerned)
        configs.push_back(json_of(each));
    put_document("interlock-review", {{"revision", options_.revision},
                                      {"changes", changes},
                                      {"configs", configs},
                                      {"errors", errors_},
                                      {"partial", is_partial()},
                                      {"exit", exit_json(code)}});
  }

  const Options& options_;
  std::vector<LoadedConfig> configs_;
  std::vector<BeforeAfter> reviewed_;
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
  ChangeOptions& change = options->change;
  command->add_option("--old", change.old_paths, "Trees, folders or files of the old text")
      ->type_name("PATH...");
  command->add_option("--new", change.new_paths, "The same of the new text")->type_name("PATH...");
  command->add_option("--diff", change.diff, "A unified diff, of what --tree is the old text of")
      ->type_name("FILE");
  command->add_option("--tree", change.tree, "A tree of the old text")->type_name("DIR");
  command->add_option("--git", change.range, "Two commits of --repo")->type_name("OLD..NEW");
  command->add_option("--repo", change.repository, "A git repository")->type_name("DIR");
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
      "  interlock review kqueue-10.4 --diff my.patch --tree ../freebsd-10.4\n"
      "  interlock review before-ee934fe9e6 --git ee934fe9e6^..ee934fe9e6 --repo ../dragonfly\n"
      "  interlock review netbsd/kern_event-1.129 --old old/kern_event.c --new kern_event.c "
      "--configs configs/netbsd\n");
  command->callback([options, &run] { run = [options] { return Review(*options).run(); }; });
}

} // namespace interlock::checker::cli
