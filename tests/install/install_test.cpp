// What `cmake --install` and the Debian package put onto a machine works there.
#include "support/shell.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace interlock::tests {
namespace {

namespace fs = std::filesystem;

// The flagship, from the installed files alone.
void expect_works(const fs::path& prefix) {
  const TemporaryFolder work;
  const std::string program = (prefix / "bin/interlock").string();
  const std::string here = "cd " + work.path().string() + " && ";
  const Ran check =
      shell(here + program + " check " +
            (prefix / "share/interlock/configs/netbsd/lost-note-child.json").string());
  EXPECT_EQ(check.code, 12) << check.out;
  EXPECT_NE(check.out.find("violates kevent-contract"), std::string::npos) << check.out;
  EXPECT_EQ(shell(here + program + " init netbsd").code, 0);
  const Ran schema = shell(here + "grep schema netbsd.json");
  EXPECT_NE(schema.out.find((prefix / "share/interlock/schemas").string()), std::string::npos)
      << "an editor finds the installed schema: " << schema.out;
  const Ran text = shell(here + program + " source check kqueue-10.4 --tree .");
  EXPECT_NE(text.out.find("sys/kern/kern_event.c is not in ."), std::string::npos)
      << "the installed configs say which files there are: " << text.out;
}

TEST(Installed, TheProgramRunsWithItsConfigsAndSchemas) {
  const TemporaryFolder prefix;
  const Ran install = shell(std::string(INTERLOCK_CMAKE) + " --install " + INTERLOCK_BUILD_DIR +
                            " --prefix " + prefix.path().string());
  ASSERT_EQ(install.code, 0) << install.out;
  expect_works(prefix.path());
}

TEST(SlowInstalled, TheDebianPackageHasAllThatTheProgramNeeds) {
  const TemporaryFolder folder;
  const std::string here = folder.path().string();
  const Ran pack = shell("cd " + here + " && " + INTERLOCK_CPACK + " -G DEB -B " + here +
                         " --config " INTERLOCK_BUILD_DIR "/CPackConfig.cmake");
  ASSERT_EQ(pack.code, 0) << pack.out;
  const std::string package = here + "/interlock_" INTERLOCK_VERSION "_amd64.deb";
  ASSERT_TRUE(fs::exists(package)) << pack.out;
  const Ran depends = shell("dpkg-deb -f " + package + " Depends");
  EXPECT_NE(depends.out.find("libz3-4"), std::string::npos) << depends.out;
  ASSERT_EQ(shell("dpkg-deb -x " + package + " " + here + "/root").code, 0);
  expect_works(folder.path() / "root/usr");
  EXPECT_TRUE(fs::exists(folder.path() / "root/usr/share/man/man1/interlock.1"));
}

// What bash offers for the last word of a command line.
std::string offered(const std::string& words) {
  return shell("bash -c 'source " INTERLOCK_BUILD_DIR "/share/interlock.bash; COMP_WORDS=(" +
               words +
               "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _interlock; "
               "echo \"${COMPREPLY[*]}\"'")
      .out;
}

TEST(BashCompletion, OffersCommandsOptionsAndWords) {
  EXPECT_EQ(offered("interlock ch"), "check\n");
  EXPECT_EQ(offered("interlock check --no"), "--no-replay --no-locks\n");
  EXPECT_EQ(offered("interlock check --format \"\""), "human json\n");
  EXPECT_EQ(offered("interlock source rec"), "record\n");
  EXPECT_EQ(offered("interlock source check --tr"), "--tree\n");
  EXPECT_EQ(offered("interlock init net"), "netbsd\n");
  EXPECT_EQ(offered("interlock help exit"), "exit-codes\n");
  EXPECT_EQ(offered("interlock check --max-states \"\""), "\n") << "a number is not to be guessed";
}

TEST(BashCompletion, OffersFiles) {
  EXPECT_EQ(offered("interlock check configs/netbsd/lost-"),
            "configs/netbsd/lost-note-child.json\n");
  EXPECT_EQ(offered("interlock check --out conf"), "configs\n");
}

TEST(ZshCompletion, IsAScriptThatKnowsWordsAndFiles) {
  const Ran ran = shell("zsh -f -c '_arguments() { print -rl -- \"$@\" }; state= "
                        "words=(interlock); source " INTERLOCK_BUILD_DIR
                        "/share/_interlock; _interlock_check; _interlock_source_check'");
  EXPECT_EQ(ran.code, 0) << ran.out;
  EXPECT_NE(ran.out.find("\n--format[human or json]:FORMAT:(human json)\n"), std::string::npos)
      << ran.out;
  EXPECT_NE(ran.out.find("\n*:CONFIG:_files\n"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("]:PATH...:_files\n"), std::string::npos) << ran.out;
}

TEST(ManualPage, HasEveryCommandAndNoRequestByAccident) {
  const Ran page = shell("cat " INTERLOCK_BUILD_DIR "/share/interlock.1");
  for (const char* text : {".SS interlock check\n", ".SS interlock source outline\n",
                           "\\fB\\-\\-max\\-states\\fR \\fIN\\fR", ".SH EXIT STATUS\n"})
    EXPECT_NE(page.out.find(text), std::string::npos) << text;
  const Ran requests = shell(
      "grep -v \"^\\.\\(TH\\|SH\\|SS\\|TP\\|PP\\|B\\|br\\|nf\\|fi\\)\\b\" " INTERLOCK_BUILD_DIR
      "/share/interlock.1 | grep \"^[.']\"");
  EXPECT_EQ(requests.out, "");
}

} // namespace
} // namespace interlock::tests
