// Explores once, remembering how each state was found; then reads the states' locks one by one.
#include "checker/lock_graph.hpp"

#include "checker/compiled_spec.hpp"
#include "checker/explore.hpp"
#include "checker/limits.hpp"
#include "checker/lock_cycles.hpp"
#include "checker/lock_survey.hpp"
#include "lang/evaluate.hpp"

#include <algorithm>

namespace interlock::checker {

using lang::ActionId;
using lang::ThreadId;

namespace {

// How each state was found first, which states are stuck, and which steps failed.
class Ancestry : public Silent {
public:
  explicit Ancestry(std::size_t failures) : cut_(failures, 0) {}

  void edge(StateNumber from, ActionId action, StateNumber, bool fresh) {
    if (fresh)
      parents_.emplace_back(from, action);
  }
  void failed(StateNumber, ActionId, FailureId failure) { ++cut_[failure]; }
  void stuck(StateNumber number, const Word*) { stuck_.push_back(number); }

  const std::vector<StateNumber>& stuck() const { return stuck_; }
  std::uint64_t cut(FailureId failure) const { return cut_[failure]; }
  // The states on the way from the initial one, with the action that leads to each.
  std::vector<std::pair<StateNumber, ActionId>> way_to(StateNumber state) const {
    std::vector<std::pair<StateNumber, ActionId>> way;
    for (; state != 0; state = parents_[state - 1].first)
      way.emplace_back(state, parents_[state - 1].second);
    std::reverse(way.begin(), way.end());
    return way;
  }
  std::vector<ActionId> path_to(StateNumber state) const {
    std::vector<ActionId> path;
    for (const auto& [number, action] : way_to(state))
      path.push_back(action);
    return path;
  }

private:
  std::vector<std::pair<StateNumber, ActionId>> parents_; // of state number + 1
  std::vector<StateNumber> stuck_;
  std::vector<std::uint64_t> cut_;
};

// Gives each edge of a cycle a thread of its own.
bool stand_in_all(const std::vector<std::uint32_t>& pairs, std::size_t from,
                  const std::vector<const Stance*>& stances, std::vector<bool>& used) {
  if (from == pairs.size())
    return true;
  for (std::size_t i = 0; i < stances.size(); ++i) {
    const std::vector<std::uint32_t>& has = stances[i]->class_pairs;
    if (used[i] || !std::binary_search(has.begin(), has.end(), pairs[from]))
      continue;
    used[i] = true;
    if (stand_in_all(pairs, from + 1, stances, used))
      return true;
    used[i] = false;
  }
  return false;
}

class Builder {
public:
  Builder(const lang::Spec& spec, const CheckOptions& options)
      : spec_(spec), options_(options), model_(spec, {}),
        seen_(model_.bytes(), {options.max_states, options.max_bytes}),
        ancestry_(model_.failures()), survey_(spec, model_.layout()) {}

  LockGraph run() {
    explore_all();
    survey_all();
    graph_.locks = survey_.stances().locks();
    graph_.classes = survey_.stances().classes();
    for (SeenEdge& seen : survey_.edges()) {
      const auto way = ancestry_.way_to(seen.state);
      seen.edge.path = ancestry_.path_to(seen.state);
      seen.edge.established = established(way, seen.edge);
      graph_.edges.push_back(std::move(seen.edge));
    }
    for (SeenMishap& seen : survey_.mishaps()) {
      seen.mishap.path = ancestry_.path_to(seen.state);
      graph_.mishaps.push_back(std::move(seen.mishap));
    }
    collect_class_edges();
    graph_.cycles = class_cycles(graph_.blocking, graph_.classes.size());
    find_meetings();
    graph_.statistics.seconds = clock_.seconds();
    return std::move(graph_);
  }

private:
  void explore_all() {
    Counting counting(spec_.actions().size());
    TimeLimit time(options_, clock_);
    ProgressReport progress(options_, clock_, counting);
    Listeners listeners(ancestry_, counting, time, progress);
    const Full full = explore(model_, seen_, listeners);
    if (full != Full::no)
      graph_.limit = full == Full::bytes ? "the states need more memory than the limit"
                                         : "there are more states than the limit";
    else if (time.expired())
      graph_.limit = "the time limit was reached";
    graph_.interrupted = time.interrupted();
    Statistics& statistics = graph_.statistics;
    statistics.states = seen_.size();
    statistics.transitions = counting.transitions();
    statistics.depth = counting.depth();
    statistics.state_bits = model_.layout().bits();
    statistics.bytes_per_state =
        static_cast<double>(seen_.bytes()) / static_cast<double>(seen_.size());
    statistics.action_counts = counting.action_counts();
    for (FailureId failure = 0; failure < model_.failures(); ++failure)
      if (ancestry_.cut(failure) != 0)
        statistics.cut[model_.failure(failure)] = ancestry_.cut(failure);
  }

  void survey_all() {
    std::vector<Word> state(model_.words());
    auto stuck = ancestry_.stuck().begin();
    for (StateNumber number = 0; number < seen_.size(); ++number) {
      seen_.load(number, state.data());
      const bool is_stuck = stuck != ancestry_.stuck().end() && *stuck == number;
      survey_.look_at(number, state.data(), is_stuck);
      stuck += is_stuck ? 1 : 0;
    }
  }

  // The step on the way after which the thread has held the edge's first lock until the end.
  std::optional<ActionId> established(const std::vector<std::pair<StateNumber, ActionId>>& way,
                                      const LockEdge& edge) {
    const LockInfo& lock = survey_.stances().locks()[edge.held];
    const ThreadId thread = spec_.actions()[edge.attempt].thread;
    std::vector<Word> words(model_.words());
    std::optional<ActionId> step;
    for (std::size_t i = way.size();; --i) {
      seen_.load(i == 0 ? 0 : way[i - 1].first, words.data());
      const auto held = lang::held_locks(spec_, model_.layout().unpack(words.data()), thread);
      const bool holds = std::any_of(held.begin(), held.end(), [&](const lang::HeldLock& other) {
        return other.pool == lock.pool && other.object == lock.object;
      });
      if (!holds)
        return step;
      if (i == 0)
        return std::nullopt;
      step = way[i - 1].second;
    }
  }

  void collect_class_edges() {
    std::map<std::pair<std::uint32_t, std::uint32_t>, ClassEdge> all;
    for (std::size_t i = 0; i < graph_.edges.size(); ++i) {
      const LockEdge& edge = graph_.edges[i];
      if (!edge.blocking)
        continue;
      const std::uint32_t held = graph_.locks[edge.held].class_index;
      const std::uint32_t acquired = graph_.locks[edge.acquired].class_index;
      const auto [found, is_new] = all.try_emplace({held, acquired});
      ClassEdge& into = found->second;
      const std::set<LockIndex> gate(edge.gate.begin(), edge.gate.end());
      if (is_new)
        into = {held, acquired, {}, {}, gate};
      into.edges.push_back(i);
      into.threads.insert(edge.threads.begin(), edge.threads.end());
      std::erase_if(into.gate, [&](LockIndex lock) { return !gate.contains(lock); });
    }
    for (auto& [classes, edge] : all)
      graph_.blocking.push_back(std::move(edge));
  }

  void find_meetings() {
    graph_.meetings.resize(graph_.cycles.size());
    std::vector<std::vector<std::uint32_t>> open; // class pairs of each cycle; empty: settled
    std::size_t left = 0;
    for (const ClassCycle& cycle : graph_.cycles) {
      std::vector<std::uint32_t>& pairs = open.emplace_back();
      for (std::size_t i = 0; i < cycle.size() && cycle.size() <= spec_.threads().size(); ++i)
        pairs.push_back(cycle[i] * static_cast<std::uint32_t>(graph_.classes.size()) +
                        cycle[(i + 1) % cycle.size()]);
      left += pairs.empty() ? 0 : 1;
    }
    std::vector<Word> state(model_.words());
    std::vector<std::uint32_t> at(spec_.threads().size());
    LockStances& stances = survey_.stances();
    for (StateNumber number = 0; number < seen_.size() && left != 0; ++number) {
      seen_.load(number, state.data());
      stances.read(state.data(), at);
      std::vector<const Stance*> some;
      for (const std::uint32_t stance : at)
        if (stance != LockStances::none && !stances[stance].class_pairs.empty())
          some.push_back(&stances[stance]);
      for (std::size_t i = 0; i < open.size() && some.size() > 1; ++i) {
        std::vector<bool> used(some.size(), false);
        if (open[i].empty() || !stand_in_all(open[i], 0, some, used))
          continue;
        graph_.meetings[i] = ancestry_.path_to(number);
        open[i].clear();
        --left;
      }
    }
  }

  const lang::Spec& spec_;
  const CheckOptions& options_;
  const Clock clock_;
  const CompiledSpec model_;
  SeenSet seen_;
  Ancestry ancestry_;
  LockSurvey survey_;
  LockGraph graph_;
};

} // namespace

LockGraph build_lock_graph(const lang::Spec& spec, const CheckOptions& options) {
  return Builder(spec, options).run();
}

} // namespace interlock::checker
