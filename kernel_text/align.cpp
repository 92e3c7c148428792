// The tree edit distance of Zhang and Shasha, with its mapping.
#include "kernel_text/align.hpp"

#include <algorithm>
#include <cctype>
#include <functional>
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
    if (is_constant_name(name))
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

// A search of a list, which is one step of a model: it goes through the list, or finds one in it.
bool searches(const Node& walk, const Node& look) {
  return walk.act == Act::walks && look.act == Act::looks && overlap(walk.names, look.names);
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
  const bool texts = first.label.empty() && second.label.empty(); // both are of C
  if (is_operation(first.act))
    return (first.shared == second.shared ? 0 : 5) + (texts && first.text != second.text ? 1 : 0);
  if (first.act != second.act)
    return 3;
  switch (first.act) {
  case Act::branch:
  case Act::loop:
    if (texts && first.text == second.text)
      return 0;
    return first.names.empty() && second.names.empty() ? 1
           : overlap(first.names, second.names)        ? (texts ? 1 : 0)
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
  const Node* last = nullptr;      // of the forest's trees

  explicit Ordered(const Skeleton& skeleton) {
    add(skeleton, nullptr);
    last = skeleton.empty() ? nullptr : &skeleton.back();
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
  // Nothing is matched with what is closed.
  Aligner(const Skeleton& first, const Skeleton& second, const Nodes& closed)
      : first_(first), second_(second), closed_(closed),
        distance_(first_.nodes.size(), std::vector<Cost>(second_.nodes.size(), 0)),
        rooted_(first_.nodes.size(), std::vector<bool>(second_.nodes.size(), false)) {
    for (const std::size_t i : first_.roots)
      for (const std::size_t j : second_.roots)
        fill(i, j);
  }

  Cost cost() const { return distance_.back().back(); }

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
  // A return that a function ends with says nothing: a path leaves it out, and so may C.
  Cost gap(const Node* node) const {
    if (node == nullptr)
      return 0;
    const bool last = node == first_.last || node == second_.last;
    return last && node->act == Act::returns ? 1 : weight(*node);
  }

  std::optional<Cost> change(std::size_t i, std::size_t j) const {
    const Node* a = first_.nodes[i];
    const Node* b = second_.nodes[j];
    if (a == nullptr || b == nullptr)
      return a == b ? std::optional<Cost>(0) : std::nullopt;
    if (closed_.contains(a))
      return std::nullopt;
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
        const auto matched = matching(i0, j0, x, y);
        if (matched)
          best = std::min(best, *matched);
        forest_[a][b] = best;
        if (first_.leaves[x] == i0 && second_.leaves[y] == j0) {
          distance_[x][y] = best;
          rooted_[x][y] = matched && *matched == best;
        }
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
      const bool left = forest_[a][b] == forest_[a - 1][b] + gap(first_.nodes[x]);
      const auto matched = matching(i0, j0, x, y);
      // What is around y's partner is left, rather than taken for all that y may have there.
      const bool pairs = matched && *matched == forest_[a][b] && (rooted_[x][y] || !left);
      if (pairs) {
        if (first_.leaves[x] == i0 && second_.leaves[y] == j0) {
          matches_.emplace_back(x, y);
          --a;
          --b;
        } else {
          trees.emplace_back(x, y);
          a = first_.leaves[x] - i0;
          b = second_.leaves[y] - j0;
        }
      } else if (left) {
        --a;
      } else {
        --b;
      }
    }
    for (const auto& [x, y] : trees) // they fill forest_ anew
      trace(x, y);
  }

  Ordered first_, second_;
  const Nodes& closed_;
  std::vector<std::vector<Cost>> distance_, forest_;
  std::vector<std::vector<bool>> rooted_; // whether the two nodes themselves are matched, then
  std::vector<std::pair<std::size_t, std::size_t>> matches_;
};

// The nodes of a test's first branch, and of its else; a test is not of either.
std::pair<Nodes, Nodes> branches_of(const Node& test) {
  std::pair<Nodes, Nodes> branches;
  for (const Node& each : test.inside) {
    Nodes& branch = each.act == Act::otherwise ? branches.second : branches.first;
    branch.insert(&each);
    for (const Node* inner : in_order(each.inside))
      branch.insert(inner);
  }
  return branches;
}

// Of an if with an else only one branch is run.  Where the other skeleton has no such test, and
// nothing is lost by it, nothing of the other branch is matched; where either could be, the one
// that has more of what is wanted.
class OneBranch {
public:
  OneBranch(const Skeleton& first, const Skeleton& second, const Nodes& wanted)
      : first_(first), second_(second), wanted_(wanted) {}

  std::vector<Match> matches() {
    Aligner whole(first_, second_, closed_);
    const Cost cost = whole.cost();
    matches_ = whole.take();
    for (const Node* test : in_order(first_))
      if (test->act == Act::branch)
        choose(*test, cost);
    return matches_;
  }

private:
  bool is_matched(const Node* node) const {
    return std::any_of(matches_.begin(), matches_.end(),
                       [&](const Match& match) { return match.first == node; });
  }

  void choose(const Node& test, Cost cost) {
    const auto [then, otherwise] = branches_of(test);
    if (is_matched(&test) || otherwise.empty())
      return;
    const auto has = [&](const Nodes& branch) {
      return std::any_of(branch.begin(), branch.end(), [&](const Node* node) {
        return is_operation(node->act) && is_matched(node);
      });
    };
    const auto wanted = [&](const Nodes& branch) {
      return std::count_if(branch.begin(), branch.end(),
                           [&](const Node* node) { return wanted_.contains(node); });
    };
    const bool of_then = has(then);
    const bool of_otherwise = has(otherwise);
    const bool prefers_then = wanted(then) >= wanted(otherwise);
    const bool settled = of_then != of_otherwise && of_then == prefers_then;
    if (settled || (!of_then && !of_otherwise))
      return;
    for (const Nodes* branch :
         {prefers_then ? &otherwise : &then, prefers_then ? &then : &otherwise})
      if (close(*branch, cost))
        return;
  }

  bool close(const Nodes& branch, Cost cost) {
    Nodes closed = closed_;
    closed.insert(branch.begin(), branch.end());
    Aligner aligner(first_, second_, closed);
    if (aligner.cost() != cost)
      return false;
    matches_ = aligner.take();
    closed_ = std::move(closed);
    return true;
  }

  const Skeleton& first_;
  const Skeleton& second_;
  const Nodes& wanted_;
  Nodes closed_;
  std::vector<Match> matches_;
};

} // namespace

bool agree(const Node& first, const Node& second) {
  if (first.act != second.act) {
    const auto leaves = [](Act act) { return act == Act::returns || act == Act::jumps; };
    return (is_conditional(first.act) && is_conditional(second.act)) ||
           (leaves(first.act) && leaves(second.act)) || walks_by_hand(first, second) ||
           walks_by_hand(second, first) || searches(first, second);
  }
  if (first.way != second.way && first.way != Way::none && second.way != Way::none)
    return false;
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

std::vector<Match> align_texts(const Skeleton& first, const Skeleton& second) {
  const auto with_all = [](Skeleton skeleton) {
    const std::function<void(Skeleton&)> clear = [&](Skeleton& nodes) {
      for (Node& node : nodes) {
        node.left_out.clear();
        clear(node.inside);
      }
    };
    clear(skeleton);
    return skeleton;
  };
  const Skeleton copies[] = {with_all(first), with_all(second)};
  const std::vector<const Node*> of_copies[] = {in_order(copies[0]), in_order(copies[1])};
  const std::vector<const Node*> own[] = {in_order(first), in_order(second)};
  const auto own_of = [&](std::size_t i, const Node* copy) {
    return own[i][static_cast<std::size_t>(
        std::find(of_copies[i].begin(), of_copies[i].end(), copy) - of_copies[i].begin())];
  };
  const Nodes none;
  std::vector<Match> matches;
  for (const Match& match : Aligner(copies[0], copies[1], none).take())
    matches.push_back({own_of(0, match.first), own_of(1, match.second)});
  return matches;
}

std::vector<Match> align(const Skeleton& first, const Skeleton& second, const Nodes& wanted) {
  std::vector<Match> matches = OneBranch(first, second, wanted).matches();
  const std::vector<const Node*> order = in_order(first);
  const auto place = [&](const Match& match) {
    return std::find(order.begin(), order.end(), match.first) - order.begin();
  };
  std::sort(matches.begin(), matches.end(),
            [&](const Match& a, const Match& b) { return place(a) < place(b); });
  return matches;
}

} // namespace interlock::kernel_text
