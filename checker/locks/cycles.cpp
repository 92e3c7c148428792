// Breadth-first search from the head of each edge back to its tail.
#include "locks/cycles.hpp"

#include <algorithm>
#include <deque>

namespace interlock::checker {

namespace {

constexpr std::uint32_t unreached = ~std::uint32_t{0};

// A shortest path of classes, both ends included; empty when there is none.
ClassCycle shortest_path(const std::vector<std::vector<std::uint32_t>>& next, std::uint32_t from,
                         std::uint32_t to) {
  std::vector<std::uint32_t> before(next.size(), unreached);
  std::deque<std::uint32_t> waiting{from};
  before[from] = from;
  while (!waiting.empty() && before[to] == unreached) {
    const std::uint32_t at = waiting.front();
    waiting.pop_front();
    for (const std::uint32_t head : next[at])
      if (before[head] == unreached) {
        before[head] = at;
        waiting.push_back(head);
      }
  }
  ClassCycle path;
  if (before[to] == unreached)
    return path;
  for (std::uint32_t at = to; at != from; at = before[at])
    path.push_back(at);
  path.push_back(from);
  std::reverse(path.begin(), path.end());
  return path;
}

} // namespace

std::vector<ClassCycle> class_cycles(const std::vector<ClassEdge>& edges, std::size_t classes) {
  std::vector<std::vector<std::uint32_t>> next(classes);
  for (const ClassEdge& edge : edges)
    if (edge.held != edge.acquired)
      next[edge.held].push_back(edge.acquired);
  for (std::vector<std::uint32_t>& heads : next)
    std::sort(heads.begin(), heads.end());
  std::set<std::pair<std::size_t, ClassCycle>> found;
  for (const ClassEdge& edge : edges) {
    if (edge.held == edge.acquired)
      continue;
    ClassCycle cycle = shortest_path(next, edge.acquired, edge.held);
    if (cycle.empty())
      continue;
    std::rotate(cycle.begin(), std::min_element(cycle.begin(), cycle.end()), cycle.end());
    found.emplace(cycle.size(), std::move(cycle));
  }
  std::vector<ClassCycle> cycles;
  for (const auto& [length, cycle] : found)
    cycles.push_back(cycle);
  return cycles;
}

} // namespace interlock::checker
