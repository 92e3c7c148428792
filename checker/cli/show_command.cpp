// interlock show, interlock export
#include "cli/commands.hpp"
#include "cli/interruption.hpp"
#include "cli/load.hpp"
#include "cli/output.hpp"
#include "cli/search.hpp"
#include "cli/table_choice.hpp"
#include "exporters/quint.hpp"
#include "files/files.hpp"
#include "text/printable.hpp"
#include "verdict/bounds.hpp"
#include "verdict/first_screen.hpp"
#include "verdict/lock_reason.hpp"
#include "verdict/report.hpp"
#include "witnesses/html.hpp"
#include "witnesses/itf.hpp"
#include "witnesses/steps_json.hpp"
#include "witnesses/table.hpp"

#include <iostream>
#include <memory>

namespace interlock::checker::cli {

namespace {

struct ShowOptions {
  std::string path;
  std::string itf;
  std::string format = "human";
  std::string color = "auto";
  TableChoice table;
  std::string html;
};

void show_json(const ShowOptions& options, const LoadedWitness& loaded, const FirstScreen& screen,
               const witnesses::TellOptions& tell) {
  using Json = nlohmann::ordered_json;
  const witnesses::Witness& witness = loaded.witness;
  const About& about = loaded.config.about;
  const auto text_or_null = [](const std::string& text) {
    return text.empty() ? Json() : Json(text);
  };
  Json document;
  document["witness"] = options.path;
  document["config"] = witness.origin.config_name;
  document["digest"] = witness.origin.digest;
  document["system"] = witness.origin.system;
  document["revision"] = witness.origin.revision;
  document["about"] = {{"title", text_or_null(about.title)},
                       {"fixed_by", text_or_null(about.fixed_by.text)}};
  document["violation"] = {{"property", witness.property},
                           {"kind", witnesses::kind_name(witness.kind)},
                           {"message", witness.message},
                           {"length", witness.steps.size()},
                           {"context_switches", witness.context_switches}};
  document["story"] = first_screen_json(screen);
  document["table"] = witnesses::steps_json(witness, tell);
  document["written"] = {{"html", text_or_null(options.html)}, {"itf", text_or_null(options.itf)}};
  put_document("interlock-show", document);
}

std::string show_text(const ShowOptions& options, const LoadedWitness& loaded,
                      const FirstScreen& screen, const witnesses::TellOptions& tell,
                      const Screen& terminal) {
  const witnesses::Witness& witness = loaded.witness;
  const auto safe = [&](const std::string& text) {
    return terminal.paint.on() ? text::printable(text) : text;
  };
  std::string text =
      terminal.paint(text::Style::bold, text::one_line(options.path)) +
      safe(": " + witness.property) + " (" + witnesses::kind_name(witness.kind) + ") in " +
      std::to_string(witness.steps.size()) + " steps, " + std::to_string(witness.context_switches) +
      " context switches\n" +
      safe(witness.origin.system + " " + witness.origin.revision + ", from " +
           witness.origin.config_name + "\n") +
      first_screen_text(screen, {.width = terminal.width, .paint = terminal.paint}) + "\n" +
      witnesses::table(
          witness,
          {.tell = tell, .width = terminal.width, .fold = terminal.fold, .paint = terminal.paint});
  if (const auto bound = exceeded_bound(*loaded.built.spec, loaded.trace))
    text += safe("\n" + bound_text(*bound));
  const std::string endings = witnesses::endings(witness);
  return text + safe((endings.empty() ? "" : "\n") + endings);
}

void write_files(const ShowOptions& options, const LoadedWitness& loaded, const FirstScreen& screen,
                 const witnesses::Statements& statements) {
  const witnesses::Witness& witness = loaded.witness;
  if (!options.itf.empty())
    files::write(options.itf, witnesses::itf(*loaded.built.spec, loaded.trace, witness.origin),
                 &interrupted());
  constexpr std::size_t page_width = 100; // of the reason: what a printed page has room for
  if (!options.html.empty())
    files::write(
        options.html,
        witnesses::html(witness, first_screen_text(screen, {.width = page_width}), statements),
        &interrupted());
}

ExitCode run_show(const ShowOptions& options) {
  const LoadedWitness loaded = load_witness(options.path);
  const witnesses::Witness& witness = loaded.witness;
  witnesses::TellOptions tell =
      tell_options("show", options.table, *loaded.built.spec, witness.steps.size());
  LinesInTree trees = trees_of(options.table);
  tell.statements = statements_in(trees, options.table, loaded.config);
  FirstScreen screen =
      first_screen_of(*loaded.built.spec, loaded.trace, lock_reason_of(loaded.locks, loaded.trace),
                      witness.origin.system, witness.origin.config_name);
  tell_statements(screen.story, tell.statements);
  write_files(options, loaded, screen, tell.statements);
  if (options.format == "json") {
    show_json(options, loaded, screen, tell);
    return ExitCode::success;
  }
  const Screen terminal = screen_for(options.color);
  put_text(terminal, show_text(options, loaded, screen, tell, terminal));
  for (const auto& [what, path] : {std::pair("itf", options.itf), std::pair("html", options.html)})
    if (!path.empty())
      std::cout << what << ": " << text::one_line(path) << "\n";
  return ExitCode::success;
}

struct ExportOptions {
  std::string path;
  std::string to;
  std::string output;
  bool contract = false;
  std::string format = "human";
  SearchOptions search;
};

// On standard output, or into the file that is asked for.
void write_out(const ExportOptions& options, const std::string& text) {
  if (options.output.empty())
    std::cout << text;
  else
    files::write(options.output, text, &interrupted());
}

// The machine that judges the scenario, as a module.
ExitCode export_contract(const ExportOptions& options) {
  const LoadedConfig loaded = load_config(options.path);
  const lang::Spec& machine = contract_of(loaded, options.path);
  const std::string text = exporters::quint(
      machine, "contract",
      {"What kevent(2) promises in " + loaded.config.source->name() + " (" +
           loaded.config.scenario.system.text + "/" + loaded.config.scenario.revision.text + "),",
       "as a machine: calls begin and return, which is shown, and take effect in "
       "between, which is not."});
  write_out(options, text);
  if (options.format == "json") {
    nlohmann::ordered_json document{{"path", options.path},
                                    {"to", options.to},
                                    {"written", options.output},
                                    {"config", loaded.config.source->name()},
                                    {"digest", loaded.config.digest}};
    document["exit"] = exit_json(ExitCode::success);
    put_document("interlock-export", document);
  }
  return ExitCode::success;
}

// The trace on standard output or into the file, and for machines what was written.
class Exported {
public:
  explicit Exported(const ExportOptions& options) : options_(options) {}

  ExitCode put(const lang::Spec& spec, const lang::Trace& trace, const witnesses::Origin& origin) {
    write_out(options_, witnesses::itf(spec, trace, origin));
    if (options_.format == "json")
      finish({{"path", options_.path},
              {"to", options_.to},
              {"written", options_.output},
              {"config", origin.config_name},
              {"digest", origin.digest},
              {"violation",
               {{"property", trace.violation.property},
                {"message", trace.violation.message},
                {"length", trace.actions.size()}}},
              {"verdict", "violated"}},
             ExitCode::success);
    return ExitCode::success;
  }

  ExitCode nothing(const LoadedConfig& loaded, const CheckResult& result) {
    const std::string verdict =
        verdict_text(result) + (result.verdict == Verdict::incomplete ? ": " + result.limit : "");
    std::cerr << "interlock: " << loaded.config.source->name() << ": " << verdict
              << "; there is no counterexample to export\n";
    if (options_.format == "json")
      finish({{"path", options_.path},
              {"to", options_.to},
              {"written", nullptr},
              {"config", loaded.config.source->name()},
              {"digest", loaded.config.digest},
              {"violation", nullptr},
              {"verdict", verdict}},
             exit_code_of(result));
    return exit_code_of(result);
  }

private:
  static void finish(nlohmann::ordered_json document, ExitCode code) {
    document["exit"] = exit_json(code);
    put_document("interlock-export", document);
  }

  const ExportOptions& options_;
};

ExitCode run_export(const ExportOptions& options) {
  if (options.format == "json" && options.output.empty())
    refuse("export", "--format json says what was written, and standard output has the trace; name "
                     "a file with --output");
  if (options.contract != (options.to == "quint"))
    refuse("export", options.contract ? "--contract is of a specification: write it --to quint"
                                      : "quint is for the machine of the contract: add --contract");
  if (options.contract)
    return export_contract(options);
  Exported exported(options);
  if (is_witness(options.path)) {
    const LoadedWitness loaded = load_witness(options.path);
    return exported.put(*loaded.built.spec, loaded.trace, loaded.witness.origin);
  }
  const LoadedConfig loaded = load_within(options.search, read_config(options.path));
  const CheckResult result = search(loaded, options.search);
  if (result.verdict != Verdict::violated)
    return exported.nothing(loaded, result);
  const witnesses::Witness witness = witness_of(loaded.config, *loaded.built.spec, result);
  return exported.put(*loaded.built.spec, result.trace.value(), witness.origin);
}

} // namespace

void add_show(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("show", "Show a witness as text: the reason, the threads "
                                                 "side by side, and how they stand at the end");
  const auto options = std::make_shared<ShowOptions>();
  command->add_option("WITNESS", options->path, "A witness")->required();
  command->add_option("--itf", options->itf, "Write the trace to FILE, in the ITF format")
      ->type_name("FILE");
  add_table_choice(*command, options->table);
  add_color(*command, options->color);
  add_format(*command, options->format, {"human", "json"});
  command->add_option("--html", options->html, "Write a page for browsers to FILE")
      ->type_name("FILE");
  command->footer(
      "It begins with the reason: see interlock check --help. The width is that of the terminal,\n"
      "or what COLUMNS says. The step that fails is shown whatever is asked for. json has the\n"
      "reason, the steps that are asked for, and what was asked for.\n"
      "The witness is followed in the specification first; one that does not follow it\n"
      "is refused with exit code 151.\n"
      "Examples:\n"
      "  interlock show interlock-out/NAME.witness.json\n"
      "  interlock show interlock-out/NAME.witness.json --only knote1.kn_data --only watcher\n"
      "  interlock show interlock-out/NAME.witness.json --steps 100.. --no-locks\n"
      "  interlock show interlock-out/NAME.witness.json --tree ../netbsd --html NAME.html\n"
      "  interlock show interlock-out/NAME.witness.json --itf NAME.itf.json\n");
  command->callback([options, &run] { run = [options] { return run_show(*options); }; });
}

void add_export(CLI::App& app, Run& run) {
  CLI::App* command =
      app.add_subcommand("export", "Write a counterexample, or the contract of a scenario, in "
                                   "another tool's format");
  const auto options = std::make_shared<ExportOptions>();
  command
      ->add_option("PATH", options->path,
                   "A witness, or a config that is checked first to find a counterexample")
      ->required();
  command
      ->add_option("--to", options->to,
                   "itf: Informal Trace Format, for Apalache's and Quint's tools; quint: a module "
                   "of Quint, with --contract")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"itf", "quint"}))
      ->required();
  command->add_flag("--contract", options->contract,
                    "Of a config: the machine that says what kevent(2) promises in its scenario, "
                    "instead of a counterexample");
  command->add_option("--output", options->output, "Write to FILE instead of standard output")
      ->type_name("FILE");
  add_format(*command, options->format, {"human", "json"});
  add_search_options(*command, options->search);
  command->footer(
      "json says which file was written, and of which counterexample; it wants --output.\n"
      "Examples:\n"
      "  interlock export interlock-out/NAME.witness.json --to itf > NAME.itf.json\n"
      "  interlock export configs/netbsd/NAME.json --to itf --output NAME.itf.json\n"
      "  interlock export --contract configs/netbsd/NAME.json --to quint > contract.qnt\n");
  command->callback([options, &run] { run = [options] { return run_export(*options); }; });
}

} // namespace interlock::checker::cli
