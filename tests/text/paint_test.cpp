// Paint paints when it is on, and is not there when it is off.
#include "text/paint.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

using text::Paint;
using text::Style;

TEST(Paint, LeavesTextsAsTheyAreUnlessItIsOn) {
  EXPECT_EQ(Paint()(Style::red, "text"), "text");
  EXPECT_EQ(Paint(false)(Style::bold, "text"), "text");
}

// ECMA-48: SGR 31 is red, SGR 0 ends it.
TEST(Paint, EndsWhatItBegins) { EXPECT_EQ(Paint(true)(Style::red, "x"), "\x1b[31mx\x1b[0m"); }

TEST(Paint, PaintsNoEmptyText) { EXPECT_EQ(Paint(true)(Style::red, ""), ""); }

} // namespace
} // namespace interlock::tests
