// Expressions of C by precedence climbing (ISO C 6.5).
#include "kernel_text/expressions.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace interlock::kernel_text {

namespace {

constexpr std::array type_words{
    "void",   "char",       "short",      "int",        "long",    "float",   "double",
    "signed", "unsigned",   "_Bool",      "bool",       "struct",  "union",   "enum",
    "const",  "volatile",   "static",     "register",   "extern",  "inline",  "__inline",
    "auto",   "typedef",    "__inline__", "__volatile", "__const", "_Atomic", "__typeof",
    "typeof", "__typeof__", "u_int",      "u_char",     "u_long",  "u_short"};

bool is_type_word(const Token& token) {
  return token.kind == TokenKind::name &&
         std::find(type_words.begin(), type_words.end(), token.text) != type_words.end();
}

bool is_type_name(const Token& token) {
  return token.kind == TokenKind::name && (is_type_word(token) || token.text.ends_with("_t"));
}

int strength(const Token& token) {
  static const std::map<std::string, int> strengths{
      {"||", 1}, {"&&", 2}, {"|", 3}, {"^", 4},  {"&", 5},  {"==", 6},
      {"!=", 6}, {"<", 7},  {">", 7}, {"<=", 7}, {">=", 7}, {"<<", 8},
      {">>", 8}, {"+", 9},  {"-", 9}, {"*", 10}, {"/", 10}, {"%", 10}};
  const auto found =
      token.kind == TokenKind::punctuation ? strengths.find(token.text) : strengths.end();
  return found == strengths.end() ? 0 : found->second;
}

bool is_assignment(const Token& token) {
  static constexpr std::array operators{
      "=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="};
  return token.kind == TokenKind::punctuation &&
         std::find(operators.begin(), operators.end(), token.text) != operators.end();
}

Expression make(ExpressionKind kind, std::string text, int line,
                std::vector<Expression> parts = {}) {
  return {kind, std::move(text), line, std::move(parts)};
}

class Reader {
public:
  explicit Reader(Cursor& cursor) : cursor_(cursor) {}

  Expression comma() {
    Expression left = assignment();
    while (cursor_.sees(",")) {
      const int line = cursor_.take().line;
      Expression right = assignment();
      left = make(ExpressionKind::binary, ",", line, two(std::move(left), std::move(right)));
    }
    return left;
  }

  Expression assignment() {
    const Depth deeper(*this);
    if (cursor_.sees("{"))
      return initialiser();
    Expression left = choice();
    if (!is_assignment(cursor_.peek()))
      return left;
    const Token op = cursor_.take();
    Expression right = assignment();
    return make(ExpressionKind::assign, op.text, op.line, two(std::move(left), std::move(right)));
  }

private:
  // Nothing that people write is nested like this; the stack is not endless.
  struct Depth {
    explicit Depth(Reader& owner) : reader(owner) {
      if (++reader.depth_ > 256)
        reader.cursor_.fail("an expression is nested too deeply");
    }
    ~Depth() { --reader.depth_; }
    Depth(const Depth&) = delete;
    Depth& operator=(const Depth&) = delete;
    Reader& reader;
  };

  static std::vector<Expression> two(Expression a, Expression b) {
    std::vector<Expression> parts;
    parts.push_back(std::move(a));
    parts.push_back(std::move(b));
    return parts;
  }

  Expression choice() {
    Expression condition = binary(0);
    if (!cursor_.sees("?"))
      return condition;
    const int line = cursor_.take().line;
    std::vector<Expression> parts{std::move(condition)};
    if (cursor_.sees(":")) // a ?: b of GNU C
      parts.push_back(parts.front());
    else
      parts.push_back(comma());
    cursor_.expect(":");
    const Depth deeper(*this);
    parts.push_back(choice());
    return make(ExpressionKind::choice, "?", line, std::move(parts));
  }

  Expression binary(int least) {
    const Depth deeper(*this);
    Expression left = unary();
    while (strength(cursor_.peek()) > least) {
      const Token op = cursor_.take();
      Expression right = binary(strength(op));
      left = make(ExpressionKind::binary, op.text, op.line, two(std::move(left), std::move(right)));
    }
    return left;
  }

  Expression unary() {
    static constexpr std::array operators{"&", "*", "!", "~", "-", "+", "++", "--", "&&"};
    const Depth deeper(*this);
    const Token& token = cursor_.peek();
    if (token.kind == TokenKind::punctuation &&
        std::find(operators.begin(), operators.end(), token.text) != operators.end()) {
      const Token op = cursor_.take();
      return make(ExpressionKind::prefix, op.text, op.line, {unary()});
    }
    if (token.is("sizeof") || token.is("__alignof") || token.is("__alignof__"))
      return size_of();
    if (token.is("(") && is_cast())
      return cast();
    return postfix(primary());
  }

  Expression size_of() {
    const Token op = cursor_.take();
    if (cursor_.sees("(") && type_in_brackets())
      return make(ExpressionKind::prefix, op.text, op.line, {bracketed_type()});
    return make(ExpressionKind::prefix, op.text, op.line, {unary()});
  }

  // The bracket holds a type and nothing else, as far as can be told without declarations.
  bool type_in_brackets() const {
    const std::size_t begin = cursor_.position() + 1;
    const std::size_t end = cursor_.behind_bracket(cursor_.position()) - 1;
    if (begin == end)
      return false;
    bool stars = false;
    for (std::size_t i = begin; i < end; ++i) {
      const Token& token = cursor_.peek(i - cursor_.position());
      if (token.is("*"))
        stars = true;
      else if (token.kind != TokenKind::name && !token.is("(") && !token.is(")") &&
               !token.is("[") && !token.is("]") && !token.is(",") &&
               token.kind != TokenKind::number)
        return false;
    }
    if (is_type_name(cursor_.peek(1)))
      return true;
    return stars && cursor_.peek(1).kind == TokenKind::name &&
           cursor_.peek(end - 1 - cursor_.position()).is("*"); // (foo *)
  }

  bool is_cast() const {
    // Behind a name in brackets no operand can begin, unless it is a type's.
    const TokenKind third = cursor_.peek(3).kind;
    if (cursor_.peek(1).kind == TokenKind::name && cursor_.peek(2).is(")") &&
        (third == TokenKind::number || third == TokenKind::text || third == TokenKind::name))
      return true;
    if (!type_in_brackets())
      return false;
    const Token& next =
        cursor_.peek(cursor_.behind_bracket(cursor_.position()) - cursor_.position());
    if (is_type_word(cursor_.peek(1)) || next.is("{"))
      return true;
    // A name in brackets is a cast only before what an operand begins with.
    return next.kind == TokenKind::name || next.kind == TokenKind::number ||
           next.kind == TokenKind::text || next.is("(") || next.is("&") || next.is("*") ||
           next.is("!") || next.is("~") || next.is("-");
  }

  Expression bracketed_type() {
    const std::size_t end = cursor_.behind_bracket(cursor_.position()) - 1;
    const int line = cursor_.take().line;
    std::string text;
    while (cursor_.position() < end) {
      const std::string word = cursor_.take().text;
      text += (text.empty() ? "" : " ") + word;
    }
    cursor_.expect(")");
    return make(ExpressionKind::type, std::move(text), line);
  }

  Expression cast() {
    Expression type = bracketed_type();
    if (cursor_.sees("{")) { // a compound literal
      Expression value = initialiser();
      return postfix(make(ExpressionKind::cast, type.text, type.line, {std::move(value)}));
    }
    return make(ExpressionKind::cast, type.text, type.line, {unary()});
  }

  Expression primary() {
    if (cursor_.sees("(")) {
      if (cursor_.peek(1).is("{")) {
        const int line = cursor_.line();
        cursor_.go_to(cursor_.behind_bracket(cursor_.position()));
        return make(ExpressionKind::statements, "({ ... })", line);
      }
      cursor_.take();
      Expression inside = comma();
      cursor_.expect(")");
      return inside;
    }
    const Token token = cursor_.take();
    if (token.kind == TokenKind::name)
      return make(ExpressionKind::name, token.text, token.line);
    if (token.kind == TokenKind::number)
      return make(ExpressionKind::constant, token.text, token.line);
    if (token.kind != TokenKind::text) {
      cursor_.go_to(cursor_.position() - 1);
      cursor_.fail("\"" + token.text + "\" begins no expression");
    }
    std::string text = token.text; // adjacent literals are one, also with PRIu64 between them
    while (cursor_.peek().kind == TokenKind::text ||
           (cursor_.peek().kind == TokenKind::name && cursor_.peek().text.starts_with("PRI")))
      text += " " + cursor_.take().text;
    return make(ExpressionKind::constant, std::move(text), token.line);
  }

  Expression postfix(Expression left) {
    for (;;) {
      const Token& next = cursor_.peek();
      if (next.is("(")) {
        left = call(std::move(left));
      } else if (next.is("[")) {
        const int line = cursor_.take().line;
        Expression index = comma();
        cursor_.expect("]");
        left = make(ExpressionKind::index, "[]", line, two(std::move(left), std::move(index)));
      } else if (next.is("->") || next.is(".")) {
        const Token op = cursor_.take();
        const Token member = cursor_.take();
        if (member.kind != TokenKind::name)
          cursor_.fail("\"" + member.text + "\" is no member");
        left = make(ExpressionKind::member, op.text + member.text, op.line, {std::move(left)});
      } else if (next.is("++") || next.is("--")) {
        const Token op = cursor_.take();
        left = make(ExpressionKind::postfix, op.text, op.line, {std::move(left)});
      } else {
        return left;
      }
    }
  }

  Expression call(Expression callee) {
    std::vector<Expression> parts{std::move(callee)};
    const int line = parts.front().line;
    cursor_.expect("(");
    while (!cursor_.sees(")")) {
      parts.push_back(argument());
      if (!cursor_.sees(")"))
        cursor_.expect(",");
    }
    cursor_.expect(")");
    return make(ExpressionKind::call, "()", line, std::move(parts));
  }

  // A macro's argument may be a type, an operator or nothing.
  Expression argument() {
    if (cursor_.sees(",") || cursor_.sees(")"))
      return make(ExpressionKind::constant, "", cursor_.line());
    const bool lone_operator = cursor_.peek().kind == TokenKind::punctuation &&
                               (cursor_.peek(1).is(",") || cursor_.peek(1).is(")")) &&
                               !cursor_.sees("(") && !cursor_.sees("{");
    if (lone_operator) {
      const Token token = cursor_.take();
      return make(ExpressionKind::constant, token.text, token.line);
    }
    if (begins_type(cursor_) && !cursor_.peek(1).is("(") && !cursor_.peek(1).is("[") &&
        !cursor_.peek(1).is("->") && !cursor_.peek(1).is("."))
      return type_argument();
    return assignment();
  }

  Expression type_argument() {
    const std::size_t begin = cursor_.position();
    const bool name_alone = cursor_.peek(1).is(",") || cursor_.peek(1).is(")");
    if (name_alone || is_type_word(cursor_.peek())) {
      const int line = cursor_.line();
      std::string text;
      int depth = 0;
      while (depth > 0 || (!cursor_.sees(",") && !cursor_.sees(")"))) {
        const Token token = cursor_.take();
        depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
        text += (text.empty() ? "" : " ") + token.text;
      }
      return make(name_alone && !is_type_word(tokens_at(begin)) ? ExpressionKind::name
                                                                : ExpressionKind::type,
                  std::move(text), line);
    }
    return assignment();
  }

  Token tokens_at(std::size_t position) {
    const std::size_t here = cursor_.position();
    cursor_.go_to(position);
    Token token = cursor_.peek();
    cursor_.go_to(here);
    return token;
  }

  Expression initialiser() {
    const Depth deeper(*this);
    const int line = cursor_.take().line;
    std::vector<Expression> parts;
    while (!cursor_.accept("}")) {
      while (cursor_.accept(".") || cursor_.sees("[")) { // a designator
        if (cursor_.sees("["))
          cursor_.go_to(cursor_.behind_bracket(cursor_.position()));
        else
          cursor_.take();
      }
      cursor_.accept("=");
      if (cursor_.peek().kind == TokenKind::name && cursor_.peek(1).is(":")) { // old GNU C
        cursor_.take();
        cursor_.take();
      }
      parts.push_back(assignment());
      if (!cursor_.sees("}"))
        cursor_.expect(",");
    }
    return make(ExpressionKind::list, "{}", line, std::move(parts));
  }

  Cursor& cursor_;
  int depth_ = 0;
};

// How strongly an expression holds together; what is weaker than its surroundings needs brackets.
int hold(const Expression& expression) {
  switch (expression.kind) {
  case ExpressionKind::binary:
    return expression.text == "," ? 0 : 3 + strength({TokenKind::punctuation, expression.text, 0});
  case ExpressionKind::assign:
    return 1;
  case ExpressionKind::choice:
    return 2;
  case ExpressionKind::prefix:
  case ExpressionKind::cast:
    return 20;
  default:
    return 30;
  }
}

std::string spelled_in(const Expression& part, int least) {
  const std::string text = spelled(part);
  return hold(part) < least ? "(" + text + ")" : text;
}

std::string joined(const std::vector<Expression>& parts, std::size_t first) {
  std::string text;
  for (std::size_t i = first; i < parts.size(); ++i)
    text += (i == first ? "" : ", ") + spelled_in(parts[i], 1);
  return text;
}

} // namespace

namespace {

using Visit = std::function<void(const Expression&)>;

void for_each_expression(const Expression& expression, const Visit& visit) {
  visit(expression);
  for (const Expression& part : expression.parts)
    for_each_expression(part, visit);
}

void for_each_expression(const CStatement& statement, const Visit& visit) {
  if (statement.value)
    for_each_expression(*statement.value, visit);
  for (const Expression& value : statement.values)
    for_each_expression(value, visit);
  for (const auto& body : statement.bodies)
    for (const CStatement& inside : body)
      for_each_expression(inside, visit);
}

} // namespace

void for_each_expression(const Function& function, const Visit& visit) {
  for (const CStatement& statement : function.body)
    for_each_expression(statement, visit);
}

void for_each_call(const Function& function, const Visit& visit) {
  for_each_expression(function, [&](const Expression& expression) {
    if (expression.kind == ExpressionKind::call)
      visit(expression);
  });
}

std::string member_of(const Expression& member) {
  return member.text.substr(member.text.find_first_not_of("->."));
}

bool is_zero(const Expression& expression) {
  return expression.kind == ExpressionKind::constant && expression.text == "0";
}

bool is_constant_name(const std::string& name) {
  return !name.empty() && std::isupper(static_cast<unsigned char>(name[0])) != 0;
}

std::string spelled(const Expression& expression) {
  const auto& parts = expression.parts;
  const int own = hold(expression);
  switch (expression.kind) {
  case ExpressionKind::name:
  case ExpressionKind::constant:
  case ExpressionKind::type:
  case ExpressionKind::statements:
    return expression.text;
  case ExpressionKind::call:
    return spelled_in(parts[0], 30) + "(" + joined(parts, 1) + ")";
  case ExpressionKind::member:
    return spelled_in(parts[0], 30) + expression.text;
  case ExpressionKind::index:
    return spelled_in(parts[0], 30) + "[" + spelled(parts[1]) + "]";
  case ExpressionKind::prefix:
    if (parts[0].kind == ExpressionKind::type)
      return expression.text + "(" + parts[0].text + ")";
    return expression.text + (expression.text.starts_with("s") ? " " : "") +
           spelled_in(parts[0], own);
  case ExpressionKind::postfix:
    return spelled_in(parts[0], 30) + expression.text;
  case ExpressionKind::binary:
    if (expression.text == ",")
      return spelled(parts[0]) + ", " + spelled_in(parts[1], 1);
    return spelled_in(parts[0], own) + " " + expression.text + " " + spelled_in(parts[1], own + 1);
  case ExpressionKind::assign:
    return spelled_in(parts[0], 20) + " " + expression.text + " " + spelled_in(parts[1], 1);
  case ExpressionKind::choice:
    return spelled_in(parts[0], 3) + " ? " + spelled(parts[1]) + " : " + spelled_in(parts[2], 2);
  case ExpressionKind::cast:
    return "(" + expression.text + ")" + spelled_in(parts[0], own);
  case ExpressionKind::list:
    return "{" + joined(parts, 0) + "}";
  }
  return expression.text;
}

std::size_t Cursor::behind_bracket(std::size_t open) const {
  int depth = 0;
  for (std::size_t i = open; i < end_; ++i) {
    const Token& token = tokens_[i];
    if (token.kind != TokenKind::punctuation)
      continue;
    if (token.is("(") || token.is("[") || token.is("{"))
      ++depth;
    else if (token.is(")") || token.is("]") || token.is("}"))
      --depth;
    if (depth == 0)
      return i + 1;
  }
  fail("a bracket is not closed");
}

Expression read_expression(Cursor& cursor, Commas commas) {
  Reader reader(cursor);
  return commas == Commas::operators ? reader.comma() : reader.assignment();
}

bool begins_type(const Cursor& cursor) {
  const Token& token = cursor.peek();
  if (token.kind != TokenKind::name)
    return false;
  if (is_type_word(token))
    return true;
  const Token& next = cursor.peek(1);
  if (next.kind == TokenKind::name) // foo bar;
    return true;
  // foo *bar; foo *bar = ...: a product whose value nobody uses is no statement.
  if (next.is("*")) {
    std::size_t ahead = 1;
    while (cursor.peek(ahead).is("*") || cursor.peek(ahead).is("const")) // foo *const bar
      ++ahead;
    const Token& behind = cursor.peek(ahead + 1);
    return cursor.peek(ahead).kind == TokenKind::name &&
           (behind.is(";") || behind.is("=") || behind.is(",") || behind.is("["));
  }
  return token.text.ends_with("_t") && !next.is("(") && !next.is("=") && !next.is("->") &&
         !next.is(".") && !next.is("[");
}

} // namespace interlock::kernel_text
