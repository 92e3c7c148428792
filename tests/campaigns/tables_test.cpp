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
  // A table as it is in a document of a folder below the project's.
  std::string table(const std::string& which, const std::string& folder = ".") const {
    return checker::table(which, read(), folder_.path() / folder);
  }

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
  const std::string bugs = project.table("bugs");
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
  EXPECT_EQ(project.table("bugs"), "");
  EXPECT_TRUE(has(project.table("patched"),
                  "\n| [broken](configs/broken.json) | The lock stays | kern_event-1.128 | | "
                  "locks-held-on-return | | no |\n"))
      << project.table("patched");
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
  const std::string holds = project.table("holds");
  EXPECT_TRUE(has(holds, "| t | kern_event-1.128 | all | 12 |\n")) << holds;
  EXPECT_TRUE(has(holds, "| kern_event-1.128 | leak, lock-order | |\n")) << holds;
  EXPECT_TRUE(has(holds, "| kern_event-1.128 | all but leak | |\n")) << holds;
}

TEST(Tables, OfTheSpecificationsHaveObjectsLocksAndFunctions) {
  const Project project;
  project.config("c", R"("expect": {"holds": true})");
  EXPECT_TRUE(has(project.table("objects"), "| NetBSD | knote | kn_kq, "));
  EXPECT_TRUE(has(project.table("locks"), "| NetBSD | spin mutex | kq_lock |\n"));
  EXPECT_TRUE(has(project.table("functions"), "| sys/kern/kern_event.c 1.128 | "));
  for (const std::string& name : checker::table_names())
    EXPECT_NO_THROW(project.table(name)) << name;
}

TEST(Tables, OfOneSystemHaveItsRowsAndDoNotSayWhoseTheyAre) {
  const Project project;
  project.config("c", R"("about": {"title": "t"}, "expect": {"holds": true})");
  EXPECT_TRUE(has(project.table("revisions netbsd"), "| revision | what it is |\n|---|---|\n"));
  EXPECT_FALSE(has(project.table("revisions netbsd"), "kqueue-10.4")) << "that is FreeBSD's";
  EXPECT_TRUE(has(project.table("locks netbsd"), "\n| spin mutex | kq_lock |\n"));
  EXPECT_TRUE(has(project.table("calls netbsd"), "\n| `exec` | execve(2) "));
  EXPECT_TRUE(project.table("holds netbsd").starts_with("| config | "));
  EXPECT_EQ(project.table("holds freebsd"), "") << "the config is NetBSD's";
}

TEST(Tables, LinksAreRelativeToTheFolderOfTheDocument) {
  const Project project;
  project.config("sub/c", R"("about": {"title": "t"}, "expect": {"holds": true})");
  EXPECT_TRUE(has(project.table("holds"), "[c](configs/sub/c.json)"));
  EXPECT_TRUE(has(project.table("holds", "specs"), "[c](../configs/sub/c.json)"));
  EXPECT_TRUE(has(project.table("holds", "configs/sub"), "[c](c.json)"));
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
  EXPECT_EQ(after, "text\n<!-- generated: bounds -->\n" + project.table("bounds") +
                       "<!-- end -->\nmore\n<!-- generated: locks -->\n" + project.table("locks") +
                       "<!-- end -->\nno newline");
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
  EXPECT_TRUE(has(error("\n<!-- generated: bugs netbds -->\n<!-- end -->\n"),
                  "d.md:2:1: there is no system netbds; did you mean netbsd?"));
  EXPECT_TRUE(
      has(error("<!-- generated: bugs -->\n"), "d.md:1:1: the generated block has no line"));
  EXPECT_TRUE(has(error("<!-- generated: bugs -->\n<!-- generated: locks -->\n<!-- end -->\n"),
                  "d.md:1:1: the generated block has no line"));
}

} // namespace
} // namespace interlock::tests
