// What a single step must obey: guards held, no ghost in a guard, one update per variable.
#pragma once

#include "lang/spec.hpp"

namespace interlock::lang {

// True when nothing that another thread does can change the condition while this thread does not move:
// it reads only the thread's locals, constants, and guarded variables (whose guard is checked).
bool is_stable(const Spec& spec, const Expr& condition, ThreadId thread);

// Checks the rules of lower.hpp that concern one step, throwing SpecError with the step's label, and
// adds to action.entry_checks that the guards of the guarded variables it touches are held: all of
// them, unless `unguarded`.
void apply_step_rules(const Spec& spec, Action& action, bool unguarded);

} // namespace interlock::lang
