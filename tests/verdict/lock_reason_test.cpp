// The story of a finding about locks has every acquisition that the finding is about.
#include "verdict/lock_reason.hpp"

#include "locks/properties.hpp"
#include "story/story_text.hpp"
#include "support/lock_world.hpp"

#include <gtest/gtest.h>

namespace interlock::checker {
namespace {

using tests::LockWorld;
using tests::single_locks;
using Scripts = std::vector<std::pair<std::string, std::string>>;

// The story of the finding of that kind.
Story story_of_finding(const LockWorld& world, LockFindingKind kind,
                       const std::vector<std::string>& order = {}) {
  const LockAnalysis analysis = world.analyse(order);
  const std::vector<lang::Trace> traces = traces_of(analysis);
  for (std::size_t i = 0; i < traces.size(); ++i)
    if (analysis.findings[i].kind == kind)
      return story_of(world.spec(), traces[i], lock_reason_of(analysis, traces[i]));
  ADD_FAILURE() << "there is no such finding";
  return {};
}

std::vector<std::string> headlines(const Story& story) {
  std::vector<std::string> all;
  for (const StoryPart& part : story.parts)
    all.push_back(part.headline);
  return all;
}

// "a takes m, a takes n next"
std::string deeds(const StoryPart& part) {
  std::string all;
  for (const Moment& moment : part.moments)
    all += (all.empty() ? "" : ", ") + moment.thread + " " + moment.does;
  return all;
}

TEST(LockReason, OfAReversalBothOrdersAreToldAndTheGate) {
  const LockWorld world(
      single_locks({"gate", "m", "n"}),
      Scripts{{"a", "+gate +m +n -n -m -gate"}, {"b", "+gate +n +m -m -n -gate"}});
  const Story story = story_of_finding(world, LockFindingKind::order_reversal);
  ASSERT_EQ(story.parts.size(), 2U);
  EXPECT_EQ(story.parts[0].headline, "b takes m with n held (n -> m)");
  EXPECT_EQ(deeds(story.parts[0]), "b takes n, b takes m next");
  EXPECT_EQ(story.parts[1].headline, "in another run (2 steps) a takes n with m held (m -> n)");
  EXPECT_EQ(deeds(story.parts[1]), "a takes m, a takes n next");
  EXPECT_NE(story.parts[1].remarks.at(0).find("each takes them with gate held"), std::string::npos);
}

TEST(LockReason, StepsOfAnotherRunHaveNoNumber) {
  const LockWorld world(
      single_locks({"gate", "m", "n"}),
      Scripts{{"a", "+gate +m +n -n -m -gate"}, {"b", "+gate +n +m -m -n -gate"}});
  const Story story = story_of_finding(world, LockFindingKind::order_reversal);
  EXPECT_EQ(story.parts.at(0).moments.at(0).step, 2U);
  EXPECT_EQ(story.parts.at(1).moments.at(0).step, 0U);
  EXPECT_NE(story_text(story, {}).find("\n       a  takes m in "), std::string::npos)
      << story_text(story, {});
}

TEST(LockReason, WhereThreadsMeetTheCounterexampleShowsBothOrders) {
  const LockWorld world(single_locks({"m", "n"}),
                        Scripts{{"a", "+m +n -n -m"}, {"b", "+n +m -m -n"}});
  const Story story = story_of_finding(world, LockFindingKind::order_reversal);
  ASSERT_EQ(story.parts.size(), 2U);
  for (const StoryPart& part : story.parts) {
    EXPECT_FALSE(part.another_run) << part.headline;
    EXPECT_GT(part.moments.at(0).step, 0U);
  }
  EXPECT_NE(story.parts[0].moments.back().thread, story.parts[1].moments.back().thread);
}

TEST(LockReason, OfThreeLocksEveryOrderIsTold) {
  const LockWorld world(single_locks({"m", "n", "o"}),
                        Scripts{{"a", "+m +n -n -m"}, {"b", "+n +o -o -n"}, {"c", "+o +m -m -o"}});
  EXPECT_EQ(story_of_finding(world, LockFindingKind::order_reversal).parts.size(), 3U);
}

TEST(LockReason, AgainstTheDocumentedOrderItSaysWhoKeepsToItOrThatNobodyDoes) {
  const std::vector<std::string> order{"n", "m"};
  const LockWorld alone(single_locks({"m", "n"}), Scripts{{"a", "+m +n -n -m"}});
  const Story story = story_of_finding(alone, LockFindingKind::documented_order, order);
  ASSERT_EQ(story.parts.size(), 1U);
  EXPECT_EQ(story.parts[0].remarks,
            (std::vector<std::string>{"no thread of this scenario takes m with n held",
                                      "the documented order has n before m"}));
  const LockWorld two(single_locks({"m", "n"}),
                      Scripts{{"a", "+m +n -n -m"}, {"b", "+n +m -m -n"}});
  EXPECT_EQ(headlines(story_of_finding(two, LockFindingKind::documented_order, order)),
            (std::vector<std::string>{"a takes n with m held (m -> n)",
                                      "in another run (1 step) b takes m with n held (n -> m)"}));
}

TEST(LockReason, OfARecursionBothAcquisitionsAreTold) {
  const LockWorld world(single_locks({"m"}), Scripts{{"a", "+m +m"}});
  const Story story = story_of_finding(world, LockFindingKind::recursion);
  ASSERT_EQ(story.parts.size(), 1U);
  EXPECT_EQ(story.parts[0].headline, "a takes m, which it holds");
  EXPECT_EQ(deeds(story.parts[0]), "a takes m, a takes m next");
}

TEST(LockReason, IsEmptyForATraceThatNoFindingHas) {
  const LockWorld world(single_locks({"m"}), Scripts{{"a", "+m +m"}});
  EXPECT_TRUE(lock_reason_of(world.analyse(), {}).orders.empty());
  EXPECT_TRUE(lock_reason_of(std::nullopt, {}).orders.empty());
}

} // namespace
} // namespace interlock::checker
