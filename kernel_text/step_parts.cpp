// Parts of steps; see step_parts.hpp.
#include "kernel_text/step_parts.hpp"

#include <algorithm>

namespace interlock::kernel_text {

using lang::Patch;

bool StepParts::is_single(const Node& step) const {
  for (const Skeleton& path : paths_)
    for (const Node* other : in_order(path))
      if (other->label == step.label && other->text != step.text)
        return false;
  return true;
}

bool StepParts::stays(const Node& node) const {
  const auto there = fates_.to_new.find(&node);
  return there != fates_.to_new.end() && !fates_.moved.contains(there->second);
}

PartPatches StepParts::without(const Node& node, const Steps& variant) const {
  const Node& step = *variant.at(&node);
  if (step.place.empty())
    return {{}, "the step " + step.label + " does more than this, and all of it at once"};
  bool is_first = true; // of what the step does
  bool is_behind = false;
  PatchText beside;
  for (const Node* other : fates_.old) {
    is_behind = is_behind || other == &node;
    const auto its = variant.find(other);
    if (its == variant.end() || its->second->label != step.label)
      continue;
    is_first = is_first && is_behind;
    if (its->second != &step || !stays(*other))
      continue;
    const PatchText words = insertion_.of(*fates_.to_new.at(other));
    if (!words.known())
      return {{}, words.why};
    beside.text += (beside.text.empty() ? "" : "; ") + words.text;
  }
  PartPatches parts{{{Patch::Kind::drop_part, step.label, step.place}}};
  if (!beside.text.empty())
    parts.patches.push_back({is_first ? Patch::Kind::insert_before : Patch::Kind::insert_after,
                             step.label, beside.text});
  return parts;
}

} // namespace interlock::kernel_text
