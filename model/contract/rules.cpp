// From what was shown, and what would have been explained, to the rule; see rules.hpp.
#include "contract/rules.hpp"

#include <algorithm>

namespace interlock::contract {

namespace {

using lang::BrokenRule;
using lang::Value;
using Then = lang::BrokenRule::Then;
using Values = std::vector<Value>;

// The position of a value in an event; the number of values where the event has none of that name.
std::size_t position_of(const lang::Shows& shows, const char* name) {
  const auto found = std::find_if(shows.values.begin(), shows.values.end(),
                                  [&](const lang::Report& report) { return report.name == name; });
  return static_cast<std::size_t>(found - shows.values.begin());
}

bool has(const lang::Shows& shows, const char* name) {
  return position_of(shows, name) != shows.values.size();
}

// An event of kevent(2) that is not explained.
class Delivered {
public:
  explicit Delivered(const lang::Unexplained& event)
      : event_(event), ident_(position_of(event.shows, "ident")),
        fflags_(position_of(event.shows, "fflags")), data_(position_of(event.shows, "data")),
        notes_(event.shows.values[fflags_].value.type()) {
    for (const Values& values : event.nearest)
      if (values[ident_] == event.values[ident_])
        of_process_.push_back(&values);
  }

  BrokenRule broken() const {
    if (notes() == 0)
      return {rule::fflags, Then::nothing};
    const Value track_error = lang::parse_value(notes_, "NOTE_TRACKERR");
    if ((notes() & track_error) != 0 &&
        !some([&](const Values& allowed) { return (allowed[fflags_] & track_error) != 0; }))
      return {rule::track_error,
              is_allowed(notes() & ~track_error) ? Then::nearest : Then::nothing};
    if (of_process_.empty())
      return {rule::exactly_once, Then::nothing};
    if (!is_allowed(notes()))
      return {event_.is_early() ? rule::order : rule::fflags, Then::anything};
    if (some([&](const Values& allowed) {
          return allowed[fflags_] == notes() && allowed[data_] == event_.values[data_];
        }))
      return {rule::udata, Then::nearest};
    const bool of_child = (notes() & lang::parse_value(notes_, "NOTE_CHILD")) != 0;
    return {of_child ? rule::child_data : rule::exit_status, Then::nearest};
  }

private:
  Value notes() const { return event_.values[fflags_]; }
  template <class Fits> bool some(const Fits& fits) const {
    return std::any_of(of_process_.begin(), of_process_.end(),
                       [&](const Values* allowed) { return fits(*allowed); });
  }
  bool is_allowed(Value notes) const {
    return some([&](const Values& allowed) { return allowed[fflags_] == notes; });
  }

  const lang::Unexplained& event_;
  std::size_t ident_;
  std::size_t fflags_;
  std::size_t data_;
  const lang::Type& notes_;
  std::vector<const Values*> of_process_; // of the nearest
};

} // namespace

const std::vector<Rule>& rules() {
  static const std::vector<Rule> all{
      {rule::delivery, "who waits is told of everything that was promised (DESCRIPTION)"},
      {rule::exactly_once,
       "an event comes once, of what is registered and enabled: none after EV_DELETE or close(2) "
       "has returned (EV_DELETE, EV_DISABLE, EV_ONESHOT, EV_CLEAR)"},
      {rule::order, "NOTE_CHILD comes before NOTE_FORK and NOTE_EXIT of the child, and NOTE_EXIT "
                    "last (NOTE_TRACK, NOTE_EXIT)"},
      {rule::fflags,
       "fflags are what has happened and was asked for, and never empty (EVFILT_PROC: "
       "fflags contains the events which triggered the filter)"},
      {rule::track_error, "NOTE_TRACKERR comes where memory or permission to track a child was "
                          "refused, and only there (NOTE_TRACKERR)"},
      {rule::child_data, "data of NOTE_CHILD is the parent's pid (NOTE_TRACK)"},
      {rule::exit_status, "data of NOTE_EXIT is the exit status (NOTE_EXIT)"},
      {rule::udata, "udata is what the registration in force gave (struct kevent: udata)"},
      {rule::error, "a call answers with the errno of its page: ESRCH, ENOENT and EBADF where they "
                    "are due, and only there (ERRORS)"},
      {rule::wait4, "wait4(2) finds a child that has exited, and ECHILD means that there is none "
                    "(wait(2): ERRORS, WNOHANG)"},
      {rule::poll,
       "kevent(2) that returns no event by its timeout has seen the kqueue without one (no page "
       "says so; only where named)",
       true},
  };
  return all;
}

BrokenRule broken_rule(const lang::Unexplained& unexplained) {
  const lang::Shows& shows = unexplained.shows;
  if (has(shows, "ident"))
    return Delivered(unexplained).broken();
  if (unexplained.nearest.empty())
    return {shows.rule, Then::anything};
  // Another answer is due: that is no poll's concern.
  return {shows.rule == rule::poll ? rule::error : shows.rule,
          has(shows, "errno") ? Then::nearest : Then::anything};
}

} // namespace interlock::contract
