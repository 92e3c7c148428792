// Numbers in messages: no digit that says nothing.
#include "text/numbers.hpp"

#include <gtest/gtest.h>

namespace interlock::text {
namespace {

TEST(Numbers, HaveNoZerosAtTheirEndAndKeepTheSmall) {
  EXPECT_EQ(in_words(60), "60");
  EXPECT_EQ(in_words(0.25), "0.25");
  EXPECT_EQ(in_words(0.0000001), "0.0000001");
  EXPECT_EQ(in_words(1e9), "1000000000");
}

} // namespace
} // namespace interlock::text
