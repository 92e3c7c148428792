// The contract's machine, read and explored as a specification of its own.
#include "support/histories.hpp"
#include "support/scenario.hpp"

#include "actions/errno.hpp"
#include "systems/build.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

namespace interlock::tests {
namespace {

// Everything that the machine has an action for, between two threads that watch.
ScenarioText busy() {
  return ScenarioText()
      .environment("allocation-fails")
      .environment("signals")
      .thread("parent", {"fork child", "wait4"})
      .thread("child", {"exit 1"})
      .thread("watcher", {"kevent add proc parent exit,fork,track udata one",
                          "kevent disable proc parent exit", "kevent wait", "close kq"})
      .thread("other", {"kevent delete proc parent"})
      .process("watching", {"watcher", "other"});
}

ScenarioText small() {
  return ScenarioText()
      .thread("parent", {"fork child"})
      .thread("child", {"exit 1"})
      .thread("watcher", {"kevent add proc parent fork,track", "kevent loop 2"});
}

class Machine {
public:
  explicit Machine(const ScenarioText& text) : built_(systems::build(text.scenario())) {}
  lang::Observer& observer() const { return *built_.spec->observation()->observer; }
  const lang::Spec& spec() const { return observer().spec(); }

private:
  systems::BuiltSpec built_;
};

// Calls `visit` with every state that the machine reaches.
template <class Visit> void for_each_state(const lang::Spec& spec, const Visit& visit) {
  std::set<lang::State> known{spec.initial_state()};
  std::vector<lang::State> work{spec.initial_state()};
  while (!work.empty()) {
    const lang::State state = work.back();
    work.pop_back();
    visit(state);
    for (const lang::Action& action : spec.actions())
      if (lang::Result next = lang::take(spec, state, action);
          next.outcome == lang::Outcome::taken && known.insert(next.state).second)
        work.push_back(next.state);
  }
}

// The condition, of each registration, in words that name its fields.
void expect_everywhere(
    const Machine& machine, const std::string& name,
    const std::function<
        bool(const std::function<lang::Value(const std::string& field)>& of_registration)>& holds) {
  const lang::Spec& spec = machine.spec();
  lang::PoolId registrations = 0;
  while (spec.pools()[registrations].name != "registration")
    ++registrations;
  std::size_t states = 0;
  for_each_state(spec, [&](const lang::State& state) {
    ++states;
    for (std::uint32_t object = 0; object < spec.pools()[registrations].objects.size(); ++object)
      ASSERT_TRUE(holds([&](const std::string& field) {
        const lang::Variable& variable = spec.variables()[spec.field_named(registrations, field)];
        return state[variable.first_slot + object * variable.stride];
      })) << name;
  });
  EXPECT_GT(states, 100U);
}

TEST(ContractMachine, HasNothingPendingWhereNothingIsRegistered) {
  expect_everywhere(Machine(small()), "pending", [](const auto& field) {
    return field("registered") != 0 || (field("pending") == 0 && field("notes") == 0 &&
                                        field("udata") == 0 && field("enabled") == 0);
  });
}

TEST(ContractMachine, TellsAnExitAfterTheBirth) {
  expect_everywhere(Machine(small()), "told", [](const auto& field) {
    return field("told_exit") == 0 || field("dead") == 0 || field("registered") != 0;
  });
}

// What an action does, whoever does it: "take" of "watcher: kevent wait.take_child_NOTE_EXIT".
std::string kind_of(const std::string& label) {
  std::string kind = label.substr(label.rfind('.') + 1);
  for (const char* name : {"_kq", "_parent", "_child"})
    kind = kind.substr(0, kind.find(name));
  return kind;
}

TEST(ContractMachine, CanTakeEveryKindOfAction) {
  const ScenarioText changes =
      ScenarioText()
          .thread("parent", {"fork child", "exit 1"})
          .thread("child", {})
          .thread("watcher", {"kevent add proc parent exit,fork oneshot",
                              "kevent add proc parent exit", "kevent wait", "close kq"})
          .thread("other", {"kevent delete proc parent"})
          .thread("third", {"kevent delete proc parent", "kevent wait", "close kq"})
          .process("watching", {"watcher", "other", "third"});
  const ScenarioText tracks =
      ScenarioText()
          .environment("authorization-denied")
          .thread("parent", {"fork child", "wait4"})
          .thread("child", {"exit 1"})
          .thread("watcher", {"kevent add proc parent track", "kevent disable proc parent track",
                              "kevent add proc child exit"});
  const ScenarioText zombies = ScenarioText()
                                   .system("freebsd")
                                   .revision("kqueue-10.4")
                                   .thread("parent", {"exit 1"})
                                   .thread("watcher", {"kevent add proc parent exit on kq"})
                                   .thread("other", {"kevent add proc parent fork on kq2"})
                                   .kqueue("kq", "watcher")
                                   .kqueue("kq2", "other");
  const ScenarioText waits = ScenarioText()
                                 .thread("parent", {"fork child", "wait4 nohang", "wait4 child"})
                                 .thread("child", {"exit 1"});
  std::set<std::string> taken;
  std::set<std::string> all;
  for (const ScenarioText& text : {busy(), changes, tracks, zombies, waits}) {
    const Machine machine(text);
    const lang::Spec& spec = machine.spec();
    for (const lang::Action& action : spec.actions())
      all.insert(kind_of(action.label));
    for_each_state(spec, [&](const lang::State& state) {
      for (const lang::Action& action : spec.actions())
        if (lang::take(spec, state, action).outcome == lang::Outcome::taken)
          taken.insert(kind_of(action.label));
    });
  }
  std::vector<std::string> never;
  std::set_difference(all.begin(), all.end(), taken.begin(), taken.end(),
                      std::back_inserter(never));
  EXPECT_EQ(never, std::vector<std::string>());
  EXPECT_GT(all.size(), 25U);
}

// A run of the machine, as far as it is seen; then perhaps changed in one place.
std::vector<Seen> random_history(const lang::Spec& spec, std::mt19937& random) {
  std::vector<Seen> history;
  lang::State state = spec.initial_state();
  for (int step = 0; step < 60; ++step) {
    std::vector<std::pair<const lang::Action*, lang::State>> next;
    for (const lang::Action& action : spec.actions())
      if (lang::Result result = lang::take(spec, state, action);
          result.outcome == lang::Outcome::taken)
        next.emplace_back(&action, std::move(result.state));
    if (next.empty())
      break;
    auto& [action, to] = next[random() % next.size()];
    if (action->shows)
      history.push_back(seen_of(spec, state, *action->shows));
    state = std::move(to);
  }
  const auto at = [&](std::size_t position) {
    return history.begin() + static_cast<std::ptrdiff_t>(position);
  };
  const std::size_t place = history.empty() ? 0 : random() % history.size();
  switch (history.size() < 2 ? 9 : random() % 5) {
  case 0:
    history.erase(at(place));
    break;
  case 1:
    history.insert(at(place), history[random() % history.size()]);
    break;
  case 2:
    std::swap(history[place], history[random() % history.size()]);
    break;
  case 3:
    if (!history[place].values.empty())
      history[place].values[random() % history[place].values.size()] =
          static_cast<lang::Value>(random() % 4);
    break;
  default:
    break;
  }
  return history;
}

// A history in words, of calls that follow each other: "watcher: close kq = EBADF".
std::vector<Seen> history_of(const std::vector<std::string>& calls) {
  std::vector<Seen> history;
  for (const std::string& call : calls) {
    const std::size_t result = call.find(" = ");
    const std::string name = call.substr(0, result);
    history.push_back({name + " begins", {}});
    if (result == std::string::npos)
      history.push_back({name + " has ended", {}});
    else
      history.push_back({name + " returns",
                         {lang::parse_value(*actions::errno_type(), call.substr(result + 3))}});
  }
  return history;
}

TEST(ContractMachine, HasNoSuccessForWhoComesAfterTheClose) {
  const Machine machine(ScenarioText()
                            .thread("watcher", {"kevent add proc watching fork", "close kq"})
                            .thread("late", {"kevent wait"})
                            .process("watching", {"watcher", "late"}));
  for (const auto& [result, is_allowed] : {std::pair("0", false), std::pair("EBADF", true)})
    EXPECT_EQ(
        explained(machine.observer(),
                  history_of({"watcher: kevent add proc watching fork = 0", "watcher: close kq = 0",
                              std::string("late: kevent wait = ") + result}))
            .has_value(),
        is_allowed)
        << result;
}

TEST(ContractMachine, LetsARegistrationOfAProcessThatIsGoneBeChangedButNotForItsExit) {
  for (const auto& [notes, is_allowed] : {std::pair("fork", true), std::pair("exit,fork", false)}) {
    const std::string again = std::string("kevent add proc parent ") + notes + " udata new";
    const Machine machine(ScenarioText()
                              .thread("parent", {"exit 1"})
                              .thread("watcher", {"kevent add proc parent fork", again}));
    EXPECT_EQ(
        explained(machine.observer(), history_of({"watcher: kevent add proc parent fork = 0",
                                                  "parent: exit 1", "watcher: " + again + " = 0"}))
            .has_value(),
        is_allowed)
        << notes;
  }
}

TEST(ContractMachine, IsExplainedAsByTryingAllOrdersOfTheCalls) {
  std::mt19937 random(1129);
  unsigned right = 0;
  unsigned wrong = 0;
  for (const ScenarioText& text : {small(), busy()}) {
    const Machine machine(text);
    for (int sample = 0; sample < 1000; ++sample) {
      const std::vector<Seen> history = random_history(machine.spec(), random);
      const bool expected = some_run_shows(machine.spec(), history);
      (expected ? right : wrong) += 1;
      ASSERT_EQ(explained(machine.observer(), history).has_value(), expected)
          << "history " << sample;
    }
  }
  EXPECT_GT(right, 400U) << "histories of both kinds are tried";
  EXPECT_GT(wrong, 400U);
}

} // namespace
} // namespace interlock::tests
