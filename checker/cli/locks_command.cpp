// interlock locks
#include "cli/batch.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "locks/report.hpp"

#include <iostream>
#include <memory>

namespace interlock::checker::cli {

namespace {

struct LocksArguments {
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

ExitCode run_locks(const LocksArguments& options) {
  std::vector<Item> items = load_all(options.configs, options.search);
  nlohmann::ordered_json results = nlohmann::ordered_json::array();
  bool first = true;
  const auto analyse_and_report = [&](const LoadedConfig& loaded) {
    const lang::Spec& spec = *loaded.built.spec;
    const LockAnalysis analysis = analyse(loaded, options.search);
    const std::string& name = loaded.config.source->name();
    if (options.format == "json") {
      nlohmann::ordered_json result;
      result["config"] = name;
      result["digest"] = loaded.config.digest;
      result.update(lock_json(spec, analysis));
      results.push_back(std::move(result));
    } else if (options.format == "dot") {
      std::cout << lock_dot(analysis);
    } else if (options.format == "svg") {
      std::cout << lock_svg(analysis);
    } else {
      std::cout << (first ? "" : "\n") << name << ": " << lock_report(spec, analysis) << std::flush;
    }
    first = false;
    return Worked{.code = code_of(analysis), .interrupted = analysis.graph.interrupted};
  };
  const ExitCode code = work_through(
      items, analyse_and_report, [&](const Item& item) { results.push_back(wrong_json(item)); });
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
  const auto options = std::make_shared<LocksArguments>();
  command->add_option("CONFIG", options->configs, "Config files")->required();
  add_format(*command, options->format, {"human", "json", "dot", "svg"});
  add_search_options(*command, options->search);
  command->footer(
      "Looks at all reachable states, whatever properties the config names; steps that would\n"
      "violate one are not taken. Exit code: that of the first config with findings, 11 when\n"
      "there is a deadlock, 12 when there is another finding, such as a lock order reversal;\n"
      "130 when interrupted; that of the first config that is wrong (151 or 150), and the others\n"
      "are looked at all the same; 124 when a limit was reached; else 0.\n"
      "Examples:\n"
      "  interlock locks configs/netbsd/NAME.json\n"
      "  interlock locks --format json A.json B.json\n"
      "  interlock locks --format svg configs/netbsd/NAME.json > locks.svg\n"
      "  interlock locks --format dot configs/netbsd/NAME.json | dot -Tpdf > locks.pdf\n");
  command->callback([options, &run] { run = [options] { return run_locks(*options); }; });
}

} // namespace interlock::checker::cli
