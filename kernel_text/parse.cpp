// Functions and statements of C, with the loops and statements that kernels make of macros.
#include "kernel_text/expressions.hpp"

#include <algorithm>

namespace interlock::kernel_text {

namespace {

using Kind = CStatementKind;

class StatementReader {
public:
  StatementReader(const std::string& file, const Tokens& tokens, std::size_t begin, std::size_t end)
      : cursor_(file, tokens, begin, end) {}

  std::vector<CStatement> all() {
    std::vector<CStatement> statements;
    while (!cursor_.at_end())
      statements.push_back(statement());
    return statements;
  }

private:
  struct Depth {
    explicit Depth(StatementReader& owner) : reader(owner) {
      if (++reader.depth_ > 256)
        reader.cursor_.fail("a statement is nested too deeply");
    }
    ~Depth() { --reader.depth_; }
    Depth(const Depth&) = delete;
    Depth& operator=(const Depth&) = delete;
    StatementReader& reader;
  };

  static CStatement make(Kind kind, int line) {
    CStatement made;
    made.kind = kind;
    made.line = line;
    return made;
  }

  CStatement statement() {
    const Depth deeper(*this);
    const Token& token = cursor_.peek();
    if (token.is("{"))
      return block();
    if (token.is(";"))
      return make(Kind::empty, cursor_.take().line);
    if (token.kind == TokenKind::name) {
      if (auto worded = keyword())
        return std::move(*worded);
      if (cursor_.peek(1).is(":") && !token.is("default"))
        return label();
      if (begins_type(cursor_))
        return declaration();
    }
    return expression();
  }

  CStatement block() {
    CStatement made = make(Kind::block, cursor_.take().line);
    made.bodies.emplace_back();
    while (!cursor_.accept("}"))
      made.bodies[0].push_back(statement());
    return made;
  }

  // A statement as the list of those that it consists of.
  std::vector<CStatement> body() {
    CStatement inner = statement();
    if (inner.kind == Kind::block)
      return std::move(inner.bodies[0]);
    std::vector<CStatement> one;
    one.push_back(std::move(inner));
    return one;
  }

  Expression condition() {
    cursor_.expect("(");
    Expression value = read_expression(cursor_);
    cursor_.expect(")");
    return value;
  }

  // A statement that begins with a keyword.
  std::optional<CStatement> keyword() {
    const Token token = cursor_.peek();
    CStatement made = make(Kind::empty, token.line);
    if (nested(token, made) || way_point(token, made))
      return made;
    if (token.is("asm") || token.is("__asm") || token.is("__asm__")) {
      cursor_.take();
      cursor_.accept("volatile");
      cursor_.accept("__volatile");
      cursor_.accept("__volatile__");
      cursor_.go_to(cursor_.behind_bracket(cursor_.position()));
      cursor_.expect(";");
      return made;
    }
    if (token.is("else"))
      cursor_.fail("else without its if");
    return std::nullopt;
  }

  bool take(const Token& token, const char* word) {
    if (!token.is(word))
      return false;
    cursor_.take();
    return true;
  }

  // What has other statements in it.
  bool nested(const Token& token, CStatement& made) {
    if (take(token, "if")) {
      made.kind = Kind::branch;
      made.value = condition();
      made.bodies.push_back(body());
      made.bodies.emplace_back();
      if (cursor_.accept("else"))
        made.bodies[1] = body();
    } else if (take(token, "while")) {
      made.kind = Kind::loop;
      made.value = condition();
      made.bodies.push_back(body());
    } else if (take(token, "do")) {
      made.kind = Kind::do_loop;
      made.bodies.push_back(body());
      cursor_.expect("while");
      made.value = condition();
      cursor_.accept(";");
    } else if (take(token, "for")) {
      read_for(made);
    } else if (take(token, "switch")) {
      made.kind = Kind::selection;
      made.value = condition();
      made.bodies.push_back(body());
    } else {
      return false;
    }
    return true;
  }

  // What control goes to, or where it goes.
  bool way_point(const Token& token, CStatement& made) {
    if (take(token, "case")) {
      made.kind = Kind::case_label;
      made.value = read_expression(cursor_, Commas::end_it);
      if (cursor_.accept("...")) // a range of GNU C
        read_expression(cursor_, Commas::end_it);
      cursor_.expect(":");
    } else if (take(token, "default")) {
      made.kind = Kind::case_label;
      cursor_.expect(":");
    } else if (take(token, "goto")) {
      made.kind = Kind::jump;
      made.name = cursor_.take().text;
      cursor_.expect(";");
    } else if (take(token, "return")) {
      made.kind = Kind::leave;
      if (!cursor_.sees(";"))
        made.value = read_expression(cursor_);
      cursor_.expect(";");
    } else if (take(token, "break") || take(token, "continue")) {
      made.kind = token.is("break") ? Kind::break_loop : Kind::continue_loop;
      cursor_.expect(";");
    } else {
      return false;
    }
    return true;
  }

  void read_for(CStatement& made) {
    made.kind = Kind::loop;
    cursor_.expect("(");
    if (!cursor_.sees(";") && begins_type(cursor_)) {
      CStatement declared = declaration();
      made.values = std::move(declared.values);
    } else {
      if (!cursor_.sees(";"))
        made.values.push_back(read_expression(cursor_));
      cursor_.expect(";");
    }
    if (!cursor_.sees(";"))
      made.value = read_expression(cursor_);
    cursor_.expect(";");
    if (!cursor_.sees(")"))
      made.values.push_back(read_expression(cursor_));
    cursor_.expect(")");
    made.bodies.push_back(body());
  }

  CStatement label() {
    const Token name = cursor_.take();
    cursor_.take();
    CStatement made = make(Kind::label, name.line);
    made.name = name.text;
    return made;
  }

  // Only what is assigned is kept, each as an assignment.
  CStatement declaration() {
    CStatement made = make(Kind::declaration, cursor_.line());
    Token name;
    int depth = 0;
    while (!cursor_.accept(";")) {
      if (cursor_.sees("=") && depth == 0) {
        const Token op = cursor_.take();
        Expression target{ExpressionKind::name, name.text, name.line, {}};
        std::vector<Expression> parts{std::move(target)};
        parts.push_back(read_expression(cursor_, Commas::end_it));
        made.values.push_back({ExpressionKind::assign, op.text, op.line, std::move(parts)});
        continue;
      }
      if (cursor_.sees("[") || cursor_.sees("{")) {
        cursor_.go_to(cursor_.behind_bracket(cursor_.position()));
        continue;
      }
      const Token token = cursor_.take();
      depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
      if (token.kind == TokenKind::name && depth == 0 && !token.text.starts_with("__"))
        name = token;
    }
    return made;
  }

  CStatement expression() {
    CStatement made = make(Kind::expression, cursor_.line());
    made.value = read_expression(cursor_);
    if (cursor_.accept(";"))
      return made;
    const bool called = made.value->kind == ExpressionKind::call;
    // LIST_FOREACH(...) statement: a call that a statement follows.
    if (called && is_loop_macro(made.value->parts[0].text)) {
      made.kind = Kind::macro_loop;
      made.bodies.push_back(body());
      return made;
    }
    const bool on_its_own =
        called && (cursor_.at_end() || cursor_.line() != made.line || cursor_.sees("}"));
    if (!on_its_own) // else a macro that brings its semicolon
      cursor_.expect(";");
    return made;
  }

  // FOREACH_THREAD_IN_PROC, LIST_FOREACH_SAFE, RB_FOREACH, and the older spellings.
  static bool is_loop_macro(const std::string& name) {
    return name.find("FOREACH") != std::string::npos || name.find("foreach") != std::string::npos ||
           name.find("FOR_EACH") != std::string::npos || name.find("for_each") != std::string::npos;
  }

  Cursor cursor_;
  int depth_ = 0;
};

// Finds the functions of a file: NAME ( ... ) {, with declarations of the parameters between the
// bracket and the brace in the old style.
class FileReader {
public:
  FileReader(const std::string& file, const Tokens& tokens)
      : file_(file), tokens_(tokens), all_(file, tokens, 0, tokens.size()) {
    read_.name = file;
  }

  File run() {
    std::size_t begin = 0; // of the declaration at hand
    for (std::size_t at = 0; at < tokens_.size();) {
      if (tokens_[at].is("(") || tokens_[at].is("[")) {
        at = all_.behind_bracket(at);
      } else if (tokens_[at].is("{")) {
        const std::size_t behind = all_.behind_bracket(at);
        const bool is_function = read_function(begin, at, behind);
        at = behind;
        begin = is_function ? behind : begin; // struct { ... } name; goes on
      } else if (tokens_[at].is(";")) {
        ++at;
        begin = is_old_style(begin, at) ? begin : at;
      } else {
        ++at;
      }
    }
    return std::move(read_);
  }

private:
  // The last bracket of begin..end at depth 0 whose predecessor is a name that is no attribute.
  std::size_t parameters(std::size_t begin, std::size_t end) const {
    std::size_t found = end;
    for (std::size_t at = begin; at < end;) {
      if (tokens_[at].is("=") || tokens_[at].is("typedef"))
        return end;
      if (tokens_[at].is("(")) {
        const bool named = at > begin && tokens_[at - 1].kind == TokenKind::name &&
                           !tokens_[at - 1].text.starts_with("__");
        if (named)
          found = at;
        at = all_.behind_bracket(at);
        // Declarations of parameters follow: those of the old style hold the last names.
        if (named && at < end && tokens_[at].kind == TokenKind::name &&
            !tokens_[at].text.starts_with("__"))
          return found;
      } else if (tokens_[at].is("{") || tokens_[at].is("[")) {
        at = all_.behind_bracket(at);
      } else {
        ++at;
      }
    }
    return found;
  }

  // NAME(a, b) int a; ...: the first semicolons belong to the parameters.
  bool is_old_style(std::size_t begin, std::size_t end) const {
    const std::size_t open = parameters(begin, end);
    if (open == end)
      return false;
    const std::size_t behind = all_.behind_bracket(open);
    return behind < end && tokens_[behind].kind == TokenKind::name &&
           !tokens_[behind].text.starts_with("__") && only_names(open + 1, behind - 1);
  }

  bool only_names(std::size_t begin, std::size_t end) const {
    bool name = true;
    for (std::size_t at = begin; at < end; ++at, name = !name)
      if (name ? tokens_[at].kind != TokenKind::name : !tokens_[at].is(","))
        return false;
    return begin != end;
  }

  bool read_function(std::size_t begin, std::size_t open_brace, std::size_t behind) {
    const std::size_t open = parameters(begin, open_brace);
    if (open == open_brace)
      return false;
    Function function;
    function.name = tokens_[open - 1].text;
    function.line = tokens_[open - 1].line;
    function.last_line = tokens_[behind - 1].line;
    function.parameters = parameter_names(open + 1, all_.behind_bracket(open) - 1);
    try {
      function.body = StatementReader(file_, tokens_, open_brace + 1, behind - 1).all();
      read_.functions.push_back(std::move(function));
    } catch (const SourceError& error) {
      read_.errors.push_back(std::string(error.what()) + " (in " + function.name + ")");
    }
    return true;
  }

  std::vector<std::string> parameter_names(std::size_t begin, std::size_t end) const {
    std::vector<std::string> names;
    std::string name;
    for (std::size_t at = begin; at < end;) {
      if (tokens_[at].is(",")) {
        names.push_back(name);
        name.clear();
      }
      if (tokens_[at].kind == TokenKind::name && !tokens_[at].text.starts_with("__"))
        name = tokens_[at].text;
      at = tokens_[at].is("(") && !name.empty() ? all_.behind_bracket(at) : at + 1;
    }
    if (!name.empty() && name != "void")
      names.push_back(name);
    return names;
  }

  const std::string& file_;
  const Tokens& tokens_;
  Cursor all_;
  File read_;
};

} // namespace

const Function* File::find(const std::string& function) const {
  const auto found = std::find_if(functions.begin(), functions.end(),
                                  [&](const Function& each) { return each.name == function; });
  return found == functions.end() ? nullptr : &*found;
}

bool File::defines(const std::string& macro) const {
  return std::any_of(tokens.begin(), tokens.end(), [&](const Token& token) {
    return token.kind == TokenKind::directive && (token.text.starts_with("define " + macro + "(") ||
                                                  token.text.starts_with("define " + macro + " "));
  });
}

File parse(const std::string& file, const Tokens& tokens) { return FileReader(file, tokens).run(); }

} // namespace interlock::kernel_text
