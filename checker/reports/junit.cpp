// XML by hand: elements, attributes and escapes are all that it takes.
#include "reports/junit.hpp"

#include "reports/finding_text.hpp"
#include "text/printable.hpp"

#include <cstdio>

namespace interlock::checker::reports {

namespace {

std::string escaped(const std::string& text) {
  std::string result;
  const std::string safe = text::printable(text);
  for (std::size_t at = 0; at < safe.size(); ++at) {
    const std::string_view three = std::string_view(safe).substr(at, 3);
    if (three == "\xEF\xBF\xBE" || three == "\xEF\xBF\xBF") { // U+FFFE, U+FFFF
      result += three.back() == '\xBE' ? "\\ufffe" : "\\uffff";
      at += 2;
      continue;
    }
    switch (safe[at]) {
    case '&':
      result += "&amp;";
      break;
    case '<':
      result += "&lt;";
      break;
    case '>':
      result += "&gt;";
      break;
    case '"':
      result += "&quot;";
      break;
    case '\n':
      result += "&#10;";
      break;
    case '\t':
      result += "&#9;";
      break;
    default:
      result += safe[at];
    }
  }
  return result;
}

std::string attribute(const char* name, const std::string& value) {
  return std::string(" ") + name + "=\"" + escaped(value) + "\"";
}

std::string seconds_text(double seconds) {
  char text[64];
  std::snprintf(text, sizeof text, "%.3f", seconds);
  return text;
}

std::string element_of(const Case& each) {
  switch (each.outcome) {
  case Case::Outcome::passed:
    return "";
  case Case::Outcome::skipped:
    return "      <skipped>" + escaped(each.reason) + "</skipped>\n";
  case Case::Outcome::failed:
  case Case::Outcome::wrong:
    break;
  }
  const Finding& finding = each.finding.value();
  const std::string name = each.outcome == Case::Outcome::failed ? "failure" : "error";
  std::string text;
  for (const std::string& line : finding_lines(finding))
    text += escaped(line) + "\n";
  return "      <" + name + attribute("type", finding.rule) + attribute("message", finding.title) +
         ">" + text + "</" + name + ">\n";
}

std::string testcase(const Case& each) {
  const std::string inside = element_of(each);
  const std::string start = "    <testcase" + attribute("name", each.name) +
                            attribute("classname", each.group.empty() ? "." : each.group) +
                            attribute("time", seconds_text(each.seconds));
  return inside.empty() ? start + "/>\n" : start + ">\n" + inside + "    </testcase>\n";
}

} // namespace

std::string junit(const Report& report) {
  double seconds = 0;
  std::string cases;
  for (const Case& each : report.cases) {
    seconds += each.seconds;
    cases += testcase(each);
  }
  const auto count = [&](Case::Outcome outcome) { return std::to_string(report.count(outcome)); };
  std::string summary;
  for (const std::string& line : report.summary)
    summary += escaped(line) + "\n";
  const std::string numbers = attribute("tests", std::to_string(report.cases.size())) +
                              attribute("failures", count(Case::Outcome::failed)) +
                              attribute("errors", count(Case::Outcome::wrong)) +
                              attribute("time", seconds_text(seconds));
  const std::string name = attribute("name", "interlock " + report.command);
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + name + numbers +
         ">\n  <testsuite" + name + numbers + attribute("skipped", count(Case::Outcome::skipped)) +
         ">\n" + cases + "    <system-out>" + summary +
         "</system-out>\n  </testsuite>\n</testsuites>\n";
}

} // namespace interlock::checker::reports
