// The recorded witnesses: one for each config that violates, read back, followed, replayed on this
// machine, and still what the checker finds.
#include "corpus.hpp"

#include "harness/replay.hpp"
#include "locks/properties.hpp"
#include "verdict/first_screen.hpp"
#include "verdict/lock_reason.hpp"
#include "witnesses/witness.hpp"
#include "json/source.hpp"

#include <gtest/gtest.h>

#include <set>

namespace interlock::tests {
namespace {

std::filesystem::path recorded_folder() {
  return std::filesystem::path(INTERLOCK_SOURCE_DIR) / "witnesses" / "recorded";
}

bool violates(const checker::Config& config) {
  return config.expect && config.expect->outcome == checker::Expectation::Outcome::violates;
}

std::vector<std::filesystem::path> violating_configs() {
  std::vector<std::filesystem::path> paths;
  for (const std::filesystem::path& path : corpus())
    if (violates(checker::read_config(path)))
      paths.push_back(path);
  return paths;
}

std::filesystem::path witness_of(const std::filesystem::path& config) {
  return recorded_folder() / (config.stem().string() + ".witness.json");
}

// The first screen tells at least one step of the kernel's, and the table of known ones has its
// row.
void expect_known(const checker::Config& config, const checker::FirstScreen& screen) {
  EXPECT_TRUE(std::any_of(
      screen.story.parts.begin(), screen.story.parts.end(), [](const checker::StoryPart& part) {
        return !part.remembered && (!part.moments.empty() || !part.remarks.empty());
      }));
  ASSERT_TRUE(screen.resemblance) << "run tools/known";
  const checker::Known& known = *screen.resemblance->known;
  EXPECT_EQ(known.name, screen.config) << "run tools/known";
  EXPECT_EQ(known.signature, screen.signature) << "run tools/known";
  EXPECT_EQ(known.fixed_by, config.about.fixed_by.text) << "run tools/known";
  if (!config.about.title.empty()) {
    EXPECT_EQ(known.title, config.about.title) << "run tools/known";
  }
}

class Recorded : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Recorded, WitnessIsFollowedAndReplayed) {
  constexpr json::Limits limits{witnesses::largest_file, 64};
  const std::filesystem::path path = witness_of(GetParam());
  ASSERT_TRUE(std::filesystem::exists(path)) << path << " is missing: run tools/record";
  const witnesses::Witness witness = witnesses::read(json::Source::read(path, limits));

  const CheckedFile current = check_file(GetParam());
  ASSERT_EQ(witness.origin.digest, current.config.digest)
      << "the config or the model has changed: run tools/record";
  const checker::Config embedded = checker::parse_config(path.string(), witness.origin.config_text);
  EXPECT_EQ(embedded.digest, witness.origin.digest);

  const systems::BuiltSpec built = checker::build_spec(embedded);
  const auto findings = [&] {
    return witnesses::Findings{checker::traces_of(current.result.locks.value()), ""};
  };
  const lang::Trace trace = witnesses::trace_of(*built.spec, witness, findings);
  EXPECT_EQ(trace.violation.property, embedded.expect->property);
  ASSERT_TRUE(current.result.trace);
  EXPECT_EQ(trace.actions, current.result.trace->actions);
  EXPECT_EQ(trace.violation.message, current.result.trace->violation.message);

  expect_known(embedded,
               checker::first_screen_of(
                   *built.spec, trace, checker::lock_reason_of(current.result.locks, trace),
                   embedded.scenario.system.text, GetParam().filename().string()));

  const harness::ReplayReport replay = harness::replay(*built.spec, trace, {});
  const bool computed = trace.violation.kind == lang::ViolationKind::analysis;
  EXPECT_EQ(replay.outcome,
            computed ? harness::ReplayOutcome::followed : harness::ReplayOutcome::reproduced)
      << replay.text;
}

INSTANTIATE_TEST_SUITE_P(Witnesses, Recorded, testing::ValuesIn(violating_configs()),
                         [](const testing::TestParamInfo<std::filesystem::path>& info) {
                           return test_name(info.param);
                         });

TEST(RecordedWitnesses, BelongToAConfigThatViolates) {
  std::set<std::filesystem::path> wanted;
  for (const std::filesystem::path& config : violating_configs())
    EXPECT_TRUE(wanted.insert(witness_of(config)).second) << "two configs are called " << config;
  for (const auto& file : std::filesystem::directory_iterator(recorded_folder()))
    EXPECT_TRUE(wanted.contains(file.path())) << file.path() << " is left over: run tools/record";
}

} // namespace
} // namespace interlock::tests
