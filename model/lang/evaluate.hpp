// The meaning of expressions and actions, by walking the trees: slow and obviously right.
// The checker's compiled code is tested against it; witnesses are followed with it.
#pragma once

#include "lang/spec.hpp"

namespace interlock::lang {

// Why an evaluation could not be finished, or a check failed.
struct Failure {
  std::string property; // see namespace fault, or the check's property
  std::string message;
};

// The value of an expression in a state, or a failure.
struct Evaluation {
  Value value = 0;
  std::optional<Failure> failure;
};

Evaluation evaluate(const Spec& spec, const State& state, const Expr& expression);

enum class Outcome : std::uint8_t {
  disabled, // the thread is elsewhere, or path or guard is false
  taken,    // `state` is the successor
  failed,   // a check or a fault; `failure` says which; there is no successor
};

struct Result {
  Outcome outcome = Outcome::disabled;
  State state;
  Failure failure;
};

// True when the action allocates the object that the update writes: it sets the flag `allocated` of
// the same object.  Such an update needs no allocated object, so that memory is initialised in that
// step.
bool initialises(const Declarations& spec, const Action& action, const Update& update);

// Takes one action in a state.
Result take(const Spec& spec, const State& state, const Action& action);

PointId point_of(const Spec& spec, const State& state, ThreadId thread);

struct HeldLock {
  PoolId pool = 0;
  std::uint32_t object = 0;
  Mode mode = Mode::exclusive;
};
// The locks that a thread holds, in pool and object order.
std::vector<HeldLock> held_locks(const Spec& spec, const State& state, ThreadId thread);

} // namespace interlock::lang
