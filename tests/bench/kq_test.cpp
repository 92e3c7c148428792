// The benchmark specification gives the graph that SPIN, Rumur and TLC find for the same algorithm:
// they agree on these numbers of states and transitions.
#include "../../bench/kq_spec.hpp"
#include "verdict/check.hpp"

#include <gtest/gtest.h>

namespace interlock {
namespace {

struct Size {
  unsigned threads;
  unsigned knotes;
  std::uint64_t states;
  std::uint64_t transitions;
};

class KqSizes : public testing::TestWithParam<Size> {};

TEST_P(KqSizes, HasAsManyStatesAndTransitionsAsInOtherCheckers) {
  const Size& size = GetParam();
  const bench::KqSpec kq(size.threads, size.knotes);
  const checker::CheckResult result = checker::check(kq.spec(), {});
  EXPECT_EQ(result.verdict, checker::Verdict::holds);
  EXPECT_EQ(result.statistics.states, size.states);
  EXPECT_EQ(result.statistics.transitions, size.transitions);
}

INSTANTIATE_TEST_SUITE_P(Sizes, KqSizes,
                         testing::Values(Size{2, 1, 821, 1348}, Size{2, 2, 8040, 13052},
                                         Size{3, 2, 165597, 313902}, Size{4, 2, 2347047, 4887468}));

TEST(Kq, HasNinetyOneLevelsWithFourThreadsIn45BytesPerState) {
  const bench::KqSpec kq(4, 2);
  checker::CheckOptions options;
  options.max_bytes = std::uint64_t{45} * 2347047; // 45 bytes for each state
  const checker::CheckResult result = checker::check(kq.spec(), options);
  EXPECT_EQ(result.verdict, checker::Verdict::holds);
  EXPECT_EQ(result.statistics.depth, 90U); // the initial state is the first level
  EXPECT_LT(result.statistics.bytes_per_state, 45.0);
}

TEST(Kq, NeedsTwelveStepsAndTheFailingOneToUseADetachedKnoteWithoutFluxWait) {
  // SPIN and TLC find the same length breadth first.
  const bench::KqSpec kq(4, 2, bench::KqSpec::Deletion::does_not_wait);
  const checker::CheckResult result = checker::check(kq.spec(), {});
  ASSERT_EQ(result.verdict, checker::Verdict::violated);
  EXPECT_EQ(result.trace->violation.property, "no-use-after-detach");
  EXPECT_EQ(result.trace->actions.size(), 13U);
  EXPECT_NO_THROW(lang::follow(kq.spec(), *result.trace));
}

} // namespace
} // namespace interlock
