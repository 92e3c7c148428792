// Expressions of C from tokens: the part of the parser that statements use.
#pragma once

#include "kernel_text/source_error.hpp"
#include "kernel_text/tree.hpp"

namespace interlock::kernel_text {

// A place in the tokens of one function.
class Cursor {
public:
  Cursor(const std::string& file, const Tokens& tokens, std::size_t begin, std::size_t end)
      : file_(file), tokens_(tokens), at_(begin), end_(end) {}

  bool at_end() const { return at_ >= end_; }
  std::size_t position() const { return at_; }
  void go_to(std::size_t position) { at_ = position; }
  // The token `ahead` places on; an empty one behind the end.
  const Token& peek(std::size_t ahead = 0) const {
    static const Token nothing;
    return at_ + ahead < end_ ? tokens_[at_ + ahead] : nothing;
  }
  bool sees(const char* text) const { return peek().is(text); }
  bool accept(const char* text) {
    const bool found = !at_end() && sees(text);
    at_ += found ? 1U : 0U;
    return found;
  }
  Token take() {
    if (at_end())
      fail("the function ends too early");
    return tokens_[at_++];
  }
  void expect(const char* text) {
    if (!accept(text))
      fail(std::string("expected \"") + text + "\", found " +
           (at_end() ? "the end" : "\"" + peek().text + "\""));
  }
  // The position behind the bracket that closes the one at `open`.
  std::size_t behind_bracket(std::size_t open) const;
  int line() const { return at_ < tokens_.size() ? tokens_[at_].line : last_line(); }
  [[noreturn]] void fail(const std::string& message) const {
    throw SourceError(file_, line(), message);
  }

private:
  int last_line() const { return tokens_.empty() ? 1 : tokens_.back().line; }

  const std::string& file_;
  const Tokens& tokens_;
  std::size_t at_;
  std::size_t end_;
};

enum class Commas {
  operators, // of the expression
  end_it,
};

// Reads one expression.  Throws SourceError.
Expression read_expression(Cursor& cursor, Commas commas = Commas::operators);

// Whether a type begins here: a keyword of types, a name that ends with _t, or two names in a row.
bool begins_type(const Cursor& cursor);

} // namespace interlock::kernel_text
