// Writing files: what is replaced, what is written through, what is refused, what a kill leaves.
#include "files/files.hpp"
#include "support/temporary_folder.hpp"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace interlock::tests {
namespace {

namespace fs = std::filesystem;

class Writing : public testing::Test {
protected:
  fs::path at(const std::string& name) const { return folder_.path() / name; }

  // Every name in the folder, sorted.
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder_.path()))
      all.push_back(entry.path().lexically_relative(folder_.path()).string());
    std::sort(all.begin(), all.end());
    return all;
  }

  mode_t mode(const std::string& name) const {
    struct stat status {};
    lstat(at(name).c_str(), &status);
    return status.st_mode;
  }

  void old_file(const std::string& name, const std::string& text) const {
    std::ofstream(at(name)) << text;
  }

  int refusal(const std::string& name) const {
    try {
      files::write(at(name), "new");
    } catch (const std::system_error& error) {
      EXPECT_NE(std::string(error.what()).find(at(name).string()), std::string::npos)
          << error.what();
      return error.code().value();
    }
    ADD_FAILURE() << name << " is written";
    return 0;
  }

  // How writing `bytes` ends in a process that may write no file of more than 4096, and then gets
  // SIGXFSZ in the midst of the write: its status for wait(2).
  int write_with_little_room(const std::string& name, bool killed) const {
    const pid_t child = fork();
    if (child == 0) {
      const rlimit little{4096, 4096};
      const rlimit no_core{0, 0};
      setrlimit(RLIMIT_FSIZE, &little);
      setrlimit(RLIMIT_CORE, &no_core);
      std::signal(SIGXFSZ, killed ? SIG_DFL : SIG_IGN);
      try {
        files::write(at(name), std::string(1 << 20, 'x'));
      } catch (const std::system_error& error) {
        _exit(error.code().value() == EFBIG ? 1 : 2);
      }
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
  }

  TemporaryFolder folder_;
};

using Names = std::vector<std::string>;

TEST_F(Writing, MakesTheFileAndTheFoldersOnTheWay) {
  files::write(at("a/b/new"), "text");
  EXPECT_EQ(files::read(at("a/b/new")), "text");
  EXPECT_EQ(names(), (Names{"a", "a/b", "a/b/new"}));
}

TEST_F(Writing, ReplacesAFileAndKeepsItsMode) {
  old_file("old", "a text that is longer than the new one");
  chmod(at("old").c_str(), 0640);
  files::write(at("old"), "text");
  EXPECT_EQ(files::read(at("old")), "text");
  EXPECT_EQ(mode("old"), S_IFREG | 0640);
  EXPECT_EQ(names(), Names{"old"});
}

TEST_F(Writing, GivesANewFileTheModeThatTheUserWants) {
  const mode_t before = umask(027);
  files::write(at("new"), "text");
  umask(before);
  EXPECT_EQ(mode("new"), S_IFREG | 0640);
}

TEST_F(Writing, FollowsLinksAndLeavesThem) {
  fs::create_directory(at("d"));
  old_file("d/real", "precious");
  fs::create_symlink("real", at("d/second"));
  fs::create_symlink("d/second", at("first"));
  files::write(at("first"), "new");
  EXPECT_TRUE(fs::is_symlink(at("first")));
  EXPECT_TRUE(fs::is_symlink(at("d/second")));
  EXPECT_EQ(files::read(at("d/real")), "new");
}

TEST_F(Writing, MakesWhatADanglingLinkLeadsTo) {
  fs::create_directory(at("d"));
  fs::create_symlink(at("d/none"), at("link"));
  files::write(at("link"), "new");
  EXPECT_TRUE(fs::is_symlink(at("link")));
  EXPECT_EQ(files::read(at("d/none")), "new");
}

TEST_F(Writing, RefusesLinksInACircle) {
  fs::create_symlink("b", at("a"));
  fs::create_symlink("a", at("b"));
  EXPECT_EQ(refusal("a"), ELOOP);
  EXPECT_EQ(names(), (Names{"a", "b"}));
}

TEST_F(Writing, GoesThroughAPipe) {
  ASSERT_EQ(mkfifo(at("pipe").c_str(), 0600), 0);
  fs::create_symlink("pipe", at("link"));
  const int reader = open(at("pipe").c_str(), O_RDONLY | O_NONBLOCK);
  files::write(at("pipe"), "one,");
  files::write(at("link"), "two");
  char text[16];
  EXPECT_EQ(read(reader, text, sizeof text), 7);
  EXPECT_EQ(std::string(text, 7), "one,two");
  EXPECT_TRUE(S_ISFIFO(mode("pipe")));
  EXPECT_TRUE(S_ISLNK(mode("link")));
  close(reader);
}

TEST_F(Writing, SurvivesAReaderThatGoesAway) {
  ASSERT_EQ(mkfifo(at("pipe").c_str(), 0600), 0);
  const int reader = open(at("pipe").c_str(), O_RDONLY | O_NONBLOCK);
  const pid_t child = fork();
  if (child == 0) {
    close(reader); // this one's copy
    try {          // more than a pipe takes: this waits until the reader has gone
      files::write(at("pipe"), std::string(1 << 20, 'x'));
    } catch (const std::system_error& error) {
      _exit(error.code().value() == EPIPE ? 0 : 1);
    }
    _exit(2);
  }
  char letter = 0;
  while (read(reader, &letter, 1) != 1) // the writer has opened the pipe
    sched_yield();
  close(reader);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_F(Writing, GoesThroughADevice) {
  fs::create_symlink("/dev/null", at("null")); // by a link, which alone a fault would replace
  files::write(at("null"), "text");
  EXPECT_TRUE(S_ISLNK(mode("null")));
  fs::create_symlink("/dev/full", at("full"));
  try {
    files::write(at("full"), "text");
    ADD_FAILURE() << "there is room on /dev/full";
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code().value(), ENOSPC);
  }
  EXPECT_TRUE(S_ISLNK(mode("full")));
}

TEST_F(Writing, AddsToWhatIsOpenAlready) {
  old_file("log", "before,");
  const int log = open(at("log").c_str(), O_RDWR | O_APPEND);
  fs::create_symlink("/proc/self/fd/" + std::to_string(log), at("out")); // as /dev/stdout
  files::write(at("out"), "text");
  EXPECT_EQ(files::read(at("log")), "before,text");
  struct stat opened {};
  struct stat named {};
  fstat(log, &opened);
  stat(at("log").c_str(), &named);
  EXPECT_EQ(opened.st_ino, named.st_ino);
  close(log);
}

TEST_F(Writing, RefusesFoldersAndSockets) {
  fs::create_directory(at("folder"));
  EXPECT_EQ(refusal("folder"), EISDIR);
  const int server = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  at("socket").string().copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(bind(server, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(refusal("socket"), EINVAL);
  EXPECT_TRUE(S_ISSOCK(mode("socket")));
  close(server);
}

TEST_F(Writing, LeavesTheOldFileAloneWhenThereIsNoRoom) {
  old_file("old", "precious");
  const int status = write_with_little_room("old", false);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 1) << status;
  EXPECT_EQ(files::read(at("old")), "precious");
  EXPECT_EQ(names(), Names{"old"});
}

TEST_F(Writing, LeavesNothingBehindAKill) {
  old_file("old", "precious");
  for (const char* name : {"old", "new"}) {
    const int status = write_with_little_room(name, true);
    EXPECT_TRUE(WIFSIGNALED(status)) << status;
    EXPECT_EQ(names(), Names{"old"});
  }
  EXPECT_EQ(files::read(at("old")), "precious");
}

} // namespace
} // namespace interlock::tests
