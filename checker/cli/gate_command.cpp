// interlock gate
#include "cli/commands.hpp"
#include "cli/gate_account.hpp"
#include "cli/gate_answers.hpp"
#include "cli/kept_answers.hpp"
#include "cli/output.hpp"
#include "cli/report_files.hpp"

#include <memory>
#include <thread>

namespace interlock::checker::cli {

namespace {

struct GateArguments {
  std::vector<std::string> paths;
  AnswerOptions answers;
  CacheOptions cache;
  AccountOptions account;
  ReportFiles reports;
};

std::size_t processors() { return std::max(1U, std::thread::hardware_concurrency()); }

ExitCode run_gate(const GateArguments& options) {
  if (options.account.json && !options.reports.annotate.empty())
    refuse("gate", "--annotate prints lines, and --format json a document; take one of them");
  AnswerOptions answers = options.answers;
  answers.cache = options.cache.path();
  const std::vector<GateItem> items = read_items(options.paths);
  GateAccount account(items, options.account, answers);
  answer_all(items, answers,
             [&](const GateItem& item, const GateOutcome& outcome) { account.add(item, outcome); });
  return account.finish(options.reports);
}

void add_answer_options(CLI::App& command, GateArguments& options) {
  AnswerOptions& answers = options.answers;
  answers.jobs = processors();
  command
      .add_option("--jobs", answers.jobs, "Check N configs at a time, each in a process of its own")
      ->type_name("N")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command
      .add_option("--memory", answers.memory_mib,
                  "What the states of all that is checked at a time may take, MiB together")
      ->type_name("MIB")
      ->check(CLI::PositiveNumber);
  command
      .add_option("--seconds", answers.seconds,
                  "Stop after X seconds in all; what was not reached is said")
      ->type_name("X")
      ->check(seconds());
  add_cache_options(command, options.cache);
}

} // namespace

void add_gate(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand(
      "gate", "Check every config at and below the paths and compare verdict, numbers and cut\n"
              "steps with what its \"expect\" says; follow every witness");
  const auto options = std::make_shared<GateArguments>();
  command->add_option("PATH", options->paths, "Configs, witnesses, and folders of them")
      ->required();
  add_answer_options(*command, *options);
  add_search_options(*command, options->answers.search);
  const auto format = std::make_shared<std::string>("human");
  add_format(*command, *format, {"human", "json"});
  add_report_options(*command, options->reports);
  command
      ->add_option("--tree", options->account.trees,
                   "A tree of the kernel's C, or several: steps are named by their lines there")
      ->type_name("DIR")
      ->allow_extra_args(false);
  command->add_flag("--update", options->account.update,
                    "Rewrite the numbers in \"expect\" that differ, and show the difference; a\n"
                    "verdict is never rewritten");
  command->footer(
      "Every *.json and *.jsonc is a config, right or wrong, unless its content says that\n"
      "it is a witness or a report of Interlock (\"format\"), an ITF trace (\"vars\" and\n"
      "\"states\"), SARIF (\"runs\" and \"version\") or a JSON schema (\"$schema\" of\n"
      "json-schema.org, and no \"system\"). All else is listed as passed over; links are\n"
      "followed; no file below the paths is written but by --update.\n"
      "A final answer is kept, by a digest of the program and of all in the config that can\n"
      "change it; what is compared is compared anew each time. One that a limit cut off is not\n"
      "kept. Answers unused for thirty days go.\n"
      "The output does not depend on --jobs. A config that has too little memory beside others\n"
      "is checked again by itself, with all of --memory.\n"
      "Exit code: 130 when interrupted; 153 when a file could not be written; 17 when something\n"
      "differs; else that of the first file that is wrong (151 or 150, as `check` has it), and\n"
      "the others are checked all the same; else 124 when --seconds left something out; else 0.\n"
      "Examples:\n"
      "  interlock gate configs\n"
      "  interlock gate configs/netbsd configs/freebsd/NAME.json\n"
      "  interlock gate --jobs 4 --memory 8192 --junit gate.xml --sarif gate.sarif configs\n"
      "  interlock gate --update configs\n");
  command->callback([options, format, &run] {
    options->account.json = *format == "json";
    run = [options] { return run_gate(*options); };
  });
}

} // namespace interlock::checker::cli
