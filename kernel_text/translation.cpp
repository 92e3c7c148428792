// Differences of skeletons as patches.
#include "kernel_text/translation.hpp"
#include "kernel_text/align.hpp"
#include "kernel_text/constant_calls.hpp"
#include "kernel_text/insertion.hpp"
#include "kernel_text/model_range.hpp"
#include "kernel_text/statement_lines.hpp"
#include "kernel_text/step_parts.hpp"
#include "kernel_text/unknown_calls.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace interlock::kernel_text {

namespace {

using lang::Patch;

// Where a node stands: in `siblings`, at `index`.
struct Place {
  const Skeleton* siblings = nullptr;
  std::size_t index = 0;
  const Node* around = nullptr; // null for the function's own statements
};

void add_places(const Skeleton& skeleton, const Node* around,
                std::map<const Node*, Place>& places) {
  for (std::size_t i = 0; i < skeleton.size(); ++i) {
    places[&skeleton[i]] = {&skeleton, i, around};
    add_places(skeleton[i].inside, &skeleton[i], places);
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
        insertion_(function.after, models, modelled, paths_, variants_),
        parts_({old_, to_new_, moved_}, paths_, insertion_) {
    add_places(new_skeleton_, nullptr, places_);
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
    pair_conditions();
    pair_moves();
    for (const Node* node : old_)
      if (to_new_.contains(node))
        compare(*node, *to_new_.at(node));
    for (const Node* node : old_)
      if (!to_new_.contains(node) && !covered_.contains(node))
        removed(*node);
    // What comes beside something in a new block stands in the block.
    for (const Node* node : new_) {
      if (is_around_old(*node))
        enclose(*node);
      if (is_new_else(*node))
        add_else(*node);
    }
    for (const Node* node : new_)
      if (is_new_block(*node) && !covered_.contains(node))
        cover(node->inside, told_new_);
    for (const Node* node : new_)
      if (is_tail_of_gotos(*node)) {
        covered_.insert(node);
        cover(node->inside, told_new_);
      }
    // What is put behind a step comes in front of what was put there before: the last one first.
    std::vector<const Node*> come;
    for (const Node* node : new_)
      if (is_arrived(*node) && has_neighbour(*node, 1))
        come.push_back(node);
    for (const Node* node : std::vector<const Node*>(new_.rbegin(), new_.rend()))
      if (is_arrived(*node) && !has_neighbour(*node, 1))
        come.push_back(node);
    // A goto does what has come behind its label, too.
    std::stable_partition(come.begin(), come.end(),
                          [&](const Node* node) { return !goes_to_what_has_come(*node); });
    for (const Node* node : come)
      if (!covered_.contains(node))
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

  // A condition that gets what stood behind it as its else is the old one: the alignment keeps what
  // stands in each other.
  void pair_conditions() {
    for (const Node* node : old_) {
      if (node->act != Act::branch || to_new_.contains(node) || else_of(*node) != nullptr)
        continue;
      const auto has_its_branch = [&](const Node* other) {
        return other->act == Act::branch && !to_old_.contains(other) && other->text == node->text &&
               else_of(*other) != nullptr && are_in_first_branch(*node, *other);
      };
      const auto found = std::find_if(new_.begin(), new_.end(), has_its_branch);
      if (found == new_.end())
        continue;
      to_new_[node] = *found;
      to_old_[*found] = node;
    }
  }

  // What is there in both texts stands in the old condition exactly if in the new one's first
  // branch; there is some.
  bool are_in_first_branch(const Node& before, const Node& after) const {
    bool some = false;
    for (const auto& [old, now] : to_new_) {
      const bool in_new =
          is_within(after, *now) && !is_within(*else_of(after), *now) && now != else_of(after);
      if (is_within(before, *old) != in_new)
        return false;
      some = some || in_new;
    }
    return some;
  }

  bool is_new(const Node& node) const { return !to_old_.contains(&node); }

  bool is_arrived(const Node& node) const {
    return (is_new(node) || moved_.contains(&node)) && !covered_.contains(&node) &&
           !enclosing_.contains(&node);
  }

  static bool is_loop(const Node& node) { return node.act == Act::loop || node.act == Act::walks; }
  static bool is_block(const Node& node) { return node.act == Act::branch || is_loop(node); }

  // Of a condition that was there before, and is not read as another one's branch.
  bool is_new_else(const Node& node) const {
    return node.act == Act::otherwise && is_new(node) && places_.at(&node).around != nullptr &&
           !is_new(*places_.at(&node).around) && !covered_.contains(&node);
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
    if (before.act == Act::returns && after.act == Act::returns) {
      compare_results(before, after);
      return;
    }
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

  // Another value is returned.  Where the model has none, other_statements() tells of it.
  void compare_results(const Node& before, const Node& after) {
    const auto value = [](const Node& node) {
      return node.expression ? spelled(*node.expression) : std::string();
    };
    if (value(before) == value(after) || !insertion_.has_results())
      return;
    Change& change = add(before.line, after.line,
                         "changed: return " + value(before) + " -> return " + value(after));
    const PatchText words = insertion_.of(after);
    change.why = words.why;
    for (std::size_t i = 0; i < variants_.size() && change.translated(); ++i) {
      const Node* step = step_of(variants_[i], before);
      if (step == nullptr)
        continue;
      const Node* given = insertion_.step_of_result(*step, value(before), i);
      if (given == nullptr || !parts_.is_single(*given))
        change.why = "the model gives its callers another value here";
      else
        put(change,
            Patch{Patch::Kind::replace, given->label, words.text.substr(0, words.text.find(';'))});
    }
    if (change.translated() && change.patches.empty())
      tell_absent(change, "no step of the model is this");
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
    const bool nothing_else =
        is_block(node) && node.act != Act::walks && all_of_inside(node, [](const Node& inside) {
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
    case Act::walks:
      return walk_between(before, after);
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

  // The same list with the same cursor, gone through by another macro.
  static Between walk_between(const Node& before, const Node& after) {
    const auto rule = after.expression ? cursor_rule_of(*after.expression) : std::nullopt;
    const bool both = rule && before.expression && cursor_rule_of(*before.expression);
    for (std::size_t i = 1; i < 4 && both; ++i)
      if (spelled(before.expression->parts.at(i)) != spelled(after.expression->parts.at(i)))
        return {.why = "the walk has another cursor, list or link than before"};
    return both ? Between{.argument = lang::rule_name(*rule)}
                : Between{.why = "a walk that goes through the list otherwise than walks of the "
                                 "model"};
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
    const bool around_loop = is_loop(node) && !whole;
    if (has_no_patch(node)) {
      change.why = "what it reads or decides is no step of its own";
    } else if (with_else && !whole) {
      change.why = "a condition with an else";
    } else if (!has_step(node)) {
      tell_without_step(change, node);
    } else if (around_loop && (node.act == Act::walks || has_jumps(node))) {
      change.why = "a loop that is gone, and not what it went through";
    } else {
      drop(change, node, whole ? "nothing" : around_loop ? "body" : "");
      if (whole)
        cover(node.inside, told_old_);
    }
    finish(change);
  }

  // What ends a turn of the loop or the loop, or goes somewhere else.
  static bool has_jumps(const Node& node) {
    return !all_of_inside(node, [](const Node& inside) { return inside.act != Act::jumps; });
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
    const std::string gone_to = old == nullptr ? followed_goto(node) : "";
    const bool followed = !gone_to.empty();
    const PatchText words = followed         ? PatchText{gone_to, ""}
                            : old == nullptr ? insertion_.of(node)
                                             : PatchText{};
    if (followed) {
      change.text = "new: " + gone_to;
      change.why = cover_followed(node);
      if (!change.translated())
        return;
    }
    if (!followed && old == nullptr && node.expression && is_operation(node.act) &&
        !expressions_.insert(node.expression.get()).second)
      return void(change.why =
                      "the statement does several things, which patches insert one by one");
    if (!followed && old == nullptr && !node.left_out.empty())
      return tell_left_out(change, node);
    if (!followed && has_no_patch(node) && (old != nullptr || node.act != Act::reads))
      change.why = "what it reads or decides is no step of its own";
    else if (old != nullptr && !has_step(*old))
      tell_without_step(change, *old);
    else if (!words.known()) {
      change.why = words.why;
      change.of_operation = !is_read_elsewhere(node); // which is half of nothing
    } else if (!has_neighbour(node, 1) && !has_neighbour(node, -1))
      tell_absent(change, "no step of the model stands in this block");
    else
      for (std::size_t i = 0; i < variants_.size(); ++i)
        place(change, i, node, old, words.text);
    finish(change);
  }

  // --- gotos ---

  // What a goto to a label leads to in the new text: statements from `first` to the end of their
  // block, which is the function's or a loop's; none where nothing that is modelled stands there.
  struct Tail {
    const Skeleton* block = nullptr;
    std::size_t first = 0;
    const Node* loop = nullptr;
    std::string why = {};
  };

  // Of a label behind which nothing runs on.
  static bool is_of_gotos(const Node& node) {
    return node.act == Act::branch && node.text.starts_with("goto ");
  }
  bool is_tail_of_gotos(const Node& node) const {
    return is_of_gotos(node) && is_new_block(node) && !covered_.contains(&node);
  }

  Tail tail_of(const std::string& label) const {
    const auto stands_behind = [&](const Node* node) {
      const std::string labels = ", " + node->behind + ", ";
      return !node->behind.starts_with("goto ") &&
             labels.find(", " + label + ", ") != std::string::npos;
    };
    const auto found = std::find_if(new_.begin(), new_.end(), stands_behind);
    if (found == new_.end()) {
      const std::vector<CStatement>& body = function_.after.body;
      const bool at_end = std::any_of(body.begin(), body.end(), [&](const CStatement& statement) {
        return statement.kind == CStatementKind::label && statement.name == label;
      });
      return at_end ? Tail{} : Tail{.why = "a new goto to where nothing that is modelled stands"};
    }
    const Place& place = places_.at(*found);
    Tail tail{place.siblings, place.index};
    const Node* owner = place.around;
    if (is_of_gotos(**found)) { // all that is in it
      tail.block = &(*found)->inside;
      tail.first = 0;
    }
    while (owner != nullptr && is_of_gotos(*owner)) // whose end is that of its block
      owner = places_.at(owner).around;
    if (owner != nullptr && !is_loop(*owner))
      return {.why = "a new goto into a branch"};
    tail.loop = owner;
    return tail;
  }

  static std::set<std::string> gotos_in(const std::string& words) {
    std::set<std::string> labels;
    const std::string word = "goto ";
    for (std::size_t at = words.find(word); at != std::string::npos;
         at = words.find(word, at + 1)) {
      const std::size_t begin = at + word.size();
      labels.insert(words.substr(begin, words.find_first_of(" ;}", begin) - begin));
    }
    return labels;
  }

  bool goes_to_what_has_come(const Node& node) const {
    const bool followed = !followed_goto(node).empty() && is_new(node);
    if (is_goto(node) || followed) {
      const Tail tail = tail_of((followed ? followed_goto(node) : node.text).substr(5));
      bool behind_old = false;
      for (std::size_t i = tail.first; tail.block != nullptr && i < tail.block->size(); ++i) {
        const Node& each = (*tail.block)[i];
        const bool come = is_new(each) || moved_.contains(&each);
        if ((come && behind_old) || !all_of_inside(each, [&](const Node& inside) {
              return come || (!is_new(inside) && !moved_.contains(&inside));
            }))
          return true;
        behind_old = behind_old || !come;
      }
      return false;
    }
    return std::any_of(node.inside.begin(), node.inside.end(),
                       [&](const Node& inside) { return goes_to_what_has_come(inside); });
  }

  // Nothing else has come beside the same step.
  bool is_alone_beside(const Node& node, std::size_t variant) const {
    const auto beside = [&](const Node& each) {
      const Node* next = neighbour(variants_[variant], each, 1);
      return next != nullptr ? next : neighbour(variants_[variant], each, -1);
    };
    return std::none_of(new_.begin(), new_.end(), [&](const Node* other) {
      return other != &node && is_arrived(*other) && beside(*other) == beside(node);
    });
  }

  // Words whose gotos name labels of C, with what they lead to in a path.
  PatchText with_gotos(const std::string& words, std::size_t variant) {
    PatchText all{words, ""};
    for (const std::string& label : gotos_in(words)) {
      PatchText led = words_of_goto(label, variant);
      if (!led.known())
        return led;
      const std::string from = "goto " + label;
      for (std::size_t at = all.text.find(from); at != std::string::npos;
           at = all.text.find(from, at + 1)) {
        const std::size_t end = at + from.size();
        if (end < all.text.size() && std::string(" ;}").find(all.text[end]) == std::string::npos)
          continue; // a longer name
        all.text.replace(at, from.size(), led.text);
        at += led.text.size();
      }
      tell_label(function_.after.body, label);
    }
    return all;
  }

  void tell_label(const std::vector<CStatement>& body, const std::string& label) {
    for (const CStatement& statement : body) {
      if ((statement.kind == CStatementKind::label || statement.kind == CStatementKind::jump) &&
          statement.name == label)
        told_new_.insert(statement.line);
      for (const std::vector<CStatement>& inside : statement.bodies)
        tell_label(inside, label);
    }
  }

  PatchText words_of_goto(const std::string& label, std::size_t variant) const {
    const Tail tail = tail_of(label);
    if (!tail.why.empty())
      return {"", tail.why};
    std::string end = tail.loop == nullptr ? "return" : "continue";
    const Node* loop = nullptr;
    if (tail.loop != nullptr) {
      const auto old = to_old_.find(tail.loop);
      loop = old == to_old_.end() ? nullptr : step_of(variants_[variant], *old->second);
      if (loop == nullptr)
        return {"", "a new goto to the end of what is no loop of the model"};
      end += " " + loop->label.substr(loop->label.rfind('.') + 1);
    }
    std::string text;
    const auto add = [&](const std::string& words) {
      text += (text.empty() || words.empty() ? "" : "; ") + words;
    };
    for (std::size_t i = tail.first; tail.block != nullptr && i < tail.block->size(); ++i) {
      const Node& node = (*tail.block)[i];
      if (is_new(node) && !has_old_inside(node)) {
        if (!node.left_out.empty() || node.act == Act::looks)
          continue;
        const PatchText words = insertion_.of(node);
        if (!words.known() || !gotos_in(words.text).empty())
          return {"", words.known() ? "a new goto to another one" : words.why};
        add(words.text);
        if (node.act == Act::returns)
          return {text, ""};
        continue;
      }
      if (is_new(node) || moved_.contains(&node))
        return {"", "a new goto to what has moved or is in a new condition"};
      if (node.act == Act::returns && !has_steps(node, variant)) { // where the path ends, too
        const PatchText words = insertion_.of(node);
        add(words.text);
        return {text, words.why};
      }
      if (!has_steps(node, variant))
        continue;
      const PatchText rest = rest_of_path(tail, i, loop, variant);
      add(rest.text);
      return {text, rest.why};
    }
    add(end);
    return {text, ""};
  }

  bool has_old_inside(const Node& node) const {
    return !all_of_inside(
        node, [&](const Node& inside) { return is_new(inside) && !moved_.contains(&inside); });
  }

  // Of a node of the new text, or of what is in it.
  bool has_steps(const Node& node, std::size_t variant) const {
    const auto has = [&](const Node& each) {
      const auto old = to_old_.find(&each);
      return old != to_old_.end() && step_of(variants_[variant], *old->second) != nullptr;
    };
    return has(node) || !all_of_inside(node, [&](const Node& inside) { return !has(inside); });
  }

  // From the step for the tail's i-th node on: the model does what C does from there to the end,
  // and nothing of what stands before.
  PatchText rest_of_path(const Tail& tail, std::size_t i, const Node* loop,
                         std::size_t variant) const {
    std::set<const Node*> behind; // of the old text
    for (std::size_t at = i; at < tail.block->size(); ++at) {
      std::vector<const Node*> nodes = in_order((*tail.block)[at].inside);
      nodes.push_back(&(*tail.block)[at]);
      for (const Node* node : nodes)
        if (const auto old = to_old_.find(node); old != to_old_.end())
          behind.insert(old->second);
    }
    const Skeleton& block = loop == nullptr ? paths_[variant] : loop->inside;
    for (std::size_t at = 0; at < block.size(); ++at) {
      std::vector<const Node*> nodes = in_order(block[at].inside);
      nodes.push_back(&block[at]);
      std::size_t of_tail = 0, of_others = 0;
      for (const auto& [old, step] : variants_[variant])
        if (std::find(nodes.begin(), nodes.end(), step) != nodes.end() && to_new_.contains(old))
          ++(behind.contains(old) ? of_tail : of_others);
      if (of_tail == 0)
        continue;
      ModelRange rest{&block, at, block.size() - 1};
      const std::vector<const Node*> all = nodes_of(rest);
      for (const auto& [old, step] : variants_[variant])
        if (std::find(all.begin(), all.end(), step) != all.end() && to_new_.contains(old) &&
            !behind.contains(old))
          return {"", "the step " + step->label + " is also line " + std::to_string(old->line) +
                          ", which stands before the label"};
      if (at > 0 && is_operation(block[at - 1].act) && !is_matched(block[at - 1], variant))
        return {"", "the model has a step before the label, " + block[at - 1].label +
                        ", that may be behind it"};
      const std::string path = path_of(block[at].label);
      if (loop == nullptr && !models_.paths.at(function_.after.name).paths.contains(path))
        return {"", "the model has this in a path of its own, " + path + "()"};
      return {"goto " + block[at].label, ""};
    }
    return {"", "what a new goto leads to stands in a branch of the model"};
  }

  bool is_matched(const Node& step, std::size_t variant) const {
    return std::any_of(variants_[variant].begin(), variants_[variant].end(),
                       [&](const auto& each) { return each.second == &step; });
  }

  // --- ways out ---

  // With the first of what a new goto is followed to goes all of it.
  std::string cover_followed(const Node& node) {
    for (const Node& each : *places_.at(&node).siblings) {
      if (followed_goto(each) != followed_goto(node))
        continue;
      if (!is_new(each) || has_old_inside(each))
        return "a new goto to what was there in part";
      cover(each, told_new_);
    }
    return "";
  }

  // Why what leaves a loop or the function in a new statement would leave another one in the model,
  // beside this step of it; or "".
  std::string wrong_way_out(const Node& node, std::size_t variant, const Node& beside) const {
    if (node.act == Act::returns)
      return wrong_return(beside);
    if (is_goto(node)) // with_gotos() has what it comes to; its end is the path's, or a loop's
      return leads_forwards(node) ? wrong_return(beside)
                                  : "a new goto that leads back, or into a loop";
    if (node.act == Act::jumps && (node.text == "break" || node.text == "continue"))
      return wrong_loop(node, variant, beside);
    for (const Node& inside : node.inside)
      if (std::string why = wrong_way_out(inside, variant, beside); !why.empty())
        return why;
    return "";
  }

  static bool is_goto(const Node& node) {
    return node.act == Act::jumps && node.text.starts_with("goto ");
  }

  // Not to what it stands in or behind, nor into a loop.
  bool leads_forwards(const Node& jump) const {
    const Tail tail = tail_of(jump.text.substr(5));
    bool in_loop = tail.loop == nullptr;
    for (const Node* at = &jump; at != nullptr; at = places_.at(at).around) {
      const Place& place = places_.at(at);
      if (place.siblings == tail.block && place.index >= tail.first)
        return false;
      in_loop = in_loop || at == tail.loop;
    }
    return in_loop;
  }

  std::string wrong_return(const Node& beside) const {
    const std::string path = path_of(beside.label);
    return models_.paths.at(function_.after.name).paths.contains(path)
               ? ""
               : "the model has this in a path of its own, " + path +
                     "(), which a return would leave alone";
  }

  std::string wrong_loop(const Node& jump, std::size_t variant, const Node& beside) const {
    const auto leaves = [&](const Node& node) {
      return is_loop(node) ||
             (jump.text == "break" && node.act == Act::choice && node.text.starts_with("switch"));
    };
    const Node* loop = places_.at(&jump).around;
    while (loop != nullptr && !leaves(*loop))
      loop = places_.at(loop).around;
    if (loop != nullptr && is_loop(*loop) && is_new(*loop))
      return ""; // it comes with the statement, or around the step
    const Node* step = loop == nullptr || !is_loop(*loop)
                           ? nullptr
                           : step_of(variants_[variant], *to_old_.at(loop));
    const std::vector<const Node*> outer = around(paths_[variant], beside);
    const auto innermost =
        std::find_if(outer.rbegin(), outer.rend(), [](const Node* node) { return is_loop(*node); });
    const bool same = step != nullptr && innermost != outer.rend() && *innermost == step &&
                      path_of(step->label) == path_of(beside.label);
    return same ? "" : "a new " + jump.text + " out of what is no loop of the model";
  }

  // A new condition or loop around what was there, in one of its branches or in both.
  void enclose(const Node& node) {
    enclosing_.insert(&node);
    Change& change = add(0, node.line, "new: " + node.text);
    const PatchText head = insertion_.head_of(node);
    change.why = head.why;
    const Node* otherwise = else_of(node);
    const Arm then = arm_of(node), other = otherwise == nullptr ? Arm{} : arm_of(*otherwise);
    for (const Arm* arm : {&then, &other})
      if (change.translated())
        change.why = arm->why;
    if (is_loop(node) && change.translated() && has_jumps(node))
      change.why = "a new loop around what leaves a turn of a loop";
    if (otherwise != nullptr) {
      enclosing_.insert(otherwise);
      tell_else(function_.after.body, node.line);
    }
    for (std::size_t i = 0; i < variants_.size(); ++i)
      if (change.translated())
        enclose(change, i, node, head.text, {then, other});
    if (change.translated() && change.patches.empty())
      tell_absent(change, "no step of the model stands in this block");
    finish(change);
  }

  static const Node* else_of(const Node& node) {
    return node.act == Act::branch && !node.inside.empty() &&
                   node.inside.back().act == Act::otherwise
               ? &node.inside.back()
               : nullptr;
  }

  // A branch of a new condition: its words, where nothing of it was there before; else the old
  // statements in it.
  struct Arm {
    std::string text = {};
    std::string why = {};
    bool has_old = false;
    bool has_new = false;           // operations, beside old statements
    std::vector<const Node*> old;   // of the old text
    std::vector<const Node*> added; // statements of the words
  };

  Arm arm_of(const Node& branch) {
    Arm arm;
    const auto add_to = [&](const Node& node, const auto& self) -> void {
      for (const Node& inside : node.inside) {
        if (inside.act == Act::otherwise && &node == &branch && branch.act != Act::otherwise)
          continue; // the other arm
        if (moved_.contains(&inside))
          arm.why = "a new condition around what was moved";
        if (!is_new(inside) && inside.act != Act::otherwise)
          arm.old.push_back(to_old_.at(&inside));
        else if (is_new(inside) && is_operation(inside.act) && inside.left_out.empty())
          arm.has_new = true;
        self(inside, self);
      }
    };
    add_to(branch, add_to);
    arm.has_old = !arm.old.empty();
    if (arm.has_old || !arm.why.empty())
      return arm;
    Skeleton statements = branch.inside;
    if (branch.act != Act::otherwise && else_of(branch) != nullptr)
      statements.pop_back();
    const PatchText words = insertion_.of_block(statements);
    arm.text = words.text;
    arm.why = words.why;
    for (const Node& inside : branch.inside)
      if (inside.act != Act::otherwise || branch.act == Act::otherwise) {
        arm.added.push_back(&inside);
        cover(inside, told_new_);
      }
    return arm;
  }

  void enclose(Change& change, std::size_t variant, const Node& node, const std::string& head,
               const std::array<Arm, 2>& arms) {
    std::array<ModelRange, 2> ranges;
    for (std::size_t i = 0; i < arms.size(); ++i) {
      ranges[i] = range_for(variant, arms[i]);
      change.why = ranges[i].why;
      if (change.translated() && arms[i].has_old && arms[i].has_new && ranges[i].block == nullptr &&
          ranges[1 - i].block != nullptr)
        change.why = "no step of the model stands in one of the branches";
      if (change.translated() && is_loop(node) && ranges[i].block != nullptr &&
          leaves_a_loop(ranges[i]))
        change.why = "a new loop around what leaves a turn of a loop in the model";
      if (!change.translated())
        return;
    }
    for (const Arm& arm : arms)
      if (!gotos_in(arm.text).empty())
        change.why = "a new goto in a branch beside one that was there";
    if (!change.translated())
      return;
    const bool in_both = ranges[0].block != nullptr && ranges[1].block != nullptr;
    if (in_both && (ranges[0].block != ranges[1].block || ranges[0].last + 1 != ranges[1].first)) {
      change.why = "the branches do not stand directly behind each other in the model";
      return;
    }
    const ModelRange& itself = ranges[0].block != nullptr ? ranges[0] : ranges[1];
    if (itself.block == nullptr)
      return; // a caller that does not come by here
    for (const Arm& arm : arms)
      for (const Node* added : arm.added)
        if (change.translated())
          change.why = wrong_way_out(*added, variant, (*itself.block)[itself.first]);
    if (!change.translated())
      return;
    std::array<std::string, 2> texts;
    for (std::size_t i = 0; i < arms.size(); ++i)
      texts[i] = ranges[i].block == nullptr ? arms[i].text
                 : &ranges[i] == &itself
                     ? "this" + (labels_of(itself).first == labels_of(itself).second
                                     ? ""
                                     : " through " + labels_of(itself).second)
                     : those(ranges[i]);
    put(change,
        {Patch::Kind::replace, itself.first_label(),
         head + " { " + texts[0] + " }" + (texts[1].empty() ? "" : " else { " + texts[1] + " }")});
  }

  // An else is told as a line of its own, where its first statement stands.
  void tell_else(const std::vector<CStatement>& body, int line) {
    for (const CStatement& statement : body) {
      if (statement.kind == CStatementKind::branch && statement.line == line &&
          !statement.bodies[1].empty())
        elses_.insert(statement.bodies[1].front().line);
      for (const std::vector<CStatement>& inside : statement.bodies)
        tell_else(inside, line);
    }
  }

  static std::pair<std::string, std::string> labels_of(const ModelRange& range) {
    return {range.first_label(), range.last_label()};
  }
  static std::string those(const ModelRange& range) {
    const auto [first, last] = labels_of(range);
    return "those " + first + (first == last ? "" : " through " + last);
  }

  // What the model has for the old statements of a branch, and for nothing else.
  ModelRange range_for(std::size_t variant, const Arm& arm) const {
    const Steps& steps = variants_[variant];
    Nodes wanted;
    for (const Node* old : arm.old)
      if (const Node* step = step_of(steps, *old))
        wanted.insert(step);
    ModelRange range = range_of(paths_[variant], wanted);
    if (!range.known())
      return range;
    const std::set<const Node*> own(arm.old.begin(), arm.old.end());
    std::set<std::string> labels;
    for (const Node* node : nodes_of(range))
      labels.insert(node->label);
    for (const auto& [old, step] : steps)
      if (labels.contains(step->label) && !own.contains(old) && old->act != Act::otherwise &&
          to_new_.contains(old)) {
        range.why = "the step " + step->label + " is also line " + std::to_string(old->line) +
                    ", which stays outside";
        break;
      }
    return range;
  }

  // An else of a condition that was there: of new statements, or of old ones that stood behind it.
  void add_else(const Node& node) {
    enclosing_.insert(&node);
    tell_else(function_.after.body, node.line);
    const Node& test = *places_.at(&node).around;
    const Node& before = *to_old_.at(&test);
    Change& change = add(0, node.line, "new: else of " + test.text);
    const Arm arm = arm_of(node);
    change.why = arm.why;
    if (change.translated() && !has_step(before))
      tell_without_step(change, before);
    if (change.translated() && before.expression) // of which the else is what is left
      if (const PatchText all = condition_text(*before.expression, insertion_.names());
          !all.known())
        change.why = "the model has this condition in part: " + all.why;
    if (change.translated() && (!before.expression || moved_.contains(&test)))
      change.why = "an else of what is no condition in the model";
    for (std::size_t i = 0; i < variants_.size(); ++i)
      if (change.translated())
        add_else(change, i, before, arm);
    finish(change);
  }

  void add_else(Change& change, std::size_t variant, const Node& before, const Arm& arm) {
    const Node* step = step_of(variants_[variant], before);
    if (step == nullptr)
      return; // a caller that does not come by here
    const ModelRange range = range_for(variant, arm);
    const ModelRange test = range_of(paths_[variant], {step});
    change.why = range.why;
    if (!change.translated())
      return;
    if (step->act != Act::branch)
      change.why = "an else of what is no condition in the model";
    else if (else_of(*step) != nullptr)
      change.why = "the model has an else there, for something else";
    else if (range.block != nullptr && (range.block != test.block || test.last + 1 != range.first))
      change.why = "what goes into the else does not stand directly behind the condition in the "
                   "model";
    else if (range.block == nullptr && arm.has_old && arm.has_new)
      change.why = "no step of the model stands in the else";
    for (const Node* added : arm.added)
      if (change.translated())
        change.why = wrong_way_out(*added, variant, *step);
    const std::string text = range.block == nullptr ? arm.text : those(range);
    if (change.translated() && !gotos_in(text).empty())
      change.why = "a new goto in a new else";
    if (change.translated() && !text.empty())
      put(change, {Patch::Kind::replace, step->label, "else { " + text + " }"});
  }

  static bool is_within(const Node& block, const Node& node) {
    return std::any_of(block.inside.begin(), block.inside.end(), [&](const Node& inside) {
      return &inside == &node || is_within(inside, node);
    });
  }

  void place(Change& change, std::size_t number, const Node& node, const Node* old,
             const std::string& primitive) {
    const Steps& variant = variants_[number];
    const Node* next = neighbour(variant, node, 1);
    const Node* beside = next != nullptr ? next : neighbour(variant, node, -1);
    if (beside == nullptr || !change.translated())
      return; // a caller that does not come by here
    if (old == nullptr) {
      change.why = !followed_goto(node).empty() ? wrong_return(*beside)
                                                : wrong_way_out(node, number, *beside);
      const PatchText text = with_gotos(primitive, number);
      if (change.translated())
        change.why = text.why;
      if (change.translated() && goes_to_what_has_come(node) && !is_alone_beside(node, number))
        change.why = "a new goto beside something else that is new";
      if (change.translated() && !text.text.empty())
        put(change, {next != nullptr ? Patch::Kind::insert_before : Patch::Kind::insert_after,
                     beside->label, text.text});
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
    std::erase_if(come, [&](const StatementLine& line) {
      return line.text == "else" && elses_.contains(line.number);
    });
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
  std::set<int> told_old_, told_new_, elses_;
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
