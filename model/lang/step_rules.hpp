// What a single step must obey: guards held, no ghost in a guard, one update per variable.
#pragma once

#include "lang/spec_builder.hpp"

namespace interlock::lang {

// True when nothing that another thread does can change the condition while this thread does not
// move: it reads only the thread's locals, constants, and guarded variables (whose guard is
// checked).
bool is_stable(const SpecBuilder& spec, const Expr& condition, ThreadId thread);

// True when evaluation may fault: the expression follows a reference, or asks for the next element.
bool may_fault(const Expr& expression);

// Checks the rules of lower.hpp that concern one step, throwing SpecError with the step's label,
// and adds checks that the guards of the guarded variables it touches are held, each where the
// variable is touched: what the path and the entry checks (the first `folded_checks` of them come
// from statements before the step) and the guard read, on entry; what the checks and updates touch,
// with them.  Of an `unguarded` step only the path and the folded checks are guarded.
//
// A guard that the step itself acquires counts for the step, not for what is folded into it.
void apply_step_rules(const SpecBuilder& spec, Action& action, std::size_t folded_checks,
                      bool unguarded);

} // namespace interlock::lang
