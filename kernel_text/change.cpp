// Differences of skeletons as patches.
#include "kernel_text/change.hpp"
#include "kernel_text/align.hpp"
#include "kernel_text/outline.hpp"

#include <algorithm>

namespace interlock::kernel_text {

namespace {

using lang::Patch;

constexpr const char* unmodelled = "nothing that is modelled";

// Where a node stands: in `siblings`, at `index`, below `parent` (null at the top).
struct Place {
  const Skeleton* siblings = nullptr;
  std::size_t index = 0;
  const Node* parent = nullptr;
};

void collect(const Skeleton& skeleton, const Node* parent, std::vector<const Node*>& order,
             std::map<const Node*, Place>& places) {
  for (std::size_t i = 0; i < skeleton.size(); ++i) {
    order.push_back(&skeleton[i]);
    places[&skeleton[i]] = {&skeleton, i, parent};
    collect(skeleton[i].inside, &skeleton[i], order, places);
  }
}

struct Tree {
  explicit Tree(const Skeleton& skeleton) { collect(skeleton, nullptr, order, places); }
  std::vector<const Node*> order; // as the text has them
  std::map<const Node*, Place> places;
};

// The labels of the steps that a node of the old text is, and what they do there.
using Labels = std::map<const Node*, const Node*>;

Labels labels_of(const Skeleton& source, const ModelFunction& function) {
  Labels labels;
  for (const Skeleton& variant : function.variants)
    for (const Match& match : align(source, variant))
      labels.emplace(match.first, match.second);
  return labels;
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

class Translator {
public:
  Translator(const Function& old_function, const Function& new_function, const Modelled& modelled,
             const std::map<std::string, ModelFunction>& functions, std::string file,
             Changes& result)
      : old_function_(old_function), new_function_(new_function), modelled_(modelled),
        functions_(functions), model_(functions.at(new_function.name)), file_(std::move(file)),
        result_(result), old_skeleton_(source_skeleton(old_function, modelled)),
        new_skeleton_(source_skeleton(new_function, modelled)), old_(old_skeleton_),
        new_(new_skeleton_), labels_(labels_of(old_skeleton_, model_)) {
    for (const Match& match : align(old_skeleton_, new_skeleton_)) {
      to_new_[match.first] = match.second;
      to_old_[match.second] = match.first;
    }
  }

  // Nothing has changed: says only where the steps are.
  void run_unchanged() { tell_places(); }

  void run() {
    pair_moves();
    for (const Node* node : old_.order)
      if (to_new_.contains(node))
        compare(*node, *to_new_.at(node));
    for (const Node* node : old_.order)
      if (!to_new_.contains(node))
        removed(*node);
    for (const Node* node : new_.order)
      if (!to_old_.contains(node) || moved_.contains(node))
        arrived(*node);
    withhold_halves();
    other_statements();
    tell_places();
  }

private:
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
    if (std::all_of(begin, changes.end(), [](const Change& each) { return each.translated(); }))
      return;
    for (auto change = begin; change != changes.end(); ++change)
      if (change->translated()) {
        change->why = "another change of this function was not translated";
        change->patches.clear();
      }
  }

  // What is gone here and has come there, and does the same, has moved.
  void pair_moves() {
    for (const Node* node : old_.order) {
      if (to_new_.contains(node) || !is_operation(node->act))
        continue;
      const auto same = [&](const Node* other) {
        return !to_old_.contains(other) && other->act == node->act && other->text == node->text &&
               other->names == node->names && other->inside.empty() && node->inside.empty();
      };
      const auto found = std::find_if(new_.order.begin(), new_.order.end(), same);
      if (found == new_.order.end())
        continue;
      to_new_[node] = *found;
      to_old_[*found] = node;
      moved_.insert(*found);
    }
  }

  const Node* step_of(const Node& old_node) const {
    const auto found = labels_.find(&old_node);
    return found == labels_.end() ? nullptr : found->second;
  }

  static std::string without_step(const Node& node) {
    return node.left_out.empty() ? "no step of the model is this"
                                 : "left out of the model: " + node.left_out;
  }

  // The nodes of the old text that are the same step.
  std::vector<const Node*> parts_of(const std::string& label) const {
    std::vector<const Node*> parts;
    for (const Node* node : old_.order)
      if (const Node* step = step_of(*node); step != nullptr && step->label == label)
        parts.push_back(node);
    return parts;
  }

  void compare(const Node& before, const Node& after) {
    if (moved_.contains(&after) || before.text == after.text)
      return;
    Change& change = add(before.line, after.line, "changed: " + before.text + " -> " + after.text);
    const Node* step = step_of(before);
    if (before.act == Act::walks && step != nullptr) {
      if (const auto rule = cursor_of(after)) {
        change.patches.push_back({Patch::Kind::replace, step->label, lang::rule_name(*rule)});
        return;
      }
    }
    const auto condition = [](const Node& node) {
      const std::size_t open = node.text.find('(');
      return open == std::string::npos ? "" : node.text.substr(open);
    };
    if (before.act == Act::branch && step != nullptr &&
        (condition(after) == "(!" + condition(before) + ")" ||
         condition(before) == "(!" + condition(after) + ")")) {
      change.patches.push_back({Patch::Kind::negate, step->label, ""});
      return;
    }
    change.why = before.act == Act::branch || before.act == Act::loop
                     ? "a condition that is neither the old one nor its opposite"
                     : "the statement does something else than before";
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
    if (node.act == Act::otherwise || node.act == Act::looks || node.act == Act::reads) {
      if (node.act != Act::looks && step_of(node) != nullptr)
        add(node.line, 0, "gone: " + node.text).why =
            "what it decides or reads is said otherwise in the model";
      return;
    }
    Change& change = add(node.line, 0, "gone: " + node.text);
    const Node* step = step_of(node);
    if (step == nullptr) {
      change.why = without_step(node);
      return;
    }
    for (const Node* part : parts_of(step->label))
      if (to_new_.contains(part)) {
        change.why = "the step " + step->label + " is also line " + std::to_string(part->line) +
                     ", which stays";
        return;
      }
    if (dropped_.insert(step->label).second)
      change.patches.push_back({Patch::Kind::drop, step->label, ""});
  }

  // A step next to which something can be put: of the same block, and neither new nor moved.
  const Node* neighbour(const Node& node, int direction) const {
    const Place& place = new_.places.at(&node);
    const auto count = static_cast<std::ptrdiff_t>(place.siblings->size());
    for (auto i = static_cast<std::ptrdiff_t>(place.index) + direction; i >= 0 && i < count;
         i += direction) {
      const Node& other = (*place.siblings)[static_cast<std::size_t>(i)];
      if (other.act == Act::otherwise)
        break;
      const auto old = to_old_.find(&other);
      if (old == to_old_.end() || moved_.contains(&other))
        continue;
      if (const Node* step = step_of(*old->second))
        return step;
    }
    return nullptr;
  }

  void arrived(const Node& node) {
    if (node.act == Act::otherwise || node.act == Act::looks || node.act == Act::reads)
      return; // other_statements() tells of it
    const bool moved = moved_.contains(&node);
    const Node* old = moved ? to_old_.at(&node) : nullptr;
    Change& change =
        add(old == nullptr ? 0 : old->line, node.line, (moved ? "moved: " : "new: ") + node.text);
    const Node* next = neighbour(node, 1);
    const Node* previous = next == nullptr ? neighbour(node, -1) : nullptr;
    if (next == nullptr && previous == nullptr) {
      change.why = "no step of the model stands in this block";
      return;
    }
    const std::string& beside = next != nullptr ? next->label : previous->label;
    if (moved) {
      const Node* step = step_of(*old);
      if (step == nullptr) {
        change.why = without_step(*old);
        return;
      }
      for (const Node* part : parts_of(step->label))
        if (!to_new_.contains(part) || !moved_.contains(to_new_.at(part))) {
          change.why = "the step " + step->label + " is also line " + std::to_string(part->line) +
                       ", which does not move";
          return;
        }
      if (moved_steps_.insert(step->label).second)
        change.patches.push_back(
            {next != nullptr ? Patch::Kind::move_before : Patch::Kind::move_after, step->label,
             beside});
      return;
    }
    const auto primitive = primitive_for(node);
    if (!primitive) {
      change.why = is_operation(node.act)
                       ? "the model does not do this to " + argument_of(node) + " in this function"
                       : "a new condition, loop or jump";
      return;
    }
    change.patches.push_back(
        {next != nullptr ? Patch::Kind::insert_before : Patch::Kind::insert_after, beside,
         *primitive});
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
    for (const auto& [name, function] : functions_)
      for (const Skeleton& variant : function.variants)
        for (const Node* step : Tree(variant).order) {
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
    for (const auto& [old, step] : labels_) {
      const int distance = std::abs(old->line - node.line);
      if (is_of_lock(*old) && old->names == node.names && argument_of(*old) == argument_of(node) &&
          (!operand || distance < nearest)) {
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
    const bool known = model_.names.contains(text.substr(0, text.find('.')));
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

  static bool has_operation(const Tree& tree, const Line& line) {
    return std::any_of(tree.order.begin(), tree.order.end(),
                       [&](const Node* node) { return node->line == line.number; });
  }

  void tell_places() {
    for (const auto& [old, step] : labels_)
      if (const auto found = to_new_.find(old); found != to_new_.end())
        result_.places.emplace(step->label,
                               NewPlace{file_, found->second->line, found->second->text});
  }

  const Function& old_function_;
  const Function& new_function_;
  const Modelled& modelled_;
  const std::map<std::string, ModelFunction>& functions_;
  const ModelFunction& model_;
  std::string file_;
  Changes& result_;
  std::size_t first_change_ = result_.changes.size();
  Skeleton old_skeleton_, new_skeleton_;
  Tree old_, new_;
  Labels labels_;
  std::map<const Node*, const Node*> to_new_, to_old_;
  std::set<const Node*> moved_; // nodes of the new text
  std::set<std::string> dropped_, moved_steps_;
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
                   const std::map<std::string, ModelFunction>& functions) {
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
    const auto model = functions.find(function.name);
    if (old == nullptr) {
      add(function.name, 0, function.line, "new: " + function.name + "()",
          "a function that no model knows");
      continue;
    }
    const auto lines =
        difference(tokens_of_function(old_file, *old), tokens_of_function(new_file, function));
    if (model == functions.end()) {
      if (lines)
        add(function.name, lines->first, lines->second, "changed: " + function.name + "()",
            "a function that no model knows");
      continue;
    }
    const std::size_t before = result.changes.size();
    Translator translator(*old, function, modelled, functions, new_file.name, result);
    lines ? translator.run() : translator.run_unchanged();
    if (lines && result.changes.size() == before)
      add(function.name, lines->first, lines->second, "changed: " + function.name + "()",
          "not in its statements: in declarations, or in what is compiled");
  }
  for (const Function& old : old_file.functions)
    if (new_file.find(old.name) == nullptr)
      add(old.name, old.line, 0, "gone: " + old.name + "()",
          functions.contains(old.name) ? "a function that is modelled is gone"
                                       : "a function that no model knows");
  return result;
}

} // namespace interlock::kernel_text
