// A specification of one's own with the whole command line: this header, one C++ file and configs.
#pragma once

#include "lang/steps.hpp"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace interlock::program {

// Something that a config can name, with a line that explains it.
struct Name {
  std::string name;
  std::string text;
};

// What a config asks for.
struct Request {
  std::string revision;
  std::set<std::string> environment; // the choices that are turned on
};

// Builds a call of a thread, by the words that the config has for it.
using Call = std::function<void(lang::Steps& s, const std::string& words)>;

// What configs name as their "system".
struct System {
  std::string name; // letters, digits, _ and -
  std::string text;
  std::vector<Name> revisions; // at least one, the newest last: a bug and its fix, say
  std::vector<Name> calls;     // that threads make, word for word; at least one
  // Beside those that every system has: no-deadlock, guarded-access, use-after-free, not-on-list,
  // null-dereference, lock-order and lock-discipline.  `build` declares each.
  std::vector<Name> properties = {};
  std::vector<Name> environment = {}; // choices of the environment
  // Declares what there is; the threads are declared already.  The calls are built after that, one
  // thread after the other.
  std::function<Call(lang::SpecBuilder& spec, const Request& request)> build;
};

// The program `interlock`, with this system in place of the kernels: check, gate, replay, show,
// export, locks, list, init, what-if and help.  Gives the exit code; never throws.
int run(int argc, char** argv, System system);

} // namespace interlock::program
