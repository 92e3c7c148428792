// The config that `interlock init` writes: it is one, and the calls are where one would put them.
#include "config/config.hpp"
#include "config/starting_config.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace interlock::checker {
namespace {

Config config_with(const std::string& system, const std::vector<std::string>& calls) {
  return parse_config("new.json", starting_config({system, "", calls, ""}));
}

// "parent: fork child; child: exit"
std::string threads(const std::string& system, const std::vector<std::string>& calls) {
  std::string text;
  for (const systems::ThreadScript& thread : config_with(system, calls).scenario.threads) {
    text += (text.empty() ? "" : "; ") + thread.name.text + ": ";
    for (const systems::Text& call : thread.calls)
      text += (&call == &thread.calls.front() ? "" : ", ") + call.text;
  }
  return text;
}

std::string refusal(const std::string& system, const std::string& revision,
                    const std::vector<std::string>& calls) {
  try {
    starting_config({system, revision, calls, ""});
  } catch (const systems::ScenarioErrors& errors) {
    return errors.what();
  }
  return "";
}

// "kevent delete proc PROCESS [on KQUEUE]" as "kevent delete proc p".
std::string example_of(const std::string& form) {
  std::string call;
  std::istringstream words(form.substr(0, form.find(" [")));
  for (std::string word; words >> word;)
    call += (call.empty() ? "" : " ") + (word == "PROCESS"  ? "p"
                                         : word == "NOTES"  ? "exit"
                                         : word == "KQUEUE" ? "kq"
                                                            : word);
  return call;
}

TEST(StartingConfig, OfEverySystemIsBuilt) {
  for (const systems::SystemDescription& system : systems::systems())
    EXPECT_NO_THROW(build_spec(config_with(system.name, {}))) << system.name;
}

TEST(StartingConfig, TakesEveryCallOfTheList) {
  for (const systems::SystemDescription& system : systems::systems())
    for (const systems::Entry& call : system.calls) {
      const std::string example = example_of(call.name);
      // They stand between calls.
      if (example.starts_with("await") || example.starts_with("if"))
        continue;
      EXPECT_NO_THROW(build_spec(config_with(system.name, {example})))
          << system.name << ": " << example;
    }
}

TEST(StartingConfig, NamesAllThatTheSystemHas) {
  for (const systems::SystemDescription& system : systems::systems()) {
    const std::string text = starting_config({system.name, "", {}, ""});
    for (const auto* entries : {&system.revisions, &system.calls, &system.environment,
                                &system.properties, &system.bounds})
      for (const systems::Entry& entry : *entries)
        EXPECT_NE(text.find("//   " + entry.name + ":"), std::string::npos) << entry.name;
  }
}

TEST(StartingConfig, GivesForksToTheParentAndExitsToTheChildren) {
  EXPECT_EQ(threads("netbsd", {"fork a", "fork b", "exit 1", "exit 2", "wait4"}),
            "parent: fork a, fork b, wait4; a: exit 1; b: exit 2");
  EXPECT_EQ(threads("netbsd", {"fork a", "exit 1", "exit 2"}), "parent: fork a, exit 2; a: exit 1");
}

TEST(StartingConfig, GivesKeventToAWatcher) {
  EXPECT_EQ(threads("netbsd", {"exit 1", "kevent add proc p exit", "kevent wait"}),
            "p: exit 1; watcher: kevent add proc p exit, kevent wait")
      << "who is watched is who exits";
}

TEST(StartingConfig, LetsAProcessExitThatHasNoCall) {
  EXPECT_EQ(threads("netbsd", {"fork child"}), "parent: fork child; child: exit");
  EXPECT_EQ(threads("netbsd", {"kevent add proc p exit"}),
            "watcher: kevent add proc p exit; p: exit");
}

TEST(StartingConfig, ForksAChildToWaitFor) {
  EXPECT_EQ(threads("netbsd", {"wait4"}), "parent: fork child, wait4; child: exit");
}

TEST(StartingConfig, GivesACallToTheThreadThatIsNamed) {
  EXPECT_EQ(threads("netbsd", {"me: kevent add proc me fork", "me: fork child", "child: exit"}),
            "me: kevent add proc me fork, fork child; child: exit");
}

TEST(StartingConfig, SendsSignalsFromOutside) {
  EXPECT_EQ(threads("freebsd", {"sigsuspend", "kill p"}), "p: sigsuspend; other: kill p");
}

TEST(StartingConfig, DeclaresTheKqueuesThatAreNamed) {
  const Config config = config_with(
      "netbsd", {"kevent add proc p exit on first", "two: kevent add proc p exit on second"});
  ASSERT_EQ(config.scenario.kqueues.size(), 2U);
  EXPECT_EQ(config.scenario.kqueues[1].name.text, "second");
  EXPECT_EQ(config.scenario.kqueues[1].process.text, "two");
  EXPECT_NO_THROW(build_spec(config));
}

TEST(StartingConfig, RefusesWhatIsNotThereWithWhatIs) {
  EXPECT_EQ(refusal("netbsd", "", {"frok child"}).substr(0, 56),
            "\"frok child\": 'frok' is no system call of netbsd; allowe");
  EXPECT_NE(refusal("netbsd", "", {"fork"}).find("ends where process is expected"),
            std::string::npos);
  EXPECT_NE(refusal("netbsd", "1.128", {}).find("kern_event-1.128"), std::string::npos);
  EXPECT_NE(refusal("netbsd", "", {"a b: exit"}).find("the name of a thread"), std::string::npos);
  EXPECT_NE(refusal("netbsd", "", {"p: exit", "p: wait4"}), "") << "nothing comes behind an exit";
  EXPECT_NE(refusal("netsbd", "", {}).find("did you mean netbsd"), std::string::npos);
}

} // namespace
} // namespace interlock::checker
