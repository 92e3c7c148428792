// Counting, and counterexamples in few lines.
#include "reports/report.hpp"

#include "text/numbers.hpp"

#include <algorithm>
#include <filesystem>

namespace interlock::checker::reports {

namespace {

std::string place_text(const Place& place) {
  if (place.file.empty() || place.line == 0)
    return "";
  return std::filesystem::path(place.file).filename().string() + ":" + std::to_string(place.line) +
         ": ";
}

} // namespace

std::size_t Report::count(Case::Outcome outcome) const {
  return static_cast<std::size_t>(std::count_if(
      cases.begin(), cases.end(), [&](const Case& each) { return each.outcome == outcome; }));
}

std::vector<std::string> story_lines(const Finding& finding, const std::string& elsewhere,
                                     std::optional<std::size_t> most) {
  std::size_t width = 0;
  for (const std::string& thread : finding.threads)
    width = std::max(width, thread.size());
  std::vector<std::string> lines;
  std::size_t left_out = 0;
  const auto count = [&] {
    if (left_out != 0)
      lines.push_back("    ... " + text::counted(left_out, "step") +
                      (elsewhere.empty() ? "" : " " + elsewhere));
    left_out = 0;
  };
  std::string last;
  for (const Step& step : finding.steps) {
    if (!step.told) {
      ++left_out;
      continue;
    }
    const std::string line = step.thread +
                             std::string(width - std::min(width, step.thread.size()), ' ') + "  " +
                             place_text(step.place) + step.text;
    if (line == last) // one line of C is several steps
      continue;
    count();
    lines.push_back(line);
    last = line;
  }
  count();
  if (most && lines.size() > *most) {
    const std::size_t dropped = lines.size() - *most;
    lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(dropped));
    lines.insert(lines.begin(), "    ... " + text::counted(dropped, "line") + " before");
  }
  return lines;
}

} // namespace interlock::checker::reports
