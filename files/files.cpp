// Replacement by a nameless file, linkat(2) and rename(2); see files.hpp.
#include "files/files.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace interlock::files {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& what, const fs::path& path, int error = errno) {
  throw std::system_error(error, std::generic_category(), what + " " + path.string());
}

class Descriptor {
public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0)
      ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  explicit operator bool() const { return number_ >= 0; }
  int number() const { return number_; }
  // Some file systems tell of a failed write only here.
  bool close() { return ::close(std::exchange(number_, -1)) == 0; }

private:
  int number_;
};

// Signals wait for as long as it lives.
class SignalsHeldBack {
public:
  SignalsHeldBack(std::initializer_list<int> signals) {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : signals)
      sigaddset(&set, signal);
    pthread_sigmask(SIG_BLOCK, &set, &before_);
  }
  ~SignalsHeldBack() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsHeldBack(const SignalsHeldBack&) = delete;
  SignalsHeldBack& operator=(const SignalsHeldBack&) = delete;

private:
  sigset_t before_{};
};

using Flag = const std::atomic<bool>*;

// Should a call that gave EINTR be made again?
bool again(Flag interrupted) {
  return errno == EINTR && (interrupted == nullptr || !interrupted->load());
}

// False with errno where that failed.
bool write_all(int descriptor, std::string_view text, Flag interrupted) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count >= 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
      errno = EINTR; // a part of it: a signal came, or the next call says what is wrong
      if (!text.empty() && !again(interrupted))
        return false;
    } else if (!again(interrupted)) {
      return false;
    }
  }
  return true;
}

// --- what is no regular file ---

void write_through(const fs::path& path, const std::string& text, Flag interrupted) {
  const SignalsHeldBack held{SIGPIPE}; // a reader that goes away is an error like others
  // A descriptor's file keeps what was written to it before.
  int opened = -1;
  do
    opened = open(path.c_str(), O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC);
  while (opened < 0 && again(interrupted));
  Descriptor file(opened);
  if (!file)
    fail("cannot write", path);
  if (!write_all(file.number(), text, interrupted)) {
    const int error = errno;
    if (error == EPIPE) { // the signal is for this write alone
      sigset_t set;
      sigemptyset(&set);
      sigaddset(&set, SIGPIPE);
      const timespec now{};
      sigtimedwait(&set, nullptr, &now);
    }
    fail("cannot write", path, error);
  }
  if (!file.close())
    fail("cannot write", path);
}

// A link of proc(5) leads to an open file, which may have no name.
bool leads_to_descriptor(const fs::path& link) {
  const fs::path folder =
      fs::weakly_canonical(link.parent_path().empty() ? "." : link.parent_path());
  return folder.filename() == "fd" && *std::next(folder.begin()) == "proc";
}

// --- regular files ---

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

// The name of an entry stands on the disk when its folder does.
void sync_folder(const fs::path& path) {
  const fs::path folder = folder_of(path);
  const Descriptor descriptor(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor)
    return; // one may be allowed to write into a folder, but not to read it
  if (fsync(descriptor.number()) != 0 && errno != EINVAL) // EINVAL: nothing to sync there
    fail("cannot sync the folder of", path);
}

// A new file beside `path`, open for writing.  Its name is empty where the file system can do
// without one.
struct NewFile {
  std::string name;
  Descriptor descriptor;
};

NewFile new_file_beside(const fs::path& path) {
  const int nameless = open(folder_of(path).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
  // EISDIR and EOPNOTSUPP: not on this kernel or file system.
  if (nameless >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
    return {"", Descriptor(nameless)};
  std::string name = path.string() + ".XXXXXX";
  const int named = mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) {
    const mode_t mask = umask(0); // mkstemp's 0600 is for secrets; this is an ordinary file
    umask(mask);
    fchmod(named, 0666 & ~mask);
  }
  return {name, Descriptor(named)};
}

bool give_name(const NewFile& file, const fs::path& name) {
  const std::string link = "/proc/self/fd/" + std::to_string(file.descriptor.number());
  return linkat(AT_FDCWD, link.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
}

// A nameless file gets a name that nobody has; linkat(2) replaces nothing.
bool give_free_name(NewFile& file, const fs::path& path) {
  for (unsigned attempt = 0; file.name.empty(); ++attempt) {
    const std::string name =
        path.string() + "." + std::to_string(getpid()) + "-" + std::to_string(attempt);
    if (give_name(file, name))
      file.name = name;
    else if (errno != EEXIST)
      return false;
  }
  return true;
}

void replace(const fs::path& path, const std::string& text, const struct stat* old) {
  // For the file systems where the new file has a name all the time, and between the two system
  // calls that replace an old file elsewhere.  Nothing holds back SIGKILL.
  const SignalsHeldBack held{SIGINT, SIGTERM, SIGHUP};
  NewFile file = new_file_beside(path);
  if (!file.descriptor)
    fail("cannot write", path);
  const int number = file.descriptor.number();
  bool done = (old == nullptr || fchmod(number, old->st_mode & 07777) == 0) &&
              write_all(number, text, nullptr) && fsync(number) == 0;
  if (done && !(file.name.empty() && old == nullptr && give_name(file, path)))
    done = give_free_name(file, path) && rename(file.name.c_str(), path.c_str()) == 0;
  if (!done) {
    const int error = errno;
    if (!file.name.empty())
      unlink(file.name.c_str());
    fail("cannot write", path, error);
  }
  if (!file.descriptor.close())
    fail("cannot write", path);
  sync_folder(path);
}

} // namespace

void write(const fs::path& path, const std::string& text, Flag interrupted) {
  if (path.has_parent_path())
    fs::create_directories(path.parent_path());
  fs::path target = path;
  struct stat status {};
  for (int links = 0; lstat(target.c_str(), &status) == 0 && S_ISLNK(status.st_mode); ++links) {
    constexpr int most = 40; // as the kernel's own
    if (links == most)
      fail("cannot write", path, ELOOP);
    if (leads_to_descriptor(target))
      return write_through(target, text, interrupted);
    target = target.parent_path() / fs::read_symlink(target); // an absolute one replaces all
  }
  if (stat(target.c_str(), &status) != 0) {
    if (errno != ENOENT)
      fail("cannot write", path);
    return replace(target, text, nullptr);
  }
  if (S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode))
    return write_through(target, text, interrupted);
  if (S_ISDIR(status.st_mode))
    fail("cannot write", path, EISDIR);
  if (!S_ISREG(status.st_mode))
    throw std::system_error(EINVAL, std::generic_category(),
                            path.string() + " is no file, FIFO or character device");
  if (access(target.c_str(), W_OK) != 0)
    fail("cannot write", path);
  replace(target, text, &status);
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    fail("cannot read", path);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (file.bad())
    fail("cannot read", path);
  return text;
}

} // namespace interlock::files
