// interlock check
#include "cli/batch.hpp"
#include "cli/commands.hpp"
#include "cli/examples.hpp"
#include "cli/further_findings.hpp"
#include "cli/interruption.hpp"
#include "cli/output.hpp"
#include "cli/table_choice.hpp"
#include "files/files.hpp"
#include "harness/replay.hpp"
#include "text/lists.hpp"
#include "text/numbers.hpp"
#include "text/printable.hpp"
#include "verdict/lock_reason.hpp"
#include "verdict/report.hpp"

#include <algorithm>
#include <iostream>
#include <map>
#include <system_error>

namespace interlock::checker::cli {

namespace {

struct CheckArguments {
  std::vector<std::string> configs;
  std::string out = "interlock-out";
  bool no_replay = false;
  bool steps_only = false;
  std::string format = "human";
  std::string color = "auto";
  bool coverage = false;
  bool quiet = false;
  bool go_on = false;
  TableChoice table;
  SearchOptions search;
};

// NAME.witness.json; of a further finding NAME.PROPERTY.witness.json.
std::filesystem::path witness_path(const CheckArguments& options,
                                   const std::filesystem::path& config, std::string property = "") {
  std::replace(property.begin(), property.end(), '/', '-');
  const std::string kind = property.empty() ? "" : "." + property;
  return std::filesystem::path(options.out) / (config.stem().string() + kind + ".witness.json");
}

void refuse_common_witnesses(const CheckArguments& options) {
  std::map<std::string, std::string> witnesses; // path -> config
  for (const std::string& path : options.configs) {
    const std::string witness = witness_path(options, path).string();
    const auto [other, is_new] = witnesses.emplace(witness, path);
    if (!is_new)
      throw ConfigError(path, 0, 0, "",
                        "its witness would be " + witness + ", as that of " + other->second +
                            "; check them apart, or into two --out folders");
  }
}

std::vector<std::pair<std::string, std::uint64_t>> counts_of(const harness::ReplayReport& replay) {
  std::vector<std::pair<std::string, std::uint64_t>> counts;
  for (std::size_t i = 0; i < replay.counts.size(); ++i)
    counts.emplace_back(harness::count_names[i], replay.counts[i]);
  return counts;
}

void replay_now(CheckedConfig& checked) {
  try {
    const harness::ReplayReport replay =
        harness::replay(*checked.spec, checked.result.trace.value(), {});
    checked.replay = {outcome_name(replay.outcome),
                      lines_of(replay),
                      replay.steps,
                      replay.threads,
                      counts_of(replay),
                      replay.not_checked};
  } catch (const std::runtime_error& error) { // the verdict stands without it
    std::cerr << "interlock: no replay on this machine: " << error.what() << "\n";
  }
}

// What has to happen, with a witness of each that is a state.
void add_examples(const CheckArguments& options, const LoadedConfig& loaded,
                  CheckedConfig& checked) {
  checked.unreached = unreached_returns(*checked.spec, checked.result.statistics);
  checked.unreached_patches = unreached_patches(loaded.built, checked.result.statistics);
  const auto write = [&](Example& example, const LoadedConfig& opposite,
                         const CheckResult& result) {
    const std::filesystem::path path =
        witness_path(options, loaded.config.source->name(), example.name);
    try {
      const auto form = options.steps_only ? witnesses::Form::steps : witnesses::Form::full;
      files::write(
          path, witnesses::write(witness_of(opposite.config, *opposite.built.spec, result, form)),
          &interrupted());
      example.witness_path = path.string();
    } catch (const std::system_error& error) { // the verdict stands without it
      checked.error = std::string("a witness was not written: ") + error.what();
    }
  };
  checked.examples = examples_of(loaded, checked.result, options.search, write);
}

CheckedConfig check_one(const CheckArguments& options, const LoadedConfig& loaded, bool further,
                        const witnesses::Statements& statements) {
  CheckedConfig checked;
  checked.config = &loaded.config;
  checked.spec = loaded.built.spec.get();
  checked.properties = loaded.built.properties;
  checked.order = loaded.built.order;
  checked.result = search(loaded, options.search);
  if (checked.result.verdict == Verdict::holds)
    add_examples(options, loaded, checked);
  if (checked.result.verdict != Verdict::violated)
    return checked;
  checked.witness = witness_of(loaded.config, *checked.spec, checked.result);
  checked.first_screen =
      first_screen_of(*checked.spec, checked.result.trace.value(),
                      lock_reason_of(checked.result.locks, *checked.result.trace),
                      loaded.config.scenario.system.text, loaded.config.source->name());
  tell_statements(checked.first_screen->story, statements);
  const std::filesystem::path path =
      witness_path(options, loaded.config.source->name(),
                   further ? checked.result.trace->violation.property : "");
  try {
    const std::string text =
        witnesses::write(options.steps_only ? witness_of(loaded.config, *checked.spec,
                                                         checked.result, witnesses::Form::steps)
                                            : *checked.witness);
    files::write(path, text, &interrupted());
    checked.witness_path = path.string();
  } catch (const std::system_error& error) { // the verdict stands without it
    checked.error = std::string("the witness was not written: ") + error.what();
  }
  if (!options.no_replay)
    replay_now(checked);
  return checked;
}

// What a config violates, one finding after the other, in a line.
std::string findings_line(const LoadedConfig& loaded, const std::vector<std::string>& findings,
                          const std::string& rest) {
  return loaded.config.source->name() + ": " + text::counted(findings.size(), "finding") + ": " +
         text::joined(findings) + "; " + rest + "\n";
}

class Checks {
public:
  explicit Checks(const CheckArguments& options)
      : options_(options), screen_(screen_for(options.color)), trees_(trees_of(options.table)) {}

  ExitCode run(std::vector<Item>& items) {
    const ExitCode code = work_through(
        items, [&](const LoadedConfig& loaded) { return work(loaded); },
        [&](const Item& item) { results_.push_back(wrong_json(item)); });
    if (is_json())
      put_document("interlock-check",
                   {{"results", std::move(results_)}, {"exit", exit_json(code)}});
    return code;
  }

private:
  bool is_json() const { return options_.format == "json"; }

  Worked work(const LoadedConfig& loaded) {
    const CheckedConfig checked = check_and_report(loaded, false);
    Worked worked{.code = exit_code_of(checked),
                  .interrupted = checked.result.verdict == Verdict::interrupted};
    if (options_.go_on && checked.result.verdict == Verdict::violated)
      go_on(loaded, checked.result, worked);
    return worked;
  }

  void go_on(const LoadedConfig& loaded, const CheckResult& first, Worked& worked) {
    const auto text_of = [](const CheckResult& result) {
      return result.trace->violation.property + " (" +
             text::counted(result.trace->actions.size(), "step") + ")";
    };
    std::vector<std::string> findings{text_of(first)};
    std::string rest = "nothing is left to be checked beside";
    const auto check = [&](const LoadedConfig& excusing) -> std::optional<std::string> {
      const CheckedConfig checked = check_and_report(excusing, true);
      const CheckResult& result = checked.result;
      worked.interrupted = worked.interrupted || result.verdict == Verdict::interrupted;
      if (result.verdict != Verdict::violated) {
        rest = "with all of them excused: " + verdict_text(result);
        return std::nullopt;
      }
      findings.push_back(text_of(result));
      return result.trace->violation.property;
    };
    check_on(loaded, first.trace->violation.property, options_.search, check);
    if (!is_json())
      put_text(screen_, text::printable(findings_line(loaded, findings, rest)));
  }

  CheckedConfig check_and_report(const LoadedConfig& loaded, bool further) {
    ReportOptions report_options{.coverage = options_.coverage,
                                 .quiet = options_.quiet,
                                 .width = screen_.width,
                                 .fold = screen_.fold,
                                 .paint = screen_.paint};
    if (!loaded.stopped) { // what is wrong with the choice is said before the search
      report_options.tell =
          tell_options(loaded.config.source->name(), options_.table, *loaded.built.spec);
      report_options.tell.statements = statements_in(trees_, options_.table, loaded.config);
    }
    CheckedConfig checked = check_one(options_, loaded, further, report_options.tell.statements);
    if (is_json())
      results_.push_back(json_report(checked, report_options));
    else
      put_text(screen_, (first_ || options_.quiet ? "" : "\n") + report(checked, report_options));
    std::cout.flush();
    first_ = false;
    if (!checked.error.empty())
      std::cerr << "interlock: " << loaded.config.source->name() << ": " << checked.error << "\n";
    return checked;
  }

  const CheckArguments& options_;
  const Screen screen_;
  LinesInTree trees_;
  nlohmann::ordered_json results_ = nlohmann::ordered_json::array();
  bool first_ = true;
};

ExitCode run_check(const CheckArguments& options) {
  refuse_common_witnesses(options);
  std::vector<Item> items = load_all(options.configs, options.search);
  return Checks(options).run(items);
}

} // namespace

void add_check(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand(
      "check", "Explore every interleaving of a config's scenario; on a violation write the\n"
               "shortest counterexample to NAME.witness.json and replay it on this machine");
  const auto options = std::make_shared<CheckArguments>();
  command->add_option("CONFIG", options->configs, "Config files")->required();
  command->add_option("--out", options->out, "Folder for witnesses")
      ->type_name("DIR")
      ->capture_default_str();
  command->add_flag("--continue", options->go_on,
                    "Go on after a violation: excuse it and check the rest, until nothing more is\n"
                    "found; one finding does not hide the next");
  command->add_flag("--no-replay", options->no_replay, "Do not run the counterexample");
  command->add_flag("--steps-only", options->steps_only,
                    "Write short witnesses: the steps, without what following them gives");
  add_format(*command, options->format, {"human", "json"});
  add_search_options(*command, options->search);
  command->add_flag("--coverage", options->coverage, "List the actions that were never taken");
  add_table_choice(*command, options->table);
  add_color(*command, options->color);
  command->add_flag("--quiet", options->quiet, "Print the verdict's line only");
  command->footer(
      "A counterexample begins with its reason: the values of the failing condition with their\n"
      "last writers, the locks held there, who freed what, who waits for whom; and which bug of\n"
      "the corpus it resembles. Of locks that are taken in both orders, the run that takes them\n"
      "the other way round is told too; --format json has its steps. The steps follow, as wide\n"
      "as the terminal or COLUMNS says. The step that fails is shown whatever is asked for.\n"
      "Exit code: that of the first violation, 16 where its replay diverged; 130 when\n"
      "interrupted; that of the first config that is wrong (151 or 150), and the others are\n"
      "checked all the same; 124 when a limit was reached; else 0; 153 when a witness could not\n"
      "be written. A replay that runs out of time leaves the violation's code and says so. See\n"
      "interlock help exit-codes.\n"
      "Examples:\n"
      "  interlock check configs/netbsd/NAME.json\n"
      "  interlock check --max-seconds 60 --coverage configs/netbsd/NAME.json\n"
      "  interlock check --continue configs/netbsd/NAME.json\n"
      "  interlock check --format json --no-replay A.json B.json\n"
      "  interlock check configs/netbsd/NAME.json --only kq_lock --tree ../netbsd\n");
  command->callback([options, &run] { run = [options] { return run_check(*options); }; });
}

} // namespace interlock::checker::cli
