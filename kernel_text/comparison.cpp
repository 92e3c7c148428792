// The comparison of a function with its path.
#include "kernel_text/comparison.hpp"
#include "kernel_text/align.hpp"
#include "kernel_text/steps.hpp"

#include <algorithm>

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

class Comparer {
public:
  Comparer(const Function& function, const ModelFunction& model, const Modelled& modelled,
           const Ledger& ledger, LedgerUse& used)
      : function_(function.name), ledger_(ledger), used_(used),
        skeleton_(source_skeleton(function, with(modelled, ledger), &used)),
        source_(flattened(skeleton_)) {
    for (const Skeleton& variant : model.variants)
      add(variant);
  }

  Comparison take() {
    invert();
    for (const Flat& flat : source_)
      rows_of(flat);
    for (const auto& [identity, node] : model_)
      if (!matched_.contains(identity) && !inverted_.contains(identity) && is_operation(node->act))
        row_of_model(*node);
    return std::move(result_);
  }

private:
  static Modelled with(Modelled modelled, const Ledger& ledger) {
    modelled.ledger = &ledger;
    return modelled;
  }

  void add(const Skeleton& variant) {
    for (const auto& [source, step] : steps_of(skeleton_, variant, unexplained()))
      found(*source, *step);
    for (const Node* node : in_order(variant))
      model_.emplace(identity_of(*node), node);
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

  void found(const Node& source, const Node& step) {
    std::vector<std::string>& labels = labels_[&source];
    if (std::find(labels.begin(), labels.end(), step.label) == labels.end())
      labels.push_back(step.label);
    matched_.insert(identity_of(step));
    if (is_operation(source.act) && source.shared != step.shared)
      other_kind_.insert(&source);
  }

  // What is left on both sides and agrees is there, but elsewhere.
  void invert() {
    for (const Flat& flat : source_) {
      if (!is_operation(flat.node->act) || labels_.contains(flat.node) ||
          !flat.node->left_out.empty())
        continue;
      for (const auto& [identity, node] : model_)
        if (!matched_.contains(identity) && !inverted_.contains(identity) &&
            agree(*flat.node, *node) && entry_for_label(node->label) == nullptr) {
          inverted_.insert(identity);
          elsewhere_[flat.node] = node->label;
          break;
        }
    }
  }

  const LedgerEntry* entry_for_label(const std::string& label) const {
    for (const LedgerEntry& entry : ledger_)
      if (!entry.label.empty() && entry.label == label)
        return &entry;
    return nullptr;
  }

  void rows_of(const Flat& flat) {
    ComparedRow row;
    row.line = flat.node->line;
    row.text = flat.node->text;
    row.depth = flat.depth;
    row.operation = is_operation(flat.node->act);
    if (const auto labels = labels_.find(flat.node); labels != labels_.end()) {
      row.labels = labels->second;
      row.finding = other_kind_.contains(flat.node) ? Finding::lock_kind : Finding::matched;
    } else if (!flat.node->left_out.empty()) {
      row.finding = Finding::left_out;
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
  const Ledger& ledger_;
  LedgerUse& used_;
  Skeleton skeleton_;
  std::vector<Flat> source_;
  std::map<const Node*, std::vector<std::string>> labels_;
  std::set<const Node*> other_kind_;
  std::map<const Node*, std::string> elsewhere_;
  std::map<Identity, const Node*> model_; // of all variants
  std::set<Identity> matched_, inverted_;
  Comparison result_;
};

} // namespace

const char* word_of(Finding finding) {
  switch (finding) {
  case Finding::matched:
    return "matched";
  case Finding::left_out:
    return "left out";
  case Finding::unexplained_source:
    return "not in the model";
  case Finding::unexplained_model:
    return "not in the C";
  case Finding::inverted:
    return "elsewhere in the model";
  case Finding::lock_kind:
    return "shared in one of the two";
  }
  return "";
}

std::size_t Comparison::count(Finding finding) const {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [&](const ComparedRow& row) {
        return row.operation && row.finding == finding;
      }));
}

bool Comparison::explained() const {
  return std::all_of(rows.begin(), rows.end(), [](const ComparedRow& row) {
    return !row.operation || row.finding == Finding::matched || row.finding == Finding::left_out;
  });
}

Comparison compare(const Function& function, const ModelFunction& model, const Modelled& modelled,
                   const Ledger& ledger, LedgerUse& used) {
  return Comparer(function, model, modelled, ledger, used).take();
}

} // namespace interlock::kernel_text
