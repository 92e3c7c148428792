// interlock gate in a kernel's CI: several at a time, answers that are kept, reports, new numbers.
#include "program.hpp"

#include <csignal>
#include <dirent.h>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <regex>
#include <sched.h>

namespace interlock::tests {
namespace {

using Json = nlohmann::json;

const std::string holds = "{\"holds\": true}";

void expect_in(const std::string& text, std::initializer_list<const char*> parts) {
  for (const char* part : parts)
    EXPECT_NE(text.find(part), std::string::npos) << part << "\nin " << text;
}

// Without the column of seconds, which no two runs have alike.
std::string without_seconds(const std::string& text) {
  return std::regex_replace(text, std::regex(" +[0-9]+\\.[0-9][0-9]\n"), "\n");
}

void write_some(const Workplace& place) {
  place.write("configs/a.json", holds_config(holds));
  place.write("configs/b.json", deadlock_config(holds));
  place.write("configs/c.json", safety_config("{\"violates\": \"locks-held-on-return\"}"));
  place.write("configs/d.json", "{\n");
}

TEST(GateJobs, DoNotChangeTheOutput) {
  const Workplace place;
  write_some(place);
  const Finished one = place.run({"gate", "configs", "--no-cache", "--jobs", "1"});
  const Finished four = place.run({"gate", "configs", "--no-cache", "--jobs", "4"});
  EXPECT_EQ(without_seconds(one.out), without_seconds(four.out));
  EXPECT_EQ(one.err, four.err);
  EXPECT_EQ(one.code, 17);
  EXPECT_EQ(four.code, 17);
}

// Beside 1023 others a config has 1 MiB, which is too little for it, and by itself 64.
TEST(GateJobs, AConfigThatHasTooLittleMemoryBesideOthersGetsAllOfIt) {
  const Workplace place;
  const std::string config = INTERLOCK_SOURCE_DIR "/configs/netbsd/attach-while-exiting.json";
  const Finished small = place.run({"gate", "--max-memory", "1", config});
  expect_in(small.out, {"expected holds, found incomplete"});
  const Finished run =
      place.run({"gate", "--no-cache", "--jobs", "1024", "--memory", "64", config});
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  EXPECT_EQ(place.run({"gate", "--no-cache", "--memory", "1", config}).code, 17);
}

// The children of a process, by what proc(5) says of all.
std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  DIR* processes = opendir("/proc");
  while (const dirent* entry = readdir(processes)) {
    std::ifstream file(std::string("/proc/") + entry->d_name + "/stat");
    std::string stat;
    std::getline(file, stat);
    const std::size_t end = stat.rfind(") ");
    if (end == std::string::npos)
      continue;
    if (std::stoi(stat.substr(end + 4)) == parent)
      children.push_back(std::stoi(entry->d_name));
  }
  closedir(processes);
  return children;
}

TEST(GateJobs, AProcessThatIsKilledLeavesTheOthers) {
  const Workplace place;
  Json config = Json::parse(endless_config());
  config["expect"] = {{"holds", true}};
  place.write("configs/endless.json", config.dump());
  place.write("configs/holds.json", holds_config(holds));
  const pid_t gate = place.start({"gate", "configs", "--jobs", "1"});
  std::vector<pid_t> children;
  while (children.empty()) {
    sched_yield();
    children = children_of(gate);
  }
  kill(children.front(), SIGKILL);
  const Finished run = place.finish(gate);
  EXPECT_EQ(run.code, 152) << run.out << run.err;
  expect_in(run.err, {"configs/endless.json: its process was killed"});
  expect_in(run.out, {"2 configs: 1 as expected, 0 different, 1 wrong; "});
}

TEST(GateSeconds, WhatIsNotReachedIsSaidAndIs124) {
  const Workplace place;
  write_some(place);
  const Finished run = place.run({"gate", "configs/a.json", "--seconds", "0.000000001"});
  EXPECT_EQ(run.code, 124) << run.out << run.err;
  expect_in(run.out, {"configs/a.json", "not reached: the gate's 0.000000001 seconds were over",
                      "1 file not reached\n"});
}

class GateCache : public testing::Test {
protected:
  Finished gate() const { return place_.run({"gate", "configs", "--cache", "kept"}); }
  std::vector<std::string> entries() const {
    std::vector<std::string> names;
    for (const std::string& name : place_.files())
      if (name.starts_with("kept/") && name.ends_with(".json"))
        names.push_back(name);
    return names;
  }
  Workplace place_;
};

TEST_F(GateCache, ASecondRunGivesTheSameAnswersFromIt) {
  write_some(place_);
  const Finished first = gate();
  const Finished second = gate();
  EXPECT_EQ(entries().size(), 3U); // d.json is wrong
  expect_in(second.out, {"3 answers from the cache\n", "   cached\n"});
  const auto same = [](const std::string& text) {
    return std::regex_replace(without_seconds(text), std::regex(" +cached\n|3 answers.*\n"), "\n");
  };
  EXPECT_EQ(same(first.out).size() + 1, same(second.out).size()); // the line about the cache
  EXPECT_EQ(first.code, second.code);
  EXPECT_EQ(first.err, second.err);
}

TEST_F(GateCache, WhatCanChangeAnAnswerIsCheckedAnewAndACommentIsNot) {
  place_.write("configs/a.json", holds_config(holds));
  gate();
  place_.write("configs/a.json", "// new\n" + holds_config(holds));
  expect_in(gate().out, {"1 answer from the cache"});
  place_.write("configs/a.json", deadlock_config(holds));
  const Finished changed = gate();
  EXPECT_EQ(changed.code, 17);
  EXPECT_EQ(changed.out.find("from the cache"), std::string::npos);
  // What is expected is compared with a spec's own names, so that it counts.
  place_.write("configs/a.json", holds_config("{\"holds\": true, \"cut\": {\"no-deadlock\": 1}}"));
  EXPECT_EQ(gate().code, 151);
}

TEST_F(GateCache, LimitsOfTheCommandLineCount) {
  place_.write("configs/a.json", holds_config(holds));
  EXPECT_EQ(gate().code, 0);
  const Finished limited = place_.run({"gate", "configs", "--cache", "kept", "--max-states", "5"});
  EXPECT_EQ(limited.code, 17);
  EXPECT_EQ(entries().size(), 1U); // an incomplete search is no answer for ever
}

TEST_F(GateCache, ADamagedEntryAndOneOfAnotherVersionAreSaidAndReplaced) {
  place_.write("configs/a.json", holds_config(holds));
  gate();
  const std::string name = entries().at(0);
  const std::string good = place_.read(name);
  const auto with = [&](const std::string& what, const std::string& by) {
    std::string text = good;
    return text.replace(text.find(what), what.size(), by);
  };
  for (const std::string& bad :
       {std::string(), good.substr(0, good.size() / 2), with("\"states\":", "\"states\":1"),
        with("\"version\":1", "\"version\":2"), std::string("[1]"), std::string("\xff\x1b")}) {
    place_.write(name, bad);
    const Finished run = gate();
    EXPECT_EQ(run.code, 0) << run.out << run.err;
    expect_in(run.err, {name.c_str(), "; its config is checked again"});
    EXPECT_EQ(run.out.find("from the cache"), std::string::npos);
    EXPECT_EQ(gate().err, "");
  }
}

TEST_F(GateCache, AFolderInPlaceOfAnEntryIsSaid) {
  place_.write("configs/a.json", holds_config(holds));
  gate();
  const std::string name = entries().at(0);
  std::filesystem::remove(place_.path(name));
  std::filesystem::create_directory(place_.path(name));
  const Finished run = gate();
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  expect_in(run.err, {name.c_str(), " cannot be read: ", "answers are not kept: "});
}

TEST_F(GateCache, ThatCannotBeWrittenCostsNoAnswer) {
  write_some(place_);
  place_.write("kept", "a file\n");
  const Finished run = gate();
  EXPECT_EQ(run.code, 17);
  expect_in(run.err, {"answers are not kept: "});
  expect_in(run.out, {"4 configs: 2 as expected, 1 different, 1 wrong; "});
}

TEST_F(GateCache, TwoGatesAtOnceInOneFolder) {
  const Workplace other;
  for (const Workplace* place : {static_cast<const Workplace*>(&place_), &other})
    write_some(*place);
  const std::string kept = place_.path("kept").string();
  const pid_t first = place_.start({"gate", "configs", "--cache", kept});
  const pid_t second = other.start({"gate", "configs", "--cache", kept});
  EXPECT_EQ(place_.finish(first).code, 17);
  EXPECT_EQ(other.finish(second).code, 17);
  expect_in(gate().out, {"3 answers from the cache\n"});
}

TEST(GateDifference, ComesWithTheMessageTheStepsAndACommandThatShowsIt) {
  const Workplace place;
  place.write("a b.json", safety_config(holds));
  const Finished run = place.run({"gate", "a b.json"});
  expect_in(run.out, {"  DIFFERS  verdict: expected holds, found violates locks-held-on-return\n",
                      "  locks-held-on-return: ", "  proc_lock is held by p:\n",
                      "  reproduce: interlock check 'a b.json'\n"});
  EXPECT_EQ(place.run({"check", "--no-replay", "a b.json"}).code, 12);
}

TEST(GateDifference, ThatAnotherConfigHasToldIsToldOnce) {
  const Workplace place;
  place.write("a.json", safety_config(holds));
  place.write("b.json", safety_config(holds));
  expect_in(place.run({"gate", "a.json", "b.json"}).out, {"  as in a.json\n"});
}

TEST(GateReports, AsADocument) {
  const Workplace place;
  write_some(place);
  place.write("configs/notes.txt", "");
  const Finished run = place.run({"gate", "configs", "--format", "json"});
  const Json document = Json::parse(run.out);
  EXPECT_EQ(document["format"], "interlock-gate");
  EXPECT_EQ(document["exit"]["code"], 17);
  std::vector<std::string> outcomes;
  for (const Json& result : document["results"])
    outcomes.push_back(result["outcome"]);
  EXPECT_EQ(outcomes, (std::vector<std::string>{"as expected", "different", "as expected", "wrong",
                                                "passed over"}));
  EXPECT_EQ(document["results"][1]["violation"]["property"], "no-deadlock");
  EXPECT_EQ(document["results"][1]["reproduce"], "interlock check configs/b.json");
  EXPECT_EQ(document["totals"]["different"], 1);
}

// Each stands in a folder where a gate looks for configs the next time.
TEST(GateReports, AreNoConfigs) {
  const Workplace place;
  place.write("configs/a.json", holds_config(holds));
  place.run(
      {"gate", "configs/a.json", "--sarif", "configs/sarif.json", "--junit", "configs/j.xml"});
  place.write("configs/gate.json", place.run({"gate", "configs/a.json", "--format", "json"}).out);
  const Finished run = place.run({"gate", "configs"});
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  expect_in(run.out, {"passed over: SARIF\n", "passed over: a report, interlock-gate\n"});
}

TEST(GateReports, OneThatCannotBeWrittenIs153AndTheOthersAreWritten) {
  const Workplace place;
  place.write("a.json", holds_config(holds));
  place.write("folder/x", "");
  const Finished run = place.run(
      {"gate", "a.json", "--junit", "folder", "--sarif", "s.sarif", "--summary", "sum.md"});
  EXPECT_EQ(run.code, 153) << run.out << run.err;
  expect_in(run.err, {"a report was not written: ", "folder"});
  EXPECT_TRUE(place.has("s.sarif"));
  EXPECT_TRUE(place.has("sum.md"));
}

TEST(GateReports, ASummaryIsAppended) {
  const Workplace place;
  place.write("a.json", holds_config(holds));
  place.write("sum.md", "before\n");
  place.run({"gate", "a.json", "--summary", "sum.md"});
  EXPECT_TRUE(place.read("sum.md").starts_with("before\n## interlock gate\n"));
}

TEST(GateReports, AnAnnotationIsOnTheExpectationWithoutATree) {
  const Workplace place;
  place.write("configs/b.json", deadlock_config("{\n    \"holds\": true}"));
  const std::string text = place.read("configs/b.json");
  const auto line =
      1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find("{\n    ")),
                     '\n');
  const std::string wanted =
      "\n::error file=configs/b.json,line=" + std::to_string(line) + ",title=";
  expect_in(place.run({"gate", "configs", "--annotate", "github"}).out, {wanted.c_str()});
  EXPECT_EQ(place.run({"gate", "configs", "--annotate", "github", "--format", "json"}).code, 151);
}

// exit1() of NetBSD goes on with the lock of the list; the tree has its own lines.
TEST(GateReports, AnAnnotationIsOnTheLineOfATree) {
  const Workplace place;
  place.write("src/sys/kern/kern_event.c", kern_event_of_a_tree());
  place.write("b.json", deadlock_config(holds));
  const Finished run = place.run({"gate", "--tree", "./src", "b.json", "--annotate", "github"});
  expect_in(run.out, {"kern_event.c:9: mutex_enter(&proc_lock)"});
  EXPECT_TRUE(std::regex_search(
      run.out, std::regex("\n::error file=src/sys/kern/kern_event.c,line=(9|1[0-4]),title=")))
      << run.out;
}

class GateUpdate : public testing::Test {
protected:
  Finished update(const std::string& expect) {
    before_ = "// kept\n" + holds_config(expect);
    place_.write("c.json", before_);
    return place_.run({"gate", "--update", "c.json"});
  }
  std::string before_;
  Workplace place_;
};

TEST_F(GateUpdate, RewritesTheNumbersWhereTheyStandAndNothingElse) {
  const Finished run = update("{\"holds\": true, /* here */ \"states\": 1,\n \"depth\":2 }");
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  expect_in(run.out, {"  UPDATED  c.json:",
                      ": -  \"expect\": {\"holds\": true, /* here */ "
                      "\"states\": 1,\n",
                      "1 config updated\n", "1 as expected, 0 different"});
  const auto digits_gone = [](const std::string& text) {
    return std::regex_replace(text, std::regex("(states|depth)\": ?[0-9]+"), "$1");
  };
  EXPECT_EQ(digits_gone(place_.read("c.json")), digits_gone(before_));
  const Finished again = place_.run({"gate", "c.json"});
  EXPECT_EQ(again.code, 0);
  expect_in(again.out, {"1 answer from the cache"}); // what it found is kept under the new text
}

TEST_F(GateUpdate, NeverRewritesAVerdict) {
  const Finished run = update("{\"violates\": \"no-deadlock\", \"states\": 1}");
  EXPECT_EQ(run.code, 17);
  expect_in(run.out,
            {"DIFFERS  verdict: ", "DIFFERS  states: expected 1, found ", "0 configs updated\n"});
  EXPECT_EQ(place_.read("c.json"), before_);
}

TEST_F(GateUpdate, OfWhatIsAsExpectedWritesNothing) {
  EXPECT_EQ(update(holds).code, 0);
  EXPECT_EQ(place_.read("c.json"), before_);
}

} // namespace
} // namespace interlock::tests
