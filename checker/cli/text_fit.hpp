// Whether a text is the one that a revision was modelled after.
#pragma once

#include "cli/revision.hpp"
#include "kernel_text/change.hpp"

namespace interlock::checker::cli {

enum class TextFit : std::uint8_t {
  unknown, // which text it was is not recorded
  same,
  explained, // another one, that does nothing but steps and what is left out with a reason
  other,
};

// Of a modelled function.
TextFit fit_of(const kernel_text::File& file, const kernel_text::Function& function,
               const RevisionModel& model);

// The functions of a file whose text differs from the recorded one, and how: a change for each that
// is `other` and among the changed ones, which makes of them half a change.
struct FileFit {
  std::size_t same = 0, others = 0; // functions
  std::vector<kernel_text::Change> misfits;
};
FileFit fit_of(const kernel_text::File& file, const RevisionModel& model,
               const std::vector<kernel_text::Change>& changes);

} // namespace interlock::checker::cli
