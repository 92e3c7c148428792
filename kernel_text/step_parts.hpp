// A step that is several statements of C, of which not all go the same way: its parts as patches.
#pragma once

#include "kernel_text/insertion.hpp"

namespace interlock::kernel_text {

// What became of the old text's nodes.
struct Fates {
  const std::vector<const Node*>& old; // in order
  const std::map<const Node*, const Node*>& to_new;
  const std::set<const Node*>& moved; // of the new text
};

struct PartPatches {
  std::vector<lang::Patch> patches;
  std::string why = {}; // where the part cannot go alone
};

class StepParts {
public:
  // All outlive it; `paths` are those of the function.
  StepParts(const Fates& fates, const std::vector<Skeleton>& paths, const Insertion& insertion)
      : fates_(fates), paths_(paths), insertion_(insertion) {}

  // Whether the step changes nothing but what its node does.
  bool is_single(const Node& step) const;

  // Takes out of its step what the node changes.  Statements of the same step that change the same
  // place, and stand where they stood, are done by steps of their own beside it, as the new text
  // has them; the node too, unless it moves or is gone.
  PartPatches without(const Node& node, const Steps& variant) const;

private:
  bool stays(const Node& node) const;

  Fates fates_;
  const std::vector<Skeleton>& paths_;
  const Insertion& insertion_;
};

} // namespace interlock::kernel_text
