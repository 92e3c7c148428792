// Resetting of locals that are dead, so that states that differ only in them are one.
#pragma once

#include "lang/spec_builder.hpp"

namespace interlock::lang {

// For the actions of one thread, which start at `first_action`: computes at each program point
// which locals may still be read (backward data flow), and adds to each action the reset of those
// that are dead at its target.  Throws SpecError, naming the step that reads it, for a local that
// may be read before it is assigned.
void reset_dead_locals(const SpecBuilder& spec, const Thread& thread, ThreadId id,
                       std::vector<Action>& actions, std::size_t first_action);

} // namespace interlock::lang
