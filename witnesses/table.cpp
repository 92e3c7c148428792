// The side-by-side table.
#include "witnesses/table.hpp"

#include "witnesses/step_text.hpp"

#include <algorithm>
#include <numeric>

namespace interlock::witnesses {

namespace {

using Lines = std::vector<std::string>;

constexpr std::size_t number_width = 5;
constexpr std::size_t gap = 2;
constexpr std::size_t narrowest = 16;
constexpr std::size_t widest = 56;
constexpr std::size_t heading_widest = 40;
constexpr std::size_t changes_narrowest = 40;
constexpr std::size_t step_indent = 2;
constexpr const char* how_to_read = "Per thread a column: new calls, and steps below them; +lock "
                                    "taken, -lock released, * reported.\n";

// The last place to break a line of at most `width` bytes: behind a space that is in its last two
// thirds, or else behind a dot, underscore, | or comma in its second half, or else anywhere.
std::size_t break_of(const std::string& text, std::size_t width) {
  const std::size_t space = text.find_last_of(' ', width);
  if (space != std::string::npos && space >= width / 3)
    return space;
  const std::size_t cut = text.find_last_of("._|,", width - 1);
  return cut == std::string::npos || cut < width / 2 ? width - 1 : cut;
}

// Breaks a text into lines of at most `width` bytes.  Lines after the first are indented.
Lines wrap(const std::string& text, std::size_t width, std::size_t indent) {
  Lines lines;
  std::string rest = text;
  while (rest.size() > width) {
    const std::size_t cut = break_of(rest, width);
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

// The innermost calls that fit, behind `..` when there are more.
std::string heading(const StepText& step, std::size_t width) {
  if (step.back)
    return "back in " + step.calls.back();
  std::string text = step.calls.back();
  for (std::size_t i = step.calls.size() - 1; i > 0; --i) {
    const std::string longer = step.calls[i - 1] + " > " + text;
    if (longer.size() + (i > 1 ? 2 : 0) > width)
      return text.size() + 2 > width ? text : ".." + text;
    text = longer;
  }
  return text;
}

struct Layout {
  std::vector<std::string> threads;
  std::vector<std::size_t> columns; // width of each thread's column
  std::size_t changes = 0;
};

// How wide each thread's column would have to be so that nothing in it wraps.
std::vector<std::size_t> natural_widths(const Witness& witness, const StepTexts& texts) {
  std::vector<std::size_t> widths;
  for (const std::string& thread : witness.threads)
    widths.push_back(std::max(narrowest, thread.size()));
  for (const StepText& step : texts.steps) {
    std::size_t& width = widths[step.column];
    for (const std::string& line : step.lines)
      width = std::max(width, line.size() + step_indent);
    if (!step.calls.empty())
      width = std::max(width, heading(step, heading_widest).size());
  }
  return widths;
}

// No column is wider than it has to be; the widest ones give way until the changes have room.
Layout layout_of(const Witness& witness, const StepTexts& texts, std::size_t width) {
  Layout layout{witness.threads, {}, 0};
  const std::size_t fixed = number_width + gap * (layout.threads.size() + 1);
  const std::vector<std::size_t> natural = natural_widths(witness, texts);
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

void put_heads(std::string& text, const Layout& layout) {
  std::vector<Lines> heads;
  std::vector<Lines> rules;
  for (std::size_t i = 0; i < layout.threads.size(); ++i) {
    heads.push_back(wrap(layout.threads[i], layout.columns[i], 0));
    rules.push_back({std::string(layout.columns[i], '-')});
  }
  heads.push_back({"changes"});
  rules.push_back({std::string(changes_narrowest, '-')});
  put_row(text, layout, "step", heads);
  put_row(text, layout, " ----", rules);
}

void put_step(std::string& text, const Layout& layout, const StepText& step) {
  const std::size_t width = layout.columns[step.column];
  std::vector<Lines> cells(layout.threads.size() + 1);
  if (!step.calls.empty()) {
    cells[step.column] = wrap(heading(step, width), width, step_indent);
    put_row(text, layout, "", cells);
    cells[step.column].clear();
  }
  for (const std::string& line : step.lines)
    append(cells[step.column], wrap(std::string(step_indent, ' ') + line, width, 2 * step_indent));
  for (const std::string& line : step.changes)
    append(cells.back(), wrap(line, layout.changes, 2 * step_indent));
  put_row(text, layout, std::to_string(step.number), cells);
}

} // namespace

std::string table(const Witness& witness, const TableOptions& options) {
  StepTexts texts = step_texts(witness, options.full);
  if (witness.kind == lang::ViolationKind::check && !texts.steps.empty())
    texts.steps.back().changes.push_back("*** FAILS: " + witness.property + " ***");
  const Layout layout = layout_of(witness, texts, options.width);
  std::string text;
  if (options.full) {
    put_state(text, "initial state", witness, witness.initial);
    text += "\n";
  }
  text += how_to_read;
  if (texts.left_out > 0)
    text += "Not shown: " + std::to_string(texts.left_out) + " of " +
            std::to_string(witness.steps.size()) +
            " steps, which only test something or set local variables; --full shows all.\n";
  put_heads(text, layout);
  for (const StepText& step : texts.steps)
    put_step(text, layout, step);
  if (options.full) {
    text += "\n";
    put_state(text, "final state", witness, witness.last);
  }
  return text;
}

} // namespace interlock::witnesses
