// The steps around what a patch edits: where none of them is ever taken, the patch changes nothing.
#pragma once

#include "lang/patch.hpp"
#include "systems/scenario.hpp"

namespace interlock::systems {

// Applies the patches.  Gives the steps that stand directly before, inside or directly behind what
// they edit and are still there, and those that they bring; none where nothing can be said.  Throws
// lang::PatchError.
std::vector<StepName> apply_patches(lang::SpecBuilder& spec,
                                    const std::vector<lang::Patch>& patches,
                                    const lang::Primitives& primitives);

} // namespace interlock::systems
