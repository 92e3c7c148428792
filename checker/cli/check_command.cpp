// interlock check
#include "cli/commands.hpp"
#include "cli/interruption.hpp"
#include "cli/load.hpp"
#include "cli/output.hpp"
#include "cli/search.hpp"
#include "files/files.hpp"
#include "harness/replay.hpp"
#include "verdict/report.hpp"

#include <iostream>
#include <map>
#include <system_error>

namespace interlock::checker::cli {

namespace {

struct Options {
  std::vector<std::string> configs;
  std::string out = "interlock-out";
  bool no_replay = false;
  std::string format = "human";
  bool coverage = false;
  bool full = false;
  bool quiet = false;
  SearchOptions search;
};

std::filesystem::path witness_path(const Options& options, const Config& config) {
  const std::filesystem::path name = config.source->name();
  return std::filesystem::path(options.out) / (name.stem().string() + ".witness.json");
}

// Reads all configs and builds all specifications before anything is explored or written.
std::vector<LoadedConfig> load_all(const Options& options) {
  std::vector<LoadedConfig> loaded;
  std::map<std::string, std::string> witnesses; // path -> config
  for (const std::string& path : options.configs) {
    loaded.push_back(load_within(options.search, read_config(path)));
    const std::string witness = witness_path(options, loaded.back().config).string();
    const auto [other, is_new] = witnesses.emplace(witness, path);
    if (!is_new)
      throw ConfigError(path, 0, 0, "",
                        "its witness would be " + witness + ", as that of " + other->second +
                            "; check them apart, or into two --out folders");
  }
  return loaded;
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

CheckedConfig check_one(const Options& options, const LoadedConfig& loaded) {
  CheckedConfig checked;
  checked.config = &loaded.config;
  checked.spec = loaded.built.spec.get();
  checked.result = search(loaded, options.search);
  if (checked.result.verdict != Verdict::violated)
    return checked;
  if (checked.result.trace->violation.property == lang::fault::bounds)
    return checked; // the config gives too little room: nothing about the kernel to keep
  checked.witness = witness_of(loaded.config, *checked.spec, checked.result);
  const std::filesystem::path path = witness_path(options, loaded.config);
  try {
    files::write(path, witnesses::write(*checked.witness), &interrupted());
    checked.witness_path = path.string();
  } catch (const std::system_error& error) { // the verdict stands without it
    checked.error = std::string("the witness was not written: ") + error.what();
  }
  if (!options.no_replay)
    replay_now(checked);
  return checked;
}

// What could not be written outweighs the rest; then the first violation decides, then an
// interruption, then a limit.
ExitCode combine(ExitCode so_far, ExitCode next) {
  const auto rank = [](ExitCode code) {
    switch (code) {
    case ExitCode::success:
      return 0;
    case ExitCode::incomplete:
      return 1;
    case ExitCode::interrupted:
      return 2;
    case ExitCode::system:
      return 4;
    default:
      return 3;
    }
  };
  return rank(next) > rank(so_far) ? next : so_far;
}

ExitCode run_check(const Options& options) {
  const std::vector<LoadedConfig> loaded = load_all(options);
  const ReportOptions report_options{options.full, options.coverage, options.quiet, output_width()};
  const bool json = options.format == "json";
  nlohmann::ordered_json results = nlohmann::ordered_json::array();
  ExitCode code = ExitCode::success;
  for (const LoadedConfig& config : loaded) {
    const CheckedConfig checked = check_one(options, config);
    if (json)
      results.push_back(json_report(checked, report_options));
    else
      std::cout << (&config == &loaded.front() || options.quiet ? "" : "\n")
                << report(checked, report_options) << std::flush;
    if (!checked.error.empty())
      std::cerr << "interlock: " << config.config.source->name() << ": " << checked.error << "\n";
    code = combine(code, static_cast<ExitCode>(exit_number(checked)));
    if (checked.result.verdict == Verdict::interrupted)
      break;
  }
  if (json)
    put_document("interlock-check", {{"results", std::move(results)}, {"exit", exit_json(code)}});
  return code;
}

} // namespace

void add_check(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand(
      "check", "Explore every interleaving of a config's scenario; on a violation write the\n"
               "shortest counterexample to NAME.witness.json and replay it on this machine");
  const auto options = std::make_shared<Options>();
  command->add_option("CONFIG", options->configs, "Config files")->required();
  command->add_option("--out", options->out, "Folder for witnesses")
      ->type_name("DIR")
      ->capture_default_str();
  command->add_flag("--no-replay", options->no_replay, "Do not run the counterexample");
  add_format(*command, options->format, {"human", "json"});
  add_search_options(*command, options->search);
  command->add_flag("--coverage", options->coverage, "List the actions that were never taken");
  command->add_flag("--full", options->full,
                    "Show every step and change: ghosts, lock words and program counters too");
  command->add_flag("--quiet", options->quiet, "Print the verdict's line only");
  command->footer(
      "Exit code: that of the first violation, 16 where its replay diverged; 130 when\n"
      "interrupted; 124 when a limit was reached; else 0; 153 when a witness could not be\n"
      "written. A replay that runs out of time leaves the violation's code and says so. See\n"
      "interlock help exit-codes.\n"
      "Examples:\n"
      "  interlock check configs/netbsd/NAME.json\n"
      "  interlock check --max-seconds 60 --coverage configs/netbsd/NAME.json\n"
      "  interlock check --format json --no-replay A.json B.json\n");
  command->callback([options, &run] { run = [options] { return run_check(*options); }; });
}

} // namespace interlock::checker::cli
