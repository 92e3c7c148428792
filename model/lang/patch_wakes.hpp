// Whom a step wakes, all that sleep on a channel or one of them, and the one turned into the other.
#pragma once

#include "lang/steps.hpp"

namespace interlock::lang {

// A statement that wakes.
struct Waking {
  Step all; // what the step is that wakes all, with everything else that it does
  Expr channel;
  bool one = false; // the statement wakes one of them
};

// Throws SpecError, with the reason, for a statement that wakes nobody, or of which nobody can say
// what the whole step is.
Waking waking_of(const Declarations& spec, const Statement& statement);

// A step that wakes all that sleep on a channel and does nothing else.
Step wake_all_step(const Declarations& spec, const Expr& channel);

// Statements that wake one of the threads that `all` wakes, whichever, or nobody if it wakes none.
// What else `all` changes of the channel is changed when the last one is woken; everything else is
// as it is.
void add_wake_one(Steps& steps, const std::string& label, const Expr& channel, const Step& all);

} // namespace interlock::lang
