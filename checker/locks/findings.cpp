// From the acquisition graph to findings.
#include "locks/findings.hpp"

#include "lang/violations.hpp"

#include <algorithm>

namespace interlock::checker {

using lang::ThreadId;

namespace {

// A different thread for each edge, if there are enough that take them.
bool assign(const std::vector<const ClassEdge*>& edges, std::vector<ThreadId>& threads) {
  if (threads.size() == edges.size())
    return true;
  for (const ThreadId thread : edges[threads.size()]->threads) {
    if (std::find(threads.begin(), threads.end(), thread) != threads.end())
      continue;
    threads.push_back(thread);
    if (assign(edges, threads))
      return true;
    threads.pop_back();
  }
  return false;
}

class Finder {
public:
  Finder(const lang::Spec& spec, LockAnalysis& analysis)
      : spec_(spec), analysis_(analysis), graph_(analysis.graph) {}

  void run() {
    for (std::size_t i = 0; i < graph_.mishaps.size(); ++i)
      add_mishap(i);
    for (std::size_t i = 0; i < graph_.cycles.size(); ++i)
      add_cycle(graph_.cycles[i], graph_.meetings[i]);
    for (const ClassEdge& edge : graph_.blocking) {
      if (edge.held == edge.acquired)
        add_duplicate(edge);
      else if (against_documented(edge))
        add_documented(edge);
    }
    std::stable_sort(analysis_.findings.begin(), analysis_.findings.end(),
                     [](const LockFinding& a, const LockFinding& b) { return a.kind < b.kind; });
  }

  // Whether the documented order has the acquired class before the held one.
  bool against_documented(const ClassEdge& edge) const {
    const std::vector<std::string>& order = analysis_.documented;
    const auto held = std::find(order.begin(), order.end(), graph_.classes[edge.held]);
    const auto acquired = std::find(order.begin(), order.end(), graph_.classes[edge.acquired]);
    return held != order.end() && acquired != order.end() && acquired < held;
  }

private:
  const std::string& name(ThreadId thread) const { return spec_.threads()[thread].name; }
  const std::string& lock(LockIndex lock) const { return graph_.locks[lock].name; }
  std::string arrow(const ClassEdge& edge) const {
    return graph_.classes[edge.held] + " -> " + graph_.classes[edge.acquired];
  }
  const ClassEdge& class_edge(std::uint32_t held, std::uint32_t acquired) const {
    return *std::find_if(
        graph_.blocking.begin(), graph_.blocking.end(),
        [&](const ClassEdge& edge) { return edge.held == held && edge.acquired == acquired; });
  }

  void add_mishap(std::size_t number) {
    const LockMishap& mishap = graph_.mishaps[number];
    LockFinding finding;
    finding.mishap = number;
    finding.path = mishap.path;
    const lang::Action& action = spec_.actions()[mishap.action];
    switch (mishap.kind) {
    case LockMishap::Kind::deadlock:
      finding.kind = LockFindingKind::deadlock;
      for (const Waiter& waiter : mishap.waiters)
        finding.text += (finding.text.empty() ? "" : "; ") + name(waiter.thread) + " waits for " +
                        lock(waiter.lock) + " held by " + name(waiter.holder);
      finding.reason = "a reachable state has these threads wait for each other for ever";
      break;
    case LockMishap::Kind::stuck:
      finding.kind = LockFindingKind::stuck;
      finding.text = mishap.text;
      finding.reason = "in a reachable state no thread can move";
      break;
    case LockMishap::Kind::recursion:
      finding.kind = LockFindingKind::recursion;
      finding.text = name(mishap.thread) + " takes " + lock(mishap.held) + ", which it holds";
      finding.reason = "in a reachable state " + name(mishap.thread) + " stands at " +
                       action.label + " and cannot take it";
      break;
    case LockMishap::Kind::nesting:
      finding.kind = LockFindingKind::duplicate;
      finding.text = name(mishap.thread) + " takes " + lock(*mishap.wanted) + " with " +
                     lock(mishap.held) + " held, against the rule of class " +
                     graph_.locks[mishap.held].lock_class;
      finding.reason = "the rule says: " + mishap.text;
      break;
    case LockMishap::Kind::sleep: {
      finding.kind = LockFindingKind::sleep;
      const LockInfo& held = graph_.locks[mishap.held];
      const LockInfo* wanted = mishap.wanted ? &graph_.locks[*mishap.wanted] : nullptr;
      finding.text = name(mishap.thread) +
                     (wanted == nullptr ? " sleeps" : " takes " + wanted->name) + " with " +
                     held.kind + " " + held.name + " held";
      finding.reason = wanted == nullptr ? "a thread that holds a lock of this kind may not sleep"
                       : wanted->waiting == lang::Waiting::sleeps
                           ? "taking the lock may sleep, whether it is free here or not"
                           : "taking the lock may block, whether it is free here or not";
      break;
    }
    }
    analysis_.findings.push_back(std::move(finding));
  }

  void add_cycle(const ClassCycle& cycle, const std::optional<LockMeeting>& met) {
    std::vector<const ClassEdge*> edges;
    for (std::size_t i = 0; i < cycle.size(); ++i)
      edges.push_back(&class_edge(cycle[i], cycle[(i + 1) % cycle.size()]));
    // The attempted order is the one that the documentation forbids, else the one found last.
    const auto last =
        std::max_element(edges.begin(), edges.end(), [&](const ClassEdge* a, const ClassEdge* b) {
          return std::pair(against_documented(*a), a->edges.front()) <
                 std::pair(against_documented(*b), b->edges.front());
        });
    const auto first = last + 1 - edges.begin(); // of the edges, when the last one is last
    std::rotate(edges.begin(), edges.begin() + first, edges.end());
    LockFinding finding;
    finding.kind = LockFindingKind::order_reversal;
    if (met) {
      finding.standings = met->standings;
      std::rotate(finding.standings.begin(), finding.standings.begin() + first,
                  finding.standings.end());
    }
    for (const ClassEdge* edge : edges) {
      finding.text += (finding.text.empty()   ? ""
                       : edge == edges.back() ? " and "
                                              : ", ") +
                      arrow(*edge);
      finding.edges.push_back(edge->edges.front());
    }
    finding.meet = met.has_value();
    const bool different = assign(edges, finding.threads);
    if (!different) {
      finding.threads.clear();
      for (const ClassEdge* edge : edges)
        finding.threads.push_back(*edge->threads.begin());
    }
    finding.path = met ? met->path : graph_.edges[finding.edges.back()].path;
    finding.reason = met ? meeting_reason(cycle) : never_reason(edges, different);
    analysis_.findings.push_back(std::move(finding));
  }

  std::string meeting_reason(const ClassCycle& cycle) const {
    const std::set<std::uint32_t> classes(cycle.begin(), cycle.end());
    const bool deadlocks =
        std::any_of(graph_.mishaps.begin(), graph_.mishaps.end(), [&](const LockMishap& mishap) {
          std::set<std::uint32_t> waited;
          for (const Waiter& waiter : mishap.waiters)
            waited.insert(graph_.locks[waiter.lock].class_index);
          return waited == classes;
        });
    return std::string("threads meet: a reachable state has a thread at each of these orders; ") +
           (deadlocks ? "they deadlock"
                      : "none has them wait for each other, whose locks are other instances or "
                        "shared");
  }

  std::string never_reason(const std::vector<const ClassEdge*>& edges, bool different) const {
    std::string reason = "threads never meet: no reachable state has ";
    for (std::size_t i = 0; i < edges.size(); ++i)
      reason += (i == 0                  ? "a thread that holds "
                 : i + 1 == edges.size() ? " and another that holds "
                                         : ", another that holds ") +
                graph_.classes[edges[i]->held] + " and wants " + graph_.classes[edges[i]->acquired];
    if (!graph_.limit.empty() || graph_.interrupted)
      reason += ", among those that were explored";
    if (!different)
      return reason + "; there are too few threads that take these orders";
    std::set<LockIndex> gate = edges.front()->gate;
    for (const ClassEdge* edge : edges)
      std::erase_if(gate, [&](LockIndex other) { return !edge->gate.contains(other); });
    for (const LockIndex other : gate)
      reason += (other == *gate.begin() ? "; each takes them with " : " and ") + lock(other);
    return reason + (gate.empty() ? "; no lock that all hold keeps them apart" : " held");
  }

  void add_documented(const ClassEdge& edge) {
    LockFinding finding;
    finding.kind = LockFindingKind::documented_order;
    finding.text = arrow(edge);
    finding.reason = "the documented order has " + graph_.classes[edge.acquired] + " before " +
                     graph_.classes[edge.held];
    finding.edges = {edge.edges.front()};
    finding.threads = {*edge.threads.begin()};
    finding.path = graph_.edges[finding.edges.front()].path;
    analysis_.findings.push_back(std::move(finding));
  }

  void add_duplicate(const ClassEdge& edge) {
    const std::string& lock_class = graph_.classes[edge.held];
    if (std::any_of(spec_.nestings().begin(), spec_.nestings().end(),
                    [&](const lang::Nesting& rule) { return rule.lock_class == lock_class; }))
      return; // judged state by state
    LockFinding finding;
    finding.kind = LockFindingKind::duplicate;
    const LockEdge& first = graph_.edges[edge.edges.front()];
    finding.text = lock(first.held) + " and " + lock(first.acquired) + " are both " + lock_class;
    finding.reason = "no rule says which of two locks of class " + lock_class + " comes first";
    finding.edges = {edge.edges.front()};
    finding.threads = {*first.threads.begin()};
    finding.path = first.path;
    analysis_.findings.push_back(std::move(finding));
  }

  const lang::Spec& spec_;
  LockAnalysis& analysis_;
  const LockGraph& graph_;
};

} // namespace

LockAnalysis analyse_locks(const lang::Spec& spec, const CheckOptions& options) {
  LockAnalysis analysis;
  analysis.graph = build_lock_graph(spec, options);
  analysis.documented = options.lock_order;
  Finder finder(spec, analysis);
  finder.run();
  std::vector<bool> precious;
  for (const ClassEdge& edge : analysis.graph.blocking)
    precious.push_back(!finder.against_documented(edge));
  analysis.ranks = rank_locks(analysis.graph.blocking, analysis.graph.classes.size(), precious);
  return analysis;
}

const char* kind_name(LockFindingKind kind) {
  switch (kind) {
  case LockFindingKind::deadlock:
    return "deadlock";
  case LockFindingKind::stuck:
    return "stuck";
  case LockFindingKind::order_reversal:
    return "lock order reversal";
  case LockFindingKind::documented_order:
    return "documented lock order violated";
  case LockFindingKind::recursion:
    return "recursion on a lock";
  case LockFindingKind::duplicate:
    return "acquiring duplicate lock of same type";
  case LockFindingKind::sleep:
    return "sleeping or blocking with a lock that forbids it";
  }
  return "";
}

const char* property_of(LockFindingKind kind) {
  switch (kind) {
  case LockFindingKind::deadlock:
  case LockFindingKind::stuck:
    return lang::no_deadlock;
  case LockFindingKind::order_reversal:
  case LockFindingKind::documented_order:
    return lang::analysis::lock_order;
  default:
    return lang::analysis::lock_discipline;
  }
}

} // namespace interlock::checker
