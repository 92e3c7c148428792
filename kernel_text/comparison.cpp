// The comparison of a function with its path.
#include "kernel_text/comparison.hpp"
#include "kernel_text/align.hpp"
#include "kernel_text/source_key.hpp"
#include "kernel_text/steps.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>

namespace interlock::kernel_text {

namespace {

struct Flat {
  const Node* node = nullptr;
  std::size_t depth = 0;
};

void flatten(const Skeleton& skeleton, std::size_t depth, std::vector<Flat>& all) {
  for (const Node& node : skeleton) {
    all.push_back({&node, depth});
    flatten(node.inside, depth + 1, all);
  }
}

std::vector<Flat> flattened(const Skeleton& skeleton) {
  std::vector<Flat> all;
  flatten(skeleton, 0, all);
  return all;
}

// What a model's node is, for all variants of its path.
using Identity = std::pair<std::string, std::string>; // label, what it does
Identity identity_of(const Node& node) {
  const std::string label = node.label.substr(0, node.label.find('#')); // copies for other objects
  // What an assertion names depends on the caller's expressions.
  return {label, node.act == Act::asserts ? word_of(node.act) : to_string({node})};
}

// What the variants of a path have between them, as one skeleton: each is the path's text without
// what its scenario does without, and labels say what is the same.
class Union {
public:
  explicit Union(Skeleton first) : all_(std::move(first)) { know(all_); }

  bool shares_labels_with(const Skeleton& variant) const {
    const std::vector<const Node*> nodes = in_order(variant);
    return std::any_of(nodes.begin(), nodes.end(),
                       [&](const Node* node) { return known_.contains(key_of(*node)); });
  }
  void add(Skeleton variant) {
    merge(all_, std::move(variant));
    know(all_);
  }
  Skeleton take() { return std::move(all_); }

private:
  static std::string key_of(const Node& node) {
    std::string key = node.label + " " + word_of(node.act);
    if (node.act == Act::sets) { // of several in one step the field; what it gets may differ
      const std::string target = node.text.substr(0, node.text.find(" := "));
      key += " " + target.substr(target.rfind('.') + 1);
    }
    if (node.act == Act::edits)
      key += " " + to_string({node});
    if (node.act == Act::choice && !node.inside.empty()) // of its branches
      key += " " + node.inside.front().label;
    return key;
  }

  void know(const Skeleton& skeleton) {
    for (const Node* node : in_order(skeleton))
      known_.insert(key_of(*node));
  }

  // The pairs of a longest common subsequence, and the ends.
  static std::vector<std::pair<std::size_t, std::size_t>> common(const Skeleton& first,
                                                                 const Skeleton& second) {
    std::vector<std::vector<std::size_t>> length(first.size() + 1,
                                                 std::vector<std::size_t>(second.size() + 1, 0));
    for (std::size_t i = first.size(); i-- > 0;)
      for (std::size_t j = second.size(); j-- > 0;)
        length[i][j] = key_of(first[i]) == key_of(second[j])
                           ? length[i + 1][j + 1] + 1
                           : std::max(length[i + 1][j], length[i][j + 1]);
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < first.size() && j < second.size())
      if (key_of(first[i]) == key_of(second[j]))
        pairs.emplace_back(i++, j++);
      else
        (length[i + 1][j] >= length[i][j + 1] ? i : j) += 1;
    pairs.emplace_back(first.size(), second.size());
    return pairs;
  }

  // mtx_lock_p_mtx_2: the name, and the number that tells it from others of the path.
  static std::pair<std::string, std::size_t> numbered(const std::string& label) {
    const std::size_t end = label.find_last_not_of("0123456789");
    const bool has_number = end != std::string::npos && end + 1 < label.size() &&
                            label[end] == '_' && label.size() - end < 6;
    return has_number ? std::pair(label.substr(0, end), std::stoul(label.substr(end + 1)))
                      : std::pair(label, 1UL);
  }

  // Whether a path has the one before the other, by the numbers of labels alike.
  static bool stands_before(const Skeleton& one, const Skeleton& other) {
    const std::vector<const Node*> others = in_order(other);
    for (const Node* node : in_order(one))
      for (const Node* each : others) {
        const auto [name, number] = numbered(node->label);
        const auto [other_name, other_number] = numbered(each->label);
        if (name == other_name && number != other_number)
          return number < other_number;
      }
    return false;
  }

  // What only one has stands between what both have; what is known from elsewhere, nested
  // otherwise, is not put in again.
  void merge(Skeleton& into, Skeleton from) {
    Skeleton merged;
    std::size_t i = 0;
    std::size_t j = 0;
    for (const auto& [next_i, next_j] : common(into, from)) {
      Skeleton own;
      Skeleton other;
      while (i < next_i)
        own.push_back(std::move(into[i++]));
      while (j < next_j)
        add_unknown(other, std::move(from[j++]));
      const bool other_first = stands_before(other, own);
      for (Skeleton* part : {other_first ? &other : &own, other_first ? &own : &other})
        std::move(part->begin(), part->end(), std::back_inserter(merged));
      if (i == into.size())
        break;
      merge(into[i].inside, std::move(from[j++].inside));
      merged.push_back(std::move(into[i++]));
    }
    into = std::move(merged);
  }

  void add_unknown(Skeleton& skeleton, Node node) const {
    Skeleton inside = std::move(node.inside);
    node.inside.clear();
    const bool encloses = !inside.empty();
    for (Node& each : inside)
      add_unknown(node.inside, std::move(each));
    if (encloses ? !node.inside.empty() : !known_.contains(key_of(node)))
      skeleton.push_back(std::move(node));
  }

  Skeleton all_;
  std::set<std::string> known_;
};

// Of each path one.
std::vector<Skeleton> united(const std::vector<Skeleton>& variants) {
  std::vector<Union> paths;
  for (const Skeleton& variant : variants) {
    const auto same = std::find_if(paths.begin(), paths.end(), [&](const Union& path) {
      return path.shares_labels_with(variant);
    });
    if (same == paths.end())
      paths.emplace_back(variant);
    else
      same->add(variant);
  }
  std::vector<Skeleton> skeletons;
  for (Union& path : paths)
    skeletons.push_back(path.take());
  return skeletons;
}

class Comparer {
public:
  Comparer(const Function& function, const Modelled& modelled, LedgerUse& used,
           std::vector<Skeleton> paths)
      : function_(function.name), modelled_(modelled), used_(used),
        skeleton_(source_skeleton(function, modelled, &used)), source_(flattened(skeleton_)),
        keys_(source_keys(function.name, skeleton_)), paths_(std::move(paths)) {
    if (modelled.ledger != nullptr)
      for (const LedgerEntry& entry : *modelled.ledger)
        if (!entry.label.empty())
          of_steps_.push_back(&entry);
    for (const Skeleton& path : paths_)
      add(path);
  }

  Comparison take() {
    invert();
    for (const Flat& flat : source_)
      rows_of(flat);
    for (const auto& [identity, node] : missing_)
      if (!inverted_.contains(identity))
        row_of_model(*node);
    return std::move(result_);
  }

private:
  // All that a variant does has to be there, each in a place of its own.
  void add(const Skeleton& variant) {
    std::set<Identity> matched;
    std::map<const Node*, std::set<std::string>> names; // that C has of a step
    const Steps steps = steps_of(skeleton_, variant, unexplained());
    for (const auto& [source, step] : steps) {
      found(*source, *step);
      if (decide_otherwise(*source, *step, steps))
        other_condition_.emplace(source, step->text);
      matched.insert(identity_of(*step));
      names[step].insert(source->names.begin(), source->names.end());
    }
    for (const Node* node : in_order(variant))
      if (is_operation(node->act) && (!matched.contains(identity_of(*node)) ||
                                      lacks_a_flag(*node, with_left_out(*node, names[node]))))
        missing_.emplace(identity_of(*node), node);
  }

  // What no variant had yet.
  Nodes unexplained() const {
    Nodes nodes;
    for (const Flat& flat : source_)
      if (is_operation(flat.node->act) && !labels_.contains(flat.node) &&
          flat.node->left_out.empty())
        nodes.insert(flat.node);
    return nodes;
  }

  // And the flags of the step that the ledger says to have no text here.
  std::set<std::string> with_left_out(const Node& step, std::set<std::string> names) const {
    for (const LedgerEntry* entry : of_steps_)
      if (entry->label == step.label)
        for (const std::string& name : entry->names)
          if (step.names.contains(name) && names.insert(name).second)
            used_.add(*entry, function_, step, name);
    return names;
  }

  // One assignment of the model may be several statements, of a flag each.  A value that C has from
  // elsewhere names none.
  static bool lacks_a_flag(const Node& step, const std::set<std::string>& names) {
    return step.act == Act::sets && std::any_of(names.begin(), names.end(), is_constant_name) &&
           std::any_of(step.names.begin(), step.names.end(), [&](const std::string& name) {
             return is_constant_name(name) && !names.contains(name);
           });
  }

  void found(const Node& source, const Node& step) {
    std::vector<std::string>& labels = labels_[&source];
    if (std::find(labels.begin(), labels.end(), step.label) == labels.end())
      labels.push_back(step.label);
    if (is_operation(source.act) && source.shared != step.shared)
      other_kind_.insert(&source);
  }

  // Whether C goes into the block when the model does not, as far as both are about flags and
  // states.  The model may ask for the opposite where it has in its else what C has first.
  bool decide_otherwise(const Node& source, const Node& step, const Steps& steps) const {
    const bool conditions = is_condition(source.act) && is_condition(step.act);
    if (!conditions || !source.expression || !step.decision || !source.left_out.empty())
      return false;
    const std::optional<Decision> decision = decision_of(*source.expression, modelled_.names);
    if (!decision)
      return false;
    switch (kernel_text::compare(*decision, *step.decision)) {
    case Decided::alike:
      return has_operation_in(source, step, steps, false);
    case Decided::opposite:
      return has_operation_in(source, step, steps, true);
    case Decided::otherwise:
      return true;
    }
    return false;
  }

  static bool is_condition(Act act) { return act == Act::branch || act == Act::loop; }

  // Whether an operation stands in a branch of the one and in the same, or not the same, of the
  // other.
  static bool has_operation_in(const Node& source, const Node& step, const Steps& steps,
                               bool same) {
    return std::any_of(steps.begin(), steps.end(), [&](const auto& each) {
      if (!is_operation(each.first->act))
        return false;
      const int in_source = branch_with(source, *each.first);
      const int in_step = branch_with(step, *each.second);
      return in_source != 0 && in_step != 0 && (in_source == in_step) == same;
    });
  }

  // 1 of the first branch, 2 of the else, 0 of none.
  static int branch_with(const Node& test, const Node& node) {
    for (const Node& inside : test.inside)
      if (is_at_or_in(inside, node))
        return inside.act == Act::otherwise ? 2 : 1;
    return 0;
  }

  static bool is_at_or_in(const Node& block, const Node& node) {
    return &block == &node ||
           std::any_of(block.inside.begin(), block.inside.end(),
                       [&](const Node& inside) { return is_at_or_in(inside, node); });
  }

  // What is left on both sides and agrees is there, but elsewhere.
  void invert() {
    for (const Flat& flat : source_) {
      if (!is_operation(flat.node->act) || labels_.contains(flat.node) ||
          !flat.node->left_out.empty())
        continue;
      for (const auto& [identity, node] : missing_)
        if (!inverted_.contains(identity) && agree(*flat.node, *node) &&
            entry_for_label(node->label) == nullptr) {
          inverted_.insert(identity);
          elsewhere_[flat.node] = node->label;
          break;
        }
    }
  }

  const LedgerEntry* entry_for_label(const std::string& label) const {
    for (const LedgerEntry* entry : of_steps_)
      if (entry->label == label && entry->names.empty())
        return entry;
    return nullptr;
  }

  void rows_of(const Flat& flat) {
    ComparedRow row;
    row.line = flat.node->line;
    row.text = flat.node->text;
    if (const auto key = keys_.find(flat.node); key != keys_.end())
      row.key = key->second;
    row.depth = flat.depth;
    row.operation = is_operation(flat.node->act);
    if (const auto labels = labels_.find(flat.node); labels != labels_.end()) {
      row.labels = labels->second;
      row.finding = other_kind_.contains(flat.node) ? Finding::lock_kind : Finding::matched;
      if (const auto other = other_condition_.find(flat.node); other != other_condition_.end()) {
        row.finding = Finding::condition;
        row.reason = other->second;
      }
    } else if (!flat.node->left_out.empty()) {
      row.finding = flat.node->runs ? Finding::left_out : Finding::not_run;
      row.reason = flat.node->left_out;
    } else if (const auto other = elsewhere_.find(flat.node); other != elsewhere_.end()) {
      row.finding = Finding::inverted;
      row.labels = {other->second};
    } else {
      row.finding = row.operation ? Finding::unexplained_source : Finding::matched;
    }
    result_.rows.push_back(std::move(row));
  }

  void row_of_model(const Node& node) {
    ComparedRow row;
    row.text = std::string(word_of(node.act)) + " " + node.text;
    row.labels = {node.label};
    row.finding = Finding::unexplained_model;
    if (const LedgerEntry* entry = entry_for_label(node.label)) {
      row.finding = Finding::left_out;
      row.reason = entry->reason;
      used_.add(*entry, function_);
    }
    result_.rows.push_back(std::move(row));
  }

  std::string function_;
  const Modelled& modelled_;
  LedgerUse& used_;
  std::vector<const LedgerEntry*> of_steps_; // entries that name one
  Skeleton skeleton_;
  std::vector<Flat> source_;
  std::map<const Node*, std::string> keys_;
  std::vector<Skeleton> paths_;
  std::map<const Node*, std::vector<std::string>> labels_;
  std::set<const Node*> other_kind_;
  std::map<const Node*, std::string> other_condition_; // what the model asks
  std::map<const Node*, std::string> elsewhere_;
  std::map<Identity, const Node*> missing_; // what a variant does and C does not
  std::set<Identity> inverted_;
  Comparison result_;
};

} // namespace

const char* word_of(Finding finding) {
  switch (finding) {
  case Finding::matched:
    return "matched";
  case Finding::left_out:
    return "left out";
  case Finding::not_run:
    return "does not run";
  case Finding::unexplained_source:
    return "not in the model";
  case Finding::unexplained_model:
    return "not in the C";
  case Finding::inverted:
    return "elsewhere in the model";
  case Finding::lock_kind:
    return "shared in one of the two";
  case Finding::condition:
    return "another condition in the model";
  }
  return "";
}

bool ComparedRow::open() const {
  return finding == Finding::condition ||
         (operation && finding != Finding::matched && finding != Finding::left_out &&
          finding != Finding::not_run);
}

std::size_t Comparison::count(Finding finding) const {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [&](const ComparedRow& row) {
        return (row.operation || finding == Finding::condition) && row.finding == finding;
      }));
}

bool Comparison::explained() const {
  return std::none_of(rows.begin(), rows.end(), [](const ComparedRow& row) { return row.open(); });
}

std::map<std::string, const ComparedRow*> rows_by_label(const Comparison& comparison) {
  std::map<std::string, const ComparedRow*> rows;
  for (const ComparedRow& row : comparison.rows)
    if (row.finding == Finding::matched && row.line != 0)
      for (const std::string& label : row.labels)
        rows.emplace(label, &row);
  return rows;
}

// The variants are looked at as parts of one path, and each by itself: what explains the function
// in one way is an explanation.
Comparison compare(const Function& function, const ModelFunction& model, const Modelled& modelled,
                   LedgerUse& used) {
  const auto open = [](const Comparison& comparison) {
    return std::count_if(comparison.rows.begin(), comparison.rows.end(),
                         [](const ComparedRow& row) { return row.open(); });
  };
  LedgerUse of_united = used;
  Comparison united_path = Comparer(function, modelled, of_united, united(model.variants)).take();
  if (!united_path.explained()) {
    LedgerUse of_each = used;
    Comparison each = Comparer(function, modelled, of_each, model.variants).take();
    if (open(each) < open(united_path)) {
      used = std::move(of_each);
      return each;
    }
  }
  used = std::move(of_united);
  return united_path;
}

} // namespace interlock::kernel_text
