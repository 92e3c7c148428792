// interlock locks
#include "cli/commands.hpp"
#include "cli/load.hpp"
#include "cli/output.hpp"
#include "cli/search.hpp"
#include "locks/report.hpp"

#include <iostream>
#include <memory>

namespace interlock::checker::cli {

namespace {

struct Options {
  std::vector<std::string> configs;
  std::string format = "human";
  SearchOptions search;
};

bool found(const LockAnalysis& analysis, LockFindingKind first, LockFindingKind last) {
  return std::any_of(
      analysis.findings.begin(), analysis.findings.end(),
      [&](const LockFinding& finding) { return finding.kind >= first && finding.kind <= last; });
}

ExitCode code_of(const LockAnalysis& analysis) {
  if (found(analysis, LockFindingKind::deadlock, LockFindingKind::stuck))
    return ExitCode::deadlock;
  if (!analysis.findings.empty())
    return ExitCode::safety;
  if (analysis.graph.interrupted)
    return ExitCode::interrupted;
  return analysis.graph.limit.empty() ? ExitCode::success : ExitCode::incomplete;
}

// A deadlock weighs more than what else is found, and that more than an incomplete answer.
ExitCode combine(ExitCode so_far, ExitCode next) {
  for (const ExitCode code :
       {ExitCode::deadlock, ExitCode::safety, ExitCode::interrupted, ExitCode::incomplete})
    if (so_far == code || next == code)
      return code;
  return so_far;
}

ExitCode run_locks(const Options& options) {
  std::vector<LoadedConfig> loaded;
  for (const std::string& path : options.configs)
    loaded.push_back(load_within(options.search, read_config(path)));
  nlohmann::ordered_json results = nlohmann::ordered_json::array();
  ExitCode code = ExitCode::success;
  for (const LoadedConfig& config : loaded) {
    const lang::Spec& spec = *config.built.spec;
    const LockAnalysis analysis = analyse(config, options.search);
    const std::string& name = config.config.source->name();
    if (options.format == "json") {
      nlohmann::ordered_json result;
      result["config"] = name;
      result["digest"] = config.config.digest;
      result.update(lock_json(spec, analysis));
      results.push_back(std::move(result));
    } else if (options.format == "dot") {
      std::cout << lock_dot(spec, analysis);
    } else {
      std::cout << (&config == &loaded.front() ? "" : "\n") << name << ": "
                << lock_report(spec, analysis) << std::flush;
    }
    code = combine(code, code_of(analysis));
    if (analysis.graph.interrupted)
      break;
  }
  if (options.format == "json")
    put_document("interlock-locks", {{"results", std::move(results)}, {"exit", exit_json(code)}});
  else if (options.format == "human")
    std::cout << exit_line(code);
  return code;
}

} // namespace

void add_locks(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand(
      "locks", "Explore a config's scenario and tell in which order it takes its locks:\n"
               "the acquisition graph, ranks, and what is wrong with them");
  const auto options = std::make_shared<Options>();
  command->add_option("CONFIG", options->configs, "Config files")->required();
  add_format(*command, options->format, {"human", "json", "dot"});
  add_search_options(*command, options->search);
  command->footer(
      "Looks at all reachable states, whatever properties the config names; steps that would\n"
      "violate one are not taken. Exit code: 11 when there is a deadlock, 12 when there is "
      "another\n"
      "finding, such as a lock order reversal; 130 when interrupted, 124 when a limit was "
      "reached;\n"
      "else 0.\n"
      "Examples:\n"
      "  interlock locks configs/netbsd/NAME.json\n"
      "  interlock locks --format json A.json B.json\n"
      "  interlock locks --format dot configs/netbsd/NAME.json | dot -Tsvg > locks.svg\n");
  command->callback([options, &run] { run = [options] { return run_locks(*options); }; });
}

} // namespace interlock::checker::cli
