// Walks the wait-for graph from the first blocked thread until it closes or ends.
#include "search/deadlock.hpp"

#include <algorithm>

namespace interlock::checker {

using lang::ThreadId;
using lang::WaitEdge;

namespace {

class Walk {
public:
  Walk(const lang::Spec& spec, const lang::State& state)
      : spec_(spec), state_(state), edges_(lang::wait_for_graph(spec, state)) {}

  // The walk goes along first holders; where that does not close a circle, it tells how it ends.
  std::string from(ThreadId start) {
    std::vector<const WaitEdge*> way;
    for (ThreadId at = start;;) {
      const auto again = std::find_if(way.begin(), way.end(),
                                      [&](const WaitEdge* edge) { return edge->thread == at; });
      if (again != way.end()) {
        closed_ = true;
        return sentence({again, way.end()}, "");
      }
      const WaitEdge* edge = edge_of(at);
      if (edge == nullptr || edge->asleep)
        return sentence(way, end(at, edge));
      way.push_back(edge);
      at = edge->holders.front();
    }
  }
  bool closed() const { return closed_; }

private:
  const WaitEdge* edge_of(ThreadId thread) const {
    const WaitEdge* asleep = nullptr;
    for (const WaitEdge& edge : edges_) {
      if (edge.thread != thread)
        continue;
      if (!edge.holders.empty())
        return &edge;
      asleep = &edge;
    }
    return asleep;
  }

  std::string object(const WaitEdge& edge) const {
    return spec_.pools()[edge.pool].objects[edge.object];
  }

  std::string end(ThreadId thread, const WaitEdge* asleep) const {
    const std::string& name = spec_.threads()[thread].name;
    if (asleep != nullptr)
      return name + " sleeps on " + object(*asleep) + ", and no thread is left to wake it";
    const lang::PointId point = lang::point_of(spec_, state_, thread);
    if (point == spec_.threads()[thread].done())
      return name + " has ended";
    return name + " cannot go on at " + spec_.threads()[thread].points[point].label;
  }

  std::string sentence(const std::vector<const WaitEdge*>& way, const std::string& end) const {
    std::string text;
    for (const WaitEdge* edge : way) {
      const ThreadId holder = edge->holders.front();
      text += (text.empty() ? "" : "; ") + spec_.threads()[edge->thread].name + " waits for " +
              object(*edge) + " held by " +
              (holder == edge->thread ? "itself" : spec_.threads()[holder].name);
    }
    return end.empty() ? text : text.empty() ? end : text + "; " + end;
  }

  const lang::Spec& spec_;
  const lang::State& state_;
  std::vector<WaitEdge> edges_;
  bool closed_ = false;
};

} // namespace

std::string explain_deadlock(const lang::Spec& spec, const lang::State& state) {
  std::string first;
  for (ThreadId thread = 0; thread < spec.threads().size(); ++thread) {
    if (lang::standing(spec, state, thread) != lang::Standing::blocked)
      continue;
    Walk walk(spec, state);
    const std::string text = walk.from(thread);
    if (walk.closed()) // a circle says more than a chain
      return text;
    if (first.empty())
      first = text;
  }
  return first;
}

} // namespace interlock::checker
