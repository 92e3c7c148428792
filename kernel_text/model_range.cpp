// Ranges of siblings; see model_range.hpp.
#include "kernel_text/model_range.hpp"

#include <algorithm>

namespace interlock::kernel_text {

namespace {

// Where a node stands: in which siblings, and at which place, from the path's own statements on.
using Chain = std::vector<std::pair<const Skeleton*, std::size_t>>;

bool find_chain(const Skeleton& skeleton, const Node& node, Chain& chain) {
  for (std::size_t i = 0; i < skeleton.size(); ++i) {
    chain.emplace_back(&skeleton, i);
    if (&skeleton[i] == &node || find_chain(skeleton[i].inside, node, chain))
      return true;
    chain.pop_back();
  }
  return false;
}

std::string path_of(const std::string& label) { return label.substr(0, label.rfind('.')); }

// Branches of a choice and what one step does are nodes beside each other, and one statement.
void widen_to_whole_statements(ModelRange& range) {
  const Skeleton& block = *range.block;
  while (range.first > 0 && block[range.first - 1].label == block[range.first].label)
    --range.first;
  while (range.last + 1 < block.size() && block[range.last + 1].label == block[range.last].label)
    ++range.last;
}

} // namespace

ModelRange range_of(const Skeleton& path, const Nodes& wanted) {
  ModelRange range;
  std::vector<Chain> chains;
  for (const Node* node : wanted)
    if (Chain chain; find_chain(path, *node, chain))
      chains.push_back(std::move(chain));
  if (chains.empty())
    return range;
  const auto stand_together = [&](std::size_t depth) {
    return std::all_of(chains.begin(), chains.end(), [&](const Chain& chain) {
      return chain.size() > depth && chain[depth].first == chains[0][depth].first;
    });
  };
  for (std::size_t depth = 0; stand_together(depth); ++depth) {
    std::size_t first = chains[0][depth].second;
    std::size_t last = first;
    for (const Chain& chain : chains) {
      first = std::min(first, chain[depth].second);
      last = std::max(last, chain[depth].second);
    }
    const Skeleton& block = *chains[0][depth].first;
    if (block[last].act == Act::otherwise) {
      if (first != last) // some in each branch: all of the condition
        break;
      continue;
    }
    range.block = &block;
    range.first = first;
    range.last = last;
  }
  widen_to_whole_statements(range);
  for (std::size_t i = range.first; i <= range.last; ++i)
    if (path_of((*range.block)[i].label) != path_of(range.first_label()))
      range.why = "the model has part of this in a path of its own, " +
                  path_of((*range.block)[i].label) + "()";
  return range;
}

std::vector<const Node*> nodes_of(const ModelRange& range) {
  std::vector<const Node*> nodes;
  for (std::size_t i = range.first; range.block != nullptr && i <= range.last; ++i) {
    nodes.push_back(&(*range.block)[i]);
    const std::vector<const Node*> inside = in_order((*range.block)[i].inside);
    nodes.insert(nodes.end(), inside.begin(), inside.end());
  }
  return nodes;
}

bool leaves_a_loop(const ModelRange& range) {
  const std::vector<const Node*> nodes = nodes_of(range);
  return std::any_of(nodes.begin(), nodes.end(),
                     [](const Node* node) { return node->act == Act::jumps; });
}

const Node* node_before(const Skeleton& path, const Node& node) {
  Chain chain;
  if (!find_chain(path, node, chain) || chain.back().second == 0)
    return nullptr;
  return &(*chain.back().first)[chain.back().second - 1];
}

std::vector<const Node*> around(const Skeleton& path, const Node& node) {
  Chain chain;
  std::vector<const Node*> nodes;
  if (!find_chain(path, node, chain))
    return nodes;
  for (std::size_t i = 0; i + 1 < chain.size(); ++i)
    nodes.push_back(&(*chain[i].first)[chain[i].second]);
  return nodes;
}

} // namespace interlock::kernel_text
