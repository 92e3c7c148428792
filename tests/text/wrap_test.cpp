// Lines keep within a width, and nothing of the text is lost.
#include "text/wrap.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

using Lines = std::vector<std::string>;
using text::wrapped;

TEST(Wrapped, AShortTextIsOneLine) {
  EXPECT_EQ(wrapped("one two", 7, 2), Lines{"one two"});
  EXPECT_EQ(wrapped("", 7, 2), Lines{""});
}

TEST(Wrapped, BreaksAtASpaceAndIndentsWhatFollows) {
  EXPECT_EQ(wrapped("one two three", 8, 2), (Lines{"one two", "  three"}));
}

TEST(Wrapped, BreaksALongWordBehindAMark) {
  EXPECT_EQ(wrapped("KN_ACTIVE|KN_QUEUED", 12, 2), (Lines{"KN_ACTIVE|", "  KN_QUEUED"}));
}

TEST(Wrapped, KeepsWithinAWidthThatIsSmallerThanTheIndent) {
  for (const std::size_t width : {0U, 1U, 2U, 5U})
    for (const std::string& line : wrapped("abcdefghij klm", width, 20))
      EXPECT_LE(line.size(), std::max<std::size_t>(width, 1)) << line;
}

TEST(Wrapped, DoesNotCutACharacterInTwo) {
  for (const std::string& line : wrapped("\xC3\xA4\xC3\xA4\xC3\xA4", 3, 0))
    EXPECT_EQ(line.size() % 2, 0U) << line;
}

} // namespace
} // namespace interlock::tests
