// Which free object an allocation takes, where it may be any: an action for each.
//
// A program that still refers to an object that was freed fails only while nobody else has got
// that object.  With the lowest free object always being the next one, some runs hide that.
#pragma once

#include "lang/spec_builder.hpp"

namespace interlock::lang {

// The action for each object that its first_free() may stand for: each free object that something
// still refers to, and of the others, which nobody can tell apart, the lowest.  And once more as it
// is, for where no object is free.  An action without first_free() is the only one.
std::vector<Action> with_each_slot(const Declarations& spec, const Action& action);

} // namespace interlock::lang
