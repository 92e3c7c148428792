// The tokens of C, with their lines.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace interlock::kernel_text {

enum class TokenKind : std::uint8_t {
  name,        // identifiers and keywords
  number,      // integers and floating point, as spelled
  text,        // string literals and character constants, with their quotes
  punctuation, // operators and separators, the longest that fits
  directive,   // a preprocessor line: its words after the #, comments removed, lines joined
};

struct Token {
  TokenKind kind = TokenKind::punctuation;
  std::string text;
  int line = 0; // from 1, in the file

  bool is(const char* spelled) const { return kind != TokenKind::text && text == spelled; }
};

using Tokens = std::vector<Token>;

// Splits a file.  Comments and line continuations are dropped.  Throws SourceError for a comment or
// a literal without an end, and for a byte that no token of C begins with.
Tokens tokens_of(const std::string& file, const std::string& source);

} // namespace interlock::kernel_text
