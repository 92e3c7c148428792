// The tree edit distance of Zhang and Shasha, with its mapping.
#include "kernel_text/align.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

namespace interlock::kernel_text {

namespace {

using Cost = int;

bool overlap(const std::set<std::string>& first, const std::set<std::string>& second) {
  return std::any_of(first.begin(), first.end(),
                     [&](const std::string& name) { return second.contains(name); });
}

std::set<std::string> constants(const std::set<std::string>& names) {
  std::set<std::string> found;
  for (const std::string& name : names)
    if (std::isupper(static_cast<unsigned char>(name[0])) != 0)
      found.insert(name);
  return found;
}

// A loop that goes from element to element itself: LIST_NEXT(q, p_sibling).
bool walks_by_hand(const Node& loop, const Node& walk) {
  return loop.act == Act::loop && walk.act == Act::walks &&
         std::any_of(loop.inside.begin(), loop.inside.end(), [&](const Node& node) {
           return node.act == Act::looks && overlap(node.names, walk.names);
         });
}

bool is_conditional(Act act) { return act == Act::branch || act == Act::choice; }

// What it costs that one of the two does not have it.
Cost weight(const Node& node) {
  if (!node.left_out.empty())
    return 0;
  if (is_operation(node.act))
    return 20;
  switch (node.act) {
  case Act::looks:
    return 0;
  case Act::returns:
  case Act::jumps:
    return 3;
  default:
    return 2;
  }
}

// What it costs that they are not quite alike, less than that each is missing in the other.
std::optional<Cost> difference(const Node& first, const Node& second) {
  if (!agree(first, second) || first.left_out.empty() != second.left_out.empty())
    return std::nullopt;
  if (is_operation(first.act))
    return first.shared == second.shared ? 0 : 5;
  if (first.act != second.act)
    return 3;
  switch (first.act) {
  case Act::branch:
  case Act::loop:
    return first.names.empty() && second.names.empty() ? 1
           : overlap(first.names, second.names)        ? 0
                                                       : 3;
  case Act::jumps:
    return first.text.substr(0, first.text.find(' ')) ==
                   second.text.substr(0, second.text.find(' '))
               ? 0
               : 3;
  default:
    return 0;
  }
}

// A forest under a root, in postorder.
struct Ordered {
  std::vector<const Node*> nodes;  // null for the root, the last
  std::vector<std::size_t> leaves; // the leftmost leaf of each
  std::vector<std::size_t> roots;  // of each leftmost leaf the last that has it

  explicit Ordered(const Skeleton& skeleton) {
    add(skeleton, nullptr);
    std::vector<bool> seen(nodes.size(), false);
    for (std::size_t i = nodes.size(); i-- > 0;)
      if (!seen[leaves[i]]) {
        seen[leaves[i]] = true;
        roots.push_back(i);
      }
    std::reverse(roots.begin(), roots.end());
  }

private:
  void add(const Skeleton& children, const Node* parent) {
    const std::size_t begin = nodes.size();
    for (const Node& child : children)
      add(child.inside, &child);
    nodes.push_back(parent);
    leaves.push_back(children.empty() ? nodes.size() - 1 : leaves[begin]);
  }
};

class Aligner {
public:
  Aligner(const Skeleton& first, const Skeleton& second)
      : first_(first), second_(second),
        distance_(first_.nodes.size(), std::vector<Cost>(second_.nodes.size(), 0)) {
    for (const std::size_t i : first_.roots)
      for (const std::size_t j : second_.roots)
        fill(i, j);
  }

  std::vector<Match> take() {
    trace(first_.nodes.size() - 1, second_.nodes.size() - 1);
    std::reverse(matches_.begin(), matches_.end());
    std::vector<Match> ordered;
    for (const auto& [i, j] : matches_)
      if (first_.nodes[i] != nullptr)
        ordered.push_back({first_.nodes[i], second_.nodes[j]});
    return ordered;
  }

private:
  static Cost gap(const Node* node) { return node == nullptr ? 0 : weight(*node); }

  std::optional<Cost> change(std::size_t i, std::size_t j) const {
    const Node* a = first_.nodes[i];
    const Node* b = second_.nodes[j];
    if (a == nullptr || b == nullptr)
      return a == b ? std::optional<Cost>(0) : std::nullopt;
    return difference(*a, *b);
  }

  // The distances of the forests that begin at the leftmost leaves of i and j: forest_[a][b] is
  // that of the first a and b nodes from there.
  void fill(std::size_t i, std::size_t j) {
    const std::size_t i0 = first_.leaves[i];
    const std::size_t j0 = second_.leaves[j];
    forest_.assign(i - i0 + 2, std::vector<Cost>(j - j0 + 2, 0));
    for (std::size_t a = 1; a < forest_.size(); ++a)
      forest_[a][0] = forest_[a - 1][0] + gap(first_.nodes[i0 + a - 1]);
    for (std::size_t b = 1; b < forest_[0].size(); ++b)
      forest_[0][b] = forest_[0][b - 1] + gap(second_.nodes[j0 + b - 1]);
    for (std::size_t a = 1; a < forest_.size(); ++a)
      for (std::size_t b = 1; b < forest_[0].size(); ++b) {
        const std::size_t x = i0 + a - 1;
        const std::size_t y = j0 + b - 1;
        Cost best = std::min(forest_[a - 1][b] + gap(first_.nodes[x]),
                             forest_[a][b - 1] + gap(second_.nodes[y]));
        if (const auto matched = matching(i0, j0, x, y))
          best = std::min(best, *matched);
        forest_[a][b] = best;
        if (first_.leaves[x] == i0 && second_.leaves[y] == j0)
          distance_[x][y] = best;
      }
  }

  // The distance of the forests that end with x and y when those two, or their trees, are matched.
  std::optional<Cost> matching(std::size_t i0, std::size_t j0, std::size_t x, std::size_t y) const {
    if (first_.leaves[x] == i0 && second_.leaves[y] == j0) {
      const auto changed = change(x, y);
      return changed ? std::optional<Cost>(forest_[x - i0][y - j0] + *changed) : std::nullopt;
    }
    return forest_[first_.leaves[x] - i0][second_.leaves[y] - j0] + distance_[x][y];
  }

  // Goes back through the tree distance of i and j.
  void trace(std::size_t i, std::size_t j) {
    const std::size_t i0 = first_.leaves[i];
    const std::size_t j0 = second_.leaves[j];
    fill(i, j);
    std::size_t a = i - i0 + 1;
    std::size_t b = j - j0 + 1;
    std::vector<std::pair<std::size_t, std::size_t>> trees;
    while (a > 0 && b > 0) {
      const std::size_t x = i0 + a - 1;
      const std::size_t y = j0 + b - 1;
      if (const auto matched = matching(i0, j0, x, y); matched && *matched == forest_[a][b]) {
        if (first_.leaves[x] == i0 && second_.leaves[y] == j0) {
          matches_.emplace_back(x, y);
          --a;
          --b;
        } else {
          trees.emplace_back(x, y);
          a = first_.leaves[x] - i0;
          b = second_.leaves[y] - j0;
        }
      } else if (forest_[a][b] == forest_[a - 1][b] + gap(first_.nodes[x])) {
        --a;
      } else {
        --b;
      }
    }
    for (const auto& [x, y] : trees) // they fill forest_ anew
      trace(x, y);
  }

  Ordered first_, second_;
  std::vector<std::vector<Cost>> distance_, forest_;
  std::vector<std::pair<std::size_t, std::size_t>> matches_;
};

} // namespace

bool agree(const Node& first, const Node& second) {
  if (first.act != second.act) {
    const auto leaves = [](Act act) { return act == Act::returns || act == Act::jumps; };
    return (is_conditional(first.act) && is_conditional(second.act)) ||
           (leaves(first.act) && leaves(second.act)) || walks_by_hand(first, second) ||
           walks_by_hand(second, first);
  }
  if (first.act == Act::sets) {
    const std::set<std::string> flags = constants(first.names);
    const std::set<std::string> others = constants(second.names);
    if (!flags.empty() && !others.empty())
      return overlap(flags, others);
  }
  const bool named = is_operation(first.act) || first.act == Act::reads;
  return !named || overlap(first.names, second.names) ||
         (first.names.empty() && first.text == second.text);
}

std::vector<Match> align(const Skeleton& first, const Skeleton& second) {
  std::vector<Match> matches = Aligner(first, second).take();
  const std::vector<const Node*> order = in_order(first);
  const auto place = [&](const Match& match) {
    return std::find(order.begin(), order.end(), match.first) - order.begin();
  };
  std::sort(matches.begin(), matches.end(),
            [&](const Match& a, const Match& b) { return place(a) < place(b); });
  return matches;
}

} // namespace interlock::kernel_text
