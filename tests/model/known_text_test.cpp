// What is known of the kernels' texts.
#include "systems/known_text.hpp"

#include <gtest/gtest.h>
#include <stdexcept>

namespace interlock::systems {
namespace {

TEST(KnownText, IsReadByRevision) {
  const auto texts = read_known_texts("# a comment\n"
                                      "text old sys/kern/a.c f 12 0123456789abcdef\n"
                                      "step old f.lock 14\n"
                                      "step new fork child.return 9\n");
  ASSERT_EQ(texts.size(), 2U);
  const KnownFunction& f = texts.at("old").functions.at("f");
  EXPECT_EQ(f.file, "sys/kern/a.c");
  EXPECT_EQ(f.line, 12);
  EXPECT_EQ(f.digest, "0123456789abcdef");
  EXPECT_EQ(texts.at("old").lines.at("f.lock"), 14);
  EXPECT_EQ(texts.at("new").lines.at("fork child.return"), 9); // a label may have blanks
}

TEST(KnownText, AWrongLineIsRefusedWithItsNumber) {
  for (const char* line : {"text old a.c f", "step old f.lock", "step old f.lock x", "other old"})
    try {
      read_known_texts("\n" + std::string(line) + "\n");
      ADD_FAILURE() << line;
    } catch (const std::invalid_argument& error) {
      EXPECT_EQ(std::string(error.what()).substr(0, 7), "line 2 ") << line;
    }
}

TEST(KnownText, OfAnotherSystemOrRevisionNothingIsKnown) {
  EXPECT_TRUE(known_text("plan9", "kqueue-10.4").functions.empty());
  EXPECT_TRUE(known_text("freebsd", "kqueue-99").lines.empty());
}

} // namespace
} // namespace interlock::systems
