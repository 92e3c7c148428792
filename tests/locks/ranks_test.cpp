// Ranks against a computation by hand: the longest way to a class.
#include "locks/ranks.hpp"
#include "support/lock_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace interlock::checker {
namespace {

using Pair = std::pair<std::uint32_t, std::uint32_t>;

std::vector<ClassEdge> edges_from(const std::vector<Pair>& pairs) {
  std::vector<ClassEdge> edges;
  for (const auto& [held, acquired] : pairs)
    edges.push_back({held, acquired, {}, {}, {}});
  return edges;
}

LockRanks rank(const std::vector<Pair>& pairs, std::size_t classes,
               std::vector<bool> precious = {}) {
  precious.resize(pairs.size(), false);
  return rank_locks(edges_from(pairs), classes, precious);
}

// Gives each class the length of the longest way to it; nothing when the edges have a cycle.
std::optional<std::vector<std::uint32_t>> longest_ways(const std::vector<Pair>& pairs,
                                                       std::size_t classes) {
  std::vector<std::uint32_t> ways(classes, 0);
  for (std::size_t round = 0; round <= classes; ++round) {
    bool changed = false;
    for (const auto& [from, to] : pairs)
      if (from != to && ways[to] < ways[from] + 1) {
        ways[to] = ways[from] + 1;
        changed = true;
      }
    if (!changed)
      return ways;
  }
  return std::nullopt;
}

TEST(LockRanks, AreTheSmallestThatEveryOrderRespects) {
  const LockRanks ranks = rank({{0, 1}, {1, 3}, {0, 3}, {2, 3}}, 5);
  EXPECT_TRUE(ranks.ordered());
  EXPECT_EQ(ranks.ranks, (std::vector<std::uint32_t>{0, 1, 0, 2, 0}));
}

TEST(LockRanks, OfNoOrdersAreAllZero) {
  EXPECT_EQ(rank({}, 2).ranks, (std::vector<std::uint32_t>{0, 0}));
  EXPECT_EQ(rank({{1, 1}}, 2).ranks, (std::vector<std::uint32_t>{0, 0})) << "no order of classes";
}

TEST(LockRanks, WithoutAnOrderThereIsAMinimalCycleAndASmallestRemoval) {
  // 0 -> 1 -> 2 -> 0 and 2 -> 3 -> 2: removing 2 -> 0 or 0 -> 1 or 1 -> 2, and one of the other
  // two.
  const LockRanks ranks = rank({{0, 1}, {1, 2}, {2, 0}, {2, 3}, {3, 2}}, 4);
  EXPECT_FALSE(ranks.ordered());
  EXPECT_EQ(ranks.removal, (std::vector<std::size_t>{2, 4})) << "the first edges stay";
  EXPECT_EQ(ranks.ranks, (std::vector<std::uint32_t>{0, 1, 2, 3}));
}

TEST(LockRanks, OneEdgeInTwoCyclesIsTheSmallestRemoval) {
  EXPECT_EQ(rank({{0, 1}, {1, 0}, {1, 2}, {2, 0}}, 3).removal, std::vector<std::size_t>{0});
}

TEST(LockRanks, TheRemovalSparesWhatIsPrecious) {
  EXPECT_EQ(rank({{0, 1}, {1, 0}}, 2, {false, true}).removal, std::vector<std::size_t>{0});
  EXPECT_EQ(rank({{0, 1}, {1, 0}}, 2, {true, false}).removal, std::vector<std::size_t>{1});
}

void expect_cycle(const std::vector<Pair>& pairs, const std::vector<std::size_t>& cycle) {
  ASSERT_GE(cycle.size(), 2U);
  std::set<std::uint32_t> classes;
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    EXPECT_EQ(pairs[cycle[i]].second, pairs[cycle[(i + 1) % cycle.size()]].first);
    EXPECT_TRUE(classes.insert(pairs[cycle[i]].first).second) << "a class is there twice";
  }
}

// Whether some set of so many edges can be removed to leave no cycle.
bool can_remove(const std::vector<Pair>& pairs, std::size_t classes, std::size_t count) {
  std::vector<bool> removed(pairs.size(), false);
  std::fill(removed.begin(), removed.begin() + static_cast<std::ptrdiff_t>(count), true);
  do {
    std::vector<Pair> rest;
    for (std::size_t i = 0; i < pairs.size(); ++i)
      if (!removed[i])
        rest.push_back(pairs[i]);
    if (longest_ways(rest, classes))
      return true;
  } while (std::prev_permutation(removed.begin(), removed.end()));
  return false;
}

TEST(LockRanks, AgreeWithExhaustiveSearchOnRandomGraphs) {
  std::mt19937_64 random(7);
  unsigned ordered = 0;
  unsigned circular = 0;
  for (int round = 0; round < 80; ++round) {
    const std::size_t classes = 2 + random() % 4;
    std::set<Pair> some;
    for (std::size_t i = random() % 9; i > 0; --i)
      some.emplace(random() % classes, random() % classes);
    const std::vector<Pair> pairs(some.begin(), some.end());
    const LockRanks ranks = rank(pairs, classes);
    const auto expected = longest_ways(pairs, classes);
    ASSERT_EQ(ranks.ordered(), expected.has_value());
    if (expected) {
      ++ordered;
      EXPECT_EQ(ranks.ranks, *expected);
      continue;
    }
    ++circular;
    expect_cycle(pairs, ranks.cycle);
    EXPECT_TRUE(can_remove(pairs, classes, ranks.removal.size()));
    EXPECT_FALSE(can_remove(pairs, classes, ranks.removal.size() - 1));
    std::vector<Pair> rest;
    for (std::size_t i = 0; i < pairs.size(); ++i)
      if (std::find(ranks.removal.begin(), ranks.removal.end(), i) == ranks.removal.end())
        rest.push_back(pairs[i]);
    EXPECT_EQ(longest_ways(rest, classes).value(), ranks.ranks);
  }
  EXPECT_GT(ordered, 20U);
  EXPECT_GT(circular, 20U);
}

} // namespace
} // namespace interlock::checker
