// Breadth-first search.
#include "lang/cycles.hpp"

#include <algorithm>
#include <deque>

namespace interlock::lang {

namespace {

constexpr std::uint32_t unreached = ~std::uint32_t{0};

} // namespace

Nodes shortest_path(const Graph& graph, std::uint32_t from, std::uint32_t to) {
  Nodes before(graph.size(), unreached);
  std::deque<std::uint32_t> waiting{from};
  before[from] = from;
  while (!waiting.empty() && before[to] == unreached) {
    const std::uint32_t at = waiting.front();
    waiting.pop_front();
    for (const std::uint32_t next : graph[at])
      if (before[next] == unreached) {
        before[next] = at;
        waiting.push_back(next);
      }
  }
  Nodes path;
  if (before[to] == unreached)
    return path;
  for (std::uint32_t at = to; at != from; at = before[at])
    path.push_back(at);
  path.push_back(from);
  std::reverse(path.begin(), path.end());
  return path;
}

Nodes first_cycle(const Graph& graph) {
  for (std::uint32_t start = 0; start < graph.size(); ++start) {
    Nodes shortest;
    for (const std::uint32_t next : graph[start]) {
      Nodes way = shortest_path(graph, next, start);
      if (!way.empty() && (shortest.empty() || way.size() < shortest.size()))
        shortest = std::move(way);
    }
    if (shortest.empty())
      continue;
    std::rotate(shortest.begin(), shortest.end() - 1, shortest.end()); // `start` comes last
    return shortest;
  }
  return {};
}

} // namespace interlock::lang
