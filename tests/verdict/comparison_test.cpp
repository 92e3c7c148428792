// The compiled explorer against the reference explorer, on thousands of random specifications.
#include "engine/compiled_spec.hpp"
#include "search/explore.hpp"
#include "search/judge.hpp"
#include "support/naive.hpp"
#include "support/random_spec.hpp"
#include "verdict/check.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <optional>

namespace interlock::checker {
namespace {

using lang::Outcome;
using tests::RandomSpec;

constexpr std::uint64_t most_seeds = 40000; // of which some give no valid specification

std::optional<RandomSpec> make(std::uint64_t seed) {
  try {
    return RandomSpec(seed);
  } catch (const lang::SpecError&) {
    return std::nullopt;
  }
}

// What the compiled code does in one state.
struct Steps {
  explicit Steps(const CompiledSpec& model) : model(model), next(model.words()) {}
  Word* room() { return next.data(); }
  void taken(lang::ActionId action) { states[action] = model.layout().unpack(next.data()); }
  void failed(lang::ActionId action, std::uint32_t failure) {
    failures[action] = model.failure(failure);
  }
  const CompiledSpec& model;
  std::vector<Word> next;
  std::map<lang::ActionId, lang::State> states;
  std::map<lang::ActionId, std::string> failures;
};

void expect_same_steps(const lang::Spec& spec, const CompiledSpec& model,
                       const lang::State& state) {
  std::vector<Word> words(model.words());
  model.layout().pack(state, words.data());
  ASSERT_EQ(model.layout().unpack(words.data()), state);
  Steps steps(model);
  model.successors(words.data(), steps);
  for (lang::ActionId id = 0; id < spec.actions().size(); ++id) {
    const lang::Result expected = lang::take(spec, state, spec.actions()[id]);
    SCOPED_TRACE(spec.actions()[id].label);
    EXPECT_EQ(steps.states.contains(id), expected.outcome == Outcome::taken);
    EXPECT_EQ(steps.failures.contains(id), expected.outcome == Outcome::failed);
    if (expected.outcome == Outcome::taken) {
      EXPECT_EQ(steps.states[id], expected.state);
    }
    if (expected.outcome == Outcome::failed) {
      EXPECT_EQ(steps.failures[id], expected.failure.property) << expected.failure.message;
    }
  }
}

TEST(CompiledSteps, DoInAnyStateWhatTheReferenceEvaluatorDoes) {
  unsigned compared = 0;
  unsigned failures = 0;
  for (std::uint64_t seed = 1; compared < 1000 && seed < most_seeds && !testing::Test::HasFailure();
       ++seed) {
    auto random = make(seed);
    if (!random)
      continue;
    ++compared;
    SCOPED_TRACE("seed " + std::to_string(seed));
    const lang::Spec& spec = random->spec();
    const CompiledSpec model(spec, {});
    for (int i = 0; i < 20; ++i)
      expect_same_steps(spec, model, random->random_state());
    failures += model.failures() != 0 ? 1U : 0U;
  }
  EXPECT_GT(failures, compared / 2) << "the comparison is of little worth if nothing can fail";
}

// Calls `visit` with each random specification of the first seeds, and its invariants.
void for_each_with_invariants(
    const std::function<void(RandomSpec& random, const std::vector<std::size_t>& invariants)>&
        visit) {
  for (std::uint64_t seed = 1; seed < 1500; ++seed) {
    auto random = make(seed);
    if (!random)
      continue;
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Selection all(random->spec(), {});
    visit(*random, all.of_kind(random->spec(), lang::PropertyKind::invariant));
  }
}

TEST(CompiledInvariants, HoldInAnyStateWhereTheReferenceEvaluatorSaysSo) {
  unsigned held = 0;
  unsigned broken = 0;
  for_each_with_invariants([&](RandomSpec& random, const std::vector<std::size_t>& invariants) {
    const lang::Spec& spec = random.spec();
    const CompiledSpec model(spec, invariants);
    std::vector<Word> words(model.words());
    for (int i = 0; i < 20; ++i) {
      const lang::State state = random.random_state();
      std::optional<std::size_t> expected;
      for (const std::size_t property : invariants) {
        const auto result = lang::evaluate(spec, state, spec.properties()[property].condition);
        if (!expected && (result.failure || result.value == 0))
          expected = property;
      }
      model.layout().pack(state, words.data());
      EXPECT_EQ(model.violated_invariant(words.data()), expected);
      ++(expected ? broken : held);
    }
  });
  EXPECT_GT(held, 1000U);
  EXPECT_GT(broken, 1000U);
}

// In each state that is found, until one violates an invariant.
struct BehindActions : Silent {
  explicit BehindActions(const CompiledSpec& model) : model(model) {}
  bool level(StateNumber, StateNumber) const { return broken == 0; }
  void found(StateNumber, const Word* state, std::optional<lang::ActionId> by) {
    const bool violated = model.violated_invariant(state).has_value();
    if (by) {
      EXPECT_EQ(model.violates_invariant(*by, state), violated);
    }
    ++(violated ? broken : held);
  }
  const CompiledSpec& model;
  unsigned held = 0, broken = 0;
};

TEST(CompiledInvariants, BehindAnActionAreJudgedByWhatItCanChange) {
  unsigned held = 0;
  unsigned broken = 0;
  for_each_with_invariants([&](RandomSpec& random, const std::vector<std::size_t>& invariants) {
    const CompiledSpec model(random.spec(), invariants);
    SeenSet seen(model.bytes(), {.states = 2000});
    BehindActions on(model);
    explore(model, seen, on);
    held += on.held;
    broken += on.broken;
  });
  EXPECT_GT(held, 1000U);
  EXPECT_GT(broken, 100U);
}

// The set of states, which check() does not hand out.
struct UntilViolation : Silent {
  UntilViolation(std::uint32_t depth) : levels_left(depth) {}
  bool level(StateNumber, StateNumber) { return levels_left-- != 0; }
  std::uint32_t levels_left;
};

std::map<lang::State, std::uint32_t> states_of(const lang::Spec& spec, std::uint32_t levels) {
  const CompiledSpec model(spec, {});
  SeenSet seen(model.bytes());
  UntilViolation on(levels);
  explore(model, seen, on);
  std::map<lang::State, std::uint32_t> states;
  std::vector<Word> words(model.words());
  for (StateNumber number = 0; number < seen.size(); ++number) {
    seen.load(number, words.data());
    states[model.layout().unpack(words.data())] = number;
  }
  return states;
}

std::string in_words(const lang::Spec& spec, const lang::Trace& trace) {
  std::string text = trace.violation.property;
  for (const lang::ActionId id : trace.actions)
    text += " " + spec.threads()[spec.actions()[id].thread].name + ":" + std::to_string(id) + ":" +
            spec.actions()[id].label;
  return text;
}

struct Tally {
  unsigned compared = 0;
  unsigned holds = 0;
  std::map<std::string, unsigned> violated;
  std::map<lang::ViolationKind, unsigned> kinds;
  unsigned cut = 0;
  std::size_t longest = 0;
};

void compare(RandomSpec& random, Tally& tally) {
  const lang::Spec& spec = random.spec();
  CheckOptions options;
  options.properties = random.some_properties();
  options.max_states = 600; // keeps the reference explorer fast
  CheckResult result = check(spec, options);
  if (result.verdict == Verdict::incomplete)
    return;
  options.max_states = 0;
  result = check(spec, options);
  const NaiveResult expected = explore_naively(spec, options.properties);
  ++tally.compared;
  EXPECT_EQ(result.statistics.states, expected.states.size());
  EXPECT_EQ(result.statistics.transitions, expected.transitions);
  EXPECT_EQ(result.statistics.depth, expected.depth);
  EXPECT_EQ(result.statistics.cut, expected.cut);
  tally.cut += result.statistics.cut.empty() ? 0U : 1U;
  ASSERT_EQ(result.verdict, expected.trace ? Verdict::violated : Verdict::holds);
  ASSERT_EQ(result.trace.has_value(), expected.trace.has_value());
  const auto states = states_of(spec, expected.trace ? expected.depth : ~std::uint32_t{0});
  for (const auto& [state, depth] : expected.states)
    EXPECT_TRUE(states.contains(state));
  if (!expected.trace) {
    EXPECT_EQ(states.size(), expected.states.size());
    ++tally.holds;
    return;
  }
  EXPECT_EQ(in_words(spec, *result.trace), in_words(spec, *expected.trace));
  EXPECT_EQ(result.trace->violation.kind, expected.trace->violation.kind);
  EXPECT_NO_THROW(lang::follow(spec, *result.trace));
  ++tally.violated[result.trace->violation.property];
  ++tally.kinds[result.trace->violation.kind];
  tally.longest = std::max(tally.longest, result.trace->actions.size());
}

TEST(Explorers, AgreeOnThousandsOfRandomSpecifications) {
  Tally tally;
  std::uint64_t seed = 1;
  for (; tally.compared < 4000 && seed < most_seeds && !testing::Test::HasFailure(); ++seed) {
    auto random = make(seed);
    if (!random)
      continue;
    SCOPED_TRACE("seed " + std::to_string(seed));
    compare(*random, tally);
  }
  // The comparison is worth something only if all kinds of answers occur.
  EXPECT_EQ(tally.compared, 4000U);
  EXPECT_GT(tally.holds, 400U);
  EXPECT_GT(tally.cut, 100U);
  EXPECT_GE(tally.longest, 8U);
  for (const char* property :
       {lang::fault::null_dereference, lang::fault::use_after_free, lang::fault::bounds,
        "check-one", "check-two", "invariant", "at-rest", "no-deadlock"})
    EXPECT_GT(tally.violated[property], 20U) << property;
}

} // namespace
} // namespace interlock::checker
