// What check() finds is what its witness proves: the same words come back from the steps alone, and
// no others.
#include "support/random_spec.hpp"
#include "verdict/check.hpp"
#include "witnesses/witness.hpp"
#include "json/source.hpp"

#include <gtest/gtest.h>

#include <map>

namespace interlock::checker {
namespace {

using tests::RandomSpec;
using witnesses::Witness;

constexpr std::uint64_t seeds = 3000; // of which some give no valid specification

const witnesses::Analyse no_analysis = [] { return witnesses::Findings{}; };

// Calls visit(spec, witness) for what is found in random specifications.
template <class Visit> void for_each_witness(Visit visit) {
  for (std::uint64_t seed = 1; seed < seeds && !testing::Test::HasFailure(); ++seed) {
    std::optional<RandomSpec> random;
    try {
      random.emplace(seed);
    } catch (const lang::SpecError&) {
      continue;
    }
    CheckOptions options;
    options.properties = random->some_properties();
    options.max_states = 5000;
    const CheckResult result = check(random->spec(), options);
    if (!result.trace)
      continue;
    SCOPED_TRACE("seed " + std::to_string(seed));
    visit(random->spec(), witnesses::describe(random->spec(), *result.trace, {}));
  }
}

std::string refusal_of(const lang::Spec& spec, const Witness& witness) {
  try {
    witnesses::trace_of(spec, witness, no_analysis);
  } catch (const witnesses::WitnessError& error) {
    return error.pointer();
  }
  return "accepted";
}

TEST(WitnessOfACheck, IsFollowedWhateverWasFound) {
  std::map<lang::ViolationKind, unsigned> kinds;
  for_each_witness([&](const lang::Spec& spec, const Witness& found) {
    const json::Source file("w.json", witnesses::write(found));
    EXPECT_NO_THROW(witnesses::trace_of(spec, witnesses::read(file), no_analysis));
    ++kinds[found.kind];
  });
  for (const auto kind : {lang::ViolationKind::check, lang::ViolationKind::invariant,
                          lang::ViolationKind::at_rest, lang::ViolationKind::deadlock})
    EXPECT_GT(kinds[kind], 20U);
}

TEST(WitnessOfACheck, IsRefusedWithAnotherPropertyKindOrMessage) {
  for_each_witness([&](const lang::Spec& spec, const Witness& found) {
    Witness other = found;
    other.property = "no-such-property";
    EXPECT_NE(refusal_of(spec, other), "accepted");
    other = found;
    other.message += ", or so";
    EXPECT_EQ(refusal_of(spec, other), "/violation/message");
    for (const auto kind : {lang::ViolationKind::check, lang::ViolationKind::invariant,
                            lang::ViolationKind::at_rest, lang::ViolationKind::deadlock}) {
      other = found;
      other.kind = kind;
      if (kind != found.kind) {
        EXPECT_NE(refusal_of(spec, other), "accepted") << witnesses::kind_name(kind);
      }
    }
  });
}

} // namespace
} // namespace interlock::checker
