// From characters to tokens (ISO C 6.4).
#include "kernel_text/source_error.hpp"
#include "kernel_text/token.hpp"

#include <array>
#include <string_view>

namespace interlock::kernel_text {

namespace {

bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\f' || c == '\v' || c == '\r'; }

// Longest first, so that the first that fits is the one.
constexpr std::array<std::string_view, 24> long_punctuation{
    "...", "<<=", ">>=", "->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=",
    "&&",  "||",  "+=",  "-=", "*=", "/=", "%=", "&=", "|=", "^=", "##", "::"};
constexpr std::string_view short_punctuation = "{}[]()<>;:,.?=+-*/%&|^~!#@";

class Lexer {
public:
  Lexer(const std::string& file, const std::string& source) : file_(file), source_(source) {}

  Tokens run() {
    while (skip_blank(), !at_end()) {
      if (peek() == '#' && fresh_line_)
        directive();
      else
        token();
    }
    return std::move(tokens_);
  }

private:
  bool at_end() const { return at_ >= source_.size(); }
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }
  bool looking_at(std::string_view text) const {
    return std::string_view(source_).substr(at_, text.size()) == text;
  }

  char take() {
    const char c = source_[at_++];
    line_ += c == '\n' ? 1 : 0;
    return c;
  }

  // A backslash and the end of a line: nothing at all.
  bool skip_continuation() {
    const std::size_t length = looking_at("\\\n") ? 2U : looking_at("\\\r\n") ? 3U : 0U;
    for (std::size_t i = 0; i < length; ++i)
      take();
    return length != 0;
  }

  bool skip_comment() {
    if (looking_at("//")) {
      while (!at_end() && peek() != '\n')
        if (!skip_continuation())
          take();
      return true;
    }
    if (!looking_at("/*"))
      return false;
    const int begin = line_;
    take();
    take();
    while (!looking_at("*/")) {
      if (at_end())
        throw SourceError(file_, begin, "a comment without an end");
      take();
    }
    take();
    take();
    return true;
  }

  void skip_blank() {
    while (!at_end()) {
      if (peek() == '\n') {
        take();
        fresh_line_ = true;
      } else if (is_space(peek())) {
        take();
      } else if (!skip_continuation() && !skip_comment()) {
        return;
      }
    }
  }

  void add(TokenKind kind, std::string text, int line) {
    tokens_.push_back({kind, std::move(text), line});
    fresh_line_ = false;
  }

  // The rest of a logical line, each run of blanks and comments as one space.
  void directive() {
    const int line = line_;
    take();
    std::string text;
    while (!at_end() && peek() != '\n') {
      if (skip_continuation() || (!text.empty() && peek() == '"' && literal_into(text)))
        continue;
      if (is_space(peek()) || looking_at("/*") || looking_at("//")) {
        if (!skip_comment())
          take();
        if (!text.empty() && text.back() != ' ')
          text += ' ';
        continue;
      }
      text += take();
    }
    while (!text.empty() && text.back() == ' ')
      text.pop_back();
    add(TokenKind::directive, std::move(text), line);
    fresh_line_ = true;
  }

  // A literal in a directive hides what looks like a comment; one without an end is left alone, as
  // in #error don't.
  bool literal_into(std::string& text) {
    const std::size_t end = source_.find('"', at_ + 1);
    if (end == std::string::npos || end > source_.find('\n', at_))
      return false;
    while (at_ <= end)
      text += take();
    return true;
  }

  void token() {
    const int line = line_;
    if (begins_name(peek())) {
      const bool wide = peek() == 'L' && (peek(1) == '"' || peek(1) == '\'');
      if (wide) {
        take();
        literal(line);
        return;
      }
      std::string text;
      while (begins_name(peek()) || is_digit(peek()))
        text += take();
      add(TokenKind::name, std::move(text), line);
    } else if (is_digit(peek()) || (peek() == '.' && is_digit(peek(1)))) {
      number(line);
    } else if (peek() == '"' || peek() == '\'') {
      literal(line);
    } else {
      punctuation(line);
    }
  }

  void number(int line) { // a preprocessing number
    std::string text;
    while (begins_name(peek()) || is_digit(peek()) || peek() == '.' ||
           ((peek() == '+' || peek() == '-') && !text.empty() &&
            std::string_view("eEpP").find(text.back()) != std::string_view::npos &&
            !(text.size() > 1 && (text[1] == 'x' || text[1] == 'X') && text.back() != 'p' &&
              text.back() != 'P')))
      text += take();
    add(TokenKind::number, std::move(text), line);
  }

  void literal(int line) {
    const char quote = take();
    std::string text(1, quote);
    while (peek() != quote) {
      if (skip_continuation())
        continue;
      if (at_end() || peek() == '\n')
        throw SourceError(file_, line, std::string("a literal without its closing ") + quote);
      if (peek() == '\\')
        text += take();
      if (!at_end())
        text += take();
    }
    text += take();
    add(TokenKind::text, std::move(text), line);
  }

  void punctuation(int line) {
    for (const std::string_view candidate : long_punctuation)
      if (looking_at(candidate)) {
        at_ += candidate.size();
        add(TokenKind::punctuation, std::string(candidate), line);
        return;
      }
    if (short_punctuation.find(peek()) == std::string_view::npos) {
      static constexpr const char* digits = "0123456789abcdef";
      const auto byte = static_cast<unsigned char>(peek());
      throw SourceError(file_, line,
                        std::string("the byte 0x") + digits[byte / 16] + digits[byte % 16] +
                            " begins no token of C");
    }
    add(TokenKind::punctuation, std::string(1, take()), line);
  }

  const std::string& file_;
  const std::string& source_;
  std::size_t at_ = 0;
  int line_ = 1;
  bool fresh_line_ = true; // nothing but blanks so far on this line
  Tokens tokens_;
};

} // namespace

Tokens tokens_of(const std::string& file, const std::string& source) {
  return Lexer(file, source).run();
}

} // namespace interlock::kernel_text
