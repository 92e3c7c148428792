// Lowering: from the statements of a thread to labelled guarded actions.
#pragma once

#include "lang/spec_builder.hpp"

namespace interlock::lang {

// The property that an access to a guarded variable without its guard violates.
inline constexpr const char* guarded_access = "guarded-access";

// Lowers the body of every thread: appends the threads and their actions, and declares the program
// counters.  Checks of properties that are not selected are in no action.
//
// A program point is a place between two steps.  Tests and checks are folded into the steps that
// follow them when they read only what cannot change in between: locals, constants, and guarded
// variables, whose guard is then checked to be held; a test of anything else is a step of its own.
// At each step the locals that are dead afterwards are set back to their initial value, so that
// states that differ only in them are one.
//
// Throws SpecError, naming the step, for: a step that cannot be reached, a loop without a step, a
// local read before it is assigned, two updates of one variable in a step, a value that cannot be
// in the variable's range, and a ghost variable read by a guard, a test or the update of a variable
// that is no ghost.
void lower_threads(SpecBuilder& spec, std::vector<Thread>& threads, std::vector<Action>& actions);

} // namespace interlock::lang
