// Explores once, with a way to each state; then reads the states' locks one by one, in the order of
// their ways, so that the first state that shows something has the best way to it.
#include "locks/graph.hpp"

#include "engine/compiled_spec.hpp"
#include "lang/evaluate.hpp"
#include "locks/cycles.hpp"
#include "locks/survey.hpp"
#include "search/exploration.hpp"
#include "search/parent_links.hpp"

#include <algorithm>

namespace interlock::checker {

using lang::ActionId;
using lang::ThreadId;

namespace {

// The states in which nothing can move, by number.
class StuckStates : public Silent {
public:
  void stuck(StateNumber number, const Word*) { numbers_.push_back(number); }
  const std::vector<StateNumber>& numbers() const { return numbers_; }

private:
  std::vector<StateNumber> numbers_;
};

// Gives each edge of a cycle a thread of its own: `chosen` is the stance of each.
bool stand_in_all(const std::vector<std::uint32_t>& pairs,
                  const std::vector<const Stance*>& stances, std::vector<const Stance*>& chosen) {
  if (chosen.size() == pairs.size())
    return true;
  for (const Stance* stance : stances) {
    const std::vector<std::uint32_t>& has = stance->class_pairs;
    if (std::find(chosen.begin(), chosen.end(), stance) != chosen.end() ||
        !std::binary_search(has.begin(), has.end(), pairs[chosen.size()]))
      continue;
    chosen.push_back(stance);
    if (stand_in_all(pairs, stances, chosen))
      return true;
    chosen.pop_back();
  }
  return false;
}

class Builder {
public:
  Builder(const lang::Spec& spec, const CheckOptions& options)
      : spec_(spec), model_(spec, {}), exploration_(spec, model_, options), parents_(spec),
        survey_(spec, model_.layout()) {}

  LockGraph run() {
    explore_all();
    survey_all();
    graph_.locks = survey_.stances().locks();
    graph_.classes = survey_.stances().classes();
    for (SeenEdge& seen : survey_.edges()) {
      seen.edge.path = parents_.path_to(seen.state);
      seen.edge.established = established(parents_.way_to(seen.state), seen.edge.held,
                                          spec_.actions()[seen.edge.attempt].thread);
      graph_.edges.push_back(std::move(seen.edge));
    }
    for (SeenMishap& seen : survey_.mishaps()) {
      trace(seen.mishap, seen.state);
      graph_.mishaps.push_back(std::move(seen.mishap));
    }
    collect_class_edges();
    graph_.cycles = class_cycles(graph_.blocking, graph_.classes.size());
    find_meetings();
    graph_.statistics.seconds = exploration_.statistics().seconds;
    return std::move(graph_);
  }

private:
  void explore_all() {
    CutSteps cut(model_);
    exploration_.run(parents_, stuck_, cut);
    parents_.finish();
    graph_.limit = exploration_.limit();
    graph_.interrupted = exploration_.interrupted();
    graph_.statistics = exploration_.statistics();
    graph_.statistics.cut = cut.by_property();
  }

  void survey_all() {
    std::vector<Word> state(model_.words());
    const std::vector<StateNumber>& stuck = stuck_.numbers();
    for (const StateNumber number : parents_.in_order()) {
      seen().load(number, state.data());
      survey_.look_at(number, state.data(), std::binary_search(stuck.begin(), stuck.end(), number));
    }
  }

  const SeenSet& seen() const { return exploration_.seen(); }

  // How the mishap comes about, and where its locks were taken.
  void trace(LockMishap& mishap, StateNumber state) {
    mishap.path = parents_.path_to(state);
    const std::vector<ParentLinks::Link> way = parents_.way_to(state);
    for (Waiter& waiter : mishap.waiters)
      waiter.established = established(way, waiter.lock, waiter.holder);
    if (mishap.kind != LockMishap::Kind::deadlock && mishap.kind != LockMishap::Kind::stuck)
      mishap.established = established(way, mishap.held, mishap.thread);
  }

  // The step on the way after which the thread has held the lock until the end.
  std::optional<ActionId> established(const std::vector<ParentLinks::Link>& way,
                                      LockIndex held_lock, ThreadId thread) {
    const LockInfo& lock = survey_.stances().locks()[held_lock];
    std::vector<Word> words(model_.words());
    std::optional<ActionId> step;
    for (std::size_t i = way.size();; --i) {
      seen().load(i == 0 ? 0 : way[i - 1].state, words.data());
      const auto held = lang::held_locks(spec_, model_.layout().unpack(words.data()), thread);
      const bool holds = std::any_of(held.begin(), held.end(), [&](const lang::HeldLock& other) {
        return other.pool == lock.pool && other.object == lock.object;
      });
      if (!holds)
        return step;
      if (i == 0)
        return std::nullopt;
      step = way[i - 1].action;
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
    for (const StateNumber number : parents_.in_order()) {
      if (left == 0)
        return;
      seen().load(number, state.data());
      stances.read(state.data(), at);
      std::vector<const Stance*> some;
      for (const std::uint32_t stance : at)
        if (stance != LockStances::none && !stances[stance].class_pairs.empty())
          some.push_back(&stances[stance]);
      for (std::size_t i = 0; i < open.size() && some.size() > 1; ++i) {
        std::vector<const Stance*> chosen;
        if (open[i].empty() || !stand_in_all(open[i], some, chosen))
          continue;
        LockMeeting meeting{parents_.path_to(number), {}};
        for (std::size_t edge = 0; edge < chosen.size(); ++edge)
          meeting.standings.push_back(stances.standing_in(*chosen[edge], open[i][edge]));
        graph_.meetings[i] = std::move(meeting);
        open[i].clear();
        --left;
      }
    }
  }

  const lang::Spec& spec_;
  const CompiledSpec model_;
  Exploration exploration_;
  ParentLinks parents_;
  StuckStates stuck_;
  LockSurvey survey_;
  LockGraph graph_;
};

} // namespace

LockGraph build_lock_graph(const lang::Spec& spec, const CheckOptions& options) {
  return Builder(spec, options).run();
}

} // namespace interlock::checker
