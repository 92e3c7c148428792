// Checks the specification of kq_spec.hpp, or runs that beside SPIN.
//
//   interlock_bench_kq check THREADS KNOTES
//   interlock_bench_kq compare THREADS KNOTES RUNS NAME=COMMAND...
//
// `compare` runs every command RUNS times, in turn, each as a process of its own, and prints the
// medians: time by the clock, processor time, states per second of either, and peak resident memory
// per state. A command prints the number of states as `N states, stored` (as SPIN does); all must
// agree.
#include "kq_spec.hpp"
#include "verdict/check.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <stdexcept>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace interlock;

int check(unsigned threads, unsigned knotes) {
  const bench::KqSpec kq(threads, knotes);
  const checker::CheckResult result = checker::check(kq.spec(), {});
  const checker::Statistics& statistics = result.statistics;
  std::cout << statistics.states << " states, stored\n"
            << statistics.transitions << " transitions, " << statistics.depth << " deep, "
            << statistics.state_bits << " bits, " << statistics.bytes_per_state
            << " bytes of the store per state, " << statistics.seconds << " s\n";
  return result.verdict == checker::Verdict::holds ? 0 : 1;
}

struct Run {
  double seconds = 0;   // by the clock
  double processor = 0; // seconds, user and system
  double bytes = 0;     // peak resident
  double states = 0;
};

double seconds_of(const timeval& time) {
  constexpr double microseconds = 1e6;
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / microseconds;
}

double states_in(const std::string& output) {
  const std::size_t end = output.find(" states, stored");
  if (end == std::string::npos)
    throw std::runtime_error("no number of states in what a command printed:\n" + output);
  const std::size_t start = output.find_last_of(" \n", end - 1) + 1;
  return std::stod(output.substr(start, end - start));
}

Run run(const std::string& command) {
  int ends[2];
  if (::pipe(ends) != 0)
    throw std::runtime_error("cannot make a pipe");
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child < 0)
    throw std::runtime_error("cannot start a process");
  if (child == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    const std::string only =
        "exec " + command; // no shell in between: its memory is not what counts
    ::execl("/bin/sh", "sh", "-c", only.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  std::string output;
  char buffer[4096];
  for (ssize_t got = 0; (got = ::read(ends[0], buffer, sizeof buffer)) > 0;)
    output.append(buffer, static_cast<std::size_t>(got));
  ::close(ends[0]);
  int status = 0;
  rusage used{};
  if (::wait4(child, &status, 0, &used) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw std::runtime_error("this command failed: " + command + "\n" + output);
  Run result;
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  result.processor = seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
  result.bytes = static_cast<double>(used.ru_maxrss) * 1024; // given in KiB
  result.states = states_in(output);
  return result;
}

double median(const std::vector<Run>& runs, double Run::*figure) {
  std::vector<double> all;
  for (const Run& run : runs)
    all.push_back(run.*figure);
  std::sort(all.begin(), all.end());
  const std::size_t middle = all.size() / 2;
  return all.size() % 2 == 1 ? all[middle] : (all[middle - 1] + all[middle]) / 2;
}

struct Entry {
  std::string name;
  std::string command;
  std::vector<Run> runs;
};

void print(const std::vector<Entry>& entries) {
  constexpr double million = 1e6;
  std::printf("%-12s %9s %9s %14s %14s %9s %9s %9s\n", "", "clock s", "cpu s", "M states/s",
              "M states/cpu s", "B/state", "speed", "memory");
  const auto of = [](const Entry& entry, double Run::*figure) {
    return median(entry.runs, figure);
  };
  const Entry& first = entries.front();
  for (const Entry& entry : entries) {
    const double states = of(entry, &Run::states);
    const double processor = of(entry, &Run::processor);
    // Ratios by processor time: on a busy machine the clock measures the neighbours.
    std::printf("%-12s %9.3f %9.3f %14.2f %14.2f %9.1f %8.2fx %8.2fx\n", entry.name.c_str(),
                of(entry, &Run::seconds), processor, states / of(entry, &Run::seconds) / million,
                states / processor / million, of(entry, &Run::bytes) / states,
                of(first, &Run::processor) / processor,
                of(entry, &Run::bytes) / of(first, &Run::bytes));
  }
  std::printf("speed and memory: relative to %s, by processor time and peak resident memory\n",
              first.name.c_str());
}

int compare(unsigned threads, unsigned knotes, unsigned runs, std::vector<Entry> entries) {
  std::printf("%u threads, %u knotes, %u runs each, in turn; medians\n", threads, knotes, runs);
  for (unsigned i = 0; i < runs; ++i)
    for (Entry& entry : entries) {
      entry.runs.push_back(run(entry.command));
      if (entry.runs.back().states != entries.front().runs.front().states)
        throw std::runtime_error(entry.name + " finds another number of states");
    }
  print(entries);
  return 0;
}

unsigned number(const std::string& text) { return static_cast<unsigned>(std::stoul(text)); }

int main_of(const std::vector<std::string>& arguments) {
  if (arguments.size() == 3 && arguments[0] == "check")
    return check(number(arguments[1]), number(arguments[2]));
  if (arguments.size() < 5 || arguments[0] != "compare")
    throw std::runtime_error("usage: interlock_bench_kq check THREADS KNOTES | "
                             "compare THREADS KNOTES RUNS NAME=COMMAND...");
  std::vector<Entry> entries;
  for (std::size_t i = 4; i < arguments.size(); ++i) {
    const std::size_t equals = arguments[i].find('=');
    if (equals == std::string::npos)
      throw std::runtime_error("no NAME=COMMAND: " + arguments[i]);
    entries.push_back({arguments[i].substr(0, equals), arguments[i].substr(equals + 1), {}});
  }
  return compare(number(arguments[1]), number(arguments[2]), number(arguments[3]),
                 std::move(entries));
}

} // namespace

int main(int count, char** values) {
  try {
    return main_of({values + 1, values + count});
  } catch (const std::exception& error) {
    std::cerr << "interlock_bench_kq: " << error.what() << '\n';
    return 1;
  }
}
