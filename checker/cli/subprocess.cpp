// Programs by posix_spawn(3), their output by files.
#include "cli/subprocess.hpp"

#include "files/files.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <spawn.h>
#include <sstream>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace interlock::checker::cli {

namespace {

[[noreturn]] void fail(int error, const std::string& what) {
  throw std::system_error(error, std::generic_category(), what);
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file)
    fail(errno, path.string());
  return text.str();
}

// What posix_spawn(3) is to do with the descriptors.
class Actions {
public:
  Actions() { posix_spawn_file_actions_init(&actions_); }
  ~Actions() { posix_spawn_file_actions_destroy(&actions_); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;

  void open(int descriptor, const std::string& path, int flags) {
    constexpr mode_t mode = 0600;
    if (const int error =
            posix_spawn_file_actions_addopen(&actions_, descriptor, path.c_str(), flags, mode))
      fail(error, path);
  }
  void enter(const std::string& folder) {
    if (const int error = posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str()))
      fail(error, folder);
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

private:
  posix_spawn_file_actions_t actions_{};
};

} // namespace

ScratchFolder::ScratchFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "interlock-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr)
    fail(errno, name);
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored; // nothing depends on it any more
  std::filesystem::remove_all(path_, ignored);
}

Finished run_program(const std::vector<std::string>& arguments,
                     const std::filesystem::path& folder) {
  const ScratchFolder printed;
  const std::string out = (printed.path() / "out").string();
  const std::string err = (printed.path() / "err").string();
  Actions actions;
  actions.open(STDIN_FILENO, "/dev/null", O_RDONLY);
  actions.open(STDOUT_FILENO, out, O_WRONLY | O_CREAT);
  actions.open(STDERR_FILENO, err, O_WRONLY | O_CREAT);
  actions.enter(folder.string());
  std::vector<std::string> words = arguments;
  std::vector<char*> pointers;
  for (std::string& word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  pid_t child = 0;
  if (const int error =
          posix_spawnp(&child, pointers[0], actions.get(), nullptr, pointers.data(), environ))
    fail(error, arguments[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      fail(errno, arguments[0]);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), text_of(out),
          text_of(err)};
}

} // namespace interlock::checker::cli
