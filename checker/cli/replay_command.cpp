// interlock replay
#include "cli/commands.hpp"
#include "cli/load.hpp"
#include "cli/search.hpp"
#include "harness/replay.hpp"
#include "verdict/report.hpp"

#include <iostream>
#include <memory>

namespace interlock::checker::cli {

namespace {

struct Options {
  std::string path;
  double timeout = 10;
  SearchOptions search;
};

ExitCode finish(ExitCode code) {
  std::cout << exit_line(code);
  return code;
}

ExitCode replay_trace(const Options& options, const lang::Spec& spec, const lang::Trace& trace) {
  harness::ReplayOptions replay_options;
  replay_options.timeout_seconds = options.timeout;
  harness::ReplayReport replay;
  try {
    replay = harness::replay(spec, trace, replay_options);
  } catch (const std::runtime_error& error) {
    std::cerr << "interlock: no replay on this machine: " << error.what() << "\n";
    return finish(ExitCode::system);
  }
  std::cout << lines_of(replay) << "\n";
  switch (replay.outcome) {
  case harness::ReplayOutcome::reproduced:
  case harness::ReplayOutcome::followed:
    return finish(ExitCode::success);
  case harness::ReplayOutcome::diverged:
    return finish(ExitCode::diverged);
  case harness::ReplayOutcome::out_of_time:
    break;
  }
  return finish(ExitCode::incomplete);
}

ExitCode run_replay(const Options& options) {
  if (is_witness(options.path)) {
    const LoadedWitness loaded = load_witness(options.path);
    return replay_trace(options, *loaded.built.spec, loaded.trace);
  }
  const LoadedConfig loaded = load_within(options.search, read_config(options.path));
  const CheckResult result = search(loaded, options.search);
  std::cout << loaded.config.source->name() << ": " << verdict_text(result)
            << (result.verdict == Verdict::incomplete ? ": " + result.limit : "") << "\n";
  if (result.verdict == Verdict::violated)
    return replay_trace(options, *loaded.built.spec, result.trace.value());
  std::cout << "nothing to replay\n";
  return finish(exit_code_of(result));
}

} // namespace

void add_replay(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand(
      "replay", "Run a counterexample on this machine, step by step, with real threads and real\n"
                "locked instructions, and compare the memory with the model after every step");
  const auto options = std::make_shared<Options>();
  command
      ->add_option("PATH", options->path,
                   "A witness, or a config that is checked first to find a counterexample")
      ->required();
  command->add_option("--timeout", options->timeout, "Give the machine X seconds")
      ->type_name("X")
      ->check(seconds())
      ->capture_default_str();
  add_search_options(*command, options->search);
  command->footer(
      "Exit code: 0 when the machine did what the model says, 16 when it did not, 124 when the\n"
      "time was over before it was through.\n"
      "Examples:\n"
      "  interlock replay interlock-out/NAME.witness.json\n"
      "  interlock replay configs/netbsd/NAME.json --timeout 30\n");
  command->callback([options, &run] { run = [options] { return run_replay(*options); }; });
}

} // namespace interlock::checker::cli
