// Lists of names in messages.
#include "text/lists.hpp"

#include <gtest/gtest.h>

namespace interlock::text {
namespace {

TEST(Lists, HaveSeparatorsBetweenTheirPartsOnly) {
  EXPECT_EQ(joined({}), "");
  EXPECT_EQ(joined({"a"}), "a");
  EXPECT_EQ(joined({"a", "", "c"}), "a, , c");
  EXPECT_EQ(joined({"a", "b"}, " -> "), "a -> b");
}

TEST(Lists, AreReadAloudWithAnAnd) {
  EXPECT_EQ(listed({"a"}), "a");
  EXPECT_EQ(listed({"a", "b"}), "a and b");
  EXPECT_EQ(listed({"a", "b", "c"}), "a, b and c");
}

} // namespace
} // namespace interlock::text
