// A system call of a scenario with every name resolved.
#pragma once

#include "actions/calls.hpp"

#include <set>
#include <utility>

namespace interlock::systems {

// A call among those of its thread: the numbers of both.
using CallPlace = std::pair<std::size_t, std::size_t>;

struct ScenarioCall {
  using Kind = actions::CallKind;
  Kind kind = Kind::fork;
  std::string text;    // as written
  std::string pointer; // where
  // fork, vfork: the child; kill, killpg: whom or one of the group; ptrace: who is attached to;
  // change: the process watched
  std::size_t process = 0;
  std::size_t kqueue = 0; // change, wait, close
  int status = 0;         // exit
  actions::ReapCall reap; // wait4
  std::string awaits;     // await: "child.exit 1"
  // test: "ESRCH"; of a call behind which one stands: that, and where, else empty
  std::string answer;
  std::string answer_pointer = {};
  // change
  bool add = false;
  bool remove = false;
  bool enable = false;
  bool disable = false;
  bool oneshot = false;
  bool dispatch = false;
  std::string notes = "0"; // "NOTE_EXIT|NOTE_FORK", "0"
  std::string udata = "0"; // "0" or a name
  // wait
  int most = 1;
  actions::Timeout timeout = actions::Timeout::forever;
  bool loops = false;
  std::set<CallPlace> after = {}; // that have to have returned before this one begins
  bool in_setup = false;

  // Must it be the last call of its thread?
  bool is_last() const { return kind == Kind::exit || loops; }
};

// The change of a call that has one.
actions::ChangeCall change_of(const states::Kernel& kernel, const ScenarioCall& call);
// The wait of a call that has one.
actions::WaitCall wait_of(const ScenarioCall& call);

} // namespace interlock::systems
