// The way back from a state: a shortest one, and always the same one.
#include "search/exploration.hpp"
#include "search/parent_links.hpp"
#include "support/best_ways.hpp"
#include "support/random_spec.hpp"
#include "support/tiny_spec.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace interlock::checker {
namespace {

using tests::Way;

struct Explored {
  explicit Explored(const lang::Spec& spec, const CheckOptions& options = {}) : links(spec) {
    const CompiledSpec model(spec, {});
    Exploration exploration(spec, model, options);
    exploration.run(links);
    links.finish();
    std::vector<Word> packed(model.words());
    for (StateNumber number = 0; number < exploration.seen().size(); ++number) {
      exploration.seen().load(number, packed.data());
      states.push_back(model.layout().unpack(packed.data()));
    }
  }
  ParentLinks links;
  std::vector<lang::State> states; // by number
};

TEST(ParentLinks, TheWayNamesEachStateWithTheActionThatLeadsToIt) {
  tests::TinySpec tiny({"a", "b"});
  const lang::Expr done = tiny.flag("done");
  tiny.body(0, [&](lang::Steps& s) {
    s.step("one", {});
    s.set("two", {{done, lang::Expr(true)}});
  });
  tiny.body(1, [&](lang::Steps& s) { s.step("other", {}); });
  const lang::Spec& spec = tiny.finish();
  const Explored explored(spec);
  EXPECT_TRUE(explored.links.way_to(0).empty()) << "nothing leads to the initial state";
  const auto last = static_cast<StateNumber>(explored.states.size() - 1);
  const std::vector<ParentLinks::Link> way = explored.links.way_to(last);
  ASSERT_EQ(way.size(), 3U);
  lang::State state = spec.initial_state();
  for (const ParentLinks::Link& link : way) {
    state = lang::take(spec, state, spec.actions()[link.action]).state;
    EXPECT_EQ(state, explored.states[link.state]);
  }
  EXPECT_EQ(way.back().state, last);
}

// Random specifications, one after the other, until `work` has been true `wanted` times.
void with_random_specs(unsigned wanted, const std::function<bool(const lang::Spec&)>& work) {
  for (std::uint64_t seed = 1; wanted > 0 && !testing::Test::HasFailure(); ++seed) {
    std::optional<tests::RandomSpec> random;
    try {
      random.emplace(seed);
    } catch (const lang::SpecError&) {
      continue;
    }
    SCOPED_TRACE("seed " + std::to_string(seed));
    wanted -= work(random->spec()) ? 1U : 0U;
  }
}

TEST(ParentLinks, TheWayIsTheBestOfAllShortestWays) {
  std::size_t several = 0; // states with more than one shortest way
  with_random_specs(100, [&](const lang::Spec& spec) {
    const auto expected = tests::shortest_ways(spec, false, 20000);
    if (!expected)
      return false;
    const Explored explored(spec);
    EXPECT_EQ(explored.states.size(), expected->size());
    for (StateNumber number = 0; number < explored.states.size(); ++number) {
      const std::vector<Way>& ways = expected->at(explored.states[number]);
      EXPECT_EQ(explored.links.path_to(number), std::min_element(ways.begin(), ways.end())->path());
      several += ways.size() > 1 ? 1U : 0U;
    }
    return true;
  });
  EXPECT_GT(several, 500U) << "the comparison is of little worth where there is no choice";
}

TEST(ParentLinks, StatesAreInTheOrderOfTheirWays) {
  with_random_specs(100, [](const lang::Spec& spec) {
    const Explored explored(spec);
    const std::map<lang::State, Way> expected = tests::best_ways(spec);
    EXPECT_EQ(explored.links.in_order().size(), explored.states.size());
    const Way* before = nullptr;
    for (const StateNumber number : explored.links.in_order()) {
      const Way& way = expected.at(explored.states[number]);
      EXPECT_EQ(explored.links.path_to(number), way.path());
      EXPECT_TRUE(before == nullptr || *before < way);
      before = &way;
    }
    return true;
  });
}

TEST(ParentLinks, AnExplorationThatIsCutOffHasAWayToEveryState) {
  with_random_specs(50, [](const lang::Spec& spec) {
    CheckOptions options;
    options.max_states = 7;
    const Explored explored(spec, options);
    EXPECT_EQ(explored.links.in_order().size(), explored.states.size());
    for (StateNumber number = 0; number < explored.states.size(); ++number) {
      lang::State state = spec.initial_state();
      for (const lang::ActionId action : explored.links.path_to(number))
        state = lang::take(spec, state, spec.actions()[action]).state;
      EXPECT_EQ(state, explored.states[number]);
    }
    return explored.states.size() == 7;
  });
}

} // namespace
} // namespace interlock::checker
