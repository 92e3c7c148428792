// interlock init
#include "cli/commands.hpp"
#include "cli/installed.hpp"
#include "cli/interruption.hpp"
#include "cli/output.hpp"
#include "config/config.hpp"
#include "config/starting_config.hpp"
#include "files/files.hpp"
#include "text/printable.hpp"
#include "json/source.hpp"

#include <iostream>
#include <memory>

namespace interlock::checker::cli {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct InitArguments {
  StartingPoint start;
  std::string output;
  std::string format = "human";
};

constexpr const char* schema_name = "schemas/config-1.schema.json";

// What "$schema" says in a file of that folder: the way to the schema of the source tree that the
// folder is in; else the schema that is installed beside the program; else nothing.
std::string schema_for(const fs::path& folder) {
  const fs::path here = fs::weakly_canonical(fs::current_path() / folder);
  for (fs::path above = here; above != above.root_path(); above = above.parent_path())
    if (fs::exists(above / schema_name))
      return (above / schema_name).lexically_relative(here).generic_string();
  return installed(schema_name).string();
}

ExitCode run_init(InitArguments options) {
  const bool to_file = options.output != "-";
  const fs::path path = options.output.empty() ? options.start.system + ".json" : options.output;
  if (to_file && fs::exists(fs::symlink_status(path)))
    refuse("init", path.string() + " is there already, and stays as it is; name another file with "
                                   "--output");
  options.start.schema = schema_for(to_file ? path.parent_path() : fs::path());
  std::string text;
  try {
    text = starting_config(options.start);
  } catch (const systems::ScenarioErrors& errors) {
    json::Errors all;
    for (const systems::ScenarioError& error : errors.errors())
      all.add(json::DocumentError("init", 0, 0, "", error.what()));
    all.throw_any();
  }
  if (to_file)
    files::write(path, text, &interrupted());
  if (options.format == "json") {
    const Config config = parse_config(to_file ? path.string() : "init", text);
    put_document("interlock-init", {{"written", to_file ? Json(path.string()) : Json()},
                                    {"system", config.scenario.system.text},
                                    {"revision", config.scenario.revision.text},
                                    {"digest", config.digest},
                                    {"config", text},
                                    {"exit", exit_json(ExitCode::success)}});
    return ExitCode::success;
  }
  if (!to_file) {
    std::cout << text;
    return ExitCode::success;
  }
  std::cout << "written: " << text::one_line(path.string())
            << "; its comments say what can be changed\n"
            << "next: interlock check " << text::one_line(path.string()) << "\n";
  return ExitCode::success;
}

} // namespace

void add_init(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand(
      "init", "Write a config to start from, with comments that say what can be changed");
  const auto options = std::make_shared<InitArguments>();
  std::vector<std::string> systems;
  for (const systems::SystemDescription& system : systems::systems())
    systems.push_back(system.name);
  command->add_option("SYSTEM", options->start.system, "Whose kernel: see interlock list")
      ->required()
      ->check(meant(systems));
  command->add_option("CALL", options->start.calls,
                      "System calls, each in quotes: see interlock list calls. THREAD: before a\n"
                      "call says who makes it. None: a fork that is watched");
  command
      ->add_option("--revision", options->start.revision,
                   "The revision of the modelled source; the newest one if absent")
      ->type_name("NAME");
  command
      ->add_option("--output", options->output,
                   "Write to FILE instead of SYSTEM.json; - is standard output")
      ->type_name("FILE");
  add_format(*command, options->format, {"human", "json"});
  command->footer(
      "A call without a thread goes to who is likely meant: forks to the process that everything\n"
      "begins with, exit to the first child that does not exit yet, kevent to a watcher. A file\n"
      "that is there is not written over. json has the config's text, its digest and where it was "
      "written.\n"
      "Examples:\n"
      "  interlock init netbsd\n"
      "  interlock init freebsd \"fork child\" \"exit 1\" wait4 --output reaped.json\n"
      "  interlock init netbsd \"kevent add proc p exit\" \"p: exit\" \"reader: kevent wait\"\n");
  command->callback([options, &run] { run = [options] { return run_init(*options); }; });
}

} // namespace interlock::checker::cli
