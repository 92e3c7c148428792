// Tokens and grammar of expressions: precedence climbing.  What names mean is found in resolve.cpp.
#include "lang/parse.hpp"

#include "lang/term.hpp"

#include <array>
#include <charconv>
#include <string_view>

namespace interlock::lang {

namespace {

constexpr int deepest_nesting = 100;

bool begins_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct Token {
  enum class Kind : std::uint8_t { end, number, name, symbol } kind = Kind::end;
  std::size_t offset = 0;
  std::string text;
};

// The qualifier that `text` has at `at`, with a dot behind it: the name of a call has blanks.
std::size_t qualifier_at(const std::string& text, std::size_t at,
                         const std::vector<std::string>& qualifiers) {
  std::size_t longest = 0;
  for (const std::string& name : qualifiers)
    if (name.size() > longest && text.compare(at, name.size() + 1, name + ".") == 0)
      longest = name.size();
  return longest;
}

std::vector<Token> tokens_of(const std::string& text, const std::vector<std::string>& qualifiers) {
  static constexpr std::array<std::string_view, 21> symbols{
      "||", "&&", "==", "!=", "<=", ">=", "[]", "<", ">", "|", "&",
      "~",  "!",  "+",  "-",  "(",  ")",  ",",  ".", "?", ":"};
  std::vector<Token> tokens;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t start = at;
    if (text[at] == ' ' || text[at] == '\t') {
      ++at;
      continue;
    }
    Token::Kind kind = Token::Kind::symbol;
    if (begins_name(text[at])) {
      kind = Token::Kind::name;
      at += qualifier_at(text, at, qualifiers);
      while (at < text.size() && (begins_name(text[at]) || is_digit(text[at])))
        ++at;
      if (at + 1 < text.size() && text[at] == '#' && is_digit(text[at + 1])) // of a recursion
        for (++at; at < text.size() && is_digit(text[at]);)
          ++at;
    } else if (is_digit(text[at])) {
      kind = Token::Kind::number;
      while (at < text.size() && is_digit(text[at]))
        ++at;
    } else {
      for (const std::string_view symbol : symbols)
        if (at == start && text.compare(at, symbol.size(), symbol) == 0)
          at += symbol.size();
      if (at == start)
        throw ParseError(at, std::string("'") + text[at] + "' has no meaning in an expression" +
                                 (text[at] == '=' ? "; is == meant?" : ""));
    }
    tokens.push_back({kind, start, text.substr(start, at - start)});
  }
  tokens.push_back({Token::Kind::end, text.size(), "the end"});
  return tokens;
}

// C's precedence; 0 is no infix operator.  `in` compares.
int precedence(const Token& token) {
  static constexpr std::array<std::array<std::string_view, 5>, 7> ranks{
      {{"||"}, {"&&"}, {"|"}, {"&"}, {"==", "!="}, {"<", "<=", ">", ">=", "in"}, {"+", "-"}}};
  for (std::size_t rank = 0; rank < ranks.size(); ++rank)
    for (const std::string_view symbol : ranks[rank])
      if (!symbol.empty() && token.text == symbol && token.kind != Token::Kind::number)
        return static_cast<int>(rank) + 1;
  return 0;
}

constexpr int bit_or_rank = 3;
constexpr int bit_and_rank = 4;
constexpr int equality_rank = 5;
constexpr int order_rank = 6;

// An initializer list would copy the parts, and a chain of operators all of itself at each.
Term term_of(Term::Form form, const Token& token, Term first) {
  Term term{form, token.offset, token.text, 0, {}, false};
  term.parts.push_back(std::move(first));
  return term;
}

class Parser {
public:
  Parser(const std::string& text, const std::vector<std::string>& qualifiers)
      : tokens_(tokens_of(text, qualifiers)) {}

  Term whole() {
    Term term = selection();
    if (next().kind != Token::Kind::end)
      throw ParseError(next().offset, "'" + next().text + "' is not expected here");
    return term;
  }

private:
  const Token& next() const { return tokens_[at_]; }
  bool next_is(std::string_view symbol) const {
    return next().kind == Token::Kind::symbol && next().text == symbol;
  }
  Token take() { return tokens_[at_++]; }
  void expect(std::string_view symbol) {
    if (!next_is(symbol))
      throw ParseError(next().offset, "'" + std::string(symbol) + "' is expected in place of '" +
                                          next().text + "'");
    take();
  }

  class Nesting {
  public:
    Nesting(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > deepest_nesting)
        throw ParseError(parser_.next().offset, "the expression is nested too deeply");
    }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    ~Nesting() { --parser_.depth_; }

  private:
    Parser& parser_;
  };

  Term selection() {
    const Nesting nesting(*this);
    Term condition = infix(1);
    if (!next_is("?"))
      return condition;
    Term term = term_of(Term::Form::selected, take(), std::move(condition));
    term.parts.push_back(selection());
    expect(":");
    term.parts.push_back(selection());
    return term;
  }

  Term infix(int lowest) {
    Term left = prefix();
    for (int rank = precedence(next()); rank >= lowest; rank = precedence(next())) {
      const Token symbol = take();
      Term right = infix(rank + 1);
      refuse_comparison_of_bits(symbol, rank, left);
      refuse_comparison_of_bits(symbol, rank, right);
      left = term_of(Term::Form::infix, symbol, std::move(left));
      left.parts.push_back(std::move(right));
      require_shallow(left);
    }
    return left;
  }

  // `flags & NOTE_EXIT != 0` is in C what nobody means; the types would tell, but not why.
  static void refuse_comparison_of_bits(const Token& symbol, int rank, const Term& operand) {
    if ((rank != bit_or_rank && rank != bit_and_rank) || operand.bracketed ||
        operand.form != Term::Form::infix)
      return;
    const int inner = precedence({Token::Kind::symbol, 0, operand.text});
    if (inner == equality_rank || inner == order_rank)
      throw ParseError(operand.offset, "as in C, " + operand.text + " binds tighter than " +
                                           symbol.text + ": put the " + symbol.text +
                                           " in brackets");
  }

  // A long chain of operators is as deep a tree as nested brackets are.
  void require_shallow(const Term& term) {
    if (++operators_ > 10 * deepest_nesting)
      throw ParseError(term.offset, "the expression has too many operators");
  }

  Term prefix() {
    const Nesting nesting(*this);
    if (next_is("!") || next_is("~")) {
      const Token symbol = take();
      return term_of(Term::Form::prefix, symbol, prefix());
    }
    if (next_is("-")) {
      const Token minus = take();
      if (next().kind != Token::Kind::number)
        throw ParseError(minus.offset, "'-' has no left operand");
      Term term = number();
      term.value = -term.value;
      return term;
    }
    return postfix();
  }

  Term postfix() {
    Term term = primary();
    while (next_is(".")) {
      take();
      if (next().kind != Token::Kind::name)
        throw ParseError(next().offset,
                         "the name of a field is expected in place of '" + next().text + "'");
      const Token field = take();
      term = term_of(Term::Form::member, field, std::move(term));
      require_shallow(term);
    }
    return term;
  }

  Term primary() {
    if (next_is("(")) {
      take();
      Term term = selection();
      expect(")");
      term.bracketed = true;
      return term;
    }
    if (next().kind == Token::Kind::number)
      return number();
    if (next_is("[]")) {
      const Token empty = take();
      return {Term::Form::name, empty.offset, empty.text, 0, {}, false};
    }
    if (next().kind != Token::Kind::name)
      throw ParseError(next().offset, "an operand is expected in place of '" + next().text + "'");
    const Token name = take();
    if (!next_is("("))
      return {Term::Form::name, name.offset, name.text, 0, {}, false};
    take();
    Term term{Term::Form::call, name.offset, name.text, 0, {}, false};
    do
      term.parts.push_back(selection());
    while (next_is(",") && (take(), true));
    expect(")");
    return term;
  }

  Term number() {
    const Token token = take();
    Term term{Term::Form::number, token.offset, token.text, 0, {}, false};
    const char* const end = token.text.data() + token.text.size();
    if (std::from_chars(token.text.data(), end, term.value).ec != std::errc() ||
        term.value > widest_integer)
      throw ParseError(token.offset, token.text + " is too large");
    return term;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
  int operators_ = 0;
};

} // namespace

Term parse_term(const std::string& text, const std::vector<std::string>& qualifiers) {
  return Parser(text, qualifiers).whole();
}

} // namespace interlock::lang
