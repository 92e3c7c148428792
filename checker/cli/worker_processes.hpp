// Work in processes of its own: what goes wrong in one, or takes all memory, leaves the others.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace interlock::checker::cli {

// The program must have no other threads.  Those that still work when the object goes are killed,
// as they are when the program itself ends in whatever way.
class WorkerProcesses {
public:
  WorkerProcesses() = default;
  ~WorkerProcesses() { stop(); }
  WorkerProcesses(const WorkerProcesses&) = delete;
  WorkerProcesses& operator=(const WorkerProcesses&) = delete;

  struct Ended {
    std::size_t number = 0;
    std::optional<std::string> text; // what the work gave, or nullopt: it did not come to its end
    int signal = 0;                  // that ended it, or 0
  };

  // Starts a process that does the work and hands over what it gives.  The work does not throw, and
  // prints nothing.  Throws std::system_error where there can be no process.
  void start(std::size_t number, const std::function<std::string()>& work);
  std::size_t running() const { return workers_.size(); }
  // The next one to end; nullopt where the time has come, or a signal, before one does.
  using Time = std::chrono::steady_clock::time_point;
  std::optional<Ended> wait(std::optional<Time> until);
  // Kills those that still work.  Gives their numbers.
  std::vector<std::size_t> stop();

private:
  struct Worker {
    std::size_t number = 0;
    pid_t process = 0;
    int pipe = -1;
    std::string text; // so far
  };

  Ended finish(std::size_t index);

  std::vector<Worker> workers_;
};

} // namespace interlock::checker::cli
