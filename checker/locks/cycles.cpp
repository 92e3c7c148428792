// A shortest way from the head of each edge back to its tail.
#include "locks/cycles.hpp"

#include "lang/cycles.hpp"

#include <algorithm>

namespace interlock::checker {

std::vector<ClassCycle> class_cycles(const std::vector<ClassEdge>& edges, std::size_t classes) {
  lang::Graph graph(classes);
  for (const ClassEdge& edge : edges)
    if (edge.held != edge.acquired)
      graph[edge.held].push_back(edge.acquired);
  for (lang::Nodes& heads : graph)
    std::sort(heads.begin(), heads.end());
  std::set<std::pair<std::size_t, ClassCycle>> found;
  for (const ClassEdge& edge : edges) {
    if (edge.held == edge.acquired)
      continue;
    ClassCycle cycle = lang::shortest_path(graph, edge.acquired, edge.held);
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
