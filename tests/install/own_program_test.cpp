// The examples of find_package(interlock), built outside of the tree against what is installed.
#include "support/shell.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

class SlowOwnProgram : public testing::Test {
protected:
  static void SetUpTestSuite() {
    folder = std::make_unique<TemporaryFolder>();
    const std::string prefix = (folder->path() / "prefix").string();
    const Ran install = shell(std::string(INTERLOCK_CMAKE) + " --install " + INTERLOCK_BUILD_DIR +
                              " --prefix " + prefix);
    ASSERT_EQ(install.code, 0) << install.out;
  }
  static void TearDownTestSuite() { folder.reset(); }

  // Configures and builds an installed example in a folder of its own, where commands are run then.
  static void build(const std::string& example) {
    const std::string from =
        (folder->path() / "prefix/share/interlock/examples" / example).string();
    const Ran built =
        shell("cp -r " + from + " " + folder->path().string() + " && cd " +
              (folder->path() / example).string() + " && " + INTERLOCK_CMAKE +
              " -G Ninja -B build -DCMAKE_PREFIX_PATH=" + (folder->path() / "prefix").string() +
              " && " + INTERLOCK_CMAKE + " --build build");
    ASSERT_EQ(built.code, 0) << built.out;
  }
  static Ran run(const std::string& example, const std::string& arguments) {
    return shell("cd " + (folder->path() / example).string() + " && build/" + example + " " +
                 arguments);
  }

  static std::unique_ptr<TemporaryFolder> folder;
};

std::unique_ptr<TemporaryFolder> SlowOwnProgram::folder;

TEST_F(SlowOwnProgram, FindsTheBugOfTheTicketLockAndItsFix) {
  build("ticket_lock");
  const Ran bug = run("ticket_lock", "check configs/two-with-one-ticket.json");
  EXPECT_EQ(bug.code, 12) << bug.out;
  EXPECT_NE(bug.out.find("mutual-exclusion: two threads are in the critical section"),
            std::string::npos)
      << bug.out;
  EXPECT_NE(bug.out.find("reproduced:"), std::string::npos) << "on the machine: " << bug.out;
  EXPECT_EQ(run("ticket_lock", "gate configs").code, 0);
}

TEST_F(SlowOwnProgram, FindsTheLostWakeUpOfTheFutexMutexAndItsFix) {
  build("futex_mutex");
  const Ran bug = run("futex_mutex", "check configs/sleeps-for-ever.json");
  EXPECT_EQ(bug.code, 11) << bug.out;
  EXPECT_NE(bug.out.find("reproduced:"), std::string::npos) << "on the machine: " << bug.out;
  EXPECT_EQ(run("futex_mutex", "gate configs").code, 0);
}

TEST_F(SlowOwnProgram, HasTheWholeCommandLine) {
  build("ticket_lock");
  EXPECT_EQ(run("ticket_lock", "check configs/two-with-one-ticket.json").code, 12);
  const std::string witness = "interlock-out/two-with-one-ticket.witness.json";
  for (const std::string& arguments :
       {"show " + witness, "replay " + witness, "export --to itf " + witness,
        std::string("locks configs/every-ticket-once.json"),
        std::string("list labels configs/every-ticket-once.json"), std::string("list schema"),
        std::string("init ticket_lock")}) {
    const Ran ran = run("ticket_lock", arguments);
    EXPECT_EQ(ran.code, 0) << arguments << ": " << ran.out;
  }
  const Ran list = run("ticket_lock", "list");
  EXPECT_EQ(list.out, "ticket_lock: a ticket lock\n"
                      "  load-store  a ticket is taken by a load and a store\n"
                      "  fetch-add   a ticket is taken by one atomic fetch_add\n");
  EXPECT_EQ(run("ticket_lock", "check ticket_lock.json").code, 0) << "what init has written";
}

TEST_F(SlowOwnProgram, RefusesWhatItsSystemDoesNotHave) {
  build("ticket_lock");
  const Ran wrong = run("ticket_lock", "init ticket_lock --output - sektion");
  EXPECT_EQ(wrong.code, 151);
  EXPECT_NE(wrong.out.find("unknown call 'sektion'; there is section; did you mean section?"),
            std::string::npos)
      << wrong.out;
  EXPECT_EQ(run("ticket_lock", "list tables").code, 151) << "there is no text of that system";
  EXPECT_EQ(run("ticket_lock", "init netbsd --output -").code, 151) << "the kernels are not there";
}

} // namespace
} // namespace interlock::tests
