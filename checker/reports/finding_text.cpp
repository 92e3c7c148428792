// The parts of a finding, one after the other.
#include "reports/finding_text.hpp"

namespace interlock::checker::reports {

std::string place_text(const Place& place) {
  return place.file + (place.line == 0 ? "" : ":" + std::to_string(place.line));
}

std::vector<std::string> finding_lines(const Finding& finding,
                                       std::optional<std::size_t> most_steps) {
  std::vector<std::string> lines = finding.details;
  if (finding.place)
    lines.push_back("at " + place_text(*finding.place));
  for (const Place& change : finding.changes)
    lines.push_back("changed: " + place_text(change));
  lines.insert(lines.end(), finding.story.begin(), finding.story.end());
  for (const std::string& line : story_lines(finding, "", most_steps))
    lines.push_back("  " + line);
  lines.insert(lines.end(), finding.endings.begin(), finding.endings.end());
  if (!finding.reproduce.empty())
    lines.push_back("reproduce: " + finding.reproduce);
  return lines;
}

} // namespace interlock::checker::reports
