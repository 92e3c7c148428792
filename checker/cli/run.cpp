// The command line as a whole: parsing and dispatch.
#include "cli/commands.hpp"
#include "cli/failure.hpp"
#include "cli/interruption.hpp"
#include "text/nearest.hpp"
#include "text/printable.hpp"

#include <iostream>

namespace interlock::checker::cli {

namespace {

constexpr const char* about =
    "Model checker for the locking of fork, exit and kqueue in the BSD kernels.";

constexpr const char* examples =
    "Examples:\n"
    "  interlock list                                what can be checked\n"
    "  interlock init netbsd                         a config to start from\n"
    "  interlock check configs/netbsd/NAME.json      explore it, write and replay a witness\n"
    "  interlock replay interlock-out/NAME.witness.json\n"
    "  interlock gate configs                        every config against its expected verdict\n"
    "  interlock help exit-codes\n";

int fail(ExitCode code, const std::string& message) {
  return static_cast<int>(say({code, message}));
}

// CLI11 says only that a word was not expected; say which word was likely meant.
std::string usage_message(const CLI::App& app, const CLI::ParseError& error, int argc,
                          char** argv) {
  std::vector<std::string> commands;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    commands.push_back(command->get_name());
  std::string message = error.what();
  if (argc < 2)
    return "a command is missing; see interlock --help";
  const CLI::App* command = nullptr;
  const std::string first = argv[1];
  for (const CLI::App* candidate : app.get_subcommands([](const CLI::App*) { return true; }))
    if (candidate->get_name() == first)
      command = candidate;
  if (command == nullptr)
    return "unknown command or option " + first + text::nearest_hint(first, commands) +
           "\nsee interlock --help";
  std::vector<std::string> options;
  if (argc > 2)
    for (const CLI::App* inner : command->get_subcommands([](const CLI::App*) { return true; }))
      if (inner->get_name() == argv[2])
        command = inner; // source outline
  for (const CLI::Option* option : command->get_options())
    for (const std::string& name : option->get_lnames())
      options.push_back("--" + name);
  for (int i = 2; i < argc; ++i) {
    const std::string word = std::string(argv[i]).substr(0, std::string(argv[i]).find('='));
    const bool unknown = word.starts_with("--") && word.size() > 2 &&
                         std::find(options.begin(), options.end(), word) == options.end();
    if (unknown)
      return first + ": unknown option " + word + text::nearest_hint(word, options) +
             "\nsee interlock " + first + " --help";
  }
  return first + ": " + message + "\nsee interlock " + first + " --help";
}

int run_command(CLI::App& app, Run& run, int argc, char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) { // --help, --version
    return app.exit(success, std::cout, std::cerr);
  } catch (const CLI::ParseError& error) {
    return fail(ExitCode::usage, usage_message(app, error, argc, argv));
  }
  const InterruptionGuard guard;
  const ExitCode code = run();
  std::cout.flush();
  if (!std::cout)
    return fail(ExitCode::system, "writing to standard output failed");
  return static_cast<int>(code);
}

} // namespace

int run_program(int argc, char** argv) {
  // Whatever is said about a file may have text of that file in it.
  const text::PrintableStream out(std::cout);
  const text::PrintableStream err(std::cerr);
  try {
    Run run;
    CLI::App app(about, "interlock");
    app.set_version_flag("--version", "interlock " INTERLOCK_VERSION, "Print the version");
    app.require_subcommand(1);
    app.footer(examples);
    add_init(app, run);
    add_check(app, run);
    add_replay(app, run);
    add_gate(app, run);
    add_show(app, run);
    add_export(app, run);
    add_locks(app, run);
    add_source(app, run);
    add_review(app, run);
    add_what_if(app, run);
    add_list(app, run);
    add_help(app, run);
    return run_command(app, run, argc, argv);
  } catch (...) {
    return static_cast<int>(say(current_failure()));
  }
}

} // namespace interlock::checker::cli
