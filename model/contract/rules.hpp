// The rules of kevent(2)'s contract by name: which of them an event, an answer or a rest breaks
// that the machine does not explain.
#pragma once

#include "lang/observer.hpp"

namespace interlock::contract {

struct Rule {
  std::string name;       // "udata"
  std::string text;       // what holds when it holds, with the part of the manual page that says so
  bool asked_for = false; // judged only where it is named: no page promises it
};

namespace rule {
inline constexpr const char* delivery = "delivery";
inline constexpr const char* exactly_once = "exactly-once";
inline constexpr const char* order = "order";
inline constexpr const char* fflags = "fflags";
inline constexpr const char* track_error = "track-error";
inline constexpr const char* child_data = "child-data";
inline constexpr const char* exit_status = "exit-status";
inline constexpr const char* udata = "udata";
inline constexpr const char* error = "error";
inline constexpr const char* wait4 = "wait4";
inline constexpr const char* poll = "poll";
} // namespace rule

// In the order in which they are listed.
const std::vector<Rule>& rules();

// For the observer.  What an event breaks of which nothing is allowed, the machine says with it
// (lang::Shows).
lang::BrokenRule broken_rule(const lang::Unexplained& unexplained);

} // namespace interlock::contract
