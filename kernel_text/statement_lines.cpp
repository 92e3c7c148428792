// Lines of statements, by the outline.
#include "kernel_text/statement_lines.hpp"
#include "kernel_text/outline.hpp"

#include <algorithm>

namespace interlock::kernel_text {

namespace {

void flatten(const std::vector<OutlineItem>& items, StatementLines& lines) {
  for (const OutlineItem& each : items) {
    lines.push_back({each.text, each.line});
    flatten(each.inside, lines);
  }
}

} // namespace

StatementLines statement_lines(const Function& function, const std::string& system) {
  StatementLines lines;
  flatten(outline_of(function, {system, true}), lines);
  return lines;
}

LineDifference difference_of(const StatementLines& before, const StatementLines& after) {
  std::vector<std::vector<std::size_t>> common(before.size() + 1,
                                               std::vector<std::size_t>(after.size() + 1, 0));
  for (std::size_t i = before.size(); i-- > 0;)
    for (std::size_t j = after.size(); j-- > 0;)
      common[i][j] = before[i].text == after[j].text ? common[i + 1][j + 1] + 1
                                                     : std::max(common[i + 1][j], common[i][j + 1]);
  LineDifference difference;
  for (std::size_t i = 0, j = 0; i < before.size() || j < after.size();) {
    const bool both = i < before.size() && j < after.size();
    if (both && before[i].text == after[j].text) {
      ++i;
      ++j;
    } else if (j == after.size() || (both && common[i + 1][j] >= common[i][j + 1])) {
      difference.gone.push_back(before[i++]);
    } else {
      difference.come.push_back(after[j++]);
    }
  }
  return difference;
}

} // namespace interlock::kernel_text
