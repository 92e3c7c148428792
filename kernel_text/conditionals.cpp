// Evaluation of preprocessor conditionals (ISO C 6.10.1), without expansion of macros with
// arguments.
#include "kernel_text/conditionals.hpp"

#include "kernel_text/source_error.hpp"

#include <optional>

namespace interlock::kernel_text {

namespace {

std::pair<std::string, std::string> split_word(const std::string& text) {
  std::size_t begin = 0;
  while (begin < text.size() && text[begin] == ' ')
    ++begin;
  std::size_t end = begin;
  while (end < text.size() &&
         ((text[end] >= 'a' && text[end] <= 'z') || (text[end] >= 'A' && text[end] <= 'Z') ||
          text[end] == '_' || (text[end] >= '0' && text[end] <= '9')))
    ++end;
  return {text.substr(begin, end - begin), text.substr(end)};
}

// The value of an integer constant with any suffix, if it is one.
std::optional<std::int64_t> integer_of(const std::string& text) {
  try {
    std::size_t used = 0;
    const std::int64_t value = static_cast<std::int64_t>(std::stoull(text, &used, 0));
    if (text.find_first_not_of("uUlL", used) != std::string::npos)
      return std::nullopt;
    return value;
  } catch (const std::logic_error&) { // no number, or one beyond 64 bits
    return std::nullopt;
  }
}

struct Definitions {
  std::map<std::string, std::string> bodies; // by the file, or of the configuration
  std::set<std::string>* undefined = nullptr;

  bool has(const std::string& name) const {
    const bool known = bodies.contains(name);
    if (!known)
      undefined->insert(name);
    return known;
  }
};

class Condition {
public:
  Condition(const std::string& file, int line, const Definitions& macros, const std::string& text,
            unsigned depth = 0)
      : file_(file), line_(line), macros_(macros), tokens_(tokens_of(file, text)), depth_(depth) {}

  std::int64_t value() {
    const std::int64_t result = ternary();
    if (at_ != tokens_.size())
      fail("\"" + tokens_[at_].text + "\" is not expected in a condition");
    return result;
  }

private:
  [[noreturn]] void fail(const std::string& message) const {
    throw SourceError(file_, line_, message);
  }
  bool accept(const char* text) {
    if (at_ == tokens_.size() || !tokens_[at_].is(text))
      return false;
    ++at_;
    return true;
  }
  void expect(const char* text) {
    if (!accept(text))
      fail(std::string("the condition lacks a \"") + text + "\"");
  }

  std::int64_t ternary() {
    const std::int64_t condition = binary(0);
    if (!accept("?"))
      return condition;
    const std::int64_t then = ternary();
    expect(":");
    const std::int64_t otherwise = ternary();
    return condition != 0 ? then : otherwise;
  }

  static int strength(const std::string& op) {
    static const std::map<std::string, int> strengths{
        {"||", 1}, {"&&", 2}, {"|", 3}, {"^", 4},  {"&", 5},  {"==", 6},
        {"!=", 6}, {"<", 7},  {">", 7}, {"<=", 7}, {">=", 7}, {"<<", 8},
        {">>", 8}, {"+", 9},  {"-", 9}, {"*", 10}, {"/", 10}, {"%", 10}};
    const auto found = strengths.find(op);
    return found == strengths.end() ? 0 : found->second;
  }

  std::int64_t binary(int least) {
    std::int64_t left = unary();
    while (at_ != tokens_.size() && strength(tokens_[at_].text) > least) {
      const std::string op = tokens_[at_++].text;
      left = apply(op, left, binary(strength(op)));
    }
    return left;
  }

  // As unsigned, so that no overflow is undefined; comparisons are signed.
  std::int64_t apply(const std::string& op, std::int64_t a, std::int64_t b) const {
    const auto ua = static_cast<std::uint64_t>(a);
    const auto ub = static_cast<std::uint64_t>(b);
    if ((op == "/" || op == "%") && b == 0)
      fail("the condition divides by 0");
    if (op == "||" || op == "&&")
      return op == "||" ? (a != 0 || b != 0) : (a != 0 && b != 0);
    if (op == "==" || op == "!=")
      return op == "==" ? a == b : a != b;
    if (op == "<" || op == ">")
      return op == "<" ? a < b : a > b;
    if (op == "<=" || op == ">=")
      return op == "<=" ? a <= b : a >= b;
    std::uint64_t result = 0;
    switch (op[0]) {
    case '|':
      result = ua | ub;
      break;
    case '^':
      result = ua ^ ub;
      break;
    case '&':
      result = ua & ub;
      break;
    case '<':
      result = ub > 63 ? 0 : ua << ub;
      break;
    case '>':
      result = ub > 63 ? 0 : ua >> ub;
      break;
    case '+':
      result = ua + ub;
      break;
    case '-':
      result = ua - ub;
      break;
    case '*':
      result = ua * ub;
      break;
    case '/':
      result = ua / ub;
      break;
    default:
      result = ua % ub;
    }
    return static_cast<std::int64_t>(result);
  }

  std::int64_t unary() {
    constexpr unsigned deepest = 200;
    if (++depth_ > deepest)
      fail("the condition is nested too deeply");
    const std::int64_t result = unary_inside();
    --depth_;
    return result;
  }

  std::int64_t unary_inside() {
    if (accept("!"))
      return unary() == 0 ? 1 : 0;
    if (accept("~"))
      return ~unary();
    if (accept("-"))
      return apply("-", 0, unary());
    if (accept("+"))
      return unary();
    if (accept("(")) {
      const std::int64_t inside = ternary();
      expect(")");
      return inside;
    }
    if (at_ == tokens_.size())
      fail("the condition ends too early");
    const Token token = tokens_[at_++];
    if (token.kind == TokenKind::number) {
      const auto value = integer_of(token.text);
      if (!value)
        fail(token.text + " is no integer");
      return *value;
    }
    if (token.kind != TokenKind::name)
      fail("\"" + token.text + "\" is not expected in a condition");
    return named(token.text);
  }

  std::int64_t named(const std::string& name) {
    if (name == "defined") {
      const bool bracket = accept("(");
      if (at_ == tokens_.size() || tokens_[at_].kind != TokenKind::name)
        fail("defined needs a name");
      const bool known = macros_.has(tokens_[at_++].text);
      if (bracket)
        expect(")");
      return known ? 1 : 0;
    }
    if (accept("(")) { // __has_feature(x), __GNUC_PREREQ__(4, 3): what no kernel of ours has
      for (int depth = 1; depth != 0; ++at_) {
        if (at_ == tokens_.size())
          fail(name + " lacks its closing bracket");
        depth += tokens_[at_].is("(") ? 1 : tokens_[at_].is(")") ? -1 : 0;
      }
      macros_.undefined->insert(name);
      return 0;
    }
    if (!macros_.has(name))
      return 0;
    const std::string& body = macros_.bodies.at(name);
    return body.empty() ? 0 : Condition(file_, line_, macros_, body, depth_ + 1).value();
  }

  const std::string& file_;
  int line_;
  const Definitions& macros_;
  Tokens tokens_;
  std::size_t at_ = 0;
  unsigned depth_; // of brackets, and of macros within macros, which may be circular
};

class Selection {
public:
  Selection(const std::string& file, const Macros& macros) : file_(file) {
    for (const auto& [name, value] : macros)
      definitions_.bodies[name] = std::to_string(value);
    definitions_.undefined = &selected_.undefined;
  }

  Selected run(const Tokens& tokens) {
    for (const Token& token : tokens) {
      if (token.kind == TokenKind::directive)
        directive(token);
      else if (compiled())
        selected_.tokens.push_back(token);
    }
    if (!open_.empty())
      throw SourceError(file_, open_.back().line, "an #if without its #endif");
    return std::move(selected_);
  }

private:
  struct Open {
    bool outer = true;  // what stands around it is compiled
    bool taken = false; // some branch was
    bool now = false;   // this branch is
    bool last = false;  // #else was seen
    int line = 0;
  };

  bool compiled() const { return open_.empty() || (open_.back().outer && open_.back().now); }

  Open& innermost(const Token& token, const std::string& word) {
    if (open_.empty())
      throw SourceError(file_, token.line, "#" + word + " without its #if");
    return open_.back();
  }

  bool holds(const Token& token, const std::string& condition) const {
    return Condition(file_, token.line, definitions_, condition).value() != 0;
  }

  void open(const Token& token, bool outer, bool now) {
    open_.push_back({.outer = outer, .taken = now, .now = now, .line = token.line});
  }

  void directive(const Token& token) {
    const auto [word, rest] = split_word(token.text);
    if (word == "if" || word == "ifdef" || word == "ifndef") {
      const bool outer = compiled();
      bool now = false;
      if (outer && word == "if")
        now = holds(token, rest);
      else if (outer)
        now = definitions_.has(split_word(rest).first) == (word == "ifdef");
      open(token, outer, now);
    } else if (word == "elif" || word == "else") {
      Open& inner = innermost(token, word);
      if (inner.last)
        throw SourceError(file_, token.line, "#" + word + " after #else");
      inner.last = word == "else";
      const bool wanted = inner.outer && !inner.taken;
      inner.now = wanted && (word == "else" || holds(token, rest));
      inner.taken = inner.taken || inner.now;
    } else if (word == "endif") {
      innermost(token, word);
      open_.pop_back();
    } else if (compiled() && (word == "define" || word == "undef")) {
      const auto [name, body] = split_word(rest);
      if (word == "undef")
        definitions_.bodies.erase(name);
      else // a macro with arguments has no value of its own
        definitions_.bodies[name] = body.starts_with("(") ? "" : body;
    }
  }

  const std::string& file_;
  Definitions definitions_;
  std::vector<Open> open_;
  Selected selected_;
};

} // namespace

Selected select(const std::string& file, const Tokens& tokens, const Macros& macros) {
  return Selection(file, macros).run(tokens);
}

} // namespace interlock::kernel_text
