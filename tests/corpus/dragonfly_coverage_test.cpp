// Together the configs of DragonFly take every step of the model, but for those that nothing can
// take.
#include "corpus.hpp"

#include "lang/patch.hpp"
#include "support/dragonfly.hpp"

#include <gtest/gtest.h>

#include <map>

namespace interlock::tests::dragonfly {
namespace {

// The same step at several places of a path counts as one: its number depends on the scenario.
std::string step_name(const std::string& label) {
  const std::size_t end = label.find_last_not_of("0123456789");
  return label[end] == '_' && end + 1 < label.size() ? label.substr(0, end) : label;
}

using Taken = std::map<std::string, std::uint64_t>;

void add_steps(const lang::Spec& spec, Taken& taken) {
  for (const lang::StatementPlace& place : lang::statement_places(spec))
    if (place.kind == lang::StatementKind::step && !place.anchor.file.empty())
      taken.try_emplace(step_name(place.label), 0);
}

// Steps that no config takes, and why.
const std::map<std::string, std::string>& never_taken() {
  static const std::map<std::string, std::string> reasons{
      {"dokillpg.lockmgr_exclusive_pg_lock.blocked",
       "the caller has no other token, and so waits without giving any up"},
      {"dokillpg.lockmgr_exclusive_pg_lock.woken",
       "the caller has no other token, and so waits without giving any up"},
      {"fork1.lwkt_gettoken_p_token.blocked",
       "the first is wanted with no other token held, the others are the caller's own"},
      {"fork1.lwkt_gettoken_p_token.switched_in",
       "the first is wanted with no other token held, the others are the caller's own"},
      {"kern_kevent.lwkt_gettoken_kq_token.blocked",
       "the caller has no other token, and so waits without giving any up"},
      {"kern_kevent.lwkt_gettoken_kq_token.switched_in",
       "the caller has no other token, and so waits without giving any up"},
      {"kern_kill.lwkt_gettoken_p_token.blocked",
       "the caller has no other token, and so waits without giving any up"},
      {"kern_kill.lwkt_gettoken_p_token.switched_in",
       "the caller has no other token, and so waits without giving any up"},
      {"knote_insert.lwkt_gettoken_klist_token.blocked",
       "who inserts and who walks both hold p_token"},
      {"knote_insert.lwkt_gettoken_klist_token.switched_in",
       "who inserts and who walks both hold p_token"},
      {"kqueue_register.lwkt_gettoken_kq_token.blocked",
       "wanted with no other token, or held already"},
      {"kqueue_register.lwkt_gettoken_kq_token.switched_in",
       "wanted with no other token, or held already"},
      {"kqueue_scan.lwkt_gettoken_kq_token.blocked",
       "the caller has no other token, and so waits without giving any up"},
      {"kqueue_scan.lwkt_gettoken_kq_token.switched_in",
       "the caller has no other token, and so waits without giving any up"},
      {"knote_acquire.tsleep_kqepts.timeout",
       "the token is kept from the look to the sleep, and knote_release() wakes"},
      {"kqueue_scan.not_active",
       "a knote is queued with fflags or with EV_ONESHOT, and only a scan resets them"},
      {"kqueue_scan.requeue", "every knote of EVFILT_PROC has EV_CLEAR"},
      {"leavepgrp.lwkt_gettoken_p_token.switched_in",
       "nobody wants the token of what is off all lists, but for the walk of killpg-walks-reaped"},
      {"pstall.tsleep_interlock_reap4",
       "what is off all lists cannot be found, and so is held no more"},
      {"pstall.tsleep_reap4", "as tsleep_interlock_reap4"},
      {"pstall.tsleep_reap4.wakeup", "as tsleep_interlock_reap4"},
      {"pstall.tsleep_reap4.woken_before", "as tsleep_interlock_reap4"},
      {"pstall.tsleep_interlock_reap5", "as tsleep_interlock_reap4"},
      {"pstall.tsleep_reap5", "as tsleep_interlock_reap4"},
      {"pstall.tsleep_reap5.wakeup", "as tsleep_interlock_reap4"},
      {"pstall.tsleep_reap5.woken_before", "as tsleep_interlock_reap4"},
      {"zpfind.find_curproc", "a process that runs is found by pfind"},
  };
  return reasons;
}

TEST(SlowCoverage, EveryStepIsTakenBySomeConfig) {
  Taken taken;
  // All calls, so that no step is overlooked because no config has it.
  const ScenarioText everything =
      kernel()
          .process("tracker", {"first", "second"})
          .thread("parent", {"fork child", "wait4"})
          .thread("child", {"vfork grandchild", "exit 1"})
          .thread("grandchild", {"exit 2"})
          .thread("init", {"wait4"})
          .thread("killer", {"kill child", "killpg child"})
          .thread("first", {"kevent add proc parent exit,fork,track oneshot",
                            "kevent disable proc parent exit", "kevent enable proc parent exit",
                            "kevent delete proc parent", "kevent wait timeout", "close kq"})
          .thread("second", {"kevent wait"});
  for (const ScenarioText& scenario :
       {everything, everything.environment("allocation-sleeps"),
        everything.environment("authorization-denied"), everything.environment("signals")})
    add_steps(*systems::build(scenario.scenario()).spec, taken);

  for (const std::filesystem::path& path : corpus()) {
    const checker::Config config = checker::read_config(path);
    if (config.scenario.system.text != "dragonfly" || config.scenario.revision.text != newest ||
        !config.scenario.patches.empty())
      continue;
    const CheckedFile checked = check_file(path);
    const lang::Spec& spec = *checked.built.spec;
    for (lang::ActionId id = 0; id < spec.actions().size(); ++id) {
      const auto step = taken.find(step_name(spec.actions()[id].label));
      if (step != taken.end())
        step->second += checked.result.statistics.action_counts[id];
    }
  }

  EXPECT_GT(taken.size(), 200U);
  for (const auto& [step, count] : taken)
    EXPECT_EQ(count == 0, never_taken().contains(step)) << step << ": " << count << " times";
  for (const auto& [step, reason] : never_taken())
    EXPECT_TRUE(taken.contains(step)) << "there is no step " << step;
}

} // namespace
} // namespace interlock::tests::dragonfly
