// interlock source
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/source_check.hpp"
#include "cli/source_record.hpp"
#include "kernel_text/outline.hpp"
#include "kernel_text/read.hpp"
#include "kernel_text/source_error.hpp"
#include "text/nearest.hpp"

#include <algorithm>
#include <iostream>
#include <memory>

namespace interlock::checker::cli {

namespace {

using Json = nlohmann::ordered_json;

struct SourceArguments {
  std::vector<std::string> files;
  std::string system;
  std::vector<std::string> functions;
  std::vector<std::string> defines;
  bool everything = false;
  std::string format = "human";
};

// NAME or NAME=NUMBER.
kernel_text::Macros macros_of(const std::vector<std::string>& defines) {
  kernel_text::Macros macros;
  for (const std::string& define : defines) {
    const std::size_t equals = define.find('=');
    const std::string value = equals == std::string::npos ? "1" : define.substr(equals + 1);
    std::int64_t number = 0;
    if (equals == 0 || !CLI::detail::lexical_cast(value, number))
      refuse("source", "--define " + define + ": expected NAME or NAME=NUMBER");
    macros[define.substr(0, equals)] = number;
  }
  return macros;
}

class Outlines {
public:
  explicit Outlines(const SourceArguments& options)
      : options_(options), macros_(macros_of(options.defines)), missing_(options.functions) {}

  void add(const std::string& path) {
    try {
      const kernel_text::File file = kernel_text::read(path, macros_);
      for (const std::string& error : file.errors)
        complain(error);
      for (const kernel_text::Function& function : file.functions)
        add(path, function);
    } catch (const kernel_text::SourceError& error) {
      complain(error.what());
    }
  }

  ExitCode finish() {
    for (const std::string& function : missing_)
      complain("no function " + function + " is defined in the files" +
               text::nearest_hint(function, known_));
    const ExitCode code = errors_.empty() ? ExitCode::success : ExitCode::usage;
    if (options_.format == "json")
      put_document("interlock-source",
                   {{"functions", functions_}, {"errors", errors_}, {"exit", exit_json(code)}});
    return code;
  }

private:
  void complain(const std::string& error) {
    errors_.push_back(error);
    if (options_.format != "json")
      std::cerr << "interlock: " << error << "\n";
  }

  void add(const std::string& path, const kernel_text::Function& function) {
    known_.push_back(function.name);
    const auto& wanted = options_.functions;
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), function.name) == wanted.end())
      return;
    std::erase(missing_, function.name);
    const auto outline = kernel_text::outline_of(function, {options_.system, options_.everything});
    if (options_.format == "json") {
      functions_.push_back({{"file", path},
                            {"function", function.name},
                            {"line", function.line},
                            {"outline", json_of(outline)}});
      return;
    }
    std::cout << (first_ ? "" : "\n") << path << ":" << function.line << ": " << function.name
              << "()\n"
              << kernel_text::outline_text(outline);
    first_ = false;
  }

  static Json json_of(const std::vector<kernel_text::OutlineItem>& items) {
    Json list = Json::array();
    for (const kernel_text::OutlineItem& each : items) {
      Json item{{"line", each.line}, {"text", each.text}};
      if (!each.does.empty()) {
        item["does"] = Json::array();
        for (const kernel_text::Act act : each.does)
          item["does"].push_back(word_of(act));
      }
      if (!each.inside.empty())
        item["inside"] = json_of(each.inside);
      list.push_back(std::move(item));
    }
    return list;
  }

  const SourceArguments& options_;
  kernel_text::Macros macros_;
  std::vector<std::string> missing_;
  std::vector<std::string> known_;
  std::vector<std::string> errors_;
  Json functions_ = Json::array();
  bool first_ = true;
};

ExitCode run_outline(const SourceArguments& options) {
  Outlines outlines(options);
  for (const std::string& file : options.files)
    outlines.add(file);
  return outlines.finish();
}

} // namespace

void add_source(CLI::App& app, Run& run) {
  CLI::App* command =
      app.add_subcommand("source", "Read a kernel's own C, and hold the model against it");
  command->require_subcommand(1);
  command->footer("Examples:\n"
                  "  interlock source outline --system freebsd sys/kern/kern_event.c\n"
                  "  interlock source check kqueue-10.4 --tree ../freebsd-10.4\n");
  add_source_check(*command, run);
  add_source_record(*command, run);
  CLI::App* outline = command->add_subcommand(
      "outline", "Print each function's outline: the calls of primitives, and the conditions,\n"
                 "loops and jumps around them, with their lines");
  const auto options = std::make_shared<SourceArguments>();
  outline->add_option("FILE", options->files, "C files")->required();
  outline->add_option("--system", options->system, "Whose primitives: dragonfly, freebsd, netbsd")
      ->type_name("SYSTEM")
      ->check(CLI::IsMember(kernel_text::systems_with_primitives()))
      ->required();
  outline->add_option("--function", options->functions, "Only functions of that name")
      ->type_name("NAME")
      ->allow_extra_args(false);
  outline->add_option("--define", options->defines, "A macro of the kernel's configuration")
      ->type_name("NAME[=NUMBER]")
      ->allow_extra_args(false);
  outline->add_flag("--all", options->everything, "Every statement, not only what leads to a call");
  add_format(*outline, options->format, {"human", "json"});
  outline->footer(
      "What no --define names is not defined. Exit code: 151 where something could not\n"
      "be read; the rest is printed all the same.\n"
      "Examples:\n"
      "  interlock source outline --system freebsd sys/kern/kern_event.c\n"
      "  interlock source outline --system netbsd --function fork1 "
      "sys/kern/kern_fork.c\n");
  outline->callback([options, &run] { run = [options] { return run_outline(*options); }; });
}

} // namespace interlock::checker::cli
