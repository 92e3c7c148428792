// Every config of the corpus meets its expectation, and together they take every step of the model.
#include "corpus.hpp"

#include "lang/patch.hpp"
#include "support/scenario.hpp"

#include <gtest/gtest.h>

#include <map>

namespace interlock::tests {
namespace {

class Corpus : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Corpus, MeetsItsExpectation) {
  const CheckedFile checked = check_file(GetParam());
  ASSERT_TRUE(checked.config.expect) << "nothing is expected";
  EXPECT_EQ(checker::differences(*checked.config.expect, checked.result),
            std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(Configs, Corpus, testing::ValuesIn(corpus()),
                         [](const testing::TestParamInfo<std::filesystem::path>& info) {
                           return test_name(info.param);
                         });

// --- coverage: the steps of kern_event.c 1.129 ---

// LABEL@LINE: the numbers of labels depend on the environment, the lines do not.
std::string step_name(const std::string& label, const lang::Anchor& anchor) {
  return label + "@" + std::to_string(anchor.line);
}

bool is_modelled_here(const lang::Anchor& anchor) {
  return anchor.file == "sys/kern/kern_event.c" && anchor.revision == "1.129";
}

// The steps of a specification that are steps in every config: tests are steps only where the
// properties that are selected make them so.
void add_steps(const lang::Spec& spec, std::map<std::string, std::uint64_t>& taken) {
  for (const lang::StatementPlace& place : lang::statement_places(spec))
    if (place.kind == lang::StatementKind::step && is_modelled_here(place.anchor))
      taken.try_emplace(step_name(place.label, place.anchor), 0);
}

// Steps that no config takes, and why.
const std::map<std::string, std::string>& never_taken() {
  static const std::map<std::string, std::string> reasons{
      {"knote_detach.mutex_spin_exit_kq_lock@0",
       "a knote is KN_BUSY only while its scanner holds the fd_lock that knote_detach holds"},
      {"knote_detach_quiesce.mutex_exit_fd_lock@376",
       "close waits for all calls on its kqueue, so that nobody else has claimed a knote of it"},
      {"knote_detach_quiesce.mutex_spin_exit_kq_lock@379", "as line 376"},
      {"knote_detach_quiesce.mutex_spin_exit_kq_lock_2@382", "as line 376"},
      {"kqueue_scan.not_active@0",
       "a knote is queued with fflags or with EV_ONESHOT, and only a scan resets them"},
      {"kqueue_scan.requeue@0", "every knote of EVFILT_PROC has EV_CLEAR"},
  };
  return reasons;
}

TEST(SlowCoverage, EveryStepOf1129IsTakenBySomeConfig) {
  std::map<std::string, std::uint64_t> taken;
  // All calls, so that no step is overlooked because no config has it.
  const ScenarioText everything =
      ScenarioText()
          .thread("parent", {"fork child", "wait4"})
          .thread("child", {"exit 1"})
          .thread("tracker", {"kevent add proc parent exit,fork,track oneshot",
                              "kevent disable proc parent exit", "kevent enable proc parent exit",
                              "kevent delete proc parent", "kevent wait timeout", "close kq"});
  for (const ScenarioText& scenario :
       {everything, everything.environment("allocation-fails"),
        everything.environment("authorization-denied"), everything.environment("signals")})
    add_steps(*systems::build(scenario.scenario()).spec, taken);

  for (const std::filesystem::path& path : corpus()) {
    if (const checker::Config config = checker::read_config(path);
        config.scenario.revision.text != after_change || !config.scenario.patches.empty())
      continue;
    const CheckedFile checked = check_file(path);
    const lang::Spec& spec = *checked.built.spec;
    add_steps(spec, taken);
    for (lang::ActionId id = 0; id < spec.actions().size(); ++id) {
      const lang::Action& action = spec.actions()[id];
      const auto step = taken.find(step_name(action.label, action.anchor));
      if (step != taken.end())
        step->second += checked.result.statistics.action_counts[id];
    }
  }

  EXPECT_GT(taken.size(), 150U);
  for (const auto& [step, count] : taken)
    EXPECT_EQ(count == 0, never_taken().contains(step)) << step << ": " << count << " times";
  for (const auto& [step, reason] : never_taken())
    EXPECT_TRUE(taken.contains(step)) << "there is no step " << step;
}

} // namespace
} // namespace interlock::tests
