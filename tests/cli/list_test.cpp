// interlock list, from outside: what configs can name, and the steps of a specification.
#include "program.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>

namespace interlock::tests {
namespace {

TEST(List, NamesWhatConfigsCanName) {
  const Workplace place;
  EXPECT_NE(place.run({"list"}).out.find("kern_event-1.129"), std::string::npos);
  EXPECT_NE(place.run({"list", "properties", "netbsd"}).out.find("no-deadlock"), std::string::npos);
  EXPECT_NE(place.run({"list", "calls"}).out.find("fork "), std::string::npos);
  EXPECT_NE(place.run({"list", "lock-order"}).out.find("proc_lock"), std::string::npos);
}

TEST(List, APropertyHasTheExitCodeOfItsViolation) {
  const Workplace place;
  const auto code_of = [&](const std::string& property) {
    const std::string out = place.run({"list", "--format", "json", "properties", "netbsd"}).out;
    const nlohmann::json json = nlohmann::json::parse(out);
    for (const nlohmann::json& entry : json["systems"][0]["entries"])
      if (entry["name"] == property)
        return entry["exit"]["code"].get<int>();
    return 0;
  };
  place.write("deadlock.json", deadlock_config());
  place.write("held.json", safety_config());
  EXPECT_EQ(code_of("no-deadlock"), place.run({"check", "--no-replay", "deadlock.json"}).code);
  EXPECT_EQ(code_of("locks-held-on-return"), place.run({"check", "--no-replay", "held.json"}).code);
  EXPECT_EQ(code_of("kassert"), 14) << "as TLC's for an assertion";
  const std::string text = place.run({"list", "properties", "netbsd"}).out;
  EXPECT_NE(text.find("\n  no-deadlock                   exit 11  no thread is stuck"),
            std::string::npos)
      << text;
}

TEST(List, LabelsAreThoseThatPatchesName) {
  const Workplace place;
  place.write("c.json", holds_config());
  const Finished run = place.run({"list", "labels", "c.json"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_NE(run.out.find("\n  exit1.mutex_enter_p_lock "), std::string::npos) << run.out;
}

// Of a path the statements come as they are written: a test before what is in it, which is
// indented.
TEST(List, LabelsAreInTheOrderOfThePath) {
  const Workplace place;
  place.write("c.json", holds_config());
  const std::string labels = place.run({"list", "labels", "--thread", "p", "c.json"}).out;
  const std::size_t path =
      labels.find("\nexit1  sys/kern/kern_exit.c 1.298 exit1()\n  called by exit");
  ASSERT_NE(path, std::string::npos) << labels;
  std::size_t at = path;
  for (const char* line : {"\n  exit1.set_SDYING ", "\n  exit1.mutex_exit_p_lock ", "\n  exit1.if ",
                           "\n    exit1.knote_proc_exit ", "\n  exit1.set_SZOMB "}) {
    const std::size_t next = labels.find(line, at);
    EXPECT_NE(next, std::string::npos) << line << labels;
    at = next;
  }
  for (const char* words : {" takes proc", " releases proc", " call knote_proc_exit\n", " if size(",
                            " for each kn on p.l_proc.p_klist", ".p_stat := SDYING"})
    EXPECT_NE(labels.find(words), std::string::npos) << words << labels;
}

// exit1() begins with KASSERT(mutex_owned(p->p_lock)).
TEST(List, LabelsDoNotDependOnThePropertiesThatAreSelected) {
  const Workplace place;
  const std::string one = holds_config();
  const std::size_t selection = one.find("\"properties\"");
  std::string all = one;
  all.erase(selection, all.find(']', selection) - selection + 1);
  all.erase(all.rfind(','), 1);
  place.write("one.json", one);
  place.write("all.json", all);
  const auto labels = [&](const std::string& config) {
    const Finished run = place.run({"list", "labels", "--format", "json", config});
    EXPECT_EQ(run.code, 0) << run.err;
    const auto list = nlohmann::json::parse(run.out);
    std::vector<std::string> names;
    for (const auto& entry : list["labels"])
      names.push_back(entry["label"]);
    return names;
  };
  EXPECT_EQ(labels("one.json"), labels("all.json"));
  const auto kassert = [&](const std::string& config) {
    return place.run({"list", "labels", "--label", "exit1.kassert", config}).out;
  };
  EXPECT_NE(kassert("one.json").find("; kassert is not selected\n"), std::string::npos);
  EXPECT_EQ(kassert("all.json").find("not selected"), std::string::npos);

  std::string patched = one;
  patched.insert(patched.rfind('}'), ", \"patches\": [{\"insert\": \"return\", \"after\": "
                                     "\"exit1.kassert\"}]");
  place.write("patched.json", patched);
  const Finished run = place.run({"list", "actions", "--label", "exit1", "patched.json"});
  EXPECT_EQ(run.code, 151) << run.out << "exit1() has no step any more";
}

TEST(List, ActionsAreTheGuardedActionsByThreadWithTheirSource) {
  const Workplace place;
  place.write("c.json", holds_config());
  const Finished run = place.run({"list", "actions", "c.json"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(run.out.starts_with("thread ")) << run.out;
  // exit1() takes p_lock when nobody owns it, and goes on; its source and call come below.
  const std::size_t at = run.out.find("\n  exit1.mutex_enter_p_lock: when ");
  ASSERT_NE(at, std::string::npos) << run.out;
  std::istringstream rest(run.out.substr(at + 1));
  std::string action;
  std::string source;
  std::getline(rest, action);
  std::getline(rest, source);
  for (const char* part : {".owner == none", " do ", ".owner := ", " then exit1."})
    EXPECT_NE(action.find(part), std::string::npos) << part << "\n" << action;
  EXPECT_NE(source.find("sys/kern/kern_exit.c"), std::string::npos) << source;
  EXPECT_NE(source.find(", in exit"), std::string::npos) << source;
}

TEST(List, ActionsAndLabelsCanBeOfOneThreadAndWithAPartOfTheLabel) {
  const Workplace place;
  place.write("c.json", holds_config());
  const std::string some =
      place.run({"list", "actions", "--thread", "w", "--label", "p_lock", "c.json"}).out;
  EXPECT_TRUE(some.starts_with("thread w\n")) << some;
  EXPECT_EQ(some.find("thread p"), std::string::npos) << some;
  EXPECT_NE(some.find("filt_procattach.mutex_enter_p_lock: when"), std::string::npos) << some;
  EXPECT_EQ(some.find("fd_lock: when"), std::string::npos) << some;
  const std::string labels = place.run({"list", "labels", "--label", "p_lock", "c.json"}).out;
  EXPECT_NE(labels.find("exit1.mutex_enter_p_lock "), std::string::npos) << labels;
  EXPECT_EQ(labels.find("fd_lock"), std::string::npos) << labels;
}

TEST(List, TheContractIsASpecificationOfItsOwn) {
  const Workplace place;
  const std::string config = INTERLOCK_SOURCE_DIR "/configs/netbsd/lost-note-child.json";
  const Finished run = place.run({"list", "actions", "--contract", config});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_NE(run.out.find("thread watcher\n"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("show \"watcher gets\" (ident child, fflags "), std::string::npos)
      << run.out;
  const nlohmann::json json = nlohmann::json::parse(
      place.run({"list", "actions", "--contract", "--format", "json", config}).out);
  EXPECT_EQ(json["actions"][0]["shows"]["event"], "parent: fork child begins");
}

TEST(List, SaysWhereNobodyJudgesByTheContract) {
  const Workplace place;
  place.write("c.json", holds_config());
  const Finished run = place.run({"list", "actions", "--contract", "c.json"});
  EXPECT_EQ(run.code, 151);
  EXPECT_NE(run.err.find("no call watches a process"), std::string::npos) << run.err;
}

TEST(List, JsonSaysTheSame) {
  const Workplace place;
  place.write("c.json", holds_config());
  const auto parse = [&](const std::vector<std::string>& arguments) {
    const Finished run = place.run(arguments);
    EXPECT_EQ(run.code, 0) << run.err;
    return nlohmann::json::parse(run.out);
  };
  const auto actions = parse({"list", "actions", "--format", "json", "c.json"});
  EXPECT_EQ(actions["format"], "interlock-list");
  const std::string human = place.run({"list", "actions", "c.json"}).out;
  std::size_t lines = 0;
  for (std::size_t at = human.find(": when "); at != std::string::npos;
       at = human.find(": when ", at + 1))
    ++lines;
  EXPECT_EQ(actions["actions"].size(), lines);
  for (const auto& action : actions["actions"])
    EXPECT_NE(human.find(action["label"].get<std::string>() + ": when " +
                         action["guard"].get<std::string>() + " do "),
              std::string::npos)
        << action;
  const auto labels = parse({"list", "labels", "--format", "json", "--thread", "p", "c.json"});
  EXPECT_EQ(labels["labels"][0]["threads"], nlohmann::json::array({"p"}));
  const auto enter =
      std::find_if(labels["labels"].begin(), labels["labels"].end(),
                   [](const auto& entry) { return entry["label"] == "exit1.mutex_enter_p_lock"; });
  ASSERT_NE(enter, labels["labels"].end());
  EXPECT_EQ((*enter)["kind"], "step");
  EXPECT_EQ((*enter)["path"], "exit1");
  EXPECT_NE((*enter)["does"].get<std::string>().find("takes "), std::string::npos);
  const auto calls = parse({"list", "calls", "--format", "json", "netbsd"});
  EXPECT_EQ(calls["systems"][0]["name"], "netbsd");
  EXPECT_EQ(calls["systems"][0]["entries"][0]["name"], "fork PROCESS");
}

TEST(List, TablesAreWrittenIntoADocument) {
  const Workplace place;
  place.write("configs/c.json", holds_config("{\"holds\": true}"));
  place.write("d.md", "# Title\n<!-- generated: holds -->\n<!-- end -->\n");
  const Finished run = place.run({"list", "tables", "--into", "d.md"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(run.out, "d.md: rewritten\n");
  EXPECT_NE(place.read("d.md").find("[c](configs/c.json)"), std::string::npos);
  EXPECT_EQ(place.run({"list", "tables", "--into", "d.md"}).out, "d.md: as it was\n");
  const std::string all = place.run({"list", "tables"}).out;
  for (const char* name : {"bugs", "holds", "revisions", "lock-orders", "functions"})
    EXPECT_NE(all.find("<!-- generated: " + std::string(name) + " -->\n"), std::string::npos);
}

TEST(List, TablesAreWrittenIntoAllDocumentsOfAFolderOrIntoNone) {
  const Workplace place;
  place.write("configs/c.json", holds_config("{\"holds\": true}"));
  const std::string before = "<!-- generated: holds -->\n<!-- end -->\n";
  place.write("d.md", before);
  place.write("specs/a.md", before);
  place.write("specs/b.md", "<!-- generated: hlods -->\n<!-- end -->\n");
  const Finished refused = place.run({"list", "tables", "--into", "d.md", "specs"});
  EXPECT_EQ(refused.code, 151);
  EXPECT_NE(refused.err.find("specs/b.md:1:1: there is no table hlods"), std::string::npos)
      << refused.err;
  EXPECT_EQ(place.read("d.md"), before) << "another document is wrong: none is touched";
  place.write("specs/b.md", "no block\n");
  const Finished run = place.run({"list", "tables", "--into", "d.md", "specs"});
  EXPECT_EQ(run.out, "d.md: rewritten\nspecs/a.md: rewritten\nspecs/b.md: as it was\n");
  EXPECT_NE(place.read("specs/a.md").find("[c](../configs/c.json)"), std::string::npos);
}

} // namespace
} // namespace interlock::tests
