// interlock list, interlock help
#include "checker/cli/commands.hpp"
#include "checker/cli/load.hpp"
#include "lang/nearest.hpp"

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <set>

namespace interlock::checker::cli {

namespace {

struct Options {
  std::string what = "systems";
  std::string subject;
};

using systems::SystemDescription;

[[noreturn]] void refuse(const std::string& message) {
  throw ConfigError("list", 0, 0, "", message);
}

// The system of that name, or all of them for an empty one.
std::vector<const SystemDescription*> select(const std::string& name) {
  std::vector<const SystemDescription*> selected;
  std::vector<std::string> names;
  std::string allowed;
  for (const SystemDescription& system : systems::systems()) {
    names.push_back(system.name);
    allowed += (allowed.empty() ? "" : ", ") + system.name;
    if (name.empty() || system.name == name)
      selected.push_back(&system);
  }
  if (selected.empty())
    refuse("there is no system " + name + "; allowed here: " + allowed +
           lang::nearest_hint(name, names));
  return selected;
}

void put_entries(const std::vector<systems::Entry>& entries) {
  std::size_t width = 0;
  for (const systems::Entry& entry : entries)
    width = std::max(width, entry.name.size());
  for (const systems::Entry& entry : entries)
    std::cout << "  " << entry.name << std::string(width - entry.name.size() + 2, ' ') << entry.text
              << "\n";
}

void list_lock_order(const SystemDescription& system) {
  for (const std::string& lock : system.lock_order)
    std::cout << "  " << lock << "\n";
}

// The labels that patches name, each with the threads that pass it and its source.
void list_labels(const std::string& path) {
  if (path.empty())
    refuse("labels are those of a config's scenario: interlock list labels CONFIG");
  const LoadedConfig loaded = load_config(path);
  const lang::Spec& spec = *loaded.built.spec;
  struct Use {
    std::set<std::string> threads;
    lang::Anchor anchor;
  };
  std::map<std::string, Use> uses;
  std::size_t width = 0;
  for (const lang::Action& action : spec.actions()) {
    Use& use = uses[action.label];
    use.threads.insert(spec.threads()[action.thread].name);
    use.anchor = action.anchor;
    width = std::max(width, action.label.size());
  }
  for (const auto& [label, use] : uses) {
    std::string threads;
    for (const std::string& thread : use.threads)
      threads += (threads.empty() ? "" : ", ") + thread;
    std::cout << label << std::string(width - label.size() + 2, ' ') << threads;
    if (!use.anchor.file.empty())
      std::cout << "  " << use.anchor.file << " " << use.anchor.revision
                << (use.anchor.line > 0 ? " line " + std::to_string(use.anchor.line) : "");
    std::cout << "\n";
  }
}

ExitCode run_list(const Options& options) {
  if (options.what == "labels") {
    list_labels(options.subject);
    return ExitCode::success;
  }
  const auto entries = [&](const SystemDescription& system) -> const std::vector<systems::Entry>& {
    if (options.what == "calls")
      return system.calls;
    if (options.what == "properties")
      return system.properties;
    if (options.what == "environment")
      return system.environment;
    if (options.what == "bounds")
      return system.bounds;
    return system.revisions; // "systems" and "revisions"
  };
  for (const SystemDescription* system : select(options.subject)) {
    std::cout << system->name << ": " << system->text << "\n";
    if (options.what == "lock-order")
      list_lock_order(*system);
    else
      put_entries(entries(*system));
  }
  return ExitCode::success;
}

ExitCode run_help(const CLI::App& app, const std::string& topic) {
  if (topic == "exit-codes") {
    std::cout << exit_code_table();
    return ExitCode::success;
  }
  std::vector<std::string> topics{"exit-codes"};
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    topics.push_back(command->get_name());
    if (command->get_name() == topic) {
      std::cout << command->help("interlock");
      return ExitCode::success;
    }
  }
  if (!topic.empty())
    throw ConfigError("help", 0, 0, "",
                      "there is no topic " + topic + "; topics are exit-codes and the commands" +
                          lang::nearest_hint(topic, topics));
  std::cout << app.help("", CLI::AppFormatMode::Normal);
  return ExitCode::success;
}

} // namespace

void add_list(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("list", "List what configs can name");
  const auto options = std::make_shared<Options>();
  command
      ->add_option(
          "WHAT", options->what,
          "systems, revisions, calls, properties, environment, bounds, lock-order; or labels")
      ->check(CLI::IsMember({"systems", "revisions", "calls", "properties", "environment", "bounds",
                             "lock-order", "labels"}))
      ->capture_default_str();
  command->add_option("SUBJECT", options->subject,
                      "A system, to list only its own; for labels: a config");
  command->footer(
      "Examples:\n"
      "  interlock list\n"
      "  interlock list calls netbsd\n"
      "  interlock list labels configs/netbsd/NAME.json   the steps that patches can name\n");
  command->callback([options, &run] { run = [options] { return run_list(*options); }; });
}

void add_help(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("help", "Explain a command, or the exit codes");
  const auto topic = std::make_shared<std::string>();
  command->add_option("TOPIC", *topic, "exit-codes, or a command");
  command->callback([topic, &app, &run] { run = [topic, &app] { return run_help(app, *topic); }; });
}

} // namespace interlock::checker::cli
