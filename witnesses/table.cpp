// The side-by-side table.
#include "witnesses/table.hpp"

#include <algorithm>
#include <numeric>

namespace interlock::witnesses {

namespace {

using Lines = std::vector<std::string>;

constexpr std::size_t number_width = 5;
constexpr std::size_t gap = 2;
constexpr std::size_t narrowest = 16;
constexpr std::size_t widest = 44;
constexpr std::size_t changes_narrowest = 40;

// Breaks a text into lines of at most `width` bytes, behind a space, dot, underscore, | or comma
// where there is one in the second half of the line.  Lines after the first are indented.
Lines wrap(const std::string& text, std::size_t width, std::size_t indent) {
  Lines lines;
  std::string rest = text;
  while (rest.size() > width) {
    std::size_t cut = rest.find_last_of(" ._|,", width - 1);
    if (cut == std::string::npos || cut < width / 2)
      cut = width - 1;
    lines.push_back(rest.substr(0, cut + 1));
    if (lines.back().back() == ' ')
      lines.back().pop_back();
    rest = std::string(indent, ' ') + rest.substr(cut + 1);
  }
  lines.push_back(rest);
  return lines;
}

void append(Lines& lines, Lines more) {
  lines.insert(lines.end(), std::make_move_iterator(more.begin()),
               std::make_move_iterator(more.end()));
}

std::string mark(char sign, const Held& held) {
  return std::string(1, sign) + held.lock + (held.shared ? " (shared)" : "");
}

Lines lock_marks(const WitnessStep& step) {
  Lines marks;
  const auto in = [](const std::vector<Held>& list, const Held& held) {
    return std::find(list.begin(), list.end(), held) != list.end();
  };
  for (const Held& held : step.held_before)
    if (!in(step.held_after, held))
      marks.push_back(mark('-', held));
  for (const Held& held : step.held_after)
    if (!in(step.held_before, held))
      marks.push_back(mark('+', held));
  return marks;
}

std::size_t index_of(const Witness& witness, const std::string& variable) {
  std::size_t i = 0;
  while (i < witness.variables.size() && witness.variables[i].name != variable)
    ++i;
  return i;
}

// The changes that tell something: of values, of locals that come to life, and of ghosts where a
// step does nothing else.
Lines change_lines(const Witness& witness, const WitnessStep& step, bool full) {
  Lines lines;
  Lines ghosts;
  for (const Change& change : step.changes) {
    const std::size_t i = index_of(witness, change.variable);
    const Role role = i < witness.variables.size() ? witness.variables[i].role : Role::value;
    const bool local = role == Role::local && change.variable.starts_with(step.thread + ".");
    const bool dies = local && change.to == witness.initial.at(i);
    const std::string name =
        local && !full ? change.variable.substr(step.thread.size() + 1) : change.variable;
    const std::string line = name + ": " + change.from + " -> " + change.to;
    if (full || role == Role::value || (local && !dies))
      lines.push_back(line);
    else if (role == Role::ghost)
      ghosts.push_back(line);
  }
  if (lines.empty() && lock_marks(step).empty())
    lines = ghosts;
  for (const Named& report : step.reports)
    lines.push_back("* " + report.name + ": " + report.value);
  return lines;
}

struct Layout {
  std::vector<std::string> threads;
  std::vector<std::size_t> columns; // width of each thread's column
  std::size_t changes = 0;
};

// How wide a thread's column would have to be so that nothing in it wraps.
std::size_t natural_width(const Witness& witness, const std::string& thread) {
  std::size_t longest = std::max(narrowest, thread.size());
  for (const WitnessStep& step : witness.steps) {
    if (step.thread != thread)
      continue;
    longest = std::max(longest, step.label.size());
    for (const std::string& text : lock_marks(step))
      longest = std::max(longest, text.size() + 2);
  }
  return longest;
}

// No column is wider than it has to be; the widest ones give way until the changes have room.
Layout layout_of(const Witness& witness, std::size_t width) {
  Layout layout{witness.threads, {}, 0};
  const std::size_t fixed = number_width + gap * (layout.threads.size() + 1);
  std::vector<std::size_t> natural;
  for (const std::string& thread : layout.threads)
    natural.push_back(natural_width(witness, thread));
  std::size_t used = 0;
  for (std::size_t limit = widest; limit >= narrowest; --limit) {
    layout.columns.clear();
    for (const std::size_t wish : natural)
      layout.columns.push_back(std::min(wish, limit));
    used = std::accumulate(layout.columns.begin(), layout.columns.end(), fixed);
    if (used + changes_narrowest <= width)
      break;
  }
  layout.changes = std::max(changes_narrowest, width > used ? width - used : 0);
  return layout;
}

void put_row(std::string& text, const Layout& layout, const std::string& number,
             const std::vector<Lines>& cells) {
  std::size_t height = 1;
  for (const Lines& cell : cells)
    height = std::max(height, cell.size());
  for (std::size_t line = 0; line < height; ++line) {
    std::string row =
        line == 0 ? std::string(number_width - std::min(number_width, number.size()), ' ') + number
                  : std::string(number_width, ' ');
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string part = line < cells[i].size() ? cells[i][line] : "";
      row += std::string(gap, ' ') + part;
      if (i < layout.columns.size() && part.size() < layout.columns[i])
        row += std::string(layout.columns[i] - part.size(), ' ');
    }
    row.erase(row.find_last_not_of(' ') + 1);
    text += row + "\n";
  }
}

void put_state(std::string& text, const char* title, const Witness& witness,
               const std::vector<std::string>& values) {
  text += std::string(title) + "\n";
  for (std::size_t i = 0; i < values.size(); ++i)
    text += "  " + witness.variables[i].name + " = " + values[i] + "\n";
}

std::string rule_of(std::size_t width) { return std::string(width, '-'); }

} // namespace

std::string table(const Witness& witness, const TableOptions& options) {
  const Layout layout = layout_of(witness, options.width);
  std::string text;
  if (options.full) {
    put_state(text, "initial state", witness, witness.initial);
    text += "\n";
  }
  std::vector<Lines> heads;
  std::vector<Lines> rules;
  for (std::size_t i = 0; i < layout.threads.size(); ++i) {
    heads.push_back(wrap(layout.threads[i], layout.columns[i], 0));
    rules.push_back({rule_of(layout.columns[i])});
  }
  heads.push_back({"changes"});
  rules.push_back({rule_of(changes_narrowest)});
  put_row(text, layout, "step", heads);
  put_row(text, layout, " ----", rules);
  for (std::size_t i = 0; i < witness.steps.size(); ++i) {
    const WitnessStep& step = witness.steps[i];
    std::vector<Lines> cells(layout.threads.size() + 1);
    const auto found = std::find(layout.threads.begin(), layout.threads.end(), step.thread);
    const auto column = static_cast<std::size_t>(found - layout.threads.begin());
    if (column < layout.threads.size()) {
      Lines& cell = cells[column];
      cell = wrap(step.label, layout.columns[column], 2);
      for (const std::string& sign : lock_marks(step))
        append(cell, wrap("  " + sign, layout.columns[column], 4));
    }
    for (const std::string& line : change_lines(witness, step, options.full))
      append(cells.back(), wrap(line, layout.changes, 4));
    if (witness.kind == lang::ViolationKind::check && i + 1 == witness.steps.size())
      append(cells.back(), {"*** FAILS: " + witness.property + " ***"});
    put_row(text, layout, std::to_string(i + 1), cells);
  }
  if (options.full) {
    text += "\n";
    put_state(text, "final state", witness, witness.last);
  }
  return text;
}

} // namespace interlock::witnesses
