// Alignment, and what it leaves over.
#include "kernel_text/steps.hpp"

#include "kernel_text/align.hpp"

#include <algorithm>
#include <set>

namespace interlock::kernel_text {

namespace {

// May stand in any order among its like.
bool is_part(const Node& node) { return node.act == Act::sets || node.act == Act::edits; }

// Whether doing it twice is doing it once: an assignment that neither counts nor edits a list.
bool is_idempotent(const Node& node) {
  const auto has = [&](const char* counts) { return node.text.find(counts) != std::string::npos; };
  return node.act == Act::sets && !has("++") && !has("--") && !has("+=") && !has("-=");
}

// What is behind another operation is not beside.
bool is_barrier(const Node& node) { return is_operation(node.act) && !is_part(node); }

// An assertion holds before it when it holds behind it: other assertions, reads, and changes of
// something else.
bool changes_nothing_of(const Node& node, const Node& assertion) {
  const auto is_asserted = [&](const std::string& name) { return assertion.names.contains(name); };
  return node.act == Act::asserts || node.act == Act::reads || node.act == Act::looks ||
         (is_part(node) && std::none_of(node.names.begin(), node.names.end(), is_asserted));
}

class Absorber {
public:
  Absorber(const Skeleton& function, const Skeleton& path, Steps& steps)
      : source_(in_order(function)), path_(in_order(path)), steps_(steps) {
    for (const auto& [node, step] : steps)
      taken_.insert(step);
  }

  void run() {
    for (std::size_t i = 0; i < source_.size(); ++i) {
      const Node* node = source_[i];
      if (steps_.contains(node) || !node->left_out.empty())
        continue;
      const Node* step = is_part(*node)              ? step_beside(i)
                         : node->act == Act::asserts ? assertion_beside(i)
                                                     : nullptr;
      if (step != nullptr) {
        steps_[node] = step;
        taken_.insert(step);
      }
    }
  }

private:
  const Node* step_beside(std::size_t i) const {
    std::set<std::string> beside;
    const auto look = [&](std::size_t at) {
      if (const auto step = steps_.find(source_[at]); step != steps_.end())
        beside.insert(step->second->label);
    };
    for (std::size_t at = i; at-- > 0 && !is_barrier(*source_[at]);)
      look(at);
    for (std::size_t at = i + 1; at < source_.size() && !is_barrier(*source_[at]); ++at)
      look(at);
    const Node* shared = nullptr; // two statements, one assignment of the model
    for (const Node* step : path_) {
      if (!beside.contains(step->label) || !agree(*source_[i], *step))
        continue;
      if (!taken_.contains(step))
        return step;
      if (shared == nullptr && is_idempotent(*source_[i]))
        shared = step;
    }
    return shared;
  }

  // One that differs in place alone: between the two nothing changes what they are about.
  const Node* assertion_beside(std::size_t i) const {
    std::set<const Node*> crossed;
    for (const Node* node : beside(source_, i))
      if (const auto step = steps_.find(node); step != steps_.end())
        crossed.insert(step->second);
    for (std::size_t j = 0; j < path_.size(); ++j) {
      if (taken_.contains(path_[j]) || !agree(*source_[i], *path_[j]))
        continue;
      const std::vector<const Node*> around = beside(path_, j);
      if (std::any_of(around.begin(), around.end(),
                      [&](const Node* node) { return crossed.contains(node); }))
        return path_[j];
    }
    return nullptr;
  }

  static std::vector<const Node*> beside(const std::vector<const Node*>& nodes, std::size_t i) {
    std::vector<const Node*> found;
    for (std::size_t at = i; at-- > 0 && changes_nothing_of(*nodes[at], *nodes[i]);)
      found.push_back(nodes[at]);
    for (std::size_t at = i + 1; at < nodes.size() && changes_nothing_of(*nodes[at], *nodes[i]);
         ++at)
      found.push_back(nodes[at]);
    return found;
  }

  std::vector<const Node*> source_, path_;
  Steps& steps_;
  std::set<const Node*> taken_;
};

} // namespace

Steps steps_of(const Skeleton& function, const Skeleton& path, const Nodes& wanted) {
  Steps steps;
  for (const Match& match : align(function, path, wanted))
    steps.emplace(match.first, match.second);
  Absorber(function, path, steps).run();
  return steps;
}

} // namespace interlock::kernel_text
