// Patches that name steps of a revision by what the kernel's text calls them.
#pragma once

#include "lang/patch.hpp"
#include "systems/known_text.hpp"

#include <vector>

namespace interlock::checker::cli {

// The patches of one change with source keys in place of labels, wherever that means the same: the
// key is recorded, and each step that has it gets this patch.  Copies of a statement have one key,
// and their patches become one.
std::vector<lang::Patch> with_source_keys(const std::vector<lang::Patch>& patches,
                                          const systems::KnownText& known);

} // namespace interlock::checker::cli
