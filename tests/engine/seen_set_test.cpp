// The set of states: exact, numbered by insertion, within its limits.
#include "engine/seen_set.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace interlock::checker {
namespace {

class SeenSets : public testing::TestWithParam<std::size_t> {};

// State bytes around the borders of a word; the table doubles many times on the way.
INSTANTIATE_TEST_SUITE_P(StateBytes, SeenSets, testing::Values(1, 3, 7, 8, 9, 16, 23));

std::vector<Word> any_state(std::mt19937_64& random, std::size_t bytes) {
  std::vector<Word> state((bytes + 7) / 8, 0);
  for (Word& word : state)
    word = random() % 50; // few values: many repetitions
  std::vector<unsigned char> all(state.size() * 8, 0);
  std::memcpy(all.data(), state.data(), all.size());
  for (std::size_t i = 0; i + 1 < bytes; i += 3)
    all[i + 1] = static_cast<unsigned char>(random() % 7);
  std::fill(all.begin() + static_cast<std::ptrdiff_t>(bytes), all.end(), 0);
  std::memcpy(state.data(), all.data(), all.size());
  return state;
}

TEST_P(SeenSets, NumberStatesInTheOrderOfInsertionAndKnowThemAgain) {
  SeenSet seen(GetParam());
  std::map<std::vector<Word>, StateNumber> expected;
  std::mt19937_64 random(7);
  for (int i = 0; i < 60000; ++i) {
    const auto state = any_state(random, GetParam());
    const auto [known, is_new] = expected.emplace(state, static_cast<StateNumber>(expected.size()));
    const auto [number, fresh, full] = seen.insert(state.data());
    ASSERT_EQ(full, Full::no);
    ASSERT_EQ(fresh, is_new);
    ASSERT_EQ(number, known->second);
  }
  EXPECT_EQ(seen.size(), expected.size());
  std::vector<Word> loaded(seen.words());
  for (const auto& [state, number] : expected) {
    seen.load(number, loaded.data());
    ASSERT_EQ(loaded, state);
    ASSERT_EQ(seen.find(state.data(), seen.hash(state.data())), number);
  }
}

TEST(SeenSet, TellsStatesApartWhoseHashesAreEqual) {
  SeenSet seen(8);
  for (Word state = 0; state < 5000; ++state)
    EXPECT_TRUE(seen.insert(&state, 42).fresh);
  for (Word state = 0; state < 5000; state += 97) {
    const auto again = seen.insert(&state, 42);
    EXPECT_FALSE(again.fresh);
    EXPECT_EQ(again.number, state);
  }
}

TEST(SeenSet, WrapsAroundTheEndOfTheTable) {
  SeenSet seen(8);
  constexpr std::uint64_t last_slot = ~std::uint64_t{0};
  for (Word state = 0; state < 1000; ++state) // past the first doubling
    EXPECT_TRUE(seen.insert(&state, last_slot - state).fresh);
  for (Word state = 0; state < 1000; ++state)
    EXPECT_EQ(seen.find(&state, last_slot - state), static_cast<StateNumber>(state));
}

TEST(SeenSet, FindsNoStateThatWasNotInserted) {
  SeenSet seen(8);
  const Word inside = 1;
  const Word outside = 2;
  seen.insert(&inside);
  EXPECT_EQ(seen.find(&outside, seen.hash(&outside)), std::nullopt);
}

TEST(SeenSet, RefusesTheStateAfterTheLastThatIsAllowedButKnowsTheOthers) {
  SeenSet seen(8, {.states = 3, .bytes = 0});
  for (Word state = 0; state < 3; ++state)
    EXPECT_TRUE(seen.insert(&state).fresh);
  const Word one_more = 3;
  EXPECT_EQ(seen.insert(&one_more).full, Full::states);
  const Word known = 1;
  EXPECT_EQ(seen.insert(&known).full, Full::no);
  EXPECT_EQ(seen.size(), 3U);
}

TEST(SeenSet, StaysWithinItsBytes) {
  constexpr std::uint64_t limit = 1U << 20;
  SeenSet seen(8, {.states = 0, .bytes = limit});
  Word state = 0;
  while (seen.insert(&state).full == Full::no)
    ++state;
  EXPECT_EQ(seen.insert(&state).full, Full::bytes);
  EXPECT_LE(seen.bytes(), limit);
  // A state needs 8 bytes and at most 8/0.375 of the table; half of that may be the table not
  // grown.
  EXPECT_GT(seen.size(), limit / 60);
}

TEST(SeenSet, CrossesFromOneChunkOfStatesToTheNext) {
  constexpr Word states = (1U << 21) + 1000; // a chunk holds 2^21
  SeenSet seen(4);
  for (Word state = 0; state < states; ++state)
    ASSERT_TRUE(seen.insert(&state).fresh);
  Word loaded = 0;
  for (const StateNumber number : {0U, (1U << 21) - 1, 1U << 21, (1U << 21) + 999}) {
    seen.load(number, &loaded);
    EXPECT_EQ(loaded, number);
  }
  EXPECT_LT(static_cast<double>(seen.bytes()) / static_cast<double>(states), 4 + 8 / 0.375);
}

} // namespace
} // namespace interlock::checker
