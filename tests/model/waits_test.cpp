// When a thread may wait for ever: vfork(2) and wait4(2) on every system and revision, with the
// wake-up and without it; and every sequence of calls can be built.
#include "support/scenario.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <random>
#include <set>

namespace interlock::tests {
namespace {

struct Kernel {
  std::string system;
  std::string revision;
};

void PrintTo(const Kernel& kernel, std::ostream* out) {
  *out << kernel.system << " " << kernel.revision;
}

std::vector<Kernel> all_kernels() {
  std::vector<Kernel> kernels;
  for (const systems::SystemDescription& system : systems::systems())
    for (const systems::Entry& revision : system.revisions)
      kernels.push_back({system.name, revision.name});
  return kernels;
}

std::string name_of_kernel(const testing::TestParamInfo<Kernel>& info) {
  std::string name = info.param.system + "_" + info.param.revision;
  for (char& c : name)
    c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
}

class EveryKernel : public testing::TestWithParam<Kernel> {
protected:
  static ScenarioText scenario() {
    return ScenarioText(GetParam().revision).system(GetParam().system).property("no-deadlock");
  }
};

INSTANTIATE_TEST_SUITE_P(Waits, EveryKernel, testing::ValuesIn(all_kernels()), name_of_kernel);

TEST_P(EveryKernel, LetsTheParentOfAVforkWaitWhileTheChildRuns) {
  EXPECT_EQ(check(scenario().thread("parent", {"vfork child"}).thread("child", {})).verdict(),
            "holds");
}

TEST_P(EveryKernel, LetsWait4WaitWhileTheChildRuns) {
  EXPECT_EQ(
      check(scenario().thread("parent", {"fork child", "wait4"}).thread("child", {})).verdict(),
      "holds");
}

// The scenario with every wake-up taken out of the child's exit(2), and how many those are.
std::pair<ScenarioText, std::size_t> without_wake_ups(ScenarioText scenario) {
  const Checked sound = check(scenario);
  std::set<std::string> labels;
  for (const lang::Action& action : sound.spec().actions())
    for (const lang::Effect& effect : action.effects)
      if (effect.kind == lang::EffectKind::wake &&
          sound.spec().threads()[action.thread].name == "child")
        labels.insert(action.label);
  for (const std::string& label : labels)
    scenario = scenario.drop(label);
  return {scenario, labels.size()};
}

// A child that has called exit(2) uses nobody's memory: what waits for it must be woken.
TEST_P(EveryKernel, FindsTheDeadlockOfAnExitThatWakesNobody) {
  for (const std::vector<std::string>& parent :
       {std::vector<std::string>{"vfork child"}, {"fork child", "wait4"}}) {
    const auto [broken, wake_ups] =
        without_wake_ups(scenario().thread("parent", parent).thread("child", {"exit 1"}));
    SCOPED_TRACE(parent.front());
    EXPECT_GT(wake_ups, 0U);
    EXPECT_TRUE(check(broken).verdict().starts_with("no-deadlock: ")) << check(broken).verdict();
  }
}

// The zombie is what wait4(2) looks for: its own look must not excuse that it finds none.
TEST_P(EveryKernel, FindsTheDeadlockOfAnExitThatLeavesNoZombie) {
  const ScenarioText sound =
      scenario().thread("parent", {"fork child", "wait4"}).thread("child", {"exit 1"});
  const Checked checked = check(sound);
  std::string label;
  for (const lang::Action& action : checked.spec().actions())
    for (const char* zombie :
         {"exit1.set_SZOMB", "exit1.set_PRS_ZOMBIE", "proc_move_allproc_zombie.set_SZOMB"})
      if (action.label == zombie)
        label = zombie;
  ASSERT_FALSE(label.empty());
  EXPECT_TRUE(check(sound.drop(label)).verdict().starts_with("no-deadlock: "))
      << label << " " << check(sound.drop(label)).verdict();
}

// Whoever forked them: init gets the process that it has forked, and what that leaves.
TEST_P(EveryKernel, LeavesOrphansToInit) {
  const ScenarioText orphan = scenario()
                                  .thread("init", {"fork parent", "wait4", "wait4"})
                                  .thread("parent", {"fork child", "exit 1"})
                                  .thread("child", {"exit 1"});
  EXPECT_EQ(check(orphan).verdict(), "holds");
  EXPECT_TRUE(check(without_wake_ups(orphan).first).verdict().starts_with("no-deadlock: init "));
}

// One call of a thread of process `a` or `b`; `b` may be watched, traced or killed.
std::string some_call(std::mt19937& random, const std::string& system) {
  const auto pick = [&](const std::vector<std::string>& words) {
    return words[random() % words.size()];
  };
  const std::string who = pick({"a", "b"});
  if (system == "dragonfly before kqueue")
    return pick({"kill " + who, "killpg " + who});
  std::vector<std::string> calls{
      "kevent add proc " + who + " " + pick({"exit", "fork", "track,exit"}) +
          pick({"", " oneshot", " udata x"}),
      "kevent modify proc " + who + " exit",
      "kevent delete proc " + who,
      "kevent enable proc " + who + " exit",
      "kevent disable proc " + who + " fork",
      "kevent wait " + pick({"", "2 ", "3 ", "7 "}) + pick({"poll", "timeout"}),
      "close kq"};
  if (system == "netbsd")
    calls.emplace_back("exec");
  else
    calls.push_back("kill " + who);
  if (system == "freebsd")
    calls.insert(calls.end(), {"sigsuspend", "ptrace attach " + who});
  calls.push_back("killpg " + who);
  return pick(calls);
}

// What the reader takes can be built: a mistake of the specification is nobody's to mend who writes
// a config.
TEST_P(EveryKernel, BuildsEverySequenceOfCallsThatItReads) {
  const bool kqueue = GetParam().system != "dragonfly" ||
                      GetParam().revision == "kern_fork-d9d67b59" ||
                      GetParam().revision == "before-7adc569540";
  std::mt19937 random(1);
  int built = 0;
  for (int round = 0; round < 40; ++round) {
    std::vector<std::string> calls;
    for (int i = 0; i < 4; ++i)
      calls.push_back(some_call(random, GetParam().system + (kqueue ? "" : " before kqueue")));
    std::string text;
    for (const std::string& call : calls)
      text += call + "; ";
    SCOPED_TRACE(text);
    try {
      systems::build(ScenarioText(GetParam().revision)
                         .system(GetParam().system)
                         .kqueue("kq", "a")
                         .thread("a", calls)
                         .thread("b", {})
                         .scenario());
      ++built;
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
  }
  EXPECT_EQ(built, 40);
}

TEST(Waits, DifferInTheNumberOfEventsTheyAskFor) {
  for (const Kernel& kernel : {Kernel{"netbsd", "kern_event-1.129"},
                               {"freebsd", "kqueue-10.4"},
                               {"dragonfly", "kern_fork-d9d67b59"}})
    EXPECT_EQ(check(ScenarioText(kernel.revision)
                        .system(kernel.system)
                        .thread("a", {"kevent wait 2 poll", "kevent wait poll"}))
                  .verdict(),
              "holds");
}

// kern_ptrace(): "Self", EINVAL.
TEST(Waits, PtraceOfTheCallerIsAnError) {
  const ScenarioText scenario =
      ScenarioText("kqueue-10.4").system("freebsd").thread("a", {"ptrace attach a"});
  EXPECT_EQ(check(scenario).verdict(), "holds");
  EXPECT_TRUE(
      check(scenario.property("assertion").before("kern_ptrace.return_EINVAL", "check false"))
          .verdict()
          .starts_with("assertion: "));
}

} // namespace
} // namespace interlock::tests
