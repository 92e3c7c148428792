// A NetBSD scenario after reading: processes, kqueues and calls with every name resolved.
#pragma once

#include "actions/netbsd_calls.hpp"
#include "systems/scenario.hpp"

namespace interlock::systems {

struct NetbsdCall {
  enum class Kind { fork, exit, wait4, change, wait, close };
  Kind kind = Kind::fork;
  std::string text;        // as written, with single blanks
  std::size_t process = 0; // fork: the child; change: the process watched
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
  actions::netbsd::Timeout timeout = actions::netbsd::Timeout::forever;
  bool forever = false;
};

struct NetbsdScenario {
  states::KernelPlan plan;
  std::vector<std::vector<NetbsdCall>> calls; // per thread
  actions::netbsd::Environment environment;
  std::vector<states::Registration> registrations;
  std::vector<bool> closable; // per kqueue: some call closes it
};

// Reads the scenario; the revision is not looked at.  Throws ScenarioError for unknown names, calls
// that make no sense in their place, and bounds that are too small.
NetbsdScenario read_netbsd_scenario(const Scenario& scenario);

} // namespace interlock::systems
