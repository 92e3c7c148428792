// What the commands write alike: documents for machines; and text, as wide and as colourful as the
// terminal has it.
#pragma once

#include "text/paint.hpp"
#include "verdict/exit_codes.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace interlock::checker::cli {

// Ends the command: something of the command line does not fit. `where` is a command or a file.
[[noreturn]] void refuse(const std::string& where, const std::string& message);

// --format, with the words that it may be.
void add_format(CLI::App& command, std::string& format, const std::vector<std::string>& words);

// Tells help and the shells' completions which words are meant; who reads the value refuses others.
CLI::Validator meant(const std::vector<std::string>& words);

// A document for machines, on standard output: the format's name, version 1 and the program's
// version, then `content`.  Bytes that are not UTF-8 are replaced.
void put_document(const std::string& format, const nlohmann::ordered_json& content);
// The key "exit" of a document.
nlohmann::ordered_json exit_json(ExitCode code);

// What is wrong with something, while the rest is done: said at once on stderr, and kept.
class Complaints {
public:
  void add(const std::string& error);
  bool empty() const { return errors_.empty(); }
  const std::vector<std::string>& all() const { return errors_; }

private:
  std::vector<std::string> errors_;
};

// How text is laid out on standard output.
struct Screen {
  std::size_t width = 160;
  bool fold = false; // the width is to be kept: it is a terminal's, or asked for by COLUMNS
  text::Paint paint;
};

// --color, for commands that put_text().
void add_color(CLI::App& command, std::string& color);

// `color` is "always", "never" or "auto": on a terminal that is not dumb, unless NO_COLOR is set
// and not empty.  The width is what COLUMNS says, else the terminal's, but 40 at least, else 160.
Screen screen_for(const std::string& color);

// Text on standard output.  Where it is painted it has to be printable.
void put_text(const Screen& screen, const std::string& text);

} // namespace interlock::checker::cli
