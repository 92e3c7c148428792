// A scenario after reading: processes, kqueues and calls with every name resolved.  The same for
// all systems; a vocabulary says what one of them has.
#pragma once

#include "actions/calls.hpp"
#include "systems/scenario.hpp"

#include <set>

namespace interlock::systems {

struct ScenarioCall {
  enum class Kind {
    fork,
    vfork,
    exec,
    exit,
    wait4,
    kill,
    killpg,
    sigsuspend,
    ptrace,
    change,
    wait,
    close
  };
  Kind kind = Kind::fork;
  std::string text; // as written, with single blanks
  // fork, vfork: the child; kill, killpg: whom or one of the group; ptrace: who is attached to;
  // change: the process watched
  std::size_t process = 0;
  std::size_t kqueue = 0;
  // change
  bool add = false;
  bool remove = false;
  bool enable = false;
  bool disable = false;
  bool oneshot = false;
  std::string notes; // "NOTE_EXIT|NOTE_FORK", "0"
  std::string udata; // "0" or a name
  // wait
  int most = 1;
  actions::Timeout timeout = actions::Timeout::forever;
  bool loops = false;
};

// What a system or a revision of it understands.
struct Vocabulary {
  std::string system;
  // The first words of calls, of "fork", "vfork", "exec", "exit", "wait4", "kill", "killpg",
  // "sigsuspend", "ptrace", "kevent", "close".
  std::vector<std::string> calls;
  std::vector<Entry> environment;
  // struct knote: how many a tracked fork leaves behind.
  std::size_t knotes_per_tracked_fork = 2;
  bool init = false; // a process called init, which nobody forks, gets orphans
};

struct ReadScenario {
  states::KernelPlan plan;
  std::vector<std::vector<ScenarioCall>> calls; // per thread
  std::set<std::string> environment;            // the choices that are turned on
  std::vector<states::Registration> registrations;
  std::vector<bool> closable; // per kqueue: some call closes it

  bool any(const std::function<bool(const ScenarioCall&)>& predicate) const;
  // The threads of each process; the first runs when the process is forked.
  std::vector<std::vector<lang::ThreadId>> threads_of() const;
};

// Throws ScenarioError for unknown names, calls that make no sense in their place, and bounds that
// are too small.
ReadScenario read_scenario(const Scenario& scenario, const Vocabulary& vocabulary);

// The change of a call that has one.
actions::ChangeCall change_of(const states::Kernel& kernel, const ScenarioCall& call);
// The wait of a call that has one.
actions::WaitCall wait_of(const ScenarioCall& call);

} // namespace interlock::systems
