// interlock replay
#include "cli/commands.hpp"
#include "cli/load.hpp"
#include "cli/output.hpp"
#include "cli/search.hpp"
#include "harness/replay.hpp"
#include "verdict/report.hpp"

#include <iostream>
#include <memory>

namespace interlock::checker::cli {

namespace {

using Json = nlohmann::ordered_json;

struct ReplayArguments {
  std::string path;
  double timeout = 10;
  std::string format = "human";
  SearchOptions search;

  bool json() const { return format == "json"; }
};

// What is printed, as text at once or as a document in the end.
class ReplayAnswer {
public:
  explicit ReplayAnswer(const ReplayArguments& options) : json_(options.json()) {
    document_["path"] = options.path;
    document_["verdict"] = nullptr;
    document_["replay"] = nullptr;
  }

  // Of a config that was checked first.
  void verdict(const std::string& name, const std::string& text) {
    document_["verdict"] = text;
    if (!json_)
      std::cout << name << ": " << text << "\n";
  }
  void nothing_to_replay() const {
    if (!json_)
      std::cout << "nothing to replay\n";
  }
  void replay(const harness::ReplayReport& report) {
    Json counts;
    for (std::size_t i = 0; i < report.counts.size(); ++i)
      counts[harness::count_names[i]] = report.counts[i];
    document_["replay"] = {{"outcome", harness::outcome_name(report.outcome)},
                           {"text", harness::lines_of(report)},
                           {"steps", report.steps},
                           {"threads", report.threads},
                           {"counts", std::move(counts)},
                           {"not_checked", report.not_checked}};
    if (!json_)
      std::cout << harness::lines_of(report) << "\n";
  }
  ExitCode finish(ExitCode code) {
    document_["exit"] = exit_json(code);
    if (json_)
      put_document("interlock-replay", document_);
    else
      std::cout << exit_line(code);
    return code;
  }

private:
  bool json_;
  Json document_;
};

ExitCode replay_trace(const ReplayArguments& options, const lang::Spec& spec,
                      const lang::Trace& trace, ReplayAnswer& answer) {
  harness::ReplayOptions replay_options;
  replay_options.timeout_seconds = options.timeout;
  harness::ReplayReport replay;
  try {
    replay = harness::replay(spec, trace, replay_options);
  } catch (const std::runtime_error& error) {
    std::cerr << "interlock: no replay on this machine: " << error.what() << "\n";
    return answer.finish(ExitCode::system);
  }
  answer.replay(replay);
  switch (replay.outcome) {
  case harness::ReplayOutcome::reproduced:
  case harness::ReplayOutcome::followed:
    return answer.finish(ExitCode::success);
  case harness::ReplayOutcome::diverged:
    return answer.finish(ExitCode::diverged);
  case harness::ReplayOutcome::out_of_time:
    break;
  }
  return answer.finish(ExitCode::incomplete);
}

ExitCode run_replay(const ReplayArguments& options) {
  ReplayAnswer answer(options);
  if (is_witness(options.path)) {
    const LoadedWitness loaded = load_witness(options.path);
    return replay_trace(options, *loaded.built.spec, loaded.trace, answer);
  }
  const LoadedConfig loaded = load_within(options.search, read_config(options.path));
  const CheckResult result = search(loaded, options.search);
  answer.verdict(loaded.config.source->name(),
                 verdict_text(result) +
                     (result.verdict == Verdict::incomplete ? ": " + result.limit : ""));
  if (result.verdict == Verdict::violated)
    return replay_trace(options, *loaded.built.spec, result.trace.value(), answer);
  answer.nothing_to_replay();
  return answer.finish(exit_code_of(result));
}

} // namespace

void add_replay(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand(
      "replay", "Run a counterexample on this machine, step by step, with real threads and real\n"
                "locked instructions, and compare the memory with the model after every step");
  const auto options = std::make_shared<ReplayArguments>();
  command
      ->add_option("PATH", options->path,
                   "A witness, or a config that is checked first to find a counterexample")
      ->required();
  command->add_option("--timeout", options->timeout, "Give the machine X seconds")
      ->type_name("X")
      ->check(seconds())
      ->capture_default_str();
  add_format(*command, options->format, {"human", "json"});
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
