// Which call, had it taken effect at another moment, would have explained what nothing explains;
// see parts.hpp.  Each is tried: the observer is shown the run with that call's boundaries moved.
#include "lang/observer.hpp"
#include "story/parts.hpp"

#include <algorithm>

namespace interlock::checker {

using lang::Boundary;
using lang::Observer;
using lang::Spec;
using lang::ThreadId;

namespace {

// What a step showed.
struct Seen {
  std::size_t step = 0;
  ThreadId thread = 0;
  Boundary boundary = Boundary::none;
  std::string call;
  Observer::EventId event = 0;
  std::vector<lang::Value> values;
};

class OtherMoments {
public:
  explicit OtherMoments(const History& history)
      : history_(history), spec_(history.spec()), observer_(*spec_.observation()->observer) {
    for (std::size_t step = 0; step < history.length(); ++step) {
      const lang::Action& action = history.action(step);
      if (const auto look = look_on(spec_, history.at(step), action))
        seen_.push_back(
            {step, action.thread, action.boundary, action.chain, look->event, look->values});
    }
  }

  std::vector<std::string> find() const {
    std::vector<std::string> found;
    const Seen& last = seen_.back();
    for (std::size_t i = 0; i + 1 < seen_.size(); ++i) {
      const Seen& one = seen_[i];
      if (one.boundary == Boundary::returns && one.thread != last.thread && is_explained(later(i)))
        found.push_back(name(one.thread, one.call) + " only now; it returned at step " +
                        step_number(one.step));
      if (begins_call(history_.action(one.step)) && is_explained(earlier(i)))
        found.push_back(name(one.thread, one.call) + " already before step " +
                        step_number(one.step) + ", where it begins");
    }
    for (ThreadId thread = 0; thread < spec_.threads().size(); ++thread)
      if (const lang::Action* next = next_call(thread); next != nullptr && thread != last.thread) {
        std::vector<Seen> events = seen_;
        events.insert(
            events.end() - 1,
            Seen{
                0, thread, Boundary::begins, next->chain, observer_.event(next->shows->event), {}});
        if (is_explained(events))
          found.push_back(name(thread, next->chain) + " already, which has not begun");
      }
    return found;
  }

private:
  std::string name(ThreadId thread, const std::string& call) const {
    return spec_.thread_name(thread) + "'s '" + call + "'";
  }

  bool is_explained(const std::vector<Seen>& events) const {
    Observer::Set set = Observer::first();
    for (const Seen& event : events) {
      const auto next = observer_.after(set, event.event, event.values);
      if (!next)
        return false;
      set = *next;
    }
    return true;
  }

  // The call that returns there does not return, so that its thread does nothing after it.
  std::vector<Seen> later(std::size_t returns) const {
    std::vector<Seen> events;
    for (std::size_t i = 0; i < seen_.size(); ++i)
      if (i < returns || seen_[i].thread != seen_[returns].thread)
        events.push_back(seen_[i]);
    return events;
  }

  // The call that begins there begins as soon as its thread can.
  std::vector<Seen> earlier(std::size_t begins) const {
    std::vector<Seen> events = seen_;
    const auto here = events.begin() + static_cast<std::ptrdiff_t>(begins);
    auto to = here;
    while (to != events.begin() && (to - 1)->thread != here->thread)
      --to;
    std::rotate(to, here, here + 1);
    return events;
  }

  // The first call of the thread that is shown to begin, and did not yet.
  const lang::Action* next_call(ThreadId thread) const {
    for (const lang::Action& action : spec_.actions()) {
      if (action.thread != thread || !begins_call(action) || !action.shows)
        continue;
      const bool has_begun = std::any_of(seen_.begin(), seen_.end(), [&](const Seen& one) {
        return one.event == observer_.event(action.shows->event);
      });
      if (!has_begun)
        return &action;
    }
    return nullptr;
  }

  const History& history_;
  const Spec& spec_;
  Observer& observer_;
  std::vector<Seen> seen_;
};

} // namespace

std::vector<StoryPart> other_moment_parts(const History& history) {
  constexpr std::size_t most = 3;
  StoryPart part{"the order of the calls", "", {}, {}};
  part.remarks = OtherMoments(history).find();
  if (part.remarks.empty())
    return {};
  part.headline = "It would be explained had a call taken effect at another moment:";
  if (part.remarks.size() > most) {
    part.remarks[most] = "or " + std::to_string(part.remarks.size() - most) + " more";
    part.remarks.resize(most + 1);
  }
  return {part};
}

} // namespace interlock::checker
