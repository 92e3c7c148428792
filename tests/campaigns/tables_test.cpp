// The tables of a small corpus, row by row, and the blocks of a document.
#include "campaigns/tables.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace interlock::tests {
namespace {

using checker::ConfigError;
using checker::Corpus;
namespace fs = std::filesystem;

// A project's folder with configs and recorded witnesses.
class Project {
public:
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((folder_.path() / name).parent_path());
    std::ofstream(folder_.path() / name) << text;
  }
  // A config of a process that exits; `more` are its other members.
  void config(const std::string& name, const std::string& more) const {
    write("configs/" + name + ".json",
          R"({"system": "netbsd", "revision": "kern_event-1.128",
              "scenario": {"threads": {"p": ["exit"], "w": ["kevent add proc p exit"]}},
             )" +
              more + "}");
  }
  Corpus read() const { return checker::read_corpus(folder_.path()); }

private:
  TemporaryFolder folder_;
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Tables, ABugHasItsRevisionItsFixItsLengthAndItsWitness) {
  const Project project;
  project.config("lost",
                 R"("properties": ["leak"], "expect": {"violates": "leak", "trace_length": 7},
      "about": {"title": "the exit | is lost", "fixed_by": "kern_event-1.129", "siblings": ["kept"]})");
  project.config("kept", R"("expect": {"holds": true})");
  project.write("witnesses/recorded/lost.witness.json", "{}");
  const std::string bugs = checker::table("bugs", project.read());
  EXPECT_TRUE(has(bugs, "**NetBSD**\n\n| bug |")) << bugs;
  EXPECT_TRUE(has(bugs, "\n| [lost](configs/lost.json) | the exit \\| is lost | kern_event-1.128 | "
                        "kern_event-1.129: [kept](configs/kept.json) | leak | 7 | "
                        "[yes](witnesses/recorded/lost.witness.json) |\n"))
      << bugs;
  EXPECT_FALSE(has(bugs, "[kept](configs/kept.json) |  |")) << "what holds is no bug";
}

TEST(Tables, WhatAPatchBreaksIsATableOfItsOwn) {
  const Project project;
  project.config("broken", R"("patches": [{"drop": "exit1.mutex_exit_proc_lock"}],
      "comment": "The lock stays. And more.", "expect": {"violates": "locks-held-on-return"})");
  const Corpus corpus = project.read();
  EXPECT_EQ(checker::table("bugs", corpus), "");
  EXPECT_TRUE(has(checker::table("patched", corpus),
                  "\n| [broken](configs/broken.json) | The lock stays | kern_event-1.128 | | "
                  "locks-held-on-return | | no |\n"))
      << checker::table("patched", corpus);
}

TEST(Tables, WhatHoldsSaysWhatIsCheckedAndHowManyStatesThereAre) {
  const Project project;
  project.config("all", R"("about": {"title": "t"}, "expect": {"holds": true, "states": 12})");
  project.config("few", R"("properties": ["leak", "lock-order"], "expect": {"holds": true})");
  std::string most; // all but leak, and but the analyses
  const Corpus two = project.read();
  for (const lang::Property& property : two.entries.front().built.spec->properties())
    if (property.name != "leak" && most.find("\"" + property.name + "\"") == std::string::npos)
      most += (most.empty() ? "\"" : ", \"") + property.name + "\"";
  project.config("most", "\"properties\": [" + most + R"(], "expect": {"holds": true})");
  const std::string holds = checker::table("holds", project.read());
  EXPECT_TRUE(has(holds, "| t | kern_event-1.128 | all | 12 |\n")) << holds;
  EXPECT_TRUE(has(holds, "| kern_event-1.128 | leak, lock-order | |\n")) << holds;
  EXPECT_TRUE(has(holds, "| kern_event-1.128 | all but leak | |\n")) << holds;
}

TEST(Tables, OfTheSpecificationsHaveObjectsLocksAndFunctions) {
  const Project project;
  project.config("c", R"("expect": {"holds": true})");
  const Corpus corpus = project.read();
  EXPECT_TRUE(has(checker::table("objects", corpus), "| NetBSD | knote | kn_kq, "));
  EXPECT_TRUE(has(checker::table("locks", corpus), "| NetBSD | spin mutex | kq_lock |\n"));
  EXPECT_TRUE(has(checker::table("functions", corpus), "| sys/kern/kern_event.c 1.128 | "));
  for (const std::string& name : checker::table_names())
    EXPECT_NO_THROW(checker::table(name, corpus)) << name;
}

std::string error_of(const Project& project) {
  try {
    project.read();
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST(Tables, ASiblingIsBesideAndHolds) {
  const Project project;
  project.config("kept", R"("expect": {"holds": true})");
  project.config("lost", R"("properties": ["leak"], "expect": {"violates": "leak"},
      "about": {"siblings": ["kpet"]})");
  EXPECT_TRUE(has(error_of(project), "there is no config \"kpet\" beside this one that is expected "
                                     "to hold; did you mean kept?"))
      << error_of(project);
}

TEST(TableBlocks, AreReplacedAndTheRestIsKept) {
  const Project project;
  project.config("c", R"("expect": {"holds": true})");
  const Corpus corpus = project.read();
  const std::string before = "text\n<!-- generated: bounds -->\nold\n<!-- end -->\nmore\n"
                             "<!-- generated: locks -->\n<!-- end -->\nno newline";
  const std::string after = checker::with_tables("d.md", before, corpus);
  EXPECT_EQ(after, "text\n<!-- generated: bounds -->\n" + checker::table("bounds", corpus) +
                       "<!-- end -->\nmore\n<!-- generated: locks -->\n" +
                       checker::table("locks", corpus) + "<!-- end -->\nno newline");
  EXPECT_EQ(checker::with_tables("d.md", after, corpus), after);
}

TEST(TableBlocks, WithoutAnEndOrWithAnUnknownNameAreRefused) {
  const Project project;
  project.config("c", R"("expect": {"holds": true})");
  const Corpus corpus = project.read();
  const auto error = [&](const std::string& document) -> std::string {
    try {
      checker::with_tables("d.md", document, corpus);
    } catch (const ConfigError& wrong) {
      return wrong.what();
    }
    return "";
  };
  EXPECT_TRUE(has(error("\n<!-- generated: bugz -->\n<!-- end -->\n"),
                  "d.md:2:1: there is no table bugz; did you mean bugs?"));
  EXPECT_TRUE(
      has(error("<!-- generated: bugs -->\n"), "d.md:1:1: the generated block has no line"));
  EXPECT_TRUE(has(error("<!-- generated: bugs -->\n<!-- generated: locks -->\n<!-- end -->\n"),
                  "d.md:1:1: the generated block has no line"));
}

} // namespace
} // namespace interlock::tests
