// What the command line has, for those who describe it: the manual page, the completions.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace interlock::checker::cli {

// A command of the command line, or an option or operand of one, by what the parser knows.
struct Operand {
  std::vector<std::string> names; // "--out", "-h"; of what has a place and no name "CONFIG"
  std::string text;               // may have several lines
  std::string value;              // how help calls the value: "FILE"; empty for a flag
  std::vector<std::string> choices;
  std::string initial; // the default, where help tells it
  bool is_option = false;
  bool repeats = false;
  bool required = false;

  bool is_file() const; // files of the machine can be meant
};

struct Command {
  std::vector<std::string> words; // "source", "check"; empty for the program itself
  std::string text;
  std::string footer;
  std::vector<Operand> operands; // options and places, in the order of the help
  std::vector<Command> commands; // below it
};

// All of it, from the parser.
Command command_line(const CLI::App& app);

// The first line of a text.
std::string first_line(const std::string& text);

} // namespace interlock::checker::cli
