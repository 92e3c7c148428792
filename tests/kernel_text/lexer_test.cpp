// Tokens of C: what the characters of a file come to.
#include "kernel_text/source_error.hpp"
#include "kernel_text/token.hpp"

#include <gtest/gtest.h>

namespace interlock::kernel_text {
namespace {

std::string words(const std::string& source) {
  std::string text;
  for (const Token& token : tokens_of("a.c", source))
    text += (text.empty() ? "" : " ") + token.text;
  return text;
}

TEST(Lexer, TakesTheLongestOperatorThatFits) {
  EXPECT_EQ(words("a->b<<=c--&&!d...x"), "a -> b <<= c -- && ! d ... x");
}

TEST(Lexer, DropsCommentsAndJoinsContinuedLines) {
  EXPECT_EQ(words("a /* b\n c */ d // e\nf\\\n+g"), "a d f + g");
}

TEST(Lexer, KeepsLiteralsWholeWithWhatLooksLikeACommentInThem) {
  EXPECT_EQ(words(R"(f("/* no \" comment */", '\'', L"x"))"),
            R"(f ( "/* no \" comment */" , '\'' , "x" ))");
}

TEST(Lexer, KnowsTheLineOfEveryToken) {
  const Tokens tokens = tokens_of("a.c", "a\n/* 1\n 2 */ b\\\n\nc");
  ASSERT_EQ(tokens.size(), 3U);
  EXPECT_EQ(tokens[0].line, 1);
  EXPECT_EQ(tokens[1].line, 3);
  EXPECT_EQ(tokens[2].line, 5);
}

TEST(Lexer, ADirectiveIsOneTokenOfItsWholeLogicalLine) {
  const Tokens tokens = tokens_of("a.c", "  #  define A(x) \\\n   (x) /* why */\nb # c");
  ASSERT_GE(tokens.size(), 2U);
  EXPECT_EQ(tokens[0].kind, TokenKind::directive);
  EXPECT_EQ(tokens[0].text, "define A(x) (x)");
  EXPECT_EQ(tokens[2].kind, TokenKind::punctuation); // # within a line is none
}

TEST(Lexer, SaysWhereSomethingHasNoEnd) {
  const auto error = [](const std::string& source) -> std::string {
    try {
      tokens_of("a.c", source);
    } catch (const SourceError& thrown) {
      return thrown.what();
    }
    return "";
  };
  EXPECT_EQ(error("a\n/* b"), "a.c:2: a comment without an end");
  EXPECT_EQ(error("\n\n\"abc\n"), "a.c:3: a literal without its closing \"");
  EXPECT_EQ(error("a \x01"), "a.c:1: the byte 0x01 begins no token of C");
}

} // namespace
} // namespace interlock::kernel_text
