// Help and the version, on stdout with exit code 0.
#include "program.hpp"

#include <gtest/gtest.h>

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

TEST(Help, TheVersionIsTheProgramsNameAndNumber) {
  const Workplace place;
  const Finished run = place.run({"--version"});
  EXPECT_EQ(run.code, 0);
  EXPECT_TRUE(run.out.starts_with("interlock ")) << run.out;
}

} // namespace
} // namespace interlock::tests
