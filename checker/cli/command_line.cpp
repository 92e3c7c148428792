// A walk over the parser's commands and options.
#include "cli/command_line.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>

namespace interlock::checker::cli {

namespace {

// "FORMAT:{human,json}" is how the parser calls a value that is one of those.
void read_type(const std::string& type, Operand& operand) {
  operand.value = type.substr(0, type.find(':'));
  const std::size_t open = type.find('{');
  const std::size_t close = type.find('}');
  if (open == std::string::npos || close == std::string::npos)
    return;
  std::istringstream words(type.substr(open + 1, close - open - 1));
  for (std::string word; std::getline(words, word, ',');)
    operand.choices.push_back(word);
}

Operand operand_of(const CLI::Option& option) {
  Operand operand;
  operand.is_option = option.nonpositional();
  for (const std::string& name : option.get_snames())
    operand.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames())
    operand.names.push_back("--" + name);
  if (!operand.is_option)
    operand.names.push_back(option.get_name(true));
  operand.text = option.get_description();
  operand.initial = option.get_default_str();
  operand.required = option.get_required();
  operand.repeats = option.get_expected_max() > 1;
  if (option.get_type_size() != 0)
    read_type(option.get_type_name(), operand);
  return operand;
}

Command command_of(const CLI::App& app, const std::vector<std::string>& words) {
  Command command{words, app.get_description(), app.get_footer(), {}, {}};
  for (const CLI::Option* option : app.get_options())
    command.operands.push_back(operand_of(*option));
  for (const CLI::App* below : app.get_subcommands([](const CLI::App*) { return true; })) {
    std::vector<std::string> longer = words;
    longer.push_back(below->get_name());
    command.commands.push_back(command_of(*below, longer));
  }
  return command;
}

} // namespace

bool Operand::is_file() const {
  static const std::vector<std::string> files{"FILE",   "DIR",     "PATH",    "PATH...",
                                              "CONFIG", "WITNESS", "PATCHES", "SUBJECT"};
  const std::string& kind = is_option ? value : names.front();
  return choices.empty() && std::find(files.begin(), files.end(), kind) != files.end();
}

Command command_line(const CLI::App& app) { return command_of(app, {}); }

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

} // namespace interlock::checker::cli
