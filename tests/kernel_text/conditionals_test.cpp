// Which lines of a file are compiled.
#include "kernel_text/conditionals.hpp"
#include "kernel_text/source_error.hpp"

#include <gtest/gtest.h>

namespace interlock::kernel_text {
namespace {

std::string kept(const std::string& source, const Macros& macros = {}) {
  std::string text;
  for (const Token& token : select("a.c", tokens_of("a.c", source), macros).tokens)
    text += (text.empty() ? "" : " ") + token.text;
  return text;
}

TEST(Conditionals, TakeTheFirstBranchThatHolds) {
  const std::string source = "#if A > 1\na\n#elif defined(B) && !C\nb\n#else\nc\n#endif\nd";
  EXPECT_EQ(kept(source, {{"A", 2}, {"B", 1}}), "a d");
  EXPECT_EQ(kept(source, {{"A", 1}, {"B", 1}}), "b d");
  EXPECT_EQ(kept(source, {{"B", 0}, {"C", 1}}), "c d");
}

TEST(Conditionals, AreNotEvaluatedInsideWhatIsLeftOut) {
  EXPECT_EQ(kept("#ifdef A\n#if 1 / 0\na\n#endif\n#else\nb\n#endif"), "b");
}

TEST(Conditionals, KnowWhatTheFileDefines) {
  EXPECT_EQ(kept("#define A (2)\n#define F(x) x\n#if A == 2 && defined F\na\n#endif\n"
                 "#undef A\n#ifndef A\nb\n#endif"),
            "a b");
}

TEST(Conditionals, ComputeAsCDoes) {
  // Precedence, shifts, the conditional operator, character of a suffix.
  EXPECT_EQ(kept("#if 1 + 2 * 3 == 7 && (1 << 4 | 1) == 0x11U && (0 ? 1 : 2) == 2L\na\n#endif"),
            "a");
  EXPECT_EQ(kept("#if -1 < 0 && !0 && ~0 == -1 && 7 % 4 == 3\na\n#endif"), "a");
}

TEST(Conditionals, TellWhichNamesNobodyDefined) {
  const auto selected =
      select("a.c", tokens_of("a.c", "#if A && defined(B)\n#endif\n#ifdef C\n#endif"), {{"A", 1}});
  EXPECT_EQ(selected.undefined, (std::set<std::string>{"B", "C"}));
}

TEST(Conditionals, SayWhatIsWrongAndWhere) {
  const auto error = [](const std::string& source) -> std::string {
    try {
      kept(source);
    } catch (const SourceError& thrown) {
      return thrown.what();
    }
    return "";
  };
  EXPECT_EQ(error("a\n#else"), "a.c:2: #else without its #if");
  EXPECT_EQ(error("\n#if 1\n"), "a.c:2: an #if without its #endif");
  EXPECT_EQ(error("#if 1\n#else\n#else\n#endif"), "a.c:3: #else after #else");
  EXPECT_EQ(error("#if 1 / 0\n#endif"), "a.c:1: the condition divides by 0");
  EXPECT_EQ(error("#if (1\n#endif"), "a.c:1: the condition lacks a \")\"");
  // Circular definitions end.
  EXPECT_EQ(error("#define A B\n#define B A\n#if A\n#endif"),
            "a.c:3: the condition is nested too deeply");
}

} // namespace
} // namespace interlock::kernel_text
