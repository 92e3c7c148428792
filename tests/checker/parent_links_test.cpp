// The way back from a state: a shortest one, and always the same one.
#include "checker/exploration.hpp"
#include "checker/parent_links.hpp"
#include "least_paths.hpp"
#include "support/random_spec.hpp"
#include "tiny_spec.hpp"

#include <gtest/gtest.h>

namespace interlock::checker {
namespace {

using tests::comes_before;
using tests::Path;

struct Explored {
  explicit Explored(const lang::Spec& spec) {
    const CompiledSpec model(spec, {});
    Exploration exploration(spec, model, {});
    exploration.run(links);
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

TEST(ParentLinks, AmongTheShortestWaysItIsTheLeastAndSmallerNumbersHaveLesserWays) {
  unsigned compared = 0;
  unsigned several = 0; // specifications in which a level has more than one state
  for (std::uint64_t seed = 1; compared < 200 && !testing::Test::HasFailure(); ++seed) {
    std::optional<tests::RandomSpec> random;
    try {
      random.emplace(seed);
    } catch (const lang::SpecError&) {
      continue;
    }
    SCOPED_TRACE("seed " + std::to_string(seed));
    ++compared;
    const Explored explored(random->spec());
    const std::map<lang::State, Path> expected = tests::least_paths(random->spec());
    ASSERT_EQ(explored.states.size(), expected.size());
    Path before;
    for (StateNumber number = 0; number < explored.states.size(); ++number) {
      const Path path = explored.links.path_to(number);
      ASSERT_EQ(path, expected.at(explored.states[number])) << "state " << number;
      ASSERT_TRUE(number == 0 || comes_before(before, path));
      several += number != 0 && before.size() == path.size() ? 1U : 0U;
      before = path;
    }
  }
  EXPECT_GT(several, 1000U) << "the comparison is of little worth on chains";
}

} // namespace
} // namespace interlock::checker
