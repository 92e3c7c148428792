// interlock show, interlock export
#include "cli/commands.hpp"
#include "cli/interruption.hpp"
#include "cli/load.hpp"
#include "cli/output.hpp"
#include "cli/search.hpp"
#include "files/files.hpp"
#include "text/nearest.hpp"
#include "text/printable.hpp"
#include "verdict/bounds.hpp"
#include "verdict/first_screen.hpp"
#include "verdict/lock_reason.hpp"
#include "verdict/report.hpp"
#include "witnesses/html.hpp"
#include "witnesses/itf.hpp"
#include "witnesses/table.hpp"

#include <algorithm>
#include <iostream>
#include <memory>

namespace interlock::checker::cli {

namespace {

struct ShowOptions {
  std::string path;
  bool full = false;
  std::string itf;
  std::string format = "human";
  std::string color = "auto";
  std::vector<std::string> only;
  std::string steps;
  bool no_locks = false;
  std::string html;
};

// `A..B`, `A..`, `..B` or `A`, in a witness of `length` steps.
void read_range(const std::string& text, std::size_t length, witnesses::TellOptions& tell) {
  const auto wrong = [&](const std::string& why) {
    refuse("show", "--steps " + text + ": " + why + "; the witness has the steps 1.." +
                       std::to_string(length));
  };
  const auto number = [&](const std::string& digits) {
    if (digits.empty() || digits.size() > 9 ||
        digits.find_first_not_of("0123456789") != std::string::npos)
      wrong("a range is A..B, A.., ..B or one step");
    return std::stoul(digits);
  };
  const std::size_t dots = text.find("..");
  const std::string first = text.substr(0, dots);
  const std::string last = dots == std::string::npos ? text : text.substr(dots + 2);
  tell.first = first.empty() && !last.empty() ? 1 : number(first);
  tell.last = last.empty() ? length : number(last);
  if (tell.first < 1 || tell.first > tell.last || tell.first > length)
    wrong("there are no such steps");
}

witnesses::TellOptions tell_options(const ShowOptions& options, const LoadedWitness& loaded) {
  const witnesses::Witness& witness = loaded.witness;
  witnesses::TellOptions tell{.full = options.full,
                              .locks = !options.no_locks,
                              .functions = witnesses::functions_of(*loaded.built.spec)};
  const std::vector<std::string> names = witnesses::names_in(witness);
  for (const std::string& name : options.only) {
    if (!std::binary_search(names.begin(), names.end(), name))
      refuse("show", "--only " + name +
                         ": the witness has no thread, lock, variable, object or "
                         "field of that name" +
                         text::nearest_hint(name, names));
    tell.only.push_back(name);
  }
  if (!options.steps.empty())
    read_range(options.steps, witness.steps.size(), tell);
  return tell;
}

void show_json(const ShowOptions& options, const LoadedWitness& loaded, const FirstScreen& screen) {
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
  put_document("interlock-show", document);
}

ExitCode run_show(const ShowOptions& options) {
  const LoadedWitness loaded = load_witness(options.path);
  const witnesses::Witness& witness = loaded.witness;
  const FirstScreen screen =
      first_screen_of(*loaded.built.spec, loaded.trace, lock_reason_of(loaded.locks, loaded.trace),
                      witness.origin.system, witness.origin.config_name);
  if (options.format == "json") {
    show_json(options, loaded, screen);
  } else {
    const Screen terminal = screen_for(options.color);
    const auto safe = [&](const std::string& text) {
      return terminal.paint.on() ? text::printable(text) : text;
    };
    std::string text =
        terminal.paint(text::Style::bold, text::one_line(options.path)) +
        safe(": " + witness.property) + " (" + witnesses::kind_name(witness.kind) + ") in " +
        std::to_string(witness.steps.size()) + " steps, " +
        std::to_string(witness.context_switches) + " context switches\n" +
        safe(witness.origin.system + " " + witness.origin.revision + ", from " +
             witness.origin.config_name + "\n") +
        first_screen_text(screen, {.width = terminal.width, .paint = terminal.paint}) + "\n" +
        witnesses::table(witness, {.tell = tell_options(options, loaded),
                                   .width = terminal.width,
                                   .fold = terminal.fold,
                                   .paint = terminal.paint});
    if (const auto bound = exceeded_bound(*loaded.built.spec, loaded.trace))
      text += safe("\n" + bound_text(*bound));
    const std::string endings = witnesses::endings(witness);
    text += safe((endings.empty() ? "" : "\n") + endings);
    put_text(terminal, text);
  }
  if (!options.itf.empty()) {
    files::write(options.itf, witnesses::itf(*loaded.built.spec, loaded.trace, witness.origin),
                 &interrupted());
    (options.format == "json" ? std::cerr : std::cout) << "itf: " << options.itf << "\n";
  }
  if (!options.html.empty()) {
    constexpr std::size_t page_width = 140; // of the reason, which the page wraps where it has less
    files::write(options.html,
                 witnesses::html(witness, first_screen_text(screen, {.width = page_width})),
                 &interrupted());
    (options.format == "json" ? std::cerr : std::cout)
        << "html: " << text::one_line(options.html) << "\n";
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
  CLI::App* command = app.add_subcommand("show", "Show a witness as text: the reason, the threads "
                                                 "side by side, and how they stand at the end");
  const auto options = std::make_shared<ShowOptions>();
  command->add_option("WITNESS", options->path, "A witness")->required();
  command->add_flag(
      "--full", options->full,
      "Show every step and change and both end states: ghosts, lock words, program counters");
  command->add_option("--itf", options->itf, "Write the trace to FILE, in the ITF format")
      ->type_name("FILE");
  command
      ->add_option("--only", options->only,
                   "Steps of this thread, lock, lock class, variable, object or field alone;\n"
                   "several times: of any of them")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command->add_option("--steps", options->steps, "Steps A to B alone; A.. and ..B leave one out")
      ->type_name("A..B");
  command->add_flag("--no-locks", options->no_locks,
                    "Leave out where locks are taken and released");
  add_color(*command, options->color);
  add_format(*command, options->format, {"human", "json"});
  command->add_option("--html", options->html, "Write a page for browsers to FILE")
      ->type_name("FILE");
  command->footer(
      "It begins with the reason: see interlock check --help. The width is that of the terminal,\n"
      "or what COLUMNS says. The step that fails is shown whatever is asked for. json has the\n"
      "reason and no table.\n"
      "The witness is followed in the specification first; one that does not follow it\n"
      "is refused with exit code 151.\n"
      "Examples:\n"
      "  interlock show interlock-out/NAME.witness.json\n"
      "  interlock show interlock-out/NAME.witness.json --only knote1.kn_data --only watcher\n"
      "  interlock show interlock-out/NAME.witness.json --steps 100.. --no-locks\n"
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
