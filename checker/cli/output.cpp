// Documents, and the width of the terminal.
#include "cli/output.hpp"

#include "config/config.hpp"
#include "text/lists.hpp"
#include "text/printable.hpp"

#include <algorithm>
#include <iostream>
#include <sys/ioctl.h>
#include <unistd.h>

namespace interlock::checker::cli {

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

std::size_t output_width() {
  constexpr std::size_t narrowest = 100;
  constexpr std::size_t otherwise = 160;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return otherwise;
  return std::max<std::size_t>(narrowest, size.ws_col);
}

} // namespace interlock::checker::cli
