// Calls of paths that patches may insert: all that can be called with objects, each with operands
// of the right kinds and of wrong ones.
#include "support/broken.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace interlock::tests {
namespace {

using Names = std::vector<std::string>;

// A kernel where everything that a call can be given is there, and a place in its wait4(2).
struct Kernel {
  std::string name;
  std::vector<ScenarioText> scenarios;        // of revisions and calls that have paths of their own
  std::string place;                          // a label
  std::map<std::string, std::string> fitting; // operands, by the words of the help
};

void PrintTo(const Kernel& kernel, std::ostream* out) { *out << kernel.name; }

Names separated(const std::string& text) {
  Names names;
  std::istringstream words(text);
  for (std::string word; words >> word;)
    names.push_back(word.ends_with(',') ? word.substr(0, word.size() - 1) : word);
  return names;
}

// What building says; empty when the specification builds.
std::string refusal(const ScenarioText& scenario) {
  try {
    systems::build(scenario.scenario());
    return "";
  } catch (const std::exception& error) {
    return error.what();
  }
}

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t start = text.find(from);
  if (start == std::string::npos)
    return "";
  const std::size_t begin = start + from.size();
  return text.substr(begin, text.find(to, begin) - begin);
}

class Insertions : public testing::TestWithParam<Kernel> {
protected:
  ScenarioText with(const ScenarioText& scenario, const std::string& call) const {
    return scenario.before(GetParam().place, call);
  }
  Names insertable(const ScenarioText& scenario) const {
    return separated(between(refusal(with(scenario, "?")), "allowed here: ", ";"));
  }
  // The words of the help for the operands of an insertion; none for one without.
  Names operands(const ScenarioText& scenario, const std::string& name) const {
    return separated(between(refusal(with(scenario, name)), ", not 0; ", ":"));
  }
  // Empty for a primitive of locks, which no path is.
  std::vector<Names> calls(const ScenarioText& scenario) const {
    static const std::set<std::string> of_the_language{
        "set",      "check",    "push_front", "push_back", "remove", "insert_before",
        "wake_one", "wake_all", "break",      "continue",  "return", "goto",
        "guard",    "if",       "while",      "for_each"};
    std::vector<Names> found;
    for (const std::string& name : insertable(scenario)) {
      Names call{name};
      for (const std::string& word : operands(scenario, name))
        call.push_back(word);
      const bool known = std::all_of(call.begin() + 1, call.end(), [](const std::string& word) {
        return GetParam().fitting.contains(word);
      });
      if (known && !of_the_language.contains(name))
        found.push_back(std::move(call));
    }
    return found;
  }
  // `name operand, operand` with one of them replaced.
  std::string text(const Names& call, std::size_t replaced = 0, const std::string& by = "") const {
    std::string text = call[0];
    for (std::size_t i = 1; i < call.size(); ++i)
      text += (i == 1 ? " " : ", ") + (i == replaced ? by : GetParam().fitting.at(call[i]));
    return text;
  }
};

TEST_P(Insertions, EachCallOfAPathBuilds) {
  for (const ScenarioText& scenario : GetParam().scenarios) {
    ASSERT_EQ(refusal(scenario), "");
    for (const Names& call : calls(scenario))
      EXPECT_EQ(refusal(with(scenario, text(call))), "") << text(call);
  }
}

// A count is no object, no pid, no answer, no errno and no set of notes.
TEST_P(Insertions, AnOperandOfAWrongKindIsRefusedByItsName) {
  const std::string wrong = GetParam().fitting.at("a count");
  for (const ScenarioText& scenario : GetParam().scenarios)
    for (const Names& call : calls(scenario))
      for (std::size_t i = 1; i < call.size(); ++i)
        EXPECT_TRUE(refusal(with(scenario, text(call, i, wrong)))
                        .starts_with(call[0] + ": " + wrong + " is no "))
            << text(call, i, wrong) << "\n"
            << refusal(with(scenario, text(call, i, wrong)));
}

// The declarations of the kernel's paths whose parameters are objects and expressions alone.
std::set<std::string> paths_of_objects(const std::string& system) {
  std::ifstream file(std::string(INTERLOCK_SOURCE_DIR) + "/model/actions/" + system + "/paths.hpp");
  std::stringstream text;
  text << file.rdbuf();
  const std::string source = text.str();
  const std::regex declaration(
      R"(\nvoid (\w+)\(Path& s((?:,\s+const (?:Knote|Kqueue|Proc|Lwp|Filedesc|Expr)& \w+)*)\);)");
  std::set<std::string> names;
  for (std::sregex_iterator it(source.begin(), source.end(), declaration), end; it != end; ++it)
    names.insert((*it)[1]);
  return names;
}

TEST_P(Insertions, EveryPathOfObjectsIsAmongThem) {
  std::set<std::string> missing = paths_of_objects(GetParam().name);
  EXPECT_GT(missing.size(), 10U);
  for (const ScenarioText& scenario : GetParam().scenarios)
    for (const Names& call : calls(scenario))
      missing.erase(call[0]);
  EXPECT_EQ(missing, std::set<std::string>{});
}

std::vector<Kernel> kernels() {
  const auto family = [](const ScenarioText& text, const std::string& fork = "fork child") {
    return text.thread("parent", {fork, "wait4"})
        .thread("child", {"exit 1"})
        .thread("watcher", {"kevent add proc parent exit"});
  };
  return {
      {"netbsd",
       {family(ScenarioText()).thread("killer", {"killpg parent"}),
        family(ScenarioText(before_change)), family(ScenarioText(vfork_change), "vfork child")},
       "do_sys_wait.proc_free",
       {{"KNOTE", "knote0"},
        {"FILEDESC", "kq.kq_fdp"},
        {"PROC", "proc0"},
        {"HINT", "knote0.kn_fflags"},
        {"RESULT", "kq.KQ_CLOSING"},
        {"ERRNO", "errno"},
        {"a count", "kq.kq_count"}}},
      {"freebsd",
       {family(ScenarioText("kqueue-10.4").system("freebsd")).thread("killer", {"killpg parent"})},
       "kern_wait.none_reaped",
       {{"KNOTE", "knote0"},
        {"KQUEUE", "kq"},
        {"PROC", "proc0"},
        {"PID", "knote0.kn_id"},
        {"PARENT", "proc0.p_pptr"},
        {"PLACE", "knote0.kn_knlist"},
        {"ERRNO", "errno"},
        {"a count", "kq.kq_count"}}},
      {"dragonfly",
       {family(ScenarioText("kern_fork-d9d67b59").system("dragonfly"))
            .thread("killer", {"killpg parent"})},
       "kern_wait.find_zombie",
       {{"KNOTE", "knote0"},
        {"PROC", "proc0"},
        {"PARENT", "proc0"},
        {"PID", "knote0.kn_id"},
        {"PLACE", "p"},
        {"RESULT", "kq.KQ_SLEEP"},
        {"ERRNO", "errno"},
        {"a count", "kq.kq_count"}}}};
}

INSTANTIATE_TEST_SUITE_P(Kernels, Insertions, testing::ValuesIn(kernels()),
                         [](const auto& kernel) { return kernel.param.name; });

// --- what an inserted call does ---

// It does not matter who tells the knotes of the exit: without the call the watcher never hears of
// it, and an inserted one tells it as well.
TEST(InsertedCalls, TellTheKnotesOfTheExit) {
  const ScenarioText dropped =
      only(exit_and_read(), "kevent-contract").drop("exit1.knote_proc_exit", "nothing");
  EXPECT_TRUE(check(dropped).verdict().starts_with("kevent-contract/delivery: "))
      << check(dropped).verdict();
  EXPECT_EQ(check(dropped.after("exit1.mutex_enter_p_lock", "knote_proc_exit p")).verdict(),
            "holds");
}

// The walk of the inserted call must not move the walk that it is called from.
TEST(InsertedCalls, HaveLocalsOfTheirOwnInsideTheirOwnPath) {
  const systems::BuiltSpec built = systems::build(
      exit_and_read().after("knote_proc_exit.add_NOTE_EXIT", "knote_proc_exit p").scenario());
  const lang::Spec& spec = *built.spec;
  EXPECT_TRUE(spec.find_local(0, "knote_proc_exit.kn"));
  EXPECT_TRUE(spec.find_local(0, "knote_proc_exit.kn#2"));
}

// A check that nobody evaluates would hold whatever it says.
TEST(InsertedChecks, AreCheckedWhateverTheScenarioSelects) {
  const ScenarioText leaks = only(exit_and_read(), "leak");
  EXPECT_EQ(check(leaks.before("exit1.mutex_enter_p_lock", "check true")).verdict(), "holds");
  for (const char* inserted : {"check false", "if true { check false }"})
    EXPECT_TRUE(check(leaks.before("exit1.mutex_enter_p_lock", inserted))
                    .verdict()
                    .starts_with("assertion: "))
        << inserted;
}

} // namespace
} // namespace interlock::tests
