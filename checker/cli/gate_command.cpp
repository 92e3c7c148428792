// interlock gate
#include "campaigns/gate.hpp"
#include "cli/commands.hpp"
#include "cli/load.hpp"
#include "cli/search.hpp"
#include "verdict/report.hpp"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>

namespace interlock::checker::cli {

namespace {

struct Options {
  std::vector<std::string> paths;
  SearchOptions search;
};

// Everything is read and built before anything is explored, so that a wrong config shows at once.
std::vector<Config> load_all(const std::vector<std::filesystem::path>& paths,
                             const SearchOptions& options) {
  std::vector<Config> configs;
  for (const std::filesystem::path& path : paths) {
    configs.push_back(load_within(options, read_config(path)).config);
    const Config& config = configs.back();
    if (!config.expect)
      throw config.source->error(config.source->root(),
                                 "the key \"expect\" is missing: the gate compares with it");
  }
  return configs;
}

class Table {
public:
  explicit Table(const std::vector<Config>& configs) {
    for (const Config& config : configs) {
      name_ = std::max(name_, config.source->name().size());
      verdict_ = std::max(verdict_, expectation_text(config).size());
    }
    row("config", "verdict", "expected", "states", "transitions", "depth", "seconds");
  }

  void add(const Config& config, const CheckResult& result) const {
    const Statistics& statistics = result.statistics;
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%.2f", statistics.seconds);
    const std::string verdict =
        result.trace ? "violates " + result.trace->violation.property : verdict_text(result);
    row(config.source->name(), verdict, expectation_text(config), std::to_string(statistics.states),
        std::to_string(statistics.transitions), std::to_string(statistics.depth), seconds);
  }

private:
  static std::string left(const std::string& text, std::size_t width) {
    return text + std::string(width - std::min(width, text.size()), ' ') + "  ";
  }
  static std::string right(const std::string& text, std::size_t width) {
    return std::string(width - std::min(width, text.size()), ' ') + text;
  }

  void row(const std::string& name, const std::string& verdict, const std::string& expected,
           const std::string& states, const std::string& transitions, const std::string& depth,
           const std::string& seconds) const {
    std::cout << left(name, name_) << left(verdict, verdict_) << left(expected, verdict_)
              << right(states, 10) << right(transitions, 13) << right(depth, 7) << right(seconds, 9)
              << "\n"
              << std::flush;
  }

  std::size_t name_ = 6;
  std::size_t verdict_ = 10;
};

ExitCode finish(ExitCode code) {
  std::cout << exit_line(code);
  return code;
}

ExitCode run_gate(const Options& options) {
  const std::vector<Config> configs = load_all(configs_below(options.paths), options.search);
  const Table table(configs);
  std::size_t differing = 0;
  for (const Config& config : configs) {
    const CheckResult result = search(load_within(options.search, config), options.search);
    table.add(config, result);
    if (result.verdict == Verdict::interrupted)
      return finish(ExitCode::interrupted);
    const std::vector<std::string> found = differences(config.expect.value(), result);
    for (const std::string& difference : found)
      std::cout << "  DIFFERS  " << difference << "\n";
    differing += found.empty() ? 0 : 1;
  }
  std::cout << configs.size() << (configs.size() == 1 ? " config: " : " configs: ")
            << configs.size() - differing << " as expected, " << differing << " different\n";
  return finish(differing == 0 ? ExitCode::success : ExitCode::gate);
}

} // namespace

void add_gate(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand(
      "gate", "Check every config at and below the paths and compare verdict and\n"
              "numbers with what its \"expect\" says");
  const auto options = std::make_shared<Options>();
  command->add_option("PATH", options->paths, "Configs, and folders of configs")->required();
  add_search_options(*command, options->search);
  command->footer("Exit code: 0 when all is as expected, 17 when something differs.\n"
                  "Writes no files. *.witness.json, *.itf.json and *.schema.json are no configs.\n"
                  "Examples:\n"
                  "  interlock gate configs\n"
                  "  interlock gate configs/netbsd configs/freebsd/NAME.json\n");
  command->callback([options, &run] { run = [options] { return run_gate(*options); }; });
}

} // namespace interlock::checker::cli
