// Runs the program as its users do, in a folder of the test's own.
#pragma once

#include "support/temporary_folder.hpp"

#include <string>
#include <sys/types.h>
#include <vector>

namespace interlock::tests {

struct Finished {
  int code = -1; // exit code; 128 + N when signal N ended it
  std::string out;
  std::string err;
};

// A folder in which the program runs.
class Workplace {
public:
  // Writes a file, named below the folder; makes the folders on the way.
  void write(const std::string& name, const std::string& text) const;
  std::string read(const std::string& name) const;
  bool has(const std::string& name) const;
  std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }
  // Every file below the folder, sorted, but for what the runs themselves printed.
  std::vector<std::string> files() const;

  // Runs `interlock ARGUMENTS...` here, with a cache of this workplace's own; ended by SIGALRM
  // after a minute.
  Finished run(const std::vector<std::string>& arguments) const;
  // The same, and sends the signals, all at once, as soon as the program catches them.
  Finished run_and_send(const std::vector<int>& signals,
                        const std::vector<std::string>& arguments) const;

  // The two halves of a run.
  pid_t start(const std::vector<std::string>& arguments) const;
  Finished finish(pid_t child) const;

private:
  TemporaryFolder folder_;
  TemporaryFolder printed_;
};

// Configs with a known verdict.  Process `p` exits while `w` registers a knote on it;
// filt_procattach() takes proc_lock and then p_lock, as exit1() does.
std::string holds_config(const std::string& expect = "");
// exit1() takes p_lock before proc_lock instead: the opposite order, hence a deadlock.
std::string deadlock_config(const std::string& expect = "");
// The same, checked for the order of locks alone.
std::string reversal_config();
// The same where `w` registers on itself: both orders, but of locks that nobody else waits for.
std::string harmless_reversal_config();
// exit1() does not release proc_lock: it is held on return to user mode.
std::string safety_config(const std::string& expect = "");
// NetBSD's kern_event.c as a tree may have it: filt_procattach(), by which the configs go, takes
// proc_lock in line 9.
std::string kern_event_of_a_tree();
// Far more states than can be explored in a minute.
std::string endless_config();

} // namespace interlock::tests
