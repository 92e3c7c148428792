// A permission is a fact about two processes: who asks again about the same one is told the same.
#include "support/dragonfly.hpp"
#include "support/freebsd.hpp"
#include "support/histories.hpp"

#include "systems/build.hpp"

#include <gtest/gtest.h>

#include <map>
#include <ostream>

namespace interlock::tests {
namespace {

struct Asking {
  std::string name;
  ScenarioText kernel;
  std::string allows; // the steps of the check
  std::string denies;
};

void PrintTo(const Asking& asking, std::ostream* out) { *out << asking.name; }

class Permission : public testing::TestWithParam<Asking> {};

// What was seen of a run: the errno of each call, and each kqueue for which a fork was refused.
using Answers = std::map<std::string, std::string>;

Answers with(Answers answers, const lang::Spec& spec, const lang::State& state,
             const lang::Shows& shows) {
  const std::string value =
      shows.values.empty()
          ? ""
          : lang::format_value(shows.values.front().value.type(),
                               lang::evaluate(spec, state, shows.values.front().value).value);
  if (shows.event.ends_with(" returns"))
    answers[shows.event] = value;
  else if (shows.event.ends_with(" cannot be tracked on"))
    answers[shows.event + " " + value] = "refused";
  return answers;
}

// Of all runs, by the reference's own steps: what was seen when nobody can move any more.
std::set<Answers> answers_of(const ScenarioText& text) {
  const systems::BuiltSpec built =
      systems::build(text.environment("authorization-denied").property("kassert").scenario());
  const lang::Spec& spec = *built.spec;
  std::set<Answers> ends;
  std::set<std::pair<lang::State, Answers>> known;
  std::vector<std::pair<lang::State, Answers>> work{{spec.initial_state(), {}}};
  while (!work.empty()) {
    const auto [state, answers] = work.back();
    work.pop_back();
    if (!known.insert({state, answers}).second)
      continue;
    bool moves = false;
    for (const lang::Action& action : spec.actions()) {
      const lang::Result next = lang::take(spec, state, action);
      if (next.outcome != lang::Outcome::taken)
        continue;
      moves = true;
      work.emplace_back(next.state,
                        action.shows ? with(answers, spec, state, *action.shows) : answers);
    }
    if (!moves)
      ends.insert(answers);
  }
  return ends;
}

// The errno of two calls in each run.
using Pairs = std::set<std::pair<std::string, std::string>>;

Pairs pairs(const std::set<Answers>& ends, const std::string& first, const std::string& second) {
  Pairs found;
  for (const Answers& answers : ends)
    found.emplace(answers.at(first + " returns"), answers.at(second + " returns"));
  return found;
}

const Pairs same{{"0", "0"}, {"EACCES", "EACCES"}};
const Pairs any{{"0", "0"}, {"EACCES", "EACCES"}, {"0", "EACCES"}, {"EACCES", "0"}};

// Added, deleted, and added again by the same process.
TEST_P(Permission, OfAPairIsTheSameTwice) {
  const ScenarioText again =
      GetParam()
          .kernel.thread("parent", {})
          .thread("watcher", {"kevent add proc parent exit", "kevent delete proc parent",
                              "kevent add proc parent fork"});
  const auto answers = [](const ScenarioText& text) {
    return pairs(answers_of(text), "watcher: kevent add proc parent exit",
                 "watcher: kevent add proc parent fork");
  };
  EXPECT_EQ(answers(again), same);
  // A check that does not keep what was drawn is told apart.
  EXPECT_EQ(
      answers(
          again.replace(GetParam().allows, "guard true").replace(GetParam().denies, "guard true")),
      any);
}

ScenarioText two_kqueues(const ScenarioText& kernel, const std::string& first,
                         const std::string& second) {
  return kernel.thread("parent", {})
      .thread("first", {})
      .thread("second", {})
      .kqueue("kq_a", first)
      .kqueue("kq_b", second)
      .setup({"first: kevent add proc parent exit on kq_a",
              "second: kevent add proc parent exit on kq_b"});
}

Pairs of_two(const ScenarioText& text) {
  return pairs(answers_of(text), "first: kevent add proc parent exit on kq_a",
               "second: kevent add proc parent exit on kq_b");
}

TEST_P(Permission, OfTwoProcessesMayDiffer) {
  EXPECT_EQ(of_two(two_kqueues(GetParam().kernel, "first", "second")), any);
}

TEST_P(Permission, OfTwoThreadsOfAProcessIsTheSame) {
  EXPECT_EQ(of_two(two_kqueues(GetParam().kernel, "watching", "watching")
                       .process("watching", {"first", "second"})),
            same);
}

// A child is tracked by the process that forks, whoever watches: for all of them, or for none.
TEST_P(Permission, ToTrackAChildIsTheForkingProcess) {
  const ScenarioText tracked = GetParam()
                                   .kernel.thread("parent", {"fork child"})
                                   .thread("child", {})
                                   .thread("first", {})
                                   .thread("second", {})
                                   .kqueue("kq_a", "first")
                                   .kqueue("kq_b", "second")
                                   .setup({"first: kevent add proc parent track on kq_a",
                                           "second: kevent add proc parent track on kq_b"});
  std::set<std::size_t> refused; // how many kqueues, of those runs in which both watch
  for (const Answers& answers : answers_of(tracked))
    if (answers.at("first: kevent add proc parent track on kq_a returns") == "0" &&
        answers.at("second: kevent add proc parent track on kq_b returns") == "0")
      refused.insert(answers.count("child cannot be tracked on kq_a") +
                     answers.count("child cannot be tracked on kq_b"));
  EXPECT_EQ(refused, (std::set<std::size_t>{0, 2}));
}

INSTANTIATE_TEST_SUITE_P(
    Kernels, Permission,
    testing::Values(Asking{"NetBSD1128", ScenarioText(before_change),
                           "filt_procattach.kauth_allows", "filt_procattach.kauth_denies"},
                    Asking{"NetBSD1129", ScenarioText(), "filt_procattach.kauth_allows",
                           "filt_procattach.kauth_denies"},
                    Asking{"FreeBSD", freebsd::kernel(), "filt_procattach.p_cansee_allows",
                           "filt_procattach.p_cansee_denies"},
                    Asking{"DragonFly", dragonfly::kernel(), "filt_procattach.PRISON_CHECK_allows",
                           "filt_procattach.PRISON_CHECK_denies"}),
    [](const auto& info) { return info.param.name; });

// FreeBSD's fork registers twice for one child, and is allowed both or none.  Where the answer may
// change in between, NOTE_CHILD comes beside NOTE_TRACKERR.
TEST(Tracking, IsAllowedForBothRegistrationsOfAFork) {
  const ScenarioText tracks = freebsd::kernel()
                                  .thread("parent", {"kevent add proc child track", "kevent loop"})
                                  .thread("child", {"fork grandchild"})
                                  .thread("grandchild", {})
                                  .environment("authorization-denied")
                                  .property("kevent-contract");
  EXPECT_EQ(check(tracks).verdict(), "holds");
  const std::string verdict =
      check(tracks.replace("filt_procattach.p_cansee_denies", "guard true")).verdict();
  EXPECT_TRUE(
      verdict.starts_with("kevent-contract/exactly-once: parent gets ident grandchild, fflags "
                          "NOTE_CHILD"))
      << verdict;
}

} // namespace
} // namespace interlock::tests
