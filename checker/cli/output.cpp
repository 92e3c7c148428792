// Documents, and text as the terminal has it.
#include "cli/output.hpp"

#include "config/config.hpp"
#include "text/lists.hpp"
#include "text/printable.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <sys/ioctl.h>
#include <unistd.h>

namespace interlock::checker::cli {

namespace {

constexpr std::size_t narrowest = 40; // columns

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// COLUMNS, where it is a number.
std::optional<std::size_t> columns_variable() {
  const std::string text = variable("COLUMNS");
  constexpr std::size_t most = 10'000;
  if (text.empty() || text.size() > 5 || text.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  const std::size_t columns = std::stoul(text);
  if (columns == 0)
    return std::nullopt;
  return std::clamp(columns, narrowest, most);
}

} // namespace

void refuse(const std::string& where, const std::string& message) {
  throw ConfigError(where, 0, 0, "", message);
}

void add_format(CLI::App& command, std::string& format, const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : word == words.back() ? " or " : ", ") + word;
  command.add_option("--format", format, text)
      ->type_name("FORMAT")
      ->check(CLI::IsMember(words))
      ->capture_default_str();
}

CLI::Validator meant(const std::vector<std::string>& words) {
  const auto any = [](const std::string& /*word*/) { return std::string(); };
  return CLI::Validator(any, "{" + text::joined(words, ",") + "}");
}

void Complaints::add(const std::string& error) {
  errors_.push_back(error);
  std::cerr << "interlock: " << text::printable(error) << "\n";
}

void put_document(const std::string& format, const nlohmann::ordered_json& content) {
  using Json = nlohmann::ordered_json;
  Json document;
  document["format"] = format;
  document["version"] = 1;
  document["tool"] = {{"name", "interlock"}, {"version", INTERLOCK_VERSION}};
  document.update(content);
  constexpr bool ensure_ascii = false;
  std::cout << document.dump(2, ' ', ensure_ascii, Json::error_handler_t::replace) << "\n";
}

nlohmann::ordered_json exit_json(ExitCode code) {
  return {{"code", static_cast<int>(code)}, {"text", text_of(code)}};
}

void add_color(CLI::App& command, std::string& color) {
  command
      .add_option("--color", color,
                  "auto: on a terminal, unless the environment has NO_COLOR; always or never")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
}

Screen screen_for(const std::string& color) {
  Screen screen;
  const bool terminal = isatty(STDOUT_FILENO) != 0;
  winsize size{};
  if (const auto columns = columns_variable()) {
    screen.width = *columns;
    screen.fold = true;
  } else if (terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col != 0) {
    screen.width = std::max<std::size_t>(narrowest, size.ws_col);
    screen.fold = true;
  }
  const bool automatic = terminal && variable("NO_COLOR").empty() && variable("TERM") != "dumb";
  screen.paint = text::Paint(color == "always" || (color == "auto" && automatic));
  return screen;
}

void put_text(const Screen& screen, const std::string& text) {
  if (screen.paint.on())
    text::PrintableStream::pass(std::cout, text);
  else
    std::cout << text;
}

} // namespace interlock::checker::cli
