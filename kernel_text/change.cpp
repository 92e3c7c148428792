// Differences of skeletons as patches.
#include "kernel_text/change.hpp"
#include "kernel_text/align.hpp"
#include "kernel_text/outline.hpp"
#include "kernel_text/steps.hpp"

#include <algorithm>

namespace interlock::kernel_text {

namespace {

using lang::Patch;

constexpr const char* unmodelled = "nothing that is modelled";

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

// The argument that a primitive works on, as C spells it: "kq" of KQ_LOCK(kq).
std::string argument_of(const Node& node) {
  const std::size_t open = node.text.find('(');
  const std::size_t close = node.text.find_first_of(",)", open == std::string::npos ? 0 : open);
  return open == std::string::npos || close == std::string::npos
             ? ""
             : node.text.substr(open + 1, close - open - 1);
}

std::string without_path(const std::string& label) { return label.substr(label.rfind('.') + 1); }

std::string path_of(const std::string& label) { return label.substr(0, label.rfind('.')); }

// What is read, looked at or decided otherwise has no step of its own: none of it is translated.
bool has_no_patch(const Node& node) {
  return node.act == Act::otherwise || node.act == Act::looks || node.act == Act::reads;
}

class Translator {
public:
  Translator(const File& old_file, const File& new_file, const Function& old_function,
             const Function& new_function, const Modelled& modelled, const Models& models,
             Changes& result)
      : old_function_(old_function), new_function_(new_function), modelled_(modelled),
        models_(models), file_(new_file.name), result_(result),
        old_skeleton_(source_skeleton(old_function, of_file(modelled, old_file))),
        new_skeleton_(source_skeleton(new_function, of_file(modelled, new_file))),
        old_(in_order(old_skeleton_)), new_(in_order(new_skeleton_)) {
    add_places(new_skeleton_, places_);
    for (const Match& match : align(old_skeleton_, new_skeleton_)) {
      to_new_[match.first] = match.second;
      to_old_[match.second] = match.first;
    }
    if (const auto model = models.paths.find(new_function.name); model != models.paths.end())
      for (const Skeleton& variant : model->second.variants)
        variants_.push_back(steps_of(old_skeleton_, variant));
  }

  // Nothing has changed: says only where the steps are.
  void run_unchanged() { tell_places(); }

  void run() {
    pair_moves();
    for (const Node* node : old_)
      if (to_new_.contains(node))
        compare(*node, *to_new_.at(node));
    for (const Node* node : old_)
      if (!to_new_.contains(node))
        removed(*node);
    // What is put behind a step comes in front of what was put there before: the last one first.
    for (const Node* node : new_)
      if (is_arrived(*node) && has_neighbour(*node, 1))
        arrived(*node);
    for (const Node* node : std::vector<const Node*>(new_.rbegin(), new_.rend()))
      if (is_arrived(*node) && !has_neighbour(*node, 1))
        arrived(*node);
    withhold_halves();
    other_statements();
    tell_places();
  }

private:
  static Modelled of_file(Modelled modelled, const File& file) {
    modelled.file = &file;
    return modelled;
  }

  Change& add(int old_line, int new_line, std::string text) {
    Change change;
    change.file = file_;
    change.function = new_function_.name;
    change.old_line = old_line;
    change.new_line = new_line;
    change.text = std::move(text);
    told_old_.insert(old_line);
    told_new_.insert(new_line);
    result_.changes.push_back(std::move(change));
    return result_.changes.back();
  }

  void withhold_halves() {
    std::vector<Change>& changes = result_.changes;
    const auto begin = changes.begin() + static_cast<std::ptrdiff_t>(first_change_);
    for (auto change = begin; change != changes.end(); ++change)
      change->of_operation = true;
    // What some scenarios do not come by is no half: those that do have the rest.
    const bool of_all = &models_.paths == &models_.all;
    if (std::all_of(begin, changes.end(), [&](const Change& each) {
          return each.translated() || (each.absent && !of_all);
        }))
      return;
    for (auto change = begin; change != changes.end(); ++change)
      if (change->translated()) {
        change->why = "another change of this function was not translated";
        change->patches.clear();
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

  bool is_arrived(const Node& node) const {
    return !to_old_.contains(&node) || moved_.contains(&node);
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
    tell_absent(change, node.left_out.empty() ? "no step of the model is this"
                                              : "left out of the model: " + node.left_out);
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
  static void put(Change& change, const lang::Patch& patch) {
    for (const lang::Patch& other : change.patches) {
      if (other == patch)
        return;
      if (path_of(other.label) == path_of(patch.label)) {
        change.why = "the callers of " + path_of(patch.label) + " would need different patches";
        return;
      }
    }
    change.patches.push_back(patch);
  }

  static void finish(Change& change) {
    if (!change.translated())
      change.patches.clear();
  }

  void compare(const Node& before, const Node& after) {
    if (moved_.contains(&after) || before.text == after.text)
      return;
    Change& change = add(before.line, after.line, "changed: " + before.text + " -> " + after.text);
    const auto patch = patch_between(before, after);
    if (!patch)
      change.why = before.act == Act::branch || before.act == Act::loop
                       ? "a condition that is neither the old one nor its opposite"
                       : "the statement does something else than before";
    else if (!has_step(before))
      tell_without_step(change, before);
    else
      for (const Steps& variant : variants_)
        if (const Node* step = step_of(variant, before))
          put(change, {patch->kind, step->label, patch->argument});
    finish(change);
  }

  // What makes one of the other, without its label.
  static std::optional<lang::Patch> patch_between(const Node& before, const Node& after) {
    if (before.act == Act::walks) {
      const auto rule = cursor_of(after);
      return rule ? std::optional(Patch{Patch::Kind::replace, "", lang::rule_name(*rule)})
                  : std::nullopt;
    }
    const auto condition = [](const Node& node) {
      const std::size_t open = node.text.find('(');
      return open == std::string::npos ? "" : node.text.substr(open);
    };
    const bool negated = condition(after) == "(!" + condition(before) + ")" ||
                         condition(before) == "(!" + condition(after) + ")";
    return before.act == Act::branch && negated ? std::optional(Patch{Patch::Kind::negate, "", ""})
                                                : std::nullopt;
  }

  static std::optional<lang::Cursor> cursor_of(const Node& walk) {
    const std::string macro = walk.text.substr(0, walk.text.find('('));
    if (macro.ends_with("_FOREACH"))
      return lang::Cursor::next_read_after_body;
    if (macro.ends_with("_FOREACH_SAFE") || macro.ends_with("_FOREACH_MUTABLE"))
      return lang::Cursor::next_read_before_body;
    return std::nullopt;
  }

  void removed(const Node& node) {
    Change& change = add(node.line, 0, "gone: " + node.text);
    const bool with_else =
        node.act == Act::branch && !node.inside.empty() && node.inside.back().act == Act::otherwise;
    if (has_no_patch(node))
      change.why = "what it reads or decides is no step of its own";
    else if (with_else)
      change.why = "a condition with an else";
    else if (!has_step(node))
      tell_without_step(change, node);
    else
      drop(change, node);
    finish(change);
  }

  void drop(Change& change, const Node& node) {
    for (const Steps& variant : variants_) {
      const Node* step = step_of(variant, node);
      if (step == nullptr)
        continue;
      const auto gone = [&](const Node& part) { return !to_new_.contains(&part); };
      change.why = part_that_stays(variant, step->label, "stays", gone);
      if (!change.translated())
        return;
      if (dropped_.insert(step->label).second)
        put(change, {Patch::Kind::drop, step->label, ""});
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
      if (other.act == Act::otherwise)
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

  void arrived(const Node& node) {
    const Node* old = moved_.contains(&node) ? to_old_.at(&node) : nullptr;
    Change& change = add(old == nullptr ? 0 : old->line, node.line,
                         (old == nullptr ? "new: " : "moved: ") + node.text);
    const auto primitive = old == nullptr ? primitive_for(node) : std::nullopt;
    if (has_no_patch(node))
      change.why = "what it reads or decides is no step of its own";
    else if (old != nullptr && !has_step(*old))
      tell_without_step(change, *old);
    else if (old == nullptr && !primitive)
      change.why = is_operation(node.act)
                       ? "the model does not do this to " + argument_of(node) + " in this function"
                       : "a new condition, loop or jump";
    else if (!has_neighbour(node, 1) && !has_neighbour(node, -1))
      tell_absent(change, "no step of the model stands in this block");
    else
      for (const Steps& variant : variants_)
        place(change, variant, node, old, primitive.value_or(""));
    finish(change);
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
    const Patch patch{next != nullptr ? Patch::Kind::move_before : Patch::Kind::move_after,
                      step->label, beside->label};
    // One step of several statements moves once, with the first of them.
    const auto [known, is_new] = moves_.emplace(step->label, patch);
    if (known->second != patch)
      change.why = "the step " + step->label + " would go to two places";
    else if (change.translated() && is_new)
      put(change, patch);
  }

  static bool is_of_lock(const Node& node) {
    return node.act == Act::takes || node.act == Act::gives || node.act == Act::wakes;
  }

  std::optional<std::string> primitive_for(const Node& node) const {
    if (node.act == Act::returns)
      return "return";
    if (node.act == Act::jumps)
      return node.text == "break" || node.text == "continue" ? std::optional(node.text)
                                                             : std::nullopt;
    if (!is_of_lock(node) || node.names.size() != 1)
      return std::nullopt;
    const auto word = word_for(node);
    const auto operand = operand_for(node);
    return word && operand ? std::optional(*word + " " + *operand) : std::nullopt;
  }

  // The model's primitive, by any step that does the same to such a lock: mtx_lock of
  // mtx_lock_kq_lock_2.
  std::optional<std::string> word_for(const Node& node) const {
    const std::string& lock = *node.names.begin();
    for (const auto& [name, function] : models_.all)
      for (const Skeleton& variant : function.variants)
        for (const Node* step : in_order(variant)) {
          const std::string label = without_path(step->label);
          const std::size_t end = label.find("_" + lock);
          if (step->act == node.act && step->shared == node.shared && step->names == node.names &&
              end != std::string::npos)
            return label.substr(0, end);
        }
    return std::nullopt;
  }

  // What the model has for that lock elsewhere in the function; or else what C says, where it
  // begins with an argument or a local of the path: p2.p_token of &p2->p_token.
  std::optional<std::string> operand_for(const Node& node) const {
    std::optional<std::string> operand;
    int nearest = 0;
    for (const Steps& variant : variants_)
      for (const auto& [old, step] : variant) {
        const int distance = std::abs(old->line - node.line);
        if (is_of_lock(*old) && old->names == node.names &&
            argument_of(*old) == argument_of(node) && (!operand || distance < nearest)) {
          operand = step->text;
          nearest = distance;
        }
      }
    if (operand)
      return operand;
    std::string text = argument_of(node);
    if (text.starts_with("&"))
      text.erase(0, 1);
    for (std::size_t at = text.find("->"); at != std::string::npos; at = text.find("->"))
      text.replace(at, 2, ".");
    const std::string& lock = *node.names.begin();
    if (text.substr(text.rfind('.') + 1) != lock) // KQ_LOCK(kq)
      text += "." + lock;
    const bool known =
        models_.all.at(new_function_.name).names.contains(text.substr(0, text.find('.')));
    return known ? std::optional(text) : std::nullopt;
  }

  struct Line {
    std::string text;
    int number = 0;
  };
  using Lines = std::vector<Line>;

  static void flatten(const std::vector<OutlineItem>& items, Lines& lines) {
    for (const OutlineItem& each : items) {
      lines.push_back({each.text, each.line});
      flatten(each.inside, lines);
    }
  }
  Lines lines_of(const Function& function) const {
    Lines lines;
    flatten(outline_of(function, {modelled_.system, true}), lines);
    return lines;
  }

  // The statements that differ, of which nothing was said yet.
  void other_statements() {
    const Lines before = lines_of(old_function_);
    const Lines after = lines_of(new_function_);
    std::vector<std::vector<std::size_t>> common(before.size() + 1,
                                                 std::vector<std::size_t>(after.size() + 1, 0));
    for (std::size_t i = before.size(); i-- > 0;)
      for (std::size_t j = after.size(); j-- > 0;)
        common[i][j] = before[i].text == after[j].text
                           ? common[i + 1][j + 1] + 1
                           : std::max(common[i + 1][j], common[i][j + 1]);
    Lines gone;
    Lines come;
    for (std::size_t i = 0, j = 0; i < before.size() || j < after.size();) {
      const bool both = i < before.size() && j < after.size();
      if (both && before[i].text == after[j].text) {
        ++i;
        ++j;
      } else if (j == after.size() || (both && common[i + 1][j] >= common[i][j + 1])) {
        gone.push_back(before[i++]);
      } else {
        come.push_back(after[j++]);
      }
    }
    // The skeletons have told of operations, and may see another of two that are alike as new.
    std::erase_if(gone, [&](const Line& line) {
      const auto same = std::find_if(come.begin(), come.end(),
                                     [&](const Line& other) { return other.text == line.text; });
      if (same == come.end() || !has_operation(old_, line) || !has_operation(new_, *same))
        return false;
      come.erase(same);
      return true;
    });
    leave_out_told(gone, before, told_old_);
    leave_out_told(come, after, told_new_);
    for (const Line& line : gone)
      add(line.number, 0, "gone: " + line.text).why = unmodelled;
    for (const Line& line : come)
      add(0, line.number, "new: " + line.text).why = unmodelled;
  }

  // Takes out the lines that were told of, or one with the same text in their place.
  static void leave_out_told(Lines& lines, const Lines& all, const std::set<int>& told) {
    std::set<int> differ;
    for (const Line& line : lines)
      differ.insert(line.number);
    std::map<std::string, int> instead; // told of, and not among those that differ
    for (const Line& line : all)
      if (told.contains(line.number) && !differ.contains(line.number))
        ++instead[line.text];
    std::erase_if(lines, [&](const Line& line) {
      return told.contains(line.number) || instead[line.text]-- > 0;
    });
  }

  static bool has_operation(const std::vector<const Node*>& nodes, const Line& line) {
    return std::any_of(nodes.begin(), nodes.end(),
                       [&](const Node* node) { return node->line == line.number; });
  }

  void tell_places() {
    for (const Steps& variant : variants_)
      for (const auto& [old, step] : variant)
        if (const auto found = to_new_.find(old); found != to_new_.end())
          result_.places.emplace(step->label,
                                 NewPlace{file_, found->second->line, found->second->text});
  }

  const Function& old_function_;
  const Function& new_function_;
  const Modelled& modelled_;
  const Models& models_;
  std::string file_;
  Changes& result_;
  std::size_t first_change_ = result_.changes.size();
  Skeleton old_skeleton_, new_skeleton_;
  std::vector<const Node*> old_, new_;
  std::map<const Node*, Place> places_; // in the new text
  std::vector<Steps> variants_;         // of the old text, by path
  std::map<const Node*, const Node*> to_new_, to_old_;
  std::set<const Node*> moved_; // nodes of the new text
  std::set<std::string> dropped_;
  std::map<std::string, Patch> moves_; // by label
  std::set<int> told_old_, told_new_;
};

bool is_inside(const Function& function, const Token& token) {
  return function.line <= token.line && token.line <= function.last_line;
}

Tokens tokens_of_function(const File& file, const Function& function) {
  Tokens tokens;
  for (const Token& token : file.tokens)
    if (is_inside(function, token))
      tokens.push_back(token);
  return tokens;
}

Tokens tokens_outside(const File& file) {
  std::vector<bool> inside;
  for (const Function& function : file.functions) {
    const auto end = static_cast<std::size_t>(function.last_line) + 1;
    inside.resize(std::max(inside.size(), end), false);
    std::fill(inside.begin() + function.line, inside.begin() + function.last_line + 1, true);
  }
  Tokens tokens;
  for (const Token& token : file.tokens) {
    const auto line = static_cast<std::size_t>(token.line);
    if (line >= inside.size() || !inside[line])
      tokens.push_back(token);
  }
  return tokens;
}

// The lines where two texts begin to differ, 0 at an end; empty when they are the same.
std::optional<std::pair<int, int>> difference(const Tokens& before, const Tokens& after) {
  const auto [old, now] = std::mismatch(
      before.begin(), before.end(), after.begin(), after.end(),
      [](const Token& a, const Token& b) { return a.kind == b.kind && a.text == b.text; });
  if (old == before.end() && now == after.end())
    return std::nullopt;
  return std::pair(old == before.end() ? 0 : old->line, now == after.end() ? 0 : now->line);
}

} // namespace

bool is_whole(const std::vector<Change>& changes) {
  return std::all_of(changes.begin(), changes.end(), [](const Change& change) {
    return change.translated() || !change.of_operation;
  });
}

Changes changes_of(const File& old_file, const File& new_file, const Modelled& modelled,
                   const Models& models) {
  Changes result;
  const auto add = [&](const std::string& function, int old_line, int new_line, std::string text,
                       std::string why) {
    Change change;
    change.file = new_file.name;
    change.function = function;
    change.old_line = old_line;
    change.new_line = new_line;
    change.text = std::move(text);
    change.why = std::move(why);
    result.changes.push_back(std::move(change));
  };
  if (const auto lines = difference(tokens_outside(old_file), tokens_outside(new_file))) {
    // What could not be read as a function is among this text.
    result.errors = new_file.errors;
    add("", lines->first, lines->second, "changed: the text outside functions",
        "declarations, macros and directives are not compared with the model");
  }
  for (const Function& function : new_file.functions) {
    const Function* old = old_file.find(function.name);
    const auto model = models.all.find(function.name);
    if (old == nullptr) {
      add(function.name, 0, function.line, "new: " + function.name + "()",
          "a function that no model knows");
      continue;
    }
    const auto lines =
        difference(tokens_of_function(old_file, *old), tokens_of_function(new_file, function));
    if (model == models.all.end()) {
      if (lines)
        add(function.name, lines->first, lines->second, "changed: " + function.name + "()",
            "a function that no model knows");
      continue;
    }
    const std::size_t before = result.changes.size();
    Translator translator(old_file, new_file, *old, function, modelled, models, result);
    lines ? translator.run() : translator.run_unchanged();
    if (lines && result.changes.size() == before)
      add(function.name, lines->first, lines->second, "changed: " + function.name + "()",
          "not in its statements: in declarations, or in what is compiled");
  }
  for (const Function& old : old_file.functions)
    if (new_file.find(old.name) == nullptr)
      add(old.name, old.line, 0, "gone: " + old.name + "()",
          models.all.contains(old.name) ? "a function that is modelled is gone"
                                        : "a function that no model knows");
  return result;
}

} // namespace interlock::kernel_text
