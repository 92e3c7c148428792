// The side-by-side table.
#include "witnesses/table.hpp"

#include "text/lists.hpp"
#include "text/numbers.hpp"
#include "text/printable.hpp"
#include "text/wrap.hpp"

#include <algorithm>
#include <numeric>
#include <set>

namespace interlock::witnesses {

namespace {

using Lines = std::vector<std::string>;
using text::Style;

constexpr std::size_t number_width = 5;
constexpr std::size_t gap = 2;
constexpr std::size_t narrowest = 16;
constexpr std::size_t widest = 56;
constexpr std::size_t heading_widest = 40;
constexpr std::size_t changes_narrowest = 40;
constexpr std::size_t step_indent = 2;
constexpr const char* how_to_read = "Per thread a column: new calls, and steps below them; +lock "
                                    "taken, -lock released, * reported.";
constexpr const char* statement_mark = "| ";
constexpr const char* how_statements_read = "| is the C of the step in the tree.";
constexpr const char* how_lines_read = ":N is the line in the file of the call.";

void append(Lines& lines, Lines more) {
  lines.insert(lines.end(), std::make_move_iterator(more.begin()),
               std::make_move_iterator(more.end()));
}

// The innermost calls that fit, behind `..` when there are more.
std::string calls_of(const StepText& step, std::size_t width) {
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

// The same with the file of the innermost one.
std::string heading(const StepText& step, std::size_t width) {
  const std::string file = step.file.empty() ? "" : " (" + step.file + ")";
  const std::string calls = calls_of(step, width > file.size() ? width - file.size() : 0);
  return calls + file;
}

Lines lines_of(const StepText& step) {
  Lines lines = step.lines;
  if (step.line > 0 && !lines.empty())
    lines.front() += " :" + std::to_string(step.line);
  return lines;
}

Style style_of(std::size_t thread) {
  static constexpr Style styles[] = {Style::cyan, Style::magenta, Style::green, Style::blue,
                                     Style::yellow};
  return styles[thread % std::size(styles)];
}

// A column of the table.
struct Column {
  std::string head;
  std::size_t width = 0;
  std::size_t natural = 0; // so that nothing in it wraps
  std::optional<Style> style;
};

struct Cell {
  Lines lines;
  std::optional<Style> style;
};

class Table {
public:
  Table(const Witness& witness, const TableOptions& options)
      : witness_(witness), options_(options), texts_(step_texts(witness, options.tell)) {
    if (options.paint.on())
      make_safe();
    if (witness.kind == lang::ViolationKind::check && !texts_.steps.empty())
      texts_.steps.back().changes.push_back("*** FAILS: " + witness.property + " ***");
    lay_out();
  }

  std::string text() {
    if (options_.tell.full) {
      put_state("initial state", witness_.initial);
      text_ += "\n";
    }
    put_notes();
    if (stacked_)
      put_stacked();
    else
      put_side_by_side();
    if (options_.tell.full) {
      text_ += "\n";
      put_state("final state", witness_.last);
    }
    return std::move(text_);
  }

private:
  void make_safe() {
    for (StepText& step : texts_.steps) {
      step.file = text::one_line(step.file);
      step.statement = text::one_line(step.statement);
      for (Lines* lines : {&step.calls, &step.lines, &step.changes})
        for (std::string& line : *lines)
          line = text::one_line(line);
    }
  }

  std::string safe(const std::string& text) const {
    return options_.paint.on() ? text::one_line(text) : text;
  }

  std::set<std::size_t> active() const {
    std::set<std::size_t> threads;
    for (const StepText& step : texts_.steps)
      threads.insert(step.column);
    return threads;
  }

  // How often the steps that are told go over to another thread.
  std::size_t switches() const {
    std::size_t count = 0;
    for (std::size_t i = 1; i < texts_.steps.size(); ++i)
      count += texts_.steps[i].column != texts_.steps[i - 1].column ? 1 : 0;
    return count;
  }

  void lay_out() {
    const std::set<std::size_t> threads = active();
    for (std::size_t i = 0; i < witness_.threads.size(); ++i) {
      place_.push_back(columns_.size());
      if (options_.fold && !threads.contains(i))
        continue;
      const std::string name = safe(witness_.threads[i]);
      columns_.push_back({name, 0, std::max(narrowest, name.size()), style_of(i)});
    }
    for (const StepText& step : texts_.steps) {
      std::size_t& width = columns_[place_[step.column]].natural;
      for (const std::string& line : lines_of(step))
        width = std::max(width, line.size() + step_indent);
      if (!step.calls.empty())
        width = std::max(width, heading(step, heading_widest).size());
    }
    constexpr std::size_t long_run = 5; // steps of one thread, on the average
    const bool long_runs = threads.size() > 1 && texts_.steps.size() >= long_run * (switches() + 1);
    stacked_ = options_.fold && !columns_.empty() && (long_runs || !fits_beside());
    if (stacked_)
      stack();
    else
      share();
  }

  std::size_t fixed() const { return number_width + gap * (columns_.size() + 1); }

  // Whether the columns have room beside each other and need not be squeezed much.
  bool fits_beside() const {
    constexpr std::size_t bearable = 24;
    std::size_t used = fixed() + changes_narrowest;
    for (const Column& column : columns_)
      used += std::min(column.natural, bearable);
    return used <= options_.width;
  }

  // No column is wider than it has to be; the widest ones give way until the changes have room.
  void share() {
    std::size_t used = 0;
    for (std::size_t limit = widest; limit >= narrowest; --limit) {
      used = fixed();
      for (Column& column : columns_) {
        column.width = std::min(column.natural, limit);
        used += column.width;
      }
      if (used + changes_narrowest <= options_.width)
        break;
    }
    const std::size_t least = options_.fold ? narrowest : changes_narrowest;
    changes_ = std::max(least, options_.width > used ? options_.width - used : 0);
  }

  // All threads in one column, which leaves the changes half of the room at least.
  void stack() {
    const std::size_t room = options_.width > fixed_stacked ? options_.width - fixed_stacked : 0;
    std::size_t natural = narrowest;
    for (const Column& column : columns_)
      natural = std::max(natural, column.natural);
    const std::size_t width = std::max<std::size_t>(1, std::min(natural, room / 2));
    for (Column& column : columns_)
      column.width = width;
    changes_ = std::max<std::size_t>(1, room > width ? room - width : 0);
  }

  void put_notes() {
    std::string how = how_to_read;
    if (stacked_)
      how.replace(0, how.find(':'), "Thread by thread");
    put_note(how);
    if (std::any_of(texts_.steps.begin(), texts_.steps.end(),
                    [](const StepText& step) { return step.line > 0; }))
      put_note(how_lines_read);
    if (std::any_of(texts_.steps.begin(), texts_.steps.end(),
                    [](const StepText& step) { return !step.statement.empty(); }))
      put_note(how_statements_read);
    const std::string all = std::to_string(witness_.steps.size()) + " steps";
    if (texts_.filtered > 0)
      put_note("Not shown: " + std::to_string(texts_.filtered) + " of " + all +
               ", which are not asked for.");
    if (texts_.left_out > 0)
      put_note("Not shown: " + std::to_string(texts_.left_out) + " of " + all +
               ", which only test something or set local variables" +
               (options_.tell.locks ? "" : ", or take or release locks") + "; --full shows all.");
    if (options_.fold && columns_.size() < witness_.threads.size()) {
      Lines idle;
      for (std::size_t i = 0; i < witness_.threads.size(); ++i)
        if (!active().contains(i))
          idle.push_back(safe(witness_.threads[i]));
      put_note("No step of " + text::listed(idle) + ".");
    }
  }

  void put_note(const std::string& note) {
    if (!options_.fold) {
      text_ += note + "\n";
      return;
    }
    for (const std::string& line : text::wrapped(note, options_.width, 2))
      text_ += options_.paint(Style::faint, line) + "\n";
  }

  void put_row(const std::string& number, const std::vector<std::size_t>& widths,
               const std::vector<Cell>& cells) {
    std::size_t height = 1;
    for (const Cell& cell : cells)
      height = std::max(height, cell.lines.size());
    for (std::size_t line = 0; line < height; ++line) {
      std::string row =
          line == 0
              ? std::string(number_width - std::min(number_width, number.size()), ' ') + number
              : std::string(number_width, ' ');
      std::size_t missing = 0; // spaces that are due before the next text
      for (std::size_t i = 0; i < cells.size(); ++i) {
        missing += gap;
        const std::string part = line < cells[i].lines.size() ? cells[i].lines[line] : "";
        if (!part.empty()) {
          row += std::string(missing, ' ') + painted(part, cells[i].style);
          missing = 0;
        }
        if (i < widths.size() && part.size() < widths[i])
          missing += widths[i] - part.size();
      }
      row.erase(row.find_last_not_of(' ') + 1);
      text_ += row + "\n";
    }
  }

  std::string painted(const std::string& part, const std::optional<Style>& style) const {
    if (part.starts_with(statement_mark))
      return options_.paint(Style::faint, part);
    if (part.starts_with("*** FAILS"))
      return options_.paint(Style::red, part);
    return style ? options_.paint(*style, part) : part;
  }

  void put_state(const char* title, const std::vector<std::string>& values) {
    text_ += std::string(title) + "\n";
    for (std::size_t i = 0; i < values.size(); ++i)
      text_ += "  " + safe(witness_.variables[i].name) + " = " + safe(values[i]) + "\n";
  }

  // A step in the column `at` of these.
  void put_step(const StepText& step, const std::vector<std::size_t>& widths, std::size_t at) {
    const Column& column = columns_[place_[step.column]];
    std::vector<Cell> cells(widths.size() + 1);
    if (!step.calls.empty()) {
      cells[at] = {text::wrapped(heading(step, column.width), column.width, step_indent),
                   column.style};
      put_row("", widths, cells);
      cells[at].lines.clear();
    }
    cells[at].style = column.style;
    for (const std::string& line : lines_of(step))
      append(cells[at].lines,
             text::wrapped(std::string(step_indent, ' ') + line, column.width, 2 * step_indent));
    if (!step.statement.empty())
      append(cells.back().lines,
             text::wrapped(statement_mark + step.statement, changes_, 2 * step_indent));
    for (const std::string& line : step.changes)
      append(cells.back().lines, text::wrapped(line, changes_, 2 * step_indent));
    put_row(std::to_string(step.number), widths, cells);
  }

  void put_side_by_side() {
    std::vector<std::size_t> widths;
    std::vector<Cell> heads;
    std::vector<Cell> rules;
    for (const Column& column : columns_) {
      widths.push_back(column.width);
      heads.push_back({text::wrapped(column.head, column.width, 0), column.style});
      rules.push_back({{std::string(column.width, '-')}, std::nullopt});
    }
    heads.push_back({{"changes"}, std::nullopt});
    rules.push_back({{std::string(std::min(changes_, changes_narrowest), '-')}, std::nullopt});
    put_row("step", widths, heads);
    put_row(" ----", widths, rules);
    for (const StepText& step : texts_.steps)
      put_step(step, widths, place_[step.column]);
  }

  // Where another thread goes on, its name in a rule.
  void put_stacked() {
    const std::size_t width = columns_.front().width;
    put_row("step", {width}, {{{"thread"}, std::nullopt}, {{"changes"}, std::nullopt}});
    std::optional<std::size_t> before;
    for (const StepText& step : texts_.steps) {
      if (before != step.column) {
        const Column& column = columns_[place_[step.column]];
        const std::string name = "-- " + column.head + " ";
        put_row(" ----", {width},
                {{{name + std::string(width > name.size() ? width - name.size() : 0, '-')},
                  column.style},
                 {{std::string(std::min(changes_, changes_narrowest), '-')}, std::nullopt}});
      }
      before = step.column;
      put_step(step, {width}, 0);
    }
  }

  static constexpr std::size_t fixed_stacked = number_width + 2 * gap;

  const Witness& witness_;
  const TableOptions& options_;
  StepTexts texts_;
  std::vector<Column> columns_;    // of the threads that have one
  std::vector<std::size_t> place_; // of a thread, in columns_
  std::size_t changes_ = 0;        // width
  bool stacked_ = false;
  std::string text_;
};

} // namespace

std::string table(const Witness& witness, const TableOptions& options) {
  return Table(witness, options).text();
}

} // namespace interlock::witnesses
