// The wait-for graph, its cycles, and both in words.
#include "lang/wait_for.hpp"

#include "lang/cycles.hpp"

namespace interlock::lang {

namespace {

Value read(const Spec& spec, const State& state, VariableId id, std::uint32_t object) {
  const Variable& variable = spec.variables()[id];
  return state[variable.first_slot + object * variable.stride];
}

std::vector<ThreadId> holders_of(const Spec& spec, const State& state, PoolId pool,
                                 std::uint32_t object) {
  std::vector<ThreadId> result;
  const LockPool& lock = *spec.pools()[pool].lock;
  const Value owner = lock.owner ? read(spec, state, *lock.owner, object) : none;
  if (owner != none)
    result.push_back(static_cast<ThreadId>(owner - 1));
  const Value readers = lock.readers ? read(spec, state, *lock.readers, object) : 0;
  for (ThreadId thread = 0; thread < spec.threads().size(); ++thread)
    if ((readers >> thread & 1) != 0)
      result.push_back(thread);
  return result;
}

bool waits_on(const Spec& spec, const State& state, PoolId pool, std::uint32_t object,
              ThreadId thread) {
  const LockPool& lock = *spec.pools()[pool].lock;
  return lock.waiters && (read(spec, state, *lock.waiters, object) >> thread & 1) != 0;
}

void add_edges(const Spec& spec, const State& state, ThreadId thread, ActionId id,
               std::vector<WaitEdge>& edges) {
  for (const Effect& effect : spec.actions()[id].effects) {
    const Evaluation lock = evaluate(spec, state, effect.lock);
    if (lock.failure || lock.value == none)
      continue;
    const PoolId pool = effect.lock.type().pool;
    const auto object = static_cast<std::uint32_t>(lock.value - 1);
    WaitEdge edge{thread, pool, object, false, id, {}};
    if (effect.kind == EffectKind::sleep)
      edge.asleep = waits_on(spec, state, pool, object, thread);
    else if (effect.kind == EffectKind::acquire)
      edge.holders = holders_of(spec, state, pool, object);
    const bool asleep = edge.asleep;
    if (asleep || !edge.holders.empty())
      edges.push_back(std::move(edge));
    if (asleep) // the interlock matters only after the wake-up
      return;
  }
}

std::string name_of(const Spec& spec, const WaitEdge& edge) {
  return spec.pools()[edge.pool].objects[edge.object];
}

std::string sentence(const Spec& spec, const WaitEdge& edge, ThreadId holder) {
  return spec.threads()[edge.thread].name + " waits for " + name_of(spec, edge) + " held by " +
         (holder == edge.thread ? "itself" : spec.threads()[holder].name);
}

// From the thread along first holders, which close no cycle, to where that ends.
std::string chain(const Spec& spec, const State& state, const std::vector<WaitEdge>& graph,
                  ThreadId thread) {
  std::string text;
  for (;;) {
    const WaitEdge* edge = nullptr;
    for (const WaitEdge& candidate : graph)
      if (candidate.thread == thread && (edge == nullptr || edge->holders.empty()))
        edge = &candidate;
    const std::string& name = spec.threads()[thread].name;
    if (edge != nullptr && edge->asleep)
      return text + name + " sleeps on " + name_of(spec, *edge) +
             ", and no thread is left to wake it";
    if (edge == nullptr) {
      const PointId point = point_of(spec, state, thread);
      return text + name +
             (point == spec.threads()[thread].done()
                  ? " has ended"
                  : " cannot go on at " + spec.threads()[thread].points[point].label);
    }
    text += sentence(spec, *edge, edge->holders.front()) + "; ";
    thread = edge->holders.front();
  }
}

} // namespace

std::vector<WaitEdge> wait_for_graph(const Spec& spec, const State& state) {
  std::vector<WaitEdge> edges;
  for (ThreadId thread = 0; thread < spec.threads().size(); ++thread) {
    if (standing(spec, state, thread) == Standing::can_move)
      continue;
    for (const ActionId id : pending(spec, state, thread))
      add_edges(spec, state, thread, id, edges);
  }
  return edges;
}

std::vector<WaitEdge> wait_cycle(const std::vector<WaitEdge>& graph) {
  Graph threads;
  for (const WaitEdge& edge : graph) {
    const ThreadId most = edge.holders.empty()
                              ? edge.thread
                              : *std::max_element(edge.holders.begin(), edge.holders.end());
    threads.resize(std::max<std::size_t>(threads.size(), std::max(edge.thread, most) + 1));
    Nodes& next = threads[edge.thread];
    next.insert(next.end(), edge.holders.begin(), edge.holders.end());
  }
  const Nodes cycle = first_cycle(threads);
  std::vector<WaitEdge> edges;
  for (std::size_t i = 0; i < cycle.size(); ++i)
    edges.push_back(*std::find_if(graph.begin(), graph.end(), [&](const WaitEdge& edge) {
      return edge.thread == cycle[i] &&
             std::find(edge.holders.begin(), edge.holders.end(), cycle[(i + 1) % cycle.size()]) !=
                 edge.holders.end();
    }));
  return edges;
}

std::string explain_deadlock(const Spec& spec, const State& state) {
  const std::vector<WaitEdge> graph = wait_for_graph(spec, state);
  const std::vector<WaitEdge> cycle = wait_cycle(graph);
  std::string text;
  for (std::size_t i = 0; i < cycle.size(); ++i)
    text += (i == 0 ? "" : "; ") + sentence(spec, cycle[i], cycle[(i + 1) % cycle.size()].thread);
  for (ThreadId thread = 0; thread < spec.threads().size() && text.empty(); ++thread)
    if (standing(spec, state, thread) == Standing::blocked)
      text = chain(spec, state, graph, thread);
  return text;
}

} // namespace interlock::lang
