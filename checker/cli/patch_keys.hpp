// Patches that name steps of a revision by what the kernel's text calls them.
#pragma once

#include "lang/patch.hpp"
#include "systems/known_text.hpp"

#include <vector>

namespace interlock::checker::cli {

// The patches of one change with source keys in place of labels, wherever they are recorded.  Where
// all steps that stand for a statement get the same patch, these become one, of the statement.
std::vector<lang::Patch> with_source_keys(const std::vector<lang::Patch>& patches,
                                          const systems::KnownText& known);

} // namespace interlock::checker::cli
