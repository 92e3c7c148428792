// Outlines from trees.
#include "kernel_text/outline.hpp"
#include "text/lists.hpp"

namespace interlock::kernel_text {

namespace {

class Outliner {
public:
  explicit Outliner(const OutlineOptions& options) : options_(options) {}

  std::vector<OutlineItem> block(const std::vector<CStatement>& statements) const {
    std::vector<OutlineItem> items;
    for (const CStatement& statement : statements)
      add(items, statement);
    return items;
  }

private:
  // Arguments are evaluated before the call.
  void collect(const Expression& expression, std::vector<Act>& does) const {
    for (const Expression& part : expression.parts)
      collect(part, does);
    if (expression.kind != ExpressionKind::call)
      return;
    if (const Primitive* primitive = find_primitive(options_.system, expression))
      for (const Operation& operation : primitive->operations)
        does.push_back(operation.act);
  }

  std::vector<Act> does_of(const std::optional<Expression>& value) const {
    std::vector<Act> does;
    if (value)
      collect(*value, does);
    return does;
  }

  OutlineItem item(int line, std::string text, std::vector<Act> does = {}) const {
    return {line, std::move(text), std::move(does), {}};
  }

  bool keeps(const OutlineItem& each) const {
    return options_.everything || !each.does.empty() || !each.inside.empty();
  }

  void put(std::vector<OutlineItem>& items, OutlineItem each) const {
    if (keeps(each))
      items.push_back(std::move(each));
  }

  void add(std::vector<OutlineItem>& items, const CStatement& statement) const {
    const std::string value = statement.value ? spelled(*statement.value) : "";
    const std::vector<Act> does = does_of(statement.value);
    const auto enclosing = [&](const std::string& text) {
      OutlineItem each = item(statement.line, text, does);
      each.inside = block(statement.bodies[0]);
      put(items, std::move(each));
    };
    switch (statement.kind) {
    case CStatementKind::expression:
      put(items, item(statement.line, value, does));
      break;
    case CStatementKind::declaration:
      for (const Expression& assigned : statement.values)
        put(items, item(assigned.line, spelled(assigned), does_of(assigned)));
      break;
    case CStatementKind::block:
      for (OutlineItem& each : block(statement.bodies[0]))
        items.push_back(std::move(each));
      break;
    case CStatementKind::branch:
      branch(items, statement);
      break;
    case CStatementKind::loop: {
      for (std::size_t i = 0; i + 1 < statement.values.size(); ++i)
        put(items,
            item(statement.line, spelled(statement.values[i]), does_of(statement.values[i])));
      enclosing(statement.value ? "while (" + value + ")" : "for (;;)");
      break;
    }
    case CStatementKind::do_loop:
      enclosing("do ... while (" + value + ")");
      break;
    case CStatementKind::macro_loop:
      enclosing(value);
      break;
    case CStatementKind::selection:
      enclosing("switch (" + value + ")");
      break;
    case CStatementKind::leave:
      items.push_back(
          item(statement.line, value.empty() ? "return" : "return (" + value + ")", does));
      break;
    case CStatementKind::empty:
      break;
    default:
      items.push_back(item(statement.line, way_point(statement, value)));
    }
  }

  // What control goes to, or where it goes.
  static std::string way_point(const CStatement& statement, const std::string& value) {
    switch (statement.kind) {
    case CStatementKind::case_label:
      return statement.value ? "case " + value + ":" : "default:";
    case CStatementKind::label:
      return statement.name + ":";
    case CStatementKind::jump:
      return "goto " + statement.name;
    case CStatementKind::break_loop:
      return "break";
    default:
      return "continue";
    }
  }

  void branch(std::vector<OutlineItem>& items, const CStatement& statement) const {
    OutlineItem then =
        item(statement.line, "if (" + spelled(*statement.value) + ")", does_of(statement.value));
    then.inside = block(statement.bodies[0]);
    OutlineItem otherwise = item(statement.line, "else");
    otherwise.inside = block(statement.bodies[1]);
    if (!otherwise.inside.empty())
      otherwise.line = otherwise.inside.front().line;
    const bool both = keeps(then) || keeps(otherwise);
    if (both)
      items.push_back(std::move(then));
    if (both && !statement.bodies[1].empty())
      put(items, std::move(otherwise));
  }

  const OutlineOptions& options_;
};

void write(std::string& text, const std::vector<OutlineItem>& items, std::size_t depth) {
  for (const OutlineItem& each : items) {
    const std::string line = std::to_string(each.line);
    std::string row = std::string(line.size() < 6 ? 6 - line.size() : 0, ' ') + line + "  " +
                      std::string(2 * depth, ' ') + each.text;
    if (!each.does.empty()) {
      std::vector<std::string> words;
      for (const Act act : each.does)
        words.emplace_back(word_of(act));
      row += "  [" + text::joined(words) + "]";
    }
    text += row + "\n";
    write(text, each.inside, depth + 1);
  }
}

} // namespace

std::vector<OutlineItem> outline_of(const Function& function, const OutlineOptions& options) {
  primitives_of(options.system); // an unknown system is an error also where nothing is called
  return Outliner(options).block(function.body);
}

std::string outline_text(const std::vector<OutlineItem>& outline) {
  std::string text;
  write(text, outline, 0);
  return text;
}

} // namespace interlock::kernel_text
