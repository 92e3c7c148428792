// Escapes of workflow commands and of GitHub's Markdown.
#include "reports/github.hpp"

#include "reports/finding_text.hpp"
#include "text/markup.hpp"
#include "text/numbers.hpp"
#include "text/printable.hpp"

#include <algorithm>
#include <filesystem>

namespace interlock::checker::reports {

namespace {

// A summary may have 1 MiB; this is a story each, and leaves room.
constexpr std::size_t most_stories = 50;
constexpr std::size_t most_steps = 40;

std::string percent(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::string("%") + "0123456789ABCDEF"[byte >> 4U] + "0123456789ABCDEF"[byte & 15U];
}

std::string with_percents(const std::string& text, std::string_view special) {
  std::string result;
  for (const char c : text)
    result += special.find(c) == std::string_view::npos ? std::string(1, c) : percent(c);
  return result;
}

std::string message_text(const std::string& text) {
  return with_percents(text::printable(text), "%\r\n");
}
std::string property_text(const std::string& text) {
  return with_percents(text::printable(text), "%\r\n:,");
}

std::string annotation(const Finding& finding) {
  const Place& place = finding.place ? *finding.place : finding.config;
  std::string text;
  for (const std::string& line : finding_lines(finding, most_steps))
    text += (text.empty() ? "" : "\n") + line;
  return "::error file=" +
         property_text(std::filesystem::path(place.file).lexically_normal().string()) +
         (place.line == 0 ? "" : ",line=" + std::to_string(place.line)) +
         ",title=" + property_text(finding.config.file + ": " + finding.title) +
         "::" + message_text(text) + "\n";
}

// In running text and in the cell of a table.
std::string cell(const std::string& text) {
  std::string result;
  for (const char c : text::one_line(text)) {
    if (std::string_view("\\`*_{}[]()<>#+!|~&$@:").find(c) != std::string_view::npos)
      result += '\\';
    result += c;
  }
  return result;
}

// Between tags no Markdown is read.
std::string html(const std::string& text) { return text::in_markup(text::one_line(text)); }

std::string code_block(const std::vector<std::string>& lines) {
  std::string text;
  std::size_t run = 0;
  std::size_t longest = 2;
  for (const std::string& line : lines)
    text += text::printable(line) + "\n";
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  return fence + "text\n" + text + fence + "\n";
}

const char* word_of(Case::Outcome outcome) {
  return outcome == Case::Outcome::failed ? "differs" : "wrong";
}

} // namespace

std::string github_annotations(const Report& report) {
  std::string text;
  for (const Case& each : report.cases)
    if (each.finding)
      text += annotation(*each.finding);
  return text;
}

std::string markdown(const Report& report) {
  std::string text = "## interlock " + report.command + "\n\n";
  for (const std::string& line : report.summary)
    text += "- " + cell(line) + "\n";
  std::string rows;
  std::string stories;
  std::size_t told = 0;
  for (const Case& each : report.cases) {
    if (!each.finding)
      continue;
    const Finding& finding = *each.finding;
    const Place& place = finding.place ? *finding.place : finding.config;
    rows += "| " + cell(each.name) + " | " + word_of(each.outcome) + " | " + cell(finding.title) +
            " | " + cell(reports::place_text(place)) + " |\n";
    if (told++ < most_stories)
      stories += "\n<details><summary>" + html(each.name) + "</summary>\n\n" +
                 code_block(finding_lines(finding, most_steps)) + "\n</details>\n";
  }
  if (!rows.empty())
    text += "\n| config | | what | where |\n|---|---|---|---|\n" + rows + stories;
  if (told > most_stories)
    text += "\n" + text::counted(told - most_stories, "more finding") + " not told in full.\n";
  return text;
}

} // namespace interlock::checker::reports
