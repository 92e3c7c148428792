// Who can move in a state: the one rule for what a deadlock is, and what is at rest.
#pragma once

#include "lang/evaluate.hpp"

#include <algorithm>

namespace interlock::lang {

// How a thread stands in a state.
enum class Standing : std::uint8_t {
  can_move,   // some action that comes surely is taken or fails here
  oversleeps, // none is, but what it waits for is so, and a timeout will find it (Comes::by_retry)
  timed,      // none is, but the timeout that its caller gave (Comes::by_timeout)
  idle,       // it cannot, and may wait here for ever (Action::idle_when)
  blocked,    // it cannot, and should
  done,
};

Standing standing(const Spec& spec, const State& state, ThreadId thread);

// The actions at which a thread stands: those whose path condition holds.
std::vector<ActionId> pending(const Spec& spec, const State& state, ThreadId thread);

// How all threads stand.
class Standstill {
public:
  explicit Standstill(std::vector<Standing> threads) : threads_(std::move(threads)) {}

  Standing of(ThreadId thread) const { return threads_[thread]; }
  // At once; and late.
  bool someone_can_move() const { return has(Standing::can_move); }
  bool someone_is_late() const { return has(Standing::oversleeps) || has(Standing::timed); }
  // Nobody moves any more, be it late, and somebody should.
  bool is_deadlock() const {
    return !someone_can_move() && !someone_is_late() && has(Standing::blocked);
  }
  // Nobody moves, or not before the timeout that its caller gave, and nobody has to.
  bool is_at_rest() const {
    return !someone_can_move() && !has(Standing::oversleeps) && !has(Standing::blocked);
  }
  // Nobody moves until a sleep's timeout makes good for a wake-up: the first that sleeps so.
  std::optional<ThreadId> oversleeper() const;

private:
  bool has(Standing standing) const {
    return std::find(threads_.begin(), threads_.end(), standing) != threads_.end();
  }

  std::vector<Standing> threads_; // by thread
};

Standstill standstill(const Spec& spec, const State& state);

} // namespace interlock::lang
