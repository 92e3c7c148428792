// What a statement that is new in C is in the words of a patch.
#pragma once

#include "kernel_text/change.hpp"
#include "kernel_text/patch_text.hpp"
#include "kernel_text/steps.hpp"
#include "lang/statement.hpp"

namespace interlock::kernel_text {

class Insertion {
public:
  // Of one function in its new text: its model in all scenarios, its paths in some, and the steps
  // that its old text is there.
  Insertion(const Function& function, const Models& models, const Modelled& modelled,
            const std::vector<Skeleton>& paths, const std::vector<Steps>& variants);

  // A statement; or a condition or a loop with all that is inside.  A goto names its label of C.
  PatchText of(const Node& node) const;
  // The words for another primitive on what the step works on: `sx_slock proctree_lock`.
  PatchText of_primitive(const Node& node, const Node& step) const;

  const PatchNames& names() const { return names_; }

  // Whether the model has what the function returns, where it returns a constant.
  bool has_results() const { return !results().empty(); }
  // The step that gives the caller this value, before a return of the model; or nullptr.
  const Node* step_of_result(const Node& returns, const std::string& value,
                             std::size_t variant) const;

  // Statements in their order, without an else at the end.
  PatchText of_block(const Skeleton& block) const;

  // What stands before the body of a condition or a loop: `if CONDITION`, `while CONDITION`,
  // `for_each CURSOR, LIST, RULE`.
  PatchText head_of(const Node& node) const;

private:
  // The same in a walk, whose cursor is a local of its body.
  Insertion with_local(const std::string& name) const;
  bool is_insertable_macro(const std::string& callee) const;
  PatchText of_return(const Node& node) const;
  // A place of the callers', and a value that it is given: error, ESRCH.
  struct Result {
    std::string place, value;
    bool operator<(const Result& other) const {
      return std::pair(place, value) < std::pair(other.place, other.value);
    }
  };
  std::optional<Result> result_of(const Node& step) const;
  static bool is_result(const std::string& c, const std::string& model);
  std::set<Result> results() const;
  bool is_parameter(const Expression& name) const;
  bool is_alias(const Expression& assignment) const;
  PatchText of_branch(const Node& node) const;
  PatchText of_loop(const Node& node) const;
  PatchText of_do_loop(const Node& node) const;
  PatchText body_of(const Node& node) const;
  struct Walk {
    const Expression* cursor = nullptr;
    const Expression* list = nullptr;
    const Expression* next = nullptr; // where it is saved; null: nowhere
    std::set<std::string> names;      // of the list
    lang::Cursor rule = lang::Cursor::next_read_after_body;
  };
  std::optional<Walk> walk_of(const Node& node) const;
  PatchText head_of_walk(const Node& node) const;
  PatchText list_of_walk(const Expression& list, const std::string& name) const;
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

  const Function& function_;
  const Models& models_;
  const Modelled& modelled_;
  const std::vector<Skeleton>& paths_;
  const std::vector<Steps>& variants_;
  PatchNames names_;
};

// The argument that a primitive works on, as C spells it: "kq" of KQ_LOCK(kq).
std::string argument_of(const Node& node);

// The goto that has been followed to a node of C, "goto out"; empty for one that stands where it
// is.
std::string followed_goto(const Node& node);

// How a macro of queue(3) finds the next element; nothing for one that goes through a list
// otherwise than the model's walks.
std::optional<lang::Cursor> cursor_rule_of(const Expression& walk);

} // namespace interlock::kernel_text
