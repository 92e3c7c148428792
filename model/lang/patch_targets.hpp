// Which statements a patch means.
#pragma once

#include "lang/patch.hpp"
#include "lang/places.hpp"

namespace interlock::lang {

// All that the patch's label names, in every call.  Throws PatchError where that is nothing, with
// the nearest label, or where it is not clear, with all that it can be.
std::vector<Found> patch_targets(const SpecBuilder& spec, const Patch& patch, std::size_t index);

// "step", "test", "loop" ...
const char* kind_name(StatementKind kind);
// `a, b and c`
std::string listed(const std::vector<std::string>& names);

} // namespace interlock::lang
