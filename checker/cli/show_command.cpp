// interlock show, interlock export
#include "cli/commands.hpp"
#include "cli/interruption.hpp"
#include "cli/load.hpp"
#include "cli/output.hpp"
#include "cli/search.hpp"
#include "files/files.hpp"
#include "text/printable.hpp"
#include "verdict/bounds.hpp"
#include "verdict/report.hpp"
#include "witnesses/html.hpp"
#include "witnesses/itf.hpp"
#include "witnesses/table.hpp"

#include <iostream>
#include <memory>

namespace interlock::checker::cli {

namespace {

struct ShowOptions {
  std::string path;
  bool full = false;
  std::string itf;
  std::string html;
};

ExitCode run_show(const ShowOptions& options) {
  const LoadedWitness loaded = load_witness(options.path);
  const witnesses::Witness& witness = loaded.witness;
  std::cout << text::one_line(options.path) << ": " << witness.property << " ("
            << witnesses::kind_name(witness.kind) << ") in " << witness.steps.size() << " steps, "
            << witness.context_switches << " context switches\n"
            << witness.origin.system << " " << witness.origin.revision << ", from "
            << witness.origin.config_name << "\n"
            << witness.property << ": " << witness.message << "\n\n"
            << witnesses::table(witness, {options.full, output_width()});
  if (const auto bound = exceeded_bound(*loaded.built.spec, loaded.trace))
    std::cout << "\n" << bound_text(*bound);
  const std::string endings = witnesses::endings(witness);
  std::cout << (endings.empty() ? "" : "\n") << endings;
  if (!options.itf.empty()) {
    files::write(options.itf, witnesses::itf(*loaded.built.spec, loaded.trace, witness.origin),
                 &interrupted());
    std::cout << "itf: " << options.itf << "\n";
  }
  if (!options.html.empty()) {
    files::write(options.html, witnesses::html(witness), &interrupted());
    std::cout << "html: " << text::one_line(options.html) << "\n";
  }
  return ExitCode::success;
}

struct ExportOptions {
  std::string path;
  std::string to;
  std::string output;
  SearchOptions search;
};

void put(const ExportOptions& options, const std::string& text) {
  if (options.output.empty())
    std::cout << text;
  else
    files::write(options.output, text, &interrupted());
}

ExitCode run_export(const ExportOptions& options) {
  if (is_witness(options.path)) {
    const LoadedWitness loaded = load_witness(options.path);
    put(options, witnesses::itf(*loaded.built.spec, loaded.trace, loaded.witness.origin));
    return ExitCode::success;
  }
  const LoadedConfig loaded = load_within(options.search, read_config(options.path));
  const CheckResult result = search(loaded, options.search);
  if (result.verdict != Verdict::violated) {
    std::cerr << "interlock: " << loaded.config.source->name() << ": " << verdict_text(result)
              << (result.verdict == Verdict::incomplete ? ": " + result.limit : "")
              << "; there is no counterexample to export\n";
    return exit_code_of(result);
  }
  const witnesses::Witness witness = witness_of(loaded.config, *loaded.built.spec, result);
  put(options, witnesses::itf(*loaded.built.spec, result.trace.value(), witness.origin));
  return ExitCode::success;
}

} // namespace

void add_show(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand(
      "show", "Show a witness as text: the threads side by side, and how they stand at the end");
  const auto options = std::make_shared<ShowOptions>();
  command->add_option("WITNESS", options->path, "A witness")->required();
  command->add_flag(
      "--full", options->full,
      "Show every step and change and both end states: ghosts, lock words, program counters");
  command->add_option("--itf", options->itf, "Write the trace to FILE, in the ITF format")
      ->type_name("FILE");
  command->add_option("--html", options->html, "Write a page for browsers to FILE")
      ->type_name("FILE");
  command->footer(
      "The witness is followed in the specification first; one that does not follow it\n"
      "is refused with exit code 151.\n"
      "Examples:\n"
      "  interlock show interlock-out/NAME.witness.json\n"
      "  interlock show interlock-out/NAME.witness.json --itf NAME.itf.json\n");
  command->callback([options, &run] { run = [options] { return run_show(*options); }; });
}

void add_export(CLI::App& app, Run& run) {
  CLI::App* command =
      app.add_subcommand("export", "Write a counterexample in another tool's format");
  const auto options = std::make_shared<ExportOptions>();
  command
      ->add_option("PATH", options->path,
                   "A witness, or a config that is checked first to find a counterexample")
      ->required();
  command
      ->add_option("--to", options->to,
                   "itf: Informal Trace Format, for Apalache's and Quint's tools")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"itf"}))
      ->required();
  command->add_option("--output", options->output, "Write to FILE instead of standard output")
      ->type_name("FILE");
  add_search_options(*command, options->search);
  command->footer("Examples:\n"
                  "  interlock export interlock-out/NAME.witness.json --to itf > NAME.itf.json\n"
                  "  interlock export configs/netbsd/NAME.json --to itf --output NAME.itf.json\n");
  command->callback([options, &run] { run = [options] { return run_export(*options); }; });
}

} // namespace interlock::checker::cli
