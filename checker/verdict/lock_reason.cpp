// From the edges of a finding to orders with a way each; see lock_reason.hpp.
#include "verdict/lock_reason.hpp"

#include "locks/properties.hpp"

#include <algorithm>

namespace interlock::checker {

namespace {

class Reasoner {
public:
  Reasoner(const LockAnalysis& analysis, const LockFinding& finding)
      : graph_(analysis.graph), finding_(finding) {}

  LockReason run() {
    if (finding_.mishap)
      add_mishap(graph_.mishaps[*finding_.mishap]);
    else
      add_edges();
    reason_.remarks.push_back(finding_.reason);
    return std::move(reason_);
  }

private:
  const LockInfo& lock(LockIndex index) const { return graph_.locks[index]; }
  std::string classes(LockIndex held, LockIndex acquired) const {
    return lock(held).lock_class + " -> " + lock(acquired).lock_class;
  }

  void add(const LockStanding& standing, const std::vector<lang::ActionId>& way) {
    const auto& [held, acquired, attempt] = standing;
    const bool same = lock(held).class_index == lock(acquired).class_index;
    reason_.orders.push_back(
        {same ? "" : classes(held, acquired), way, attempt, lock(held).name, lock(acquired).name});
  }
  void add(const LockEdge& edge) { add({edge.held, edge.acquired, edge.attempt}, edge.path); }

  // The last edge is the one that the finding's path leads to.
  void add_edges() {
    for (std::size_t i = finding_.edges.size(); i-- > 0;)
      if (finding_.standings.empty())
        add(graph_.edges[finding_.edges[i]]);
      else
        add(finding_.standings[i], finding_.path);
    const LockEdge& own = graph_.edges[finding_.edges.back()];
    if (finding_.kind == LockFindingKind::documented_order)
      add_opposite(own.held, own.acquired, [&](const LockEdge& edge) {
        return lock(edge.held).class_index == lock(own.acquired).class_index &&
               lock(edge.acquired).class_index == lock(own.held).class_index;
      });
    else if (finding_.kind == LockFindingKind::duplicate)
      add_same_class(own.held, own.acquired);
  }

  void add_mishap(const LockMishap& mishap) {
    const LockIndex wanted = mishap.wanted.value_or(mishap.held);
    add({mishap.held, wanted, mishap.action}, mishap.path);
    if (mishap.kind == LockMishap::Kind::sleep && !mishap.wanted)
      reason_.orders.back().acquired.clear();
    else if (mishap.kind == LockMishap::Kind::nesting)
      add_same_class(mishap.held, wanted);
  }

  void add_same_class(LockIndex held, LockIndex acquired) {
    add_opposite(held, acquired, [&](const LockEdge& edge) {
      return edge.held == acquired && edge.acquired == held;
    });
  }

  // Who takes them the other way round: without that, the order harms nobody in this scenario.
  template <class IsOpposite>
  void add_opposite(LockIndex held, LockIndex acquired, IsOpposite is_opposite) {
    const auto found =
        std::find_if(graph_.edges.begin(), graph_.edges.end(),
                     [&](const LockEdge& edge) { return edge.blocking && is_opposite(edge); });
    if (found != graph_.edges.end())
      return add(*found);
    const bool same = lock(held).class_index == lock(acquired).class_index;
    const auto name = [&](LockIndex index) {
      return same ? lock(index).name : lock(index).lock_class;
    };
    reason_.remarks.push_back("no thread of this scenario takes " + name(held) + " with " +
                              name(acquired) + " held");
  }

  const LockGraph& graph_;
  const LockFinding& finding_;
  LockReason reason_;
};

} // namespace

LockReason lock_reason_of(const std::optional<LockAnalysis>& analysis, const lang::Trace& trace) {
  if (!analysis)
    return {};
  const std::vector<lang::Trace> traces = traces_of(*analysis);
  for (std::size_t i = 0; i < traces.size(); ++i)
    if (traces[i].actions == trace.actions &&
        traces[i].violation.property == trace.violation.property &&
        traces[i].violation.message == trace.violation.message)
      return Reasoner(*analysis, analysis->findings[i]).run();
  return {};
}

} // namespace interlock::checker
