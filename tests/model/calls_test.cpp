// Every call that a system lists can be made: what the table of calls promises, each kernel has.
#include "support/scenario.hpp"
#include "systems/call_table.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace interlock::tests {
namespace {

// The shortest call of a form, of the process `p`: "kevent delete proc p".
std::string shortest(const std::string& form) {
  std::istringstream words(form.substr(0, form.find(" [")));
  const bool forks = form.starts_with("fork") || form.starts_with("vfork");
  std::string call;
  for (std::string word; words >> word;) {
    if (word == "PROCESS")
      word = forks ? "child" : "p";
    else if (word == "NOTES")
      word = "exit";
    else if (word == "KQUEUE")
      word = "kq";
    else if (word == "THREAD.CALL")
      word = "child.exit";
    else if (word == "ANSWER")
      word = "ENOENT";
    call += (call.empty() ? "" : " ") + word;
  }
  return call;
}

TEST(Calls, ThatASystemListsCanBeMadeInItsNewestRevision) {
  for (const systems::SystemDescription& system : systems::systems())
    for (const systems::Entry& form : system.calls) {
      const std::string call = shortest(form.name);
      std::vector<std::string> calls{call};
      if (call == "wait4")
        calls = {"fork child", call};
      if (call.starts_with("await"))
        calls = {"fork child", call, "exit"};
      if (call.starts_with("if"))
        calls = {"kevent delete proc p", call, "exit"};
      const systems::Scenario scenario = ScenarioText()
                                             .system(system.name)
                                             .revision(system.revisions.back().name)
                                             .thread("p", calls)
                                             .thread("child", {"exit"})
                                             .scenario();
      EXPECT_NO_THROW(systems::build(scenario)) << system.name << ": " << call;
    }
}

// What a scenario does without is left out of its paths, and that must be possible: here there is
// no other process, and no other one in p's lists.
TEST(Calls, CanBeMadeByAProcessThatIsAlone) {
  for (const systems::SystemDescription& system : systems::systems())
    for (const systems::Entry& form : system.calls) {
      const std::string call = shortest(form.name);
      if (call.starts_with("fork") || call.starts_with("vfork") || call == "wait4" ||
          call.starts_with("await"))
        continue; // without a child there is nothing to fork or to wait for
      const std::vector<std::string> last = call == "exit" || call.ends_with("loop")
                                                ? std::vector<std::string>{}
                                                : std::vector<std::string>{"exit"};
      std::vector<std::string> calls{call};
      if (call.starts_with("if")) // what comes before it is asked, and may not be there
        calls.insert(calls.begin(), "wait4 nohang");
      calls.insert(calls.end(), last.begin(), last.end());
      const systems::Scenario scenario = ScenarioText()
                                             .system(system.name)
                                             .revision(system.revisions.back().name)
                                             .thread("p", calls)
                                             .scenario();
      EXPECT_NO_THROW(systems::build(scenario)) << system.name << ": " << call;
    }
}

TEST(Calls, AreListedOnceForASystem) {
  for (const systems::SystemDescription& system : systems::systems()) {
    std::set<std::string> forms;
    for (const systems::Entry& form : system.calls)
      EXPECT_TRUE(forms.insert(shortest(form.name)).second) << system.name << ": " << form.name;
  }
}

} // namespace
} // namespace interlock::tests
