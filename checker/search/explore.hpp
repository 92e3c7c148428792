// Breadth-first exploration, level by level.  Knows nothing about locks, properties or traces: what
// is worth knowing about a state or an edge, listeners know (listener.hpp).
#pragma once

#include "search/candidates.hpp"
#include "search/listener.hpp"

namespace interlock::checker {

// A state graph: packed states of words() words and bytes() bytes.  successors(state, sink) builds
// each successor in sink.room() and calls sink.taken(action), or sink.failed(action, failure).
template <class M>
concept Model = requires(const M& model, Word* state, Candidates& sink) {
  { model.words() } -> std::convertible_to<std::size_t>;
  { model.max_successors() } -> std::convertible_to<std::size_t>;
  { model.late_actions() } -> std::convertible_to<std::vector<bool>>;
  model.initial(state);
  model.successors(static_cast<const Word*>(state), sink);
};

// Explores what is reachable from the initial state until nothing new is found or a listener stops
// it. `seen` is empty at first.  Returns why a state could not be stored, if one could not.
template <Model M, Listener L> Full explore(const M& model, SeenSet& seen, L& on) {
  std::vector<Word> state(model.words());
  model.initial(state.data());
  if (const auto start = seen.insert(state.data()); !start.fresh)
    return start.full;
  on.found(0, state.data(), std::nullopt);

  Candidates batch(model.words(), model.max_successors(), model.late_actions());
  StateNumber first = 0; // of the level
  for (StateNumber last = 1; first != last && on.level(first, last); last = seen.size()) {
    while (first != last) {
      // Successors wait until there are many, so that the fetches from the table overlap.
      for (batch.clear(); first != last && !batch.full(); ++first) {
        seen.load(first, state.data());
        batch.expand(first);
        model.successors(state.data(), batch);
        if (batch.expanded_to_nothing())
          on.stuck(first, state.data());
      }
      batch.prefetch(seen);
      for (const Failed& failed : batch.failures())
        on.failed(failed.from, failed.action, failed.failure);
      for (std::size_t i = 0; i < batch.size(); ++i) {
        const auto [to, fresh, full] = seen.insert(batch.state(i), batch.hash(i));
        if (full != Full::no)
          return full;
        if (fresh)
          on.found(to, batch.state(i), batch.action(i));
        on.edge(batch.from(i), batch.action(i), to, fresh);
      }
      if (!on.go_on())
        return Full::no;
    }
  }
  return Full::no;
}

} // namespace interlock::checker
