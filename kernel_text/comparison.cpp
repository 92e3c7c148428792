// The comparison of a function with its path.
#include "kernel_text/comparison.hpp"
#include "kernel_text/align.hpp"

#include <algorithm>

namespace interlock::kernel_text {

namespace {

struct Flat {
  const Node* node = nullptr;
  std::size_t depth = 0;
  std::vector<const Node*> around; // outermost first
};

void flatten(const Skeleton& skeleton, const std::vector<const Node*>& around,
             std::vector<Flat>& all) {
  for (const Node& node : skeleton) {
    all.push_back({&node, around.size(), around});
    std::vector<const Node*> inner = around;
    inner.push_back(&node);
    flatten(node.inside, inner, all);
  }
}

std::vector<Flat> flattened(const Skeleton& skeleton) {
  std::vector<Flat> all;
  flatten(skeleton, {}, all);
  return all;
}

// Separates what may stand in any order: assignments of one step.
bool parts(const Node& node) { return node.act != Act::sets && node.act != Act::edits; }

// What a model's node is, for all variants of its path.
using Identity = std::pair<std::string, std::string>; // label, what it does
Identity identity_of(const Node& node) {
  // What an assertion names depends on the caller's expressions.
  return {node.label, node.act == Act::asserts ? word_of(node.act) : to_string({node})};
}

class Comparer {
public:
  Comparer(const Function& function, const ModelFunction& model, const Modelled& modelled,
           const Ledger& ledger, std::set<const LedgerEntry*>& used)
      : ledger_(ledger), used_(used),
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
    std::map<const Node*, const Node*> pairs;
    for (const Match& match : align(skeleton_, variant))
      pairs[match.first] = match.second;
    absorb(variant, pairs);
    for (const auto& [source, step] : pairs)
      found(*source, *step);
    for (const Flat& flat : flattened(variant))
      model_.emplace(identity_of(*flat.node), flat.node);
  }

  void found(const Node& source, const Node& step) {
    std::vector<std::string>& labels = labels_[&source];
    if (std::find(labels.begin(), labels.end(), step.label) == labels.end())
      labels.push_back(step.label);
    matched_.insert(identity_of(step));
    if (is_operation(source.act) && source.shared != step.shared)
      other_kind_.insert(&source);
  }

  // One step of the model may be several statements of C, in any order: those beside one that is
  // matched with it.
  void absorb(const Skeleton& variant, std::map<const Node*, const Node*>& pairs) {
    const std::vector<Flat> steps = flattened(variant);
    std::set<const Node*> taken;
    for (const auto& [source, step] : pairs)
      taken.insert(step);
    for (std::size_t i = 0; i < source_.size(); ++i) {
      const Node* node = source_[i].node;
      if (pairs.contains(node) || parts(*node) || !node->left_out.empty())
        continue;
      const Node* partner = partner_beside(i, steps, taken, pairs);
      if (partner == nullptr)
        continue;
      pairs[node] = partner;
      taken.insert(partner);
    }
  }

  const Node* partner_beside(std::size_t i, const std::vector<Flat>& steps,
                             const std::set<const Node*>& taken,
                             const std::map<const Node*, const Node*>& pairs) const {
    std::set<std::string> beside;
    const auto look = [&](std::size_t at) {
      if (const auto pair = pairs.find(source_[at].node); pair != pairs.end())
        beside.insert(pair->second->label);
    };
    for (std::size_t at = i; at-- > 0 && !is_barrier(*source_[at].node);)
      look(at);
    for (std::size_t at = i + 1; at < source_.size() && !is_barrier(*source_[at].node); ++at)
      look(at);
    const Node* taken_one = nullptr;
    for (const Flat& step : steps) {
      if (!beside.contains(step.node->label) || !agree(*source_[i].node, *step.node))
        continue;
      if (!taken.contains(step.node))
        return step.node;
      taken_one = step.node; // two statements, one assignment of the model
    }
    return taken_one;
  }

  static bool is_barrier(const Node& node) { return is_operation(node.act) && parts(node); }

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
      used_.insert(entry);
    }
    result_.rows.push_back(std::move(row));
  }

  const Ledger& ledger_;
  std::set<const LedgerEntry*>& used_;
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
                   const Ledger& ledger, std::set<const LedgerEntry*>& used) {
  return Comparer(function, model, modelled, ledger, used).take();
}

} // namespace interlock::kernel_text
