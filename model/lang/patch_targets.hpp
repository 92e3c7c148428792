// Which statements a patch means.
#pragma once

#include "lang/patch.hpp"
#include "lang/places.hpp"

namespace interlock::lang {

// All that the patch's label names, in every call.  Throws PatchError where that is nothing, with
// the nearest label, or where it is not clear, with all that it can be.
std::vector<Found> patch_targets(const SpecBuilder& spec, const Patch& patch, std::size_t index);

} // namespace interlock::lang
