// Help and the version, on stdout with exit code 0.
#include "program.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

namespace interlock::tests {
namespace {

TEST(Help, EveryCommandHasHelpWithExamples) {
  const Workplace place;
  const Finished all = place.run({"--help"});
  EXPECT_EQ(all.code, 0);
  for (const char* command : {"init", "check", "replay", "gate", "show", "export", "locks",
                              "source", "review", "what-if", "list"}) {
    EXPECT_NE(all.out.find(std::string("\n  ") + command + " "), std::string::npos) << command;
    const Finished one = place.run({command, "--help"});
    EXPECT_EQ(one.code, 0);
    EXPECT_NE(one.out.find("Examples:\n  interlock " + std::string(command)), std::string::npos)
        << one.out;
    EXPECT_EQ(place.run({"help", command}).out, one.out);
  }
  EXPECT_EQ(place.run({"help"}).out, all.out);
}

TEST(Help, ExitCodesAreThoseOfTheManual) {
  const Workplace place;
  const Finished run = place.run({"help", "exit-codes"});
  EXPECT_EQ(run.code, 0);
  for (const char* line : {"    0  ", "   10  ", "   11  deadlock\n", "   12  safety violated\n",
                           "   13  ", "   14  ", "   15  ",           "   16  ",
                           "   17  ", "   18  ", "   19  ",           "   75  ",
                           "   76  ", "   77  ", "  124  ",           "  130  ",
                           "  150  ", "  151  ", "  152  ",           "  153  ",
                           "  255  "})
    EXPECT_NE(run.out.find(line), std::string::npos) << line;
}

// A config whose threads come by every path that the help text's patches name.
std::string patched_config(const std::string& patch) {
  return R"({
  "system": "netbsd", "revision": "kern_event-1.129",
  "scenario": {"threads": {
    "parent": ["fork child"], "child": ["exit 1"],
    "watcher": ["kevent add proc parent exit,track", "kevent wait poll", "kevent delete proc parent"]}},
  "properties": ["no-deadlock", "assertion"],
  "limits": {"states": 3000},
  "patches": [)" +
         patch + "]}";
}

TEST(Help, EveryPatchOfItsTextCanBeMade) {
  const Workplace place;
  const Finished help = place.run({"help", "patches"});
  EXPECT_EQ(help.code, 0) << help.err;
  std::istringstream lines(help.out);
  std::size_t examples = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("  { \""))
      continue;
    ++examples;
    place.write("c.json", patched_config(line));
    const Finished run = place.run({"check", "--no-replay", "--out", "out", "c.json"});
    // Whatever it finds: the patch is sound, and so is what it makes of the specification.
    EXPECT_TRUE(run.code != 150 && run.code != 151 && run.code < 153) << line << "\n" << run.err;
  }
  EXPECT_GT(examples, 25U);
  for (const char* word :
       {"drop",     "keep",   "part",  "negate", "replace",  "condition", "guard",     "if",
        "wake_one", "insert", "check", "set",    "[]",       "remove",    "push_back", "wake_all",
        "break",    "return", "move",  "goto",   "for_each", "those",     "else"})
    EXPECT_NE(help.out.find(word), std::string::npos) << word;
}

// A kernel where two processes fork and exit, and a place in it.
struct Kernel {
  std::string system, revision, fork, label;
  std::string more = ""; // in the child's calls and behind them
};

// What the program says that can be inserted.
std::set<std::string> insertable(const Workplace& place, const Kernel& kernel) {
  place.write("c.json", R"({"system": ")" + kernel.system + R"(", "revision": ")" +
                            kernel.revision + R"(", "scenario": {"threads": {"parent": [")" +
                            kernel.fork + R"( child"], "child": ["exit 1")" + kernel.more +
                            R"(]}}, "patches": [{"insert": "?", "before": ")" + kernel.label +
                            R"("}]})");
  const std::string answer = place.run({"list", "labels", "c.json"}).err;
  const std::string before = "allowed here: ";
  const std::size_t at = answer.find(before);
  EXPECT_NE(at, std::string::npos) << answer;
  std::string list = answer.substr(at + before.size());
  std::replace(list.begin(), list.end(), ',', ' ');
  std::istringstream names(list.substr(0, list.find_first_of(";[\n")));
  std::set<std::string> found{std::istream_iterator<std::string>(names), {}};
  for (const char* word :
       {"set", "check", "push_front", "push_back", "remove", "insert_before", "wake_one",
        "wake_all", "break", "continue", "return", "goto", "if", "while", "for_each"})
    EXPECT_EQ(found.erase(word), 1U) << word;
  return found;
}

// What the help text says that a system has.
std::set<std::string> described(const std::string& help, const std::string& system) {
  std::set<std::string> names;
  std::istringstream lines(help);
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (const std::size_t colon = line.find(": "); line.starts_with("  ") && line[2] != ' ') {
      inside = line.starts_with("  " + system + ", ") && colon != std::string::npos;
      line.erase(0, colon + 1);
    }
    for (std::size_t open = line.find('['); open != std::string::npos; open = line.find('['))
      line.erase(open, line.find(']', open) - open + 1);
    std::istringstream words(line);
    if (inside)
      names.insert(std::istream_iterator<std::string>(words), {});
  }
  return names;
}

TEST(Help, WhatCanBeInsertedIsInItsText) {
  const Workplace place;
  const std::string help = place.run({"help", "patches"}).out;
  std::map<std::string, std::set<std::string>> there;
  for (const Kernel& kernel :
       {Kernel{"netbsd", "kern_event-1.129", "vfork", "exit1.set_SDYING",
               "], \"killer\": [\"killpg parent\""},
        Kernel{"netbsd", "kern_event-1.128", "fork", "exit1.set_SDYING"},
        Kernel{"freebsd", "kqueue-10.4", "fork", "exit1.set_P_WEXIT",
               "], \"killer\": [\"killpg parent\""},
        Kernel{"dragonfly", "kern_fork-d9d67b59", "fork", "exit1.lwkt_gettoken_p_token",
               "], \"killer\": [\"killpg parent\""}})
    there[kernel.system].merge(insertable(place, kernel));
  for (const auto& [system, names] : there)
    EXPECT_EQ(described(help, system), names) << system;
}

TEST(Help, TheVersionIsTheProgramsNameAndNumber) {
  const Workplace place;
  const Finished run = place.run({"--version"});
  EXPECT_EQ(run.code, 0);
  EXPECT_TRUE(run.out.starts_with("interlock ")) << run.out;
}

} // namespace
} // namespace interlock::tests
