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
      const systems::Scenario scenario = ScenarioText()
                                             .system(system.name)
                                             .revision(system.revisions.back().name)
                                             .thread("p", calls)
                                             .thread("child", {})
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
