// What a statement that is new in C is in the words of a patch.
#pragma once

#include "kernel_text/change.hpp"
#include "kernel_text/patch_text.hpp"
#include "kernel_text/steps.hpp"

namespace interlock::kernel_text {

class Insertion {
public:
  // Of one function: its model in all scenarios, and the steps that its old text is in some.
  Insertion(const std::string& function, const Models& models, const Modelled& modelled,
            const std::vector<Steps>& variants);

  // A statement; or a condition or a loop with all that is inside.
  PatchText of(const Node& node) const;
  // The words for another primitive on what the step works on: `sx_slock proctree_lock`.
  PatchText of_primitive(const Node& node, const Node& step) const;

  const PatchNames& names() const { return names_; }

  // Statements in their order, without an else at the end.
  PatchText of_block(const Skeleton& block) const;

private:
  bool is_insertable_macro(const std::string& callee) const;
  PatchText of_branch(const Node& node) const;
  PatchText of_lock(const Node& node) const;
  PatchText of_sleep(const Node& node) const;
  PatchText lock_text(const Expression& lock) const;
  PatchText of_assignment(const Node& node) const;
  PatchText of_assertion(const Node& node) const;
  PatchText of_call(const Node& node) const;
  PatchText of_list(const Node& node) const;
  std::optional<std::string> word_for(const Node& node) const;
  std::optional<std::string> operand_for(const Node& node) const;
  std::optional<std::string> operand_elsewhere(const Node& node) const;
  std::optional<std::string> operand_of_text(const Node& node) const;
  std::string without_function(const std::string& text) const;

  std::string function_;
  const Models& models_;
  const Modelled& modelled_;
  const std::vector<Steps>& variants_;
  PatchNames names_;
};

// The argument that a primitive works on, as C spells it: "kq" of KQ_LOCK(kq).
std::string argument_of(const Node& node);

} // namespace interlock::kernel_text
