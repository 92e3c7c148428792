// A counterexample begins with its reason; what follows is as wide, as colourful and as long as
// asked for.
#include "program.hpp"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

namespace interlock::tests {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* witness = "interlock-out/lost-note-child.witness.json";

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::filesystem::path in_project(const std::string& name) {
  return std::filesystem::path(INTERLOCK_SOURCE_DIR) / name;
}

// A variable of the environment, for as long as it lives.
class Variable {
public:
  Variable(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
  ~Variable() { unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

private:
  const char* name_;
};

class FirstScreen : public testing::Test {
protected:
  void SetUp() override {
    unsetenv("COLUMNS");
    place.write("lost-note-child.json", text_of(in_project("configs/netbsd/lost-note-child.json")));
    checked = place.run({"check", "--no-replay", "lost-note-child.json"});
    ASSERT_EQ(checked.code, 12) << checked.err;
  }

  Workplace place;
  Finished checked;
};

// The first lines, up to the empty one.
std::string first_block(const std::string& text) { return text.substr(0, text.find("\n\n") + 1); }

TEST_F(FirstScreen, SaysWhichCallWouldExplainItAtAnotherMoment) {
  // EV_ADD finds the child's exit while it copies NOTE_CHILD's knote: had the exit not ended before
  // it, or had EV_ADD begun before the exit has, all would be well.
  const Finished shown = place.run(
      {"show", in_project("witnesses/recorded/add-hits-note-child.witness.json").string()});
  const std::string first = first_block(shown.out);
  EXPECT_NE(first.find("It would be explained had a call taken effect at another moment:"),
            std::string::npos)
      << first;
  EXPECT_NE(first.find("child's 'exit 1' only now; it returned at step "), std::string::npos);
  EXPECT_NE(first.find("parent's 'kevent add proc child exit' already before step "),
            std::string::npos);
  // No call is late or early where a child's exit status stands for its parent's pid.
  EXPECT_EQ(first_block(checked.out).find("another moment"), std::string::npos);
}

// The facts by which README once explained the bug by hand: the pid that fork's child was given,
// the status that exit wrote over it, the locks of both, and the event that carries both notes.
TEST_F(FirstScreen, ExplainsTheBug) {
  const std::string first = first_block(checked.out);
  for (const char* fact :
       {"knote1.kn_data is status(1), not pid(parent)", "0 -> pid(parent) in filt_procattach",
        "pid(parent) -> status(1) in filt_proc (kern_event.c:680), with proc_lock",
        "before anybody had read it", "NOTE_CHILD -> NOTE_EXIT|NOTE_CHILD",
        "Known as lost-note-child: NOTE_EXIT overwrites the data of an unread NOTE_CHILD"})
    EXPECT_NE(first.find(fact), std::string::npos) << fact << " is missing in\n" << first;
}

TEST_F(FirstScreen, FitsOnATerminalOf80By24) {
  const Variable columns("COLUMNS", "80");
  const Finished run = place.run({"check", "--no-replay", "lost-note-child.json"});
  std::istringstream lines(first_block(run.out));
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count)
    EXPECT_LE(line.size(), 80U) << line;
  EXPECT_LE(count, 24);
}

TEST_F(FirstScreen, OfAConfigOfOnesOwnNamesTheBugThatItResemblesAndTheRule) {
  place.write("mine.json", text_of(in_project("configs/netbsd/lost-note-child.json")));
  const Variable columns("COLUMNS", "300");
  const Finished run = place.run({"check", "--no-replay", "mine.json"});
  EXPECT_NE(run.out.find("\nResembles lost-note-child: "), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("(same property, failing step, "), std::string::npos) << run.out;
}

TEST_F(FirstScreen, IsInTheJsonOfCheckAndOfShow) {
  const Finished shown = place.run({"show", "--format", "json", witness});
  ASSERT_EQ(shown.code, 0) << shown.err;
  const Json document = Json::parse(shown.out);
  EXPECT_EQ(document["format"], "interlock-show");
  EXPECT_EQ(document["violation"]["length"], 138);
  const Json& story = document["story"];
  EXPECT_EQ(story["known"]["name"], "lost-note-child");
  EXPECT_EQ(story["failure"]["thread"], "watcher");
  EXPECT_EQ(story["parts"][0]["subject"], "knote1.kn_data");
  const Finished json =
      place.run({"check", "--no-replay", "--format", "json", "lost-note-child.json"});
  EXPECT_EQ(Json::parse(json.out)["results"][0]["violation"]["story"], story);
}

TEST_F(FirstScreen, IsTheSameFromCheckAndFromShow) {
  const std::string shown = place.run({"show", witness}).out;
  const std::string story = first_block(checked.out);
  EXPECT_NE(shown.find(story.substr(story.find('\n') + 1)), std::string::npos) << shown;
}

TEST_F(FirstScreen, TheTableKeepsWithinColumns) {
  const Variable columns("COLUMNS", "72");
  const std::string shown = place.run({"show", witness}).out;
  const std::string table = shown.substr(shown.find("Thread by thread"));
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(line.size(), 72U) << line;
}

// What COLUMNS is not a number for is as if it were not there.
TEST_F(FirstScreen, ColumnsThatAreNoNumberAreLeftAlone) {
  for (const char* value : {"", "0", "x", "-5", "999999999999999999999"}) {
    const Variable columns("COLUMNS", value);
    EXPECT_EQ(place.run({"show", witness}).out.find("Thread by thread"), std::string::npos)
        << value;
  }
}

TEST_F(FirstScreen, ThereIsNoColourInAFileUnlessItIsAskedFor) {
  EXPECT_EQ(place.run({"show", witness}).out.find('\x1b'), std::string::npos);
  EXPECT_NE(place.run({"show", "--color", "always", witness}).out.find('\x1b'), std::string::npos);
  EXPECT_EQ(place.run({"show", "--color", "never", witness}).out.find('\x1b'), std::string::npos);
  const std::string check =
      place.run({"check", "--no-replay", "--color", "always", "lost-note-child.json"}).out;
  EXPECT_NE(check.find('\x1b'), std::string::npos);
}

TEST_F(FirstScreen, OnlyWhatIsNamedIsShown) {
  const std::string shown = place.run({"show", witness, "--only", "knote1.kn_data"}).out;
  EXPECT_NE(shown.find("knote1.kn_data: pid(parent) -> status(1)\n"), std::string::npos) << shown;
  EXPECT_NE(shown.find("*** FAILS: kevent-contract/fflags ***"), std::string::npos);
  EXPECT_NE(shown.find("Not shown: 135 of 138 steps, which are not asked for."),
            std::string::npos)
      << shown; // but two writers and the step that fails
}

TEST_F(FirstScreen, AnUnknownNameIsAnErrorWithTheNearestOne) {
  const Finished run = place.run({"show", witness, "--only", "knote1.kn_dat"});
  EXPECT_EQ(run.code, 151);
  EXPECT_EQ(run.out, "");
  EXPECT_NE(run.err.find("--only knote1.kn_dat: "), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("did you mean knote1.kn_data?"), std::string::npos) << run.err;
}

TEST_F(FirstScreen, ARangeOfStepsIsOneWithinTheWitness) {
  const std::string shown = place.run({"show", witness, "--steps", "110..113"}).out;
  EXPECT_NE(shown.find("\n  113 "), std::string::npos) << shown;
  EXPECT_EQ(shown.find("\n  119  +"), std::string::npos);
  for (const char* range : {"0..3", "5..2", "139..", "..", "a..b", "1...3", "-1", "99999999999"}) {
    const Finished run = place.run({"show", witness, std::string("--steps=") + range});
    EXPECT_EQ(run.code, 151) << range << run.out;
    EXPECT_NE(run.err.find("the steps 1..138"), std::string::npos) << run.err;
  }
}

TEST_F(FirstScreen, WithoutLocksTheTableHasNone) {
  const std::string shown = place.run({"show", witness, "--no-locks"}).out;
  const std::string table = shown.substr(shown.find(" step  "));
  EXPECT_EQ(table.find("+proc_lock"), std::string::npos) << table;
}

// The steps of a document's table.
std::vector<int> steps_of(const Json& table) {
  std::vector<int> steps;
  for (const Json& step : table["steps"])
    steps.push_back(step["step"].get<int>());
  return steps;
}

// Step 138 fails, which is told in any case; knote1.kn_data has two writers.
TEST_F(FirstScreen, JsonOfShowAndCheckHasTheStepsThatAreAskedFor) {
  const std::vector<std::string> choice{"--format", "json",  "--only",    "knote1.kn_data",
                                        "--steps",  "100..", "--no-locks"};
  std::vector<std::string> show{"show", witness};
  std::vector<std::string> check{"check", "--no-replay", "lost-note-child.json"};
  show.insert(show.end(), choice.begin(), choice.end());
  check.insert(check.end(), choice.begin(), choice.end());
  const Json table = Json::parse(place.run(show).out)["table"];
  EXPECT_EQ(steps_of(table), (std::vector<int>{113, 138}));
  EXPECT_EQ(table["steps"][0]["line"], 680);
  EXPECT_EQ(table["filter"], Json::parse(R"({"only": ["knote1.kn_data"],
      "steps": {"first": 100, "last": null}, "locks": false, "full": false})"));
  EXPECT_EQ(table["not_asked_for"], 136);
  EXPECT_EQ(Json::parse(place.run(check).out)["results"][0]["violation"]["table"], table);
}

TEST_F(FirstScreen, CheckShowsTheStepsThatShowDoes) {
  const std::vector<std::string> choice{"--only", "knote1.kn_data", "--steps", "..113"};
  std::vector<std::string> show{"show", witness};
  std::vector<std::string> check{"check", "--no-replay", "lost-note-child.json"};
  show.insert(show.end(), choice.begin(), choice.end());
  check.insert(check.end(), choice.begin(), choice.end());
  const std::string shown = place.run(show).out;
  const std::string table = shown.substr(shown.find("Not shown: 135 of 138 steps"));
  EXPECT_NE(place.run(check).out.find(table), std::string::npos) << table;
}

TEST_F(FirstScreen, CheckRefusesAChoiceBeforeItSearches) {
  for (const std::vector<std::string>& choice :
       {std::vector<std::string>{"--only", "knote1.kn_dat"}, {"--steps", "3..1"}}) {
    std::vector<std::string> check{"check", "--no-replay", "--out", "none", "lost-note-child.json"};
    check.insert(check.end(), choice.begin(), choice.end());
    const Finished run = place.run(check);
    EXPECT_EQ(run.code, 151);
    EXPECT_NE(run.err.find(choice.front() + " " + choice.back() + ": "), std::string::npos)
        << run.err;
    EXPECT_FALSE(place.has("none"));
  }
}

// --- beside a tree ---

class BesideATree : public testing::Test {
protected:
  void SetUp() override {
    place.write("src/sys/kern/kern_event.c", kern_event_of_a_tree());
    place.write("d.json", deadlock_config());
  }
  Finished check(const std::string& tree, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words{"check", "--no-replay", "--tree", tree, "d.json"};
    words.insert(words.end(), more.begin(), more.end());
    return place.run(words);
  }
  Workplace place;
};

TEST_F(BesideATree, TheStoryAndTheTableHaveItsLinesAndItsC) {
  const std::string out = check("src").out;
  EXPECT_NE(first_block(out).find("w  takes proc_lock in filt_procattach (kern_event.c:9: "
                                  "mutex_enter(&proc_lock))"),
            std::string::npos)
      << out;
  EXPECT_NE(out.find("| mutex_enter(&proc_lock)"), std::string::npos) << out;
  EXPECT_NE(out.find(":9 "), std::string::npos) << out;
}

TEST_F(BesideATree, TheRecordedLinesOfOtherTextsAreLeftOut) {
  const Json table =
      Json::parse(check("src", {"--format", "json"}).out)["results"][0]["violation"]["table"];
  int in_tree = 0;
  for (const Json& step : table["steps"]) {
    EXPECT_EQ(step["line"].is_null(), step["statement"].is_null()) << step;
    in_tree += step["statement"].is_null() ? 0 : 1;
  }
  EXPECT_GT(in_tree, 0);
}

TEST_F(BesideATree, TheWitnessHasNoneOfIt) {
  check("src");
  EXPECT_EQ(place.read("interlock-out/d.witness.json").find("mutex_enter("), std::string::npos);
}

TEST_F(BesideATree, ThePageHasItsC) {
  check("src");
  ASSERT_EQ(
      place.run({"show", "interlock-out/d.witness.json", "--tree", "src", "--html", "page.html"})
          .code,
      0);
  EXPECT_NE(place.read("page.html").find("mutex_enter(&proc_lock)"), std::string::npos);
}

TEST_F(BesideATree, ATreeThatHasNothingOfItIsSaidAndTheRecordedLinesStay) {
  place.write("empty/sys/kern/kern_event.c", "int other(void) { return 0; }\n");
  const Finished run = check("empty");
  EXPECT_EQ(run.code, 11);
  EXPECT_NE(run.err.find("no function in empty does what the model of netbsd "), std::string::npos)
      << run.err;
  EXPECT_EQ(first_block(run.out), first_block(place.run({"check", "--no-replay", "d.json"}).out));
}

} // namespace
} // namespace interlock::tests
