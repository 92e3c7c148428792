// Who can move in a state: the one rule for what a deadlock is, and what is at rest.
#pragma once

#include "lang/evaluate.hpp"

#include <algorithm>

namespace interlock::lang {

// How a thread stands in a state.
enum class Standing : std::uint8_t {
  can_move, // some action is taken or fails here; optional ones do not count: they may never come
  idle,     // it cannot, and may wait here for ever (Action::idle_when)
  blocked,  // it cannot, and should
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
  bool someone_can_move() const { return has(Standing::can_move); }
  // Nobody can move, and somebody should.
  bool is_deadlock() const { return !someone_can_move() && has(Standing::blocked); }
  // Nobody can move, and nobody has to.
  bool is_at_rest() const { return !someone_can_move() && !has(Standing::blocked); }

private:
  bool has(Standing standing) const {
    return std::find(threads_.begin(), threads_.end(), standing) != threads_.end();
  }

  std::vector<Standing> threads_; // by thread
};

Standstill standstill(const Spec& spec, const State& state);

} // namespace interlock::lang
