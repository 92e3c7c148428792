// Differences of skeletons as patches.
#include "kernel_text/translation.hpp"
#include "kernel_text/align.hpp"
#include "kernel_text/constant_calls.hpp"
#include "kernel_text/insertion.hpp"
#include "kernel_text/statement_lines.hpp"
#include "kernel_text/step_parts.hpp"
#include "kernel_text/unknown_calls.hpp"

#include <algorithm>
#include <functional>

namespace interlock::kernel_text {

namespace {

using lang::Patch;

// Where a node stands: in `siblings`, at `index`.
struct Place {
  const Skeleton* siblings = nullptr;
  std::size_t index = 0;
};

void add_places(const Skeleton& skeleton, std::map<const Node*, Place>& places) {
  for (std::size_t i = 0; i < skeleton.size(); ++i) {
    places[&skeleton[i]] = {&skeleton, i};
    add_places(skeleton[i].inside, places);
  }
}

std::string path_of(const std::string& label) { return label.substr(0, label.rfind('.')); }

// What is read, looked at or decided otherwise has no step of its own: none of it is translated.
bool has_no_patch(const Node& node) {
  return node.act == Act::otherwise || node.act == Act::looks || node.act == Act::reads;
}

class Translator {
public:
  Translator(const TranslatedFunction& function, const Modelled& modelled, const Models& models,
             Changes& result)
      : function_(function), modelled_(modelled), models_(models), result_(result),
        old_skeleton_(without_dead(skeleton(function.before, function.old_file, function.new_file),
                                   dead_old_)),
        new_skeleton_(without_dead(skeleton(function.after, function.new_file, function.old_file),
                                   dead_new_)),
        old_(in_order(old_skeleton_)), new_(in_order(new_skeleton_)),
        insertion_(function.after.name, models, modelled, variants_),
        parts_({old_, to_new_, moved_}, paths_, insertion_) {
    add_places(new_skeleton_, places_);
    for (const Match& match : align_texts(old_skeleton_, new_skeleton_)) {
      to_new_[match.first] = match.second;
      to_old_[match.second] = match.first;
    }
    if (const auto model = models.paths.find(function.after.name); model != models.paths.end())
      paths_ = model->second.variants;
    for (const Skeleton& path : paths_)
      variants_.push_back(steps_of(old_skeleton_, path));
  }

  // Nothing has changed: says only where the steps are.
  void run_unchanged() { tell_places(); }

  void run() {
    pair_moves();
    for (const Node* node : old_)
      if (to_new_.contains(node))
        compare(*node, *to_new_.at(node));
    for (const Node* node : old_)
      if (!to_new_.contains(node) && !covered_.contains(node))
        removed(*node);
    // What comes beside something in a new block stands in the block.
    for (const Node* node : new_)
      if (is_around_old(*node))
        enclose(*node);
    for (const Node* node : new_)
      if (is_new_block(*node) && !covered_.contains(node))
        cover(node->inside, told_new_);
    // What is put behind a step comes in front of what was put there before: the last one first.
    for (const Node* node : new_)
      if (is_arrived(*node) && has_neighbour(*node, 1))
        arrived(*node);
    for (const Node* node : std::vector<const Node*>(new_.rbegin(), new_.rend()))
      if (is_arrived(*node) && !has_neighbour(*node, 1))
        arrived(*node);
    for (const std::string& message :
         objections_to_constants(function_.after, of_file(modelled_, function_.new_file)))
      add(0, function_.after.line, message).why = "the model's paths are for this value";
    other_statements();
    withhold_halves();
    tell_places();
  }

private:
  using DeadLines = std::map<int, std::string>; // why what stands there is nothing to translate

  // In place of each condition that constants decide what it decides for.
  static Skeleton without_dead(Skeleton skeleton, DeadLines& dead) {
    Skeleton left;
    for (Node& node : skeleton) {
      node.inside = without_dead(std::move(node.inside), dead);
      if (!node.runs) {
        dead.emplace(node.line, "does not run: " + node.left_out);
        continue;
      }
      const bool with_else = !node.inside.empty() && node.inside.back().act == Act::otherwise;
      const bool dissolves =
          node.decided &&
          (*node.decided ? !with_else : node.inside.size() == (with_else ? 1U : 0U));
      if (!dissolves) {
        left.push_back(std::move(node));
        continue;
      }
      dead.insert_or_assign(node.line, "constants decide it");
      Skeleton inside = std::move(with_else ? node.inside.back().inside : node.inside);
      if (with_else)
        dead.emplace(node.inside.back().line, "constants decide it");
      std::move(inside.begin(), inside.end(), std::back_inserter(left));
    }
    return left;
  }

  // A function that the other text does not have is read where it is called.
  Skeleton skeleton(const Function& function, const File& file, const File& other) const {
    Modelled modelled = of_file(modelled_, file);
    for (const Function& each : file.functions)
      if (other.find(each.name) == nullptr && !models_.all.contains(each.name))
        modelled.helpers.insert(each.name);
    return source_skeleton(function, modelled);
  }

  Change& add(int old_line, int new_line, std::string text) {
    Change change;
    change.file = function_.new_file.name;
    change.function = function_.after.name;
    change.old_line = old_line;
    change.new_line = new_line;
    change.text = std::move(text);
    change.of_operation = true;
    told_old_.insert(old_line);
    told_new_.insert(new_line);
    result_.changes.push_back(std::move(change));
    return result_.changes.back();
  }

  void withhold_halves() {
    std::vector<Change>& changes = result_.changes;
    // What some scenarios do not come by is no half: those that do have the rest.
    const bool of_all = &models_.paths == &models_.all;
    bool whole = true;
    for (std::size_t i = first_change_; i < changes.size(); ++i) {
      whole = whole && (changes[i].translated() || !changes[i].of_operation ||
                        (changes[i].absent && !of_all));
    }
    for (std::size_t i = first_change_; i < changes.size() && !whole; ++i)
      if (changes[i].translated()) {
        changes[i].why = "another change of this function was not translated";
        changes[i].patches.clear();
      }
  }

  // What is gone here and has come there, and does the same, has moved.
  void pair_moves() {
    for (const Node* node : old_) {
      if (to_new_.contains(node) || !is_operation(node->act))
        continue;
      const auto same = [&](const Node* other) {
        return !to_old_.contains(other) && other->act == node->act && other->text == node->text &&
               other->names == node->names && other->inside.empty() && node->inside.empty();
      };
      const auto found = std::find_if(new_.begin(), new_.end(), same);
      if (found == new_.end())
        continue;
      to_new_[node] = *found;
      to_old_[*found] = node;
      moved_.insert(*found);
    }
  }

  bool is_new(const Node& node) const { return !to_old_.contains(&node); }

  bool is_arrived(const Node& node) const {
    return (is_new(node) || moved_.contains(&node)) && !covered_.contains(&node) &&
           !enclosing_.contains(&node);
  }

  static bool is_block(const Node& node) {
    return node.act == Act::branch || node.act == Act::loop;
  }

  // A condition or loop of which nothing was there before.
  bool is_new_block(const Node& node) const {
    return is_new(node) && is_block(node) && all_of_inside(node, [&](const Node& inside) {
             return is_new(inside) && !moved_.contains(&inside);
           });
  }

  bool is_around_old(const Node& node) const {
    return is_new(node) && is_block(node) && !is_new_block(node);
  }

  template <class Is> static bool all_of_inside(const Node& node, const Is& is) {
    return std::all_of(node.inside.begin(), node.inside.end(),
                       [&](const Node& inside) { return is(inside) && all_of_inside(inside, is); });
  }

  // They go with what they are in.
  void cover(const Node& node, std::set<int>& told) {
    covered_.insert(&node);
    told.insert(node.line);
    cover(node.inside, told);
  }
  void cover(const Skeleton& nodes, std::set<int>& told) {
    for (const Node& node : nodes)
      cover(node, told);
  }

  static const Node* step_of(const Steps& variant, const Node& old_node) {
    const auto found = variant.find(&old_node);
    return found == variant.end() ? nullptr : found->second;
  }

  bool has_step(const Node& old_node) const {
    return std::any_of(variants_.begin(), variants_.end(),
                       [&](const Steps& variant) { return step_of(variant, old_node) != nullptr; });
  }

  static void tell_absent(Change& change, std::string why) {
    change.why = std::move(why);
    change.absent = true;
  }

  static void tell_without_step(Change& change, const Node& node) {
    if (node.left_out.empty())
      tell_absent(change, "no step of the model is this");
    else
      tell_left_out(change, node);
  }

  // No property depends on it, by the ledger.
  static void tell_left_out(Change& change, const Node& node) {
    change.why = (node.runs ? "left out of the model: " : "does not run: ") + node.left_out;
    change.of_operation = false;
  }

  // A part of a step that does not go where the rest of it goes: `goes` says what does.
  template <class Goes>
  std::string part_that_stays(const Steps& variant, const std::string& label, const char* how,
                              const Goes& goes) const {
    for (const Node* node : old_)
      if (const Node* step = step_of(variant, *node);
          step != nullptr && step->label == label && !goes(*node))
        return "the step " + label + " is also line " + std::to_string(node->line) + ", which " +
               how;
    return "";
  }

  // Paths of one function get a patch each.  Two of one path that differ cannot be told apart by
  // its callers.
  static void put(Change& change, const std::vector<Patch>& patches) {
    if (patches.empty())
      return;
    const std::string path = path_of(patches.front().label);
    std::vector<Patch> others;
    std::copy_if(change.patches.begin(), change.patches.end(), std::back_inserter(others),
                 [&](const Patch& other) { return path_of(other.label) == path; });
    if (others.empty())
      change.patches.insert(change.patches.end(), patches.begin(), patches.end());
    else if (others != patches)
      change.why = "the callers of " + path + " would need different patches";
  }
  static void put(Change& change, const Patch& patch) { put(change, std::vector<Patch>{patch}); }

  static void finish(Change& change) {
    if (!change.translated())
      change.patches.clear();
  }

  void compare(const Node& before, const Node& after) {
    if (moved_.contains(&after) || before.text == after.text)
      return;
    if (without_literals(before) == without_literals(after)) { // a message, a name of a channel
      told_old_.insert(before.line);
      told_new_.insert(after.line);
      return;
    }
    Change& change = add(before.line, after.line, "changed: " + before.text + " -> " + after.text);
    if (!has_step(before)) {
      if (const Node* inside = left_out_inside(before);
          inside != nullptr && left_out_inside(after) != nullptr)
        tell_left_out(change, *inside);
      else
        tell_without_step(change, before);
    }
    for (const Steps& variant : variants_)
      if (const Node* step = step_of(variant, before); step != nullptr && change.translated()) {
        if (before.act == Act::sets &&
            !(is_alone(before, *step, variant) && parts_.is_single(*step))) {
          take_out(change, before, variant);
          continue;
        }
        const Between between = between_of(before, after, *step, variant);
        change.why = between.why;
        if (between.why.empty())
          put(change, Patch{between.kind, step->label, between.argument});
      }
    finish(change);
  }

  // Of a step that is more than this statement; see StepParts.  `then` comes behind it.
  void take_out(Change& change, const Node& node, const Steps& variant,
                const std::vector<Patch>& then = {}) {
    const Node& step = *step_of(variant, node);
    PartPatches parts = parts_.without(node, variant);
    change.why = parts.why;
    if (!change.translated())
      return;
    const auto known =
        taken_out_.emplace(std::pair(step.label, step.place), result_.changes.size()).first;
    if (known->second != result_.changes.size()) // with an earlier change of that place
      parts.patches.clear();
    parts.patches.insert(parts.patches.end(), then.begin(), then.end());
    put(change, parts.patches);
  }

  // Of a condition that decides about nothing else: something that is left out.
  static const Node* left_out_inside(const Node& node) {
    const bool nothing_else = is_block(node) && all_of_inside(node, [](const Node& inside) {
                                return inside.act == Act::otherwise || !inside.left_out.empty();
                              });
    if (!nothing_else)
      return nullptr;
    for (const Node& inside : node.inside)
      if (!inside.left_out.empty())
        return &inside;
    return nullptr;
  }

  static std::string without_literals(const Node& node) {
    if (node.act == Act::asserts && node.expression && node.expression->parts.size() > 1)
      return spelled(node.expression->parts[1]);
    std::string text;
    bool inside = false;
    for (const char c : node.text) {
      inside = c == '"' ? !inside : inside;
      if (!inside || c == '"')
        text += c;
    }
    return text;
  }

  // What makes one of the other, without its label; or why nothing does.
  struct Between {
    Patch::Kind kind = Patch::Kind::replace;
    std::string argument = {};
    std::string why = {};
  };

  Between between_of(const Node& before, const Node& after, const Node& step,
                     const Steps& variant) const {
    Between other{.why = "the statement does something else than before"};
    const auto replaced_by = [](const PatchText& text) {
      return Between{.argument = text.text, .why = text.why};
    };
    switch (before.act) {
    case Act::walks: {
      const auto rule = cursor_of(after);
      return rule ? Between{.argument = lang::rule_name(*rule)} : other;
    }
    case Act::branch:
    case Act::loop:
      return condition_between(before, after, step, variant);
    case Act::asserts: {
      const bool of_conditions = before.expression && after.expression &&
                                 before.expression->parts.size() > 1 &&
                                 after.expression->parts.size() > 1;
      if (!of_conditions)
        return other;
      return whole_condition(before.expression->parts[1], after.expression->parts[1]);
    }
    case Act::takes:
    case Act::tries:
    case Act::gives:
      return before.names == after.names && argument_of(before) == argument_of(after)
                 ? replaced_by(insertion_.of_primitive(after, step))
                 : other;
    case Act::sets:
      return replaced_by(insertion_.of(after));
    case Act::wakes: {
      const Woken woken =
          after.expression ? woken_by(modelled_.system, *after.expression) : Woken::not_said;
      const bool same = before.names == after.names && argument_of(before) == argument_of(after);
      return same && woken != Woken::not_said
                 ? Between{.argument = woken == Woken::one ? "wake_one" : "wake_all"}
                 : other;
    }
    default:
      return other;
    }
  }

  // Nothing else of C is this step.
  bool is_alone(const Node& node, const Node& step, const Steps& variant) const {
    return std::all_of(old_.begin(), old_.end(), [&](const Node* other) {
      const Node* its = step_of(variant, *other);
      return other == &node || its == nullptr || its->label != step.label;
    });
  }

  Between whole_condition(const Expression& before, const Expression& after) const {
    // What the model has of the old one it has in full, where it knows all of it.
    const PatchText old = condition_text(before, insertion_.names());
    const PatchText now = condition_text(after, insertion_.names());
    return {.argument = "condition " + now.text, .why = old.why.empty() ? now.why : old.why};
  }

  // Whether the model has in its else what C does in its first branch, or the reverse: its
  // condition is the opposite of C's.
  bool is_opposite(const Node& before, const Node& step, const Steps& variant) const {
    const auto in_else = [](const Node& test, const Node& node) {
      return !test.inside.empty() && test.inside.back().act == Act::otherwise &&
             is_within(test.inside.back(), node);
    };
    return std::any_of(variant.begin(), variant.end(), [&](const auto& each) {
      return is_within(before, *each.first) && is_within(step, *each.second) &&
             each.first->act != Act::otherwise &&
             in_else(before, *each.first) != in_else(step, *each.second);
    });
  }

  Between condition_between(const Node& before, const Node& after, const Node& step,
                            const Steps& variant) const {
    const auto condition = [](const Node& node) {
      const std::size_t open = node.text.find('(');
      return open == std::string::npos ? "" : node.text.substr(open);
    };
    if (condition(after) == "(!" + condition(before) + ")" ||
        condition(before) == "(!" + condition(after) + ")")
      return {.kind = Patch::Kind::negate};
    if (!before.expression || !after.expression)
      return {.why = "a condition that is neither the old one nor its opposite"};
    if (is_opposite(before, step, variant))
      return {.why = "the model has the branches of this condition the other way round"};
    for (const char* connective : {"&&", "||"}) {
      const auto added = added_operands(*before.expression, *after.expression, connective);
      const std::size_t space = step.text.find(' ');
      if (added.empty() || space == std::string::npos)
        continue;
      std::string text = "condition (" + step.text.substr(space + 1) + ")";
      for (const Expression* operand : added) {
        const PatchText words = condition_text(*operand, insertion_.names());
        if (!words.known())
          return {.why = words.why};
        text += " " + std::string(connective) + " (" + words.text + ")";
      }
      return {.argument = text};
    }
    return whole_condition(*before.expression, *after.expression);
  }

  // What the new one has besides all of the old one; empty where that is not so.
  static std::vector<const Expression*>
  added_operands(const Expression& before, const Expression& after, const std::string& connective) {
    std::vector<const Expression*> added = operands_of(after, connective);
    for (const Expression* old : operands_of(before, connective)) {
      const auto same = std::find_if(added.begin(), added.end(), [&](const Expression* each) {
        return spelled(*each) == spelled(*old);
      });
      if (same == added.end())
        return {};
      added.erase(same);
    }
    return added;
  }

  static std::optional<lang::Cursor> cursor_of(const Node& walk) {
    const std::string macro = walk.text.substr(0, walk.text.find('('));
    if (macro == "SLIST_FOREACH") // SLIST_REMOVE leaves the element's link as it was
      return lang::Cursor::next_read_of_unlinked;
    if (macro.ends_with("_FOREACH")) // debugging kernels overwrite the links of these
      return lang::Cursor::next_read_after_body;
    if (macro.ends_with("_FOREACH_SAFE") || macro.ends_with("_FOREACH_MUTABLE"))
      return lang::Cursor::next_read_before_body;
    return std::nullopt;
  }

  void removed(const Node& node) {
    const bool whole = is_block(node) && all_of_inside(node, [&](const Node& inside) {
                         return !to_new_.contains(&inside);
                       });
    if (whole && !has_step(node)) { // the model has what is inside, if at all
      told_old_.insert(node.line);
      return;
    }
    Change& change = add(node.line, 0, "gone: " + node.text);
    const bool with_else =
        node.act == Act::branch && !node.inside.empty() && node.inside.back().act == Act::otherwise;
    if (has_no_patch(node)) {
      change.why = "what it reads or decides is no step of its own";
    } else if (with_else && !whole) {
      change.why = "a condition with an else";
    } else if (!has_step(node)) {
      tell_without_step(change, node);
    } else {
      drop(change, node, whole ? "nothing" : "");
      if (whole)
        cover(node.inside, told_old_);
    }
    finish(change);
  }

  void drop(Change& change, const Node& node, const std::string& keep) {
    for (const Steps& variant : variants_) {
      const Node* step = step_of(variant, node);
      if (step == nullptr)
        continue;
      const auto gone = [&](const Node& part) { return !to_new_.contains(&part); };
      if (!step->place.empty() && !part_that_stays(variant, step->label, "stays", gone).empty()) {
        take_out(change, node, variant);
        if (!change.translated())
          return;
        continue;
      }
      change.why = part_that_stays(variant, step->label, "stays", gone);
      if (!change.translated())
        return;
      if (dropped_.insert(step->label).second)
        put(change, {Patch::Kind::drop, step->label, keep});
    }
  }

  // Where something can be put next to in the new text, forwards or backwards: a step of the same
  // block that is neither new nor moved.
  const Node* neighbour(const Steps& variant, const Node& node, int direction) const {
    const Place& place = places_.at(&node);
    const auto count = static_cast<std::ptrdiff_t>(place.siblings->size());
    for (auto i = static_cast<std::ptrdiff_t>(place.index) + direction; i >= 0 && i < count;
         i += direction) {
      const Node& other = (*place.siblings)[static_cast<std::size_t>(i)];
      if (other.act == Act::otherwise || is_around_old(other))
        break;
      const auto old = to_old_.find(&other);
      if (old == to_old_.end() || moved_.contains(&other))
        continue;
      if (const Node* step = step_of(variant, *old->second))
        return step;
    }
    return nullptr;
  }

  bool has_neighbour(const Node& node, int direction) const {
    return std::any_of(variants_.begin(), variants_.end(), [&](const Steps& variant) {
      return neighbour(variant, node, direction) != nullptr;
    });
  }

  // A read whose value goes where the model has nothing: into no local variable.
  static bool is_read_elsewhere(const Node& node) {
    return node.act == Act::reads && node.expression &&
           node.expression->kind == ExpressionKind::assign &&
           node.expression->parts.at(0).kind != ExpressionKind::name;
  }

  void arrived(const Node& node) {
    const Node* old = moved_.contains(&node) ? to_old_.at(&node) : nullptr;
    Change& change = add(old == nullptr ? 0 : old->line, node.line,
                         (old == nullptr ? "new: " : "moved: ") + node.text);
    const PatchText words = old == nullptr ? insertion_.of(node) : PatchText{};
    if (old == nullptr && node.expression && is_operation(node.act) &&
        !expressions_.insert(node.expression.get()).second)
      return void(change.why =
                      "the statement does several things, which patches insert one by one");
    if (old == nullptr && !node.left_out.empty())
      return tell_left_out(change, node);
    if (has_no_patch(node) && (old != nullptr || node.act != Act::reads))
      change.why = "what it reads or decides is no step of its own";
    else if (old != nullptr && !has_step(*old))
      tell_without_step(change, *old);
    else if (!words.known()) {
      change.why = words.why;
      change.of_operation = !is_read_elsewhere(node); // which is half of nothing
    } else if (!has_neighbour(node, 1) && !has_neighbour(node, -1))
      tell_absent(change, "no step of the model stands in this block");
    else
      for (const Steps& variant : variants_)
        place(change, variant, node, old, words.text);
    finish(change);
  }

  // A new condition or loop around what was there, in one of its branches.
  void enclose(const Node& node) {
    enclosing_.insert(&node);
    Change& change = add(0, node.line, "new: " + node.text);
    PatchText condition{"", "a new loop that is no while"};
    if (node.expression && (node.act == Act::branch || node.text.starts_with("while")))
      condition = condition_text(*node.expression, insertion_.names());
    change.why = condition.why;
    std::string head = node.text.substr(0, node.text.find(' ')) + " " + condition.text + " { ";
    std::string tail = " }";
    const Node* around = &node;
    if (!node.inside.empty() && node.inside.back().act == Act::otherwise) {
      const Node& otherwise = node.inside.back();
      const Skeleton then(node.inside.begin(), node.inside.end() - 1);
      const bool in_then = std::any_of(node.inside.begin(), node.inside.end() - 1,
                                       [&](const Node& each) { return has_old(each); });
      const bool in_else = has_old(otherwise);
      const PatchText other = insertion_.of_block(in_then ? otherwise.inside : then);
      if (in_then && in_else)
        change.why = "a new condition around what was there in both of its branches";
      else if (change.translated())
        change.why = other.why;
      if (in_then)
        tail = " } else { " + other.text + " }";
      else
        head += other.text + " } else { ";
      enclosing_.insert(&otherwise);
      if (change.translated()) {
        around = in_then ? &node : &otherwise;
        for (const Node& each : node.inside)
          if (&each != &otherwise && !in_then)
            cover(each, told_new_);
        if (in_then)
          cover(otherwise.inside, told_new_);
        told_new_.insert(otherwise.line);
      }
    }
    for (const Steps& variant : variants_)
      if (change.translated())
        enclose(change, variant, *around, {head, tail});
    if (change.translated() && change.patches.empty())
      tell_absent(change, "no step of the model stands in this block");
    finish(change);
  }

  bool has_old(const Node& node) const {
    return (!is_new(node) && !moved_.contains(&node)) ||
           std::any_of(node.inside.begin(), node.inside.end(),
                       [&](const Node& inside) { return has_old(inside); });
  }

  void enclose(Change& change, const Steps& variant, const Node& around,
               const std::pair<std::string, std::string>& words) {
    std::vector<std::string> labels; // of the block's own statements, in order
    for (const Node& inside : around.inside) {
      const auto old = to_old_.find(&inside);
      if (old == to_old_.end())
        continue;
      if (moved_.contains(&inside)) {
        change.why = "a new condition around what was moved";
        return;
      }
      if (const Node* step = step_of(variant, *old->second))
        labels.push_back(step->label);
    }
    if (labels.empty())
      return;
    const auto goes = [&](const Node& part) {
      const auto there = to_new_.find(&part);
      return there != to_new_.end() && is_within(around, *there->second);
    };
    for (const std::string& label : labels)
      if (change.translated())
        change.why = part_that_stays(variant, label, "stays outside", goes);
    const std::string through = labels.front() == labels.back() ? "" : " through " + labels.back();
    if (change.translated())
      put(change,
          {Patch::Kind::replace, labels.front(), words.first + "this" + through + words.second});
  }

  static bool is_within(const Node& block, const Node& node) {
    return std::any_of(block.inside.begin(), block.inside.end(), [&](const Node& inside) {
      return &inside == &node || is_within(inside, node);
    });
  }

  void place(Change& change, const Steps& variant, const Node& node, const Node* old,
             const std::string& primitive) {
    const Node* next = neighbour(variant, node, 1);
    const Node* beside = next != nullptr ? next : neighbour(variant, node, -1);
    if (beside == nullptr || !change.translated())
      return; // a caller that does not come by here
    if (old == nullptr) {
      put(change, {next != nullptr ? Patch::Kind::insert_before : Patch::Kind::insert_after,
                   beside->label, primitive});
      return;
    }
    const Node* step = step_of(variant, *old);
    if (step == nullptr)
      return;
    const auto goes = [&](const Node& part) {
      const auto there = to_new_.find(&part);
      return there != to_new_.end() && moved_.contains(there->second);
    };
    change.why = part_that_stays(variant, step->label, "does not move", goes);
    if (!change.translated() && !step->place.empty()) {
      const PatchText words = insertion_.of(node);
      change.why = words.why;
      if (change.translated())
        take_out(change, *old, variant,
                 {{next != nullptr ? Patch::Kind::insert_before : Patch::Kind::insert_after,
                   beside->label, words.text}});
      return;
    }
    const Patch patch{next != nullptr ? Patch::Kind::move_before : Patch::Kind::move_after,
                      step->label, beside->label};
    // One step of several statements moves once, with the first of them.
    const auto [known, is_new] = moves_.emplace(step->label, patch);
    if (known->second != patch)
      change.why = "the step " + step->label + " would go to two places";
    else if (change.translated() && is_new)
      put(change, patch);
  }

  // With those of the functions that the other text does not have, where they are called.
  StatementLines lines_of(const Function& function, const File& file, const File& other) const {
    StatementLines lines = statement_lines(function, modelled_.system);
    for (const Function& each : file.functions)
      if (other.find(each.name) == nullptr && calls(function, each.name)) {
        const StatementLines own = statement_lines(each, modelled_.system);
        lines.insert(lines.end(), own.begin(), own.end());
      }
    return lines;
  }

  // The statements that differ, of which nothing was said yet.
  void other_statements() {
    const StatementLines before =
        lines_of(function_.before, function_.old_file, function_.new_file);
    const StatementLines after = lines_of(function_.after, function_.new_file, function_.old_file);
    LineDifference difference = difference_of(before, after);
    StatementLines& gone = difference.gone;
    StatementLines& come = difference.come;
    // The skeletons have told of operations, and may see another of two that are alike as new.
    std::erase_if(gone, [&](const StatementLine& line) {
      const auto same = std::find_if(come.begin(), come.end(), [&](const StatementLine& other) {
        return other.text == line.text;
      });
      if (same == come.end() || !has_operation(old_, line) || !has_operation(new_, *same))
        return false;
      come.erase(same);
      return true;
    });
    leave_out_told(gone, before, told_old_);
    leave_out_told(come, after, told_new_);
    const auto unknown_before = unknown_calls(function_.before, modelled_);
    const auto unknown_after = unknown_calls(function_.after, modelled_);
    for (const StatementLine& line : gone)
      tell_unmodelled(add(line.number, 0, "gone: " + line.text), line, unknown_before, dead_old_);
    for (const StatementLine& line : come)
      tell_unmodelled(add(0, line.number, "new: " + line.text), line, unknown_after, dead_new_);
  }

  static void tell_unmodelled(Change& change, const StatementLine& line,
                              const std::vector<UnknownCall>& unknown, const DeadLines& dead) {
    if (const auto why = dead.find(line.number); why != dead.end()) {
      change.why = why->second;
      change.of_operation = false;
      return;
    }
    for (const UnknownCall& call : unknown)
      if (line.text.find(call.name + "(") != std::string::npos) {
        change.why = call.name + "() is nothing of which a table says what it does";
        return;
      }
    change.why = "nothing that is modelled";
    change.of_operation = false;
  }

  // Takes out the lines that were told of, or one with the same text in their place.
  static void leave_out_told(StatementLines& lines, const StatementLines& all,
                             const std::set<int>& told) {
    std::set<int> differ;
    for (const StatementLine& line : lines)
      differ.insert(line.number);
    std::map<std::string, int> instead; // told of, and not among those that differ
    for (const StatementLine& line : all)
      if (told.contains(line.number) && !differ.contains(line.number))
        ++instead[line.text];
    std::erase_if(lines, [&](const StatementLine& line) {
      return told.contains(line.number) || instead[line.text]-- > 0;
    });
  }

  static bool has_operation(const std::vector<const Node*>& nodes, const StatementLine& line) {
    return std::any_of(nodes.begin(), nodes.end(),
                       [&](const Node* node) { return node->line == line.number; });
  }

  void tell_places() {
    for (const Steps& variant : variants_)
      for (const auto& [old, step] : variant)
        if (const auto found = to_new_.find(old); found != to_new_.end())
          result_.places.emplace(step->label, NewPlace{function_.new_file.name, found->second->line,
                                                       found->second->text});
  }

  const TranslatedFunction& function_;
  const Modelled& modelled_;
  const Models& models_;
  Changes& result_;
  std::size_t first_change_ = result_.changes.size();
  DeadLines dead_old_, dead_new_;
  Skeleton old_skeleton_, new_skeleton_;
  std::vector<const Node*> old_, new_;
  std::map<const Node*, Place> places_; // in the new text
  std::vector<Skeleton> paths_;
  std::vector<Steps> variants_; // of the old text, by path
  std::map<const Node*, const Node*> to_new_, to_old_;
  std::set<const Node*> moved_; // nodes of the new text
  std::set<std::string> dropped_;
  std::map<std::string, Patch> moves_; // by label
  std::set<int> told_old_, told_new_;
  std::set<const Node*> covered_;           // told of with the block that they are in
  std::set<const Node*> enclosing_;         // new blocks around what was there
  std::set<const Expression*> expressions_; // of new operations
  Insertion insertion_;
  StepParts parts_;
  // Label and place -> the number of the change with which it was taken out of the step.
  std::map<std::pair<std::string, std::string>, std::size_t> taken_out_;
};

} // namespace

bool calls(const Function& function, const std::string& callee) {
  bool found = false;
  for_each_call(function,
                [&](const Expression& call) { found = found || callee_of(call) == callee; });
  return found;
}

void translate(const TranslatedFunction& function, const Modelled& modelled, const Models& models,
               Changes& result) {
  Translator(function, modelled, models, result).run();
}

void add_places(const TranslatedFunction& function, const Modelled& modelled, const Models& models,
                Changes& result) {
  Translator(function, modelled, models, result).run_unchanged();
}

} // namespace interlock::kernel_text
