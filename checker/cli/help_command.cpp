// interlock help
#include "cli/commands.hpp"
#include "cli/completions.hpp"
#include "cli/help_patches.hpp"
#include "cli/man_page.hpp"
#include "cli/output.hpp"
#include "text/lists.hpp"
#include "text/nearest.hpp"

#include <iostream>
#include <memory>

namespace interlock::checker::cli {

namespace {

struct Topic {
  const char* name;
  std::string (*text)(const CLI::App& app);
};

// Beside the commands.
constexpr Topic topics[] = {
    {"exit-codes", [](const CLI::App&) { return exit_code_table(); }},
    {"patches", [](const CLI::App&) { return std::string(patches_help); }},
    {"man", man_page},
    {"bash-completion", bash_completion},
    {"zsh-completion", zsh_completion},
};

ExitCode run_help(const CLI::App& app, const std::string& name) {
  std::vector<std::string> names;
  for (const Topic& topic : topics) {
    names.emplace_back(topic.name);
    if (name == topic.name) {
      std::cout << topic.text(app);
      return ExitCode::success;
    }
  }
  const std::string beside = text::joined(names);
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
    if (command->get_name() == name) {
      std::cout << command->help("interlock");
      return ExitCode::success;
    }
  }
  if (!name.empty())
    refuse("help", "there is no topic " + name + "; topics are " + beside + " and the commands" +
                       text::nearest_hint(name, names));
  // app.help() would be that of the command that was given, which is this one.
  std::cout << app.get_formatter()->make_help(&app, app.get_name(), CLI::AppFormatMode::Normal);
  return ExitCode::success;
}

} // namespace

void add_help(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("help", "Explain a command, or the exit codes");
  const auto topic = std::make_shared<std::string>();
  std::vector<std::string> names;
  for (const Topic& known : topics)
    names.emplace_back(known.name);
  for (const CLI::App* known : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(known->get_name());
  command
      ->add_option("TOPIC", *topic,
                   "exit-codes, patches, or a command; man, bash-completion, zsh-completion:\n"
                   "the manual page and the shells' completions, as they are installed")
      ->check(meant(names));
  command->callback([topic, &app, &run] { run = [topic, &app] { return run_help(app, *topic); }; });
}

} // namespace interlock::checker::cli
