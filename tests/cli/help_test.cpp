// Help and the version, on stdout with exit code 0.
#include "program.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace interlock::tests {
namespace {

TEST(Help, EveryCommandHasHelpWithExamples) {
  const Workplace place;
  const Finished all = place.run({"--help"});
  EXPECT_EQ(all.code, 0);
  for (const char* command : {"check", "replay", "gate", "show", "export", "locks", "list"}) {
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
  for (const char* line :
       {"    0  ", "   10  ", "   11  deadlock\n", "   12  safety violated\n", "   13  ", "   14  ",
        "   15  ", "   16  ", "   17  ", "   75  ", "   76  ", "   77  ", "  124  ", "  130  ",
        "  150  ", "  151  ", "  152  ", "  153  ", "  255  "})
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
  for (const char* word : {"drop", "keep", "part", "negate", "replace", "condition", "guard", "if",
                           "wake_one", "insert", "check", "set", "[]", "remove", "push_back",
                           "wake_all", "break", "return", "move"})
    EXPECT_NE(help.out.find(word), std::string::npos) << word;
}

TEST(Help, TheVersionIsTheProgramsNameAndNumber) {
  const Workplace place;
  const Finished run = place.run({"--version"});
  EXPECT_EQ(run.code, 0);
  EXPECT_TRUE(run.out.starts_with("interlock ")) << run.out;
}

} // namespace
} // namespace interlock::tests
