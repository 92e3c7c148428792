// The core loop on literal graphs, with no specification at all.
#include "search/explore.hpp"

#include <gtest/gtest.h>

#include <map>

namespace interlock::checker {
namespace {

// States are numbers; state 0 is initial; an edge to `broken` is a step that fails.
constexpr Word broken = ~Word{0};

class Graph {
public:
  explicit Graph(std::multimap<Word, Word> edges) : edges_(std::move(edges)) {}
  std::size_t words() const { return 1; }
  std::size_t max_successors() const { return edges_.size(); }
  std::vector<bool> late_actions() const { return {}; }
  void initial(Word* state) const { *state = 0; }
  template <class Sink> void successors(const Word* state, Sink& sink) const {
    lang::ActionId action = 0;
    for (auto [at, end] = edges_.equal_range(*state); at != end; ++at, ++action) {
      if (at->second == broken) {
        sink.failed(action, 5);
        continue;
      }
      *sink.room() = at->second;
      sink.taken(action);
    }
  }

private:
  std::multimap<Word, Word> edges_;
};

struct Diary : Silent {
  bool level(StateNumber first, StateNumber last) {
    levels.emplace_back(first, last);
    return levels.size() <= most_levels;
  }
  void found(StateNumber number, const Word* state, std::optional<lang::ActionId>) {
    EXPECT_EQ(number, states.size());
    states.push_back(*state);
  }
  void edge(StateNumber from, lang::ActionId, StateNumber to, bool fresh) {
    edges.emplace_back(states.at(from), states.at(to)); // throws where an end is not announced yet
    tree += fresh ? 1U : 0U;
  }
  void failed(StateNumber from, lang::ActionId action, std::uint32_t failure) {
    failures.push_back({from, action, failure});
  }
  void stuck(StateNumber, const Word* state) { dead_ends.push_back(*state); }
  bool go_on() { return ++asked != stop_when_asked; }

  std::vector<std::pair<StateNumber, StateNumber>> levels;
  std::vector<Word> states;
  std::vector<std::pair<Word, Word>> edges;
  std::vector<Failed> failures;
  std::vector<Word> dead_ends;
  std::size_t tree = 0;
  std::size_t most_levels = 1000;
  unsigned asked = 0;
  unsigned stop_when_asked = 0;
};

TEST(Explore, VisitsADiamondLevelByLevelAndEachEdgeOnce) {
  const Graph diamond({{0, 1}, {0, 2}, {1, 3}, {2, 3}, {3, 0}});
  SeenSet seen(8);
  Diary diary;
  EXPECT_EQ(explore(diamond, seen, diary), Full::no);
  EXPECT_EQ(diary.states, (std::vector<Word>{0, 1, 2, 3}));
  EXPECT_EQ(diary.levels,
            (std::vector<std::pair<StateNumber, StateNumber>>{{0, 1}, {1, 3}, {3, 4}}));
  EXPECT_EQ(diary.edges,
            (std::vector<std::pair<Word, Word>>{{0, 1}, {0, 2}, {1, 3}, {2, 3}, {3, 0}}));
  EXPECT_EQ(diary.tree, 3U);
  EXPECT_TRUE(diary.dead_ends.empty());
}

TEST(Explore, ReportsWhereNothingLeadsOnAndWhatFails) {
  const Graph graph({{0, 1}, {0, 2}, {2, broken}});
  SeenSet seen(8);
  Diary diary;
  explore(graph, seen, diary);
  EXPECT_EQ(diary.dead_ends, (std::vector<Word>{1})); // 2 is not: it has a step, which fails
  ASSERT_EQ(diary.failures.size(), 1U);
  EXPECT_EQ(diary.failures[0].from, 2U);
  EXPECT_EQ(diary.failures[0].failure, 5U);
}

TEST(Explore, StopsBeforeTheLevelThatAListenerRefuses) {
  const Graph line({{0, 1}, {1, 2}, {2, 3}});
  SeenSet seen(8);
  Diary diary;
  diary.most_levels = 2;
  explore(line, seen, diary);
  EXPECT_EQ(diary.states, (std::vector<Word>{0, 1, 2}));
}

TEST(Explore, StopsBetweenBatchesWhenAListenerSaysSo) {
  std::multimap<Word, Word> line;
  for (Word state = 0; state < 1000; ++state)
    line.emplace(state, state + 1);
  SeenSet seen(8);
  Diary diary;
  diary.stop_when_asked = 10; // a batch never reaches over the end of a level, here one state
  explore(Graph(line), seen, diary);
  EXPECT_EQ(seen.size(), 11U);
}

TEST(Explore, SaysThatTheSetIsFull) {
  const Graph line({{0, 1}, {1, 2}, {2, 3}});
  SeenSet seen(8, {.states = 2, .bytes = 0});
  Diary diary;
  EXPECT_EQ(explore(line, seen, diary), Full::states);
  EXPECT_EQ(diary.states, (std::vector<Word>{0, 1}));
}

TEST(Explore, FindsAllOfALargeGraphAcrossManyBatches) {
  // 5,000 states, each with an edge to its two halves' children of a binary tree, and one edge
  // back.
  std::multimap<Word, Word> edges;
  constexpr Word count = 5000;
  for (Word state = 0; state < count; ++state) {
    for (const Word child : {2 * state + 1, 2 * state + 2})
      if (child < count)
        edges.emplace(state, child);
    edges.emplace(state, state / 2);
  }
  SeenSet seen(8);
  Diary diary;
  explore(Graph(edges), seen, diary);
  EXPECT_EQ(diary.states.size(), count);
  EXPECT_EQ(diary.edges.size(), edges.size());
  EXPECT_EQ(diary.tree, count - 1);
  EXPECT_EQ(diary.levels.size(), 13U); // 2^12 <= 5,000 < 2^13
}

} // namespace
} // namespace interlock::checker
