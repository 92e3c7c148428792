// interlock help
#include "cli/command_line.hpp"
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

using Json = nlohmann::ordered_json;

struct Topic {
  const char* name;
  std::string (*text)(const CLI::App& app);
  // The same as a document's content; null for what other programs read as it is.
  Json (*json)(const CLI::App& app);
};

Json exit_codes_json(const CLI::App& /*app*/) {
  Json codes = Json::array();
  for (const ExitCode code : exit_codes())
    codes.push_back(exit_json(code));
  return {{"exit_codes", std::move(codes)}};
}

Json patches_json(const CLI::App& /*app*/) { return {{"text", patches_help}}; }

// Beside the commands.
constexpr Topic topics[] = {
    {"exit-codes", [](const CLI::App&) { return exit_code_table(); }, exit_codes_json},
    {"patches", [](const CLI::App&) { return std::string(patches_help); }, patches_json},
    {"man", man_page, nullptr},
    {"bash-completion", bash_completion, nullptr},
    {"zsh-completion", zsh_completion, nullptr},
};

Json operand_json(const Operand& operand) {
  return {{"names", operand.names},
          {"text", operand.text},
          {"value", operand.value.empty() ? Json() : Json(operand.value)},
          {"choices", operand.choices},
          {"default", operand.initial.empty() ? Json() : Json(operand.initial)},
          {"option", operand.is_option},
          {"required", operand.required},
          {"repeats", operand.repeats}};
}

Json command_json(const Command& command) {
  Json operands = Json::array();
  for (const Operand& operand : command.operands)
    operands.push_back(operand_json(operand));
  Json below = Json::array();
  for (const Command& each : command.commands)
    below.push_back(command_json(each));
  return {{"words", command.words},
          {"text", command.text},
          {"footer", command.footer},
          {"operands", std::move(operands)},
          {"commands", std::move(below)}};
}

void put_json(const std::string& topic, const Json& content) {
  Json document{{"topic", topic.empty() ? Json() : Json(topic)}};
  document.update(content);
  put_document("interlock-help", document);
}

ExitCode put_topic(const Topic& topic, const CLI::App& app, bool json) {
  if (!json)
    std::cout << topic.text(app);
  else if (topic.json != nullptr)
    put_json(topic.name, topic.json(app));
  else
    refuse("help", std::string(topic.name) + " is for other programs as it is, and has no JSON");
  return ExitCode::success;
}

ExitCode put_whole_help(const CLI::App& app, bool json) {
  if (json)
    put_json("", command_json(command_line(app)));
  else // app.help() would be that of the command that was given, which is this one
    std::cout << app.get_formatter()->make_help(&app, app.get_name(), CLI::AppFormatMode::Normal);
  return ExitCode::success;
}

ExitCode run_help(const CLI::App& app, const std::string& name, bool json) {
  if (name.empty())
    return put_whole_help(app, json);
  std::vector<std::string> names;
  for (const Topic& topic : topics) {
    names.emplace_back(topic.name);
    if (name == topic.name)
      return put_topic(topic, app, json);
  }
  const std::string beside = text::joined(names);
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
    if (command->get_name() != name)
      continue;
    if (!json)
      std::cout << command->help("interlock");
    else
      for (const Command& each : command_line(app).commands)
        if (each.words == std::vector<std::string>{name})
          put_json(name, command_json(each));
    return ExitCode::success;
  }
  refuse("help", "there is no topic " + name + "; topics are " + beside + " and the commands" +
                     text::nearest_hint(name, names));
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
  const auto format = std::make_shared<std::string>("human");
  add_format(*command, *format, {"human", "json"});
  command->footer("json has the commands with all options, or what one topic says; man and the\n"
                  "completions are for other programs as they are, and have no JSON.\n"
                  "Examples:\n"
                  "  interlock help exit-codes\n"
                  "  interlock help --format json check\n");
  command->callback([topic, format, &app, &run] {
    run = [topic, format, &app] { return run_help(app, *topic, *format == "json"); };
  });
}

} // namespace interlock::checker::cli
