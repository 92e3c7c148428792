// Digests of functions.
#include "kernel_text/digest.hpp"
#include "kernel_text/read.hpp"

#include <gtest/gtest.h>

namespace interlock::kernel_text {
namespace {

std::string digest(const std::string& text) {
  const File file = read_text("a.c", text, {});
  return digest_of(file, file.functions.at(0));
}

TEST(Digest, IsOfTokensAlone) {
  const std::string plain = digest("int f(void) { return 1; }\n");
  EXPECT_EQ(plain.size(), 16U);
  EXPECT_EQ(digest("/* new */\n\nint\nf(void)\n{\n  return 1; // one\n}\n"), plain);
  EXPECT_NE(digest("int f(void) { return 2; }\n"), plain);
  EXPECT_NE(digest("int f(void) {\n#ifdef X\n return 1;\n#endif\n}\n"), plain);
}

TEST(Digest, IsOfOneFunction) {
  const std::string f = "void f(void)\n{\n  a();\n}\n";
  EXPECT_EQ(digest(f + "void g(void)\n{\n}\n"), digest(f + "void g(void)\n{\n  b();\n}\n"));
}

} // namespace
} // namespace interlock::kernel_text
