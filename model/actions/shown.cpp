// The names of events and of their values; see shown.hpp.
#include "actions/shown.hpp"

namespace interlock::actions::shown {

lang::Shows begins(const std::string& call) { return {call + " begins", {}}; }

lang::Shows returns(const std::string& call, const lang::Expr& error) {
  return {call + " returns", {{"errno", error}}};
}

lang::Shows ends(const std::string& call) { return {call + " has ended", {}}; }

lang::Shows gets(const std::string& thread, const Event& event) {
  return {thread + " gets",
          {{"ident", event.ident},
           {"fflags", event.fflags},
           {"data", event.data},
           {"udata", event.udata}}};
}

lang::Shows reaps(const std::string& thread, const lang::Expr& process) {
  return {thread + " reaps", {{"process", process}}};
}

lang::Shows refuses(const std::string& child, const lang::Expr& kqueue) {
  return {child + " cannot be tracked on", {{"kqueue", kqueue}}};
}

std::string name_of(const std::string& thread, const std::string& call) {
  return thread + ": " + call;
}

} // namespace interlock::actions::shown
