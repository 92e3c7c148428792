// fork(2) without exec: the work is the parent's own, with all that it has read.
#include "cli/worker_processes.hpp"

#include "cli/interruption.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace interlock::checker::cli {

namespace {

[[noreturn]] void fail(int error, const char* what) {
  throw std::system_error(error, std::generic_category(), what);
}

bool write_all(int pipe, const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t count = ::write(pipe, text.data() + at, text.size() - at);
    if (count < 0 && errno != EINTR)
      return false;
    at += count < 0 ? 0 : static_cast<std::size_t>(count);
  }
  return true;
}

// False at the end of what there is.
bool read_some(int pipe, std::string& text) {
  std::array<char, 65536> buffer;
  const ssize_t count = ::read(pipe, buffer.data(), buffer.size());
  if (count < 0)
    return errno == EINTR;
  text.append(buffer.data(), static_cast<std::size_t>(count));
  return count != 0;
}

int wait_for(pid_t process) {
  int status = 0;
  while (waitpid(process, &status, 0) < 0 && errno == EINTR)
    continue;
  return status;
}

} // namespace

void WorkerProcesses::start(std::size_t number, const std::function<std::string()>& work) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0)
    fail(errno, "pipe");
  const pid_t parent = getpid();
  const pid_t process = fork();
  if (process < 0) {
    const int error = errno;
    close(ends[0]);
    close(ends[1]);
    fail(error, "fork");
  }
  if (process == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) // it ended before that
      _exit(1);
    close(ends[0]);
    _exit(write_all(ends[1], work()) ? 0 : 1); // without what the parent has still to write
  }
  close(ends[1]);
  workers_.push_back({number, process, ends[0], {}});
}

WorkerProcesses::Ended WorkerProcesses::finish(std::size_t index) {
  Worker worker = std::move(workers_[index]);
  workers_.erase(workers_.begin() + static_cast<std::ptrdiff_t>(index));
  close(worker.pipe);
  const int status = wait_for(worker.process);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
    return {worker.number, std::move(worker.text), 0};
  return {worker.number, std::nullopt, WIFSIGNALED(status) ? WTERMSIG(status) : 0};
}

std::optional<WorkerProcesses::Ended> WorkerProcesses::wait(std::optional<Time> until) {
  while (!workers_.empty() && !interrupted().load()) {
    std::vector<pollfd> waited;
    for (const Worker& worker : workers_)
      waited.push_back({worker.pipe, POLLIN, 0});
    // A signal that comes before poll(2) begins is seen after this at the latest.
    int milliseconds = 100;
    if (until) {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(*until - std::chrono::steady_clock::now());
      if (left.count() <= 0)
        return std::nullopt;
      milliseconds = static_cast<int>(std::min<std::int64_t>(milliseconds, left.count()));
    }
    if (poll(waited.data(), waited.size(), milliseconds) < 0 && errno != EINTR)
      fail(errno, "poll");
    for (std::size_t i = 0; i < waited.size(); ++i)
      if (waited[i].revents != 0 && !read_some(waited[i].fd, workers_[i].text))
        return finish(i);
  }
  return std::nullopt;
}

std::vector<std::size_t> WorkerProcesses::stop() {
  std::vector<std::size_t> numbers;
  for (const Worker& worker : workers_) {
    kill(worker.process, SIGKILL);
    close(worker.pipe);
    wait_for(worker.process);
    numbers.push_back(worker.number);
  }
  workers_.clear();
  return numbers;
}

} // namespace interlock::checker::cli
