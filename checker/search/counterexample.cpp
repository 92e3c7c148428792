// Backward pass and forward walk; see counterexample.hpp.
#include "search/counterexample.hpp"

#include "search/candidates.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <tuple>

namespace interlock::checker {

namespace {

using lang::ActionId;
using lang::ThreadId;

constexpr std::uint32_t never = std::numeric_limits<std::uint32_t>::max();

// For some states of one level and each thread: the least number of context switches on the rest of
// the way, when that thread moves first.
class Switches {
public:
  explicit Switches(std::size_t threads) : threads_(threads) {}

  // In any order; finish() makes it searchable, and says whether there was any.
  void offer(StateNumber from, ThreadId first, std::uint32_t count) {
    offers_.emplace_back(from, first, count);
  }
  bool finish() {
    std::sort(offers_.begin(), offers_.end());
    for (const auto& [from, first, count] : offers_) {
      if (states_.empty() || states_.back() != from) {
        states_.push_back(from);
        least_.resize(least_.size() + threads_, never);
      }
      std::uint32_t& least = least_[(states_.size() - 1) * threads_ + first];
      least = std::min(least, count);
    }
    offers_ = {};
    return !states_.empty();
  }
  // The rest of the way from a state that `before` has moved to; `never` when there is none.
  std::uint32_t rest(StateNumber state, ThreadId before) const {
    const auto found = std::lower_bound(states_.begin(), states_.end(), state);
    if (found == states_.end() || *found != state)
      return never;
    const auto* least =
        least_.data() + static_cast<std::size_t>(found - states_.begin()) * threads_;
    const std::uint32_t any = *std::min_element(least, least + threads_);
    return std::min(least[before], any == never ? never : any + 1);
  }

private:
  std::size_t threads_;
  std::vector<std::tuple<StateNumber, ThreadId, std::uint32_t>> offers_;
  std::vector<StateNumber> states_;
  std::vector<std::uint32_t> least_;
};

class Search {
public:
  Search(const lang::Spec& spec, const CompiledSpec& model, const SeenSet& seen, const Judge& judge,
         const std::vector<StateNumber>& levels)
      : spec_(spec), model_(model), seen_(seen), judge_(judge), levels_(levels),
        batch_(model.words(), model.max_successors(), model.late_actions()), inner_(batch_),
        state_(model.words()) {}

  lang::Trace run() {
    const std::size_t deepest = levels_.size() - 2;
    std::vector<Word> initial(model_.words());
    model_.initial(initial.data());
    if (is_bad(initial.data()))
      return finish({}, initial);
    rest_.assign(deepest + 1, Switches(spec_.threads().size()));
    std::size_t level = deepest < 2 ? 0 : deepest - 2;
    while (!find_ends(level))
      if (++level > deepest)
        throw std::logic_error("no violation where the exploration met one");
    length_ = level + 1;
    while (level-- > 0)
      step_back(level);
    return walk(std::move(initial));
  }

private:
  // Calls visit(from, action, successor, hash) for every edge of a level, and with no successor for
  // a step that violates a property.
  template <class Visit> void for_each_edge(StateNumber first, StateNumber last, Visit visit) {
    while (first != last) {
      for (batch_.clear(); first != last && !batch_.full(); ++first) {
        seen_.load(first, state_.data());
        batch_.expand(first);
        model_.successors(state_.data(), batch_);
      }
      batch_.prefetch(seen_);
      for (const Failed& failed : batch_.failures())
        if (judge_.counts(failed.failure))
          visit(failed.from, failed.action, nullptr, 0);
      for (std::size_t i = 0; i < batch_.size(); ++i)
        visit(batch_.from(i), batch_.action(i), batch_.state(i), batch_.hash(i));
    }
  }

  // Violates a property of states: an invariant, or one of those where nothing can move.
  bool is_bad(const Word* state) {
    if (judge_.violated_invariant(state))
      return true;
    inner_.clear();
    inner_.expand(0);
    model_.successors(state, inner_);
    return inner_.expanded_to_nothing() &&
           judge_.stuck_violation(model_.layout().unpack(state)).has_value();
  }

  // The steps from this level that end in a violation.
  bool find_ends(std::size_t level) {
    for_each_edge(levels_[level], levels_[level + 1],
                  [&](StateNumber from, ActionId action, const Word* to, std::uint64_t) {
                    if (to == nullptr || is_bad(to))
                      rest_[level].offer(from, spec_.actions()[action].thread, 0);
                  });
    return rest_[level].finish();
  }

  void step_back(std::size_t level) {
    for_each_edge(levels_[level], levels_[level + 1],
                  [&](StateNumber from, ActionId action, const Word* to, std::uint64_t hash) {
                    const ThreadId thread = spec_.actions()[action].thread;
                    const auto known = to == nullptr ? std::nullopt : seen_.find(to, hash);
                    const std::uint32_t rest =
                        known ? rest_[level + 1].rest(*known, thread) : never;
                    if (rest != never)
                      rest_[level].offer(from, thread, rest);
                  });
    rest_[level].finish();
  }

  lang::Trace walk(std::vector<Word> state) {
    lang::Trace trace;
    std::optional<ThreadId> before;
    for (std::size_t level = 0; level < length_; ++level) {
      // Fewest switches, then label, then thread; the action itself settles what is still equal.
      std::optional<std::tuple<std::uint32_t, std::string_view, ThreadId, ActionId>> best;
      std::vector<Word> next;
      const StateNumber here = seen_.find(state.data(), seen_.hash(state.data())).value();
      for_each_edge(here, here + 1,
                    [&](StateNumber, ActionId id, const Word* to, std::uint64_t hash) {
                      const lang::Action& action = spec_.actions()[id];
                      const std::uint32_t rest = rest_after(level, action.thread, to, hash);
                      if (rest == never)
                        return;
                      const std::uint32_t switched = before && *before != action.thread ? 1 : 0;
                      const std::tuple key{rest + switched, std::string_view(action.label),
                                           action.thread, id};
                      if (best && *best <= key)
                        return;
                      best = key;
                      next.assign(to, to == nullptr ? to : to + state.size());
                    });
      const ActionId taken = std::get<3>(best.value());
      trace.actions.push_back(taken);
      before = spec_.actions()[taken].thread;
      if (!next.empty())
        state = std::move(next);
      else
        return fail(std::move(trace), state);
    }
    return finish(std::move(trace), state);
  }

  std::uint32_t rest_after(std::size_t level, ThreadId thread, const Word* to, std::uint64_t hash) {
    if (level + 1 == length_)
      return to == nullptr || is_bad(to) ? 0 : never;
    const auto known = to == nullptr ? std::nullopt : seen_.find(to, hash);
    return known ? rest_[level + 1].rest(*known, thread) : never;
  }

  lang::Trace fail(lang::Trace trace, const std::vector<Word>& state) const {
    const lang::Result result = lang::take(spec_, model_.layout().unpack(state.data()),
                                           spec_.actions()[trace.actions.back()]);
    trace.violation = {lang::ViolationKind::check, result.failure.property, result.failure.message};
    return trace;
  }

  lang::Trace finish(lang::Trace trace, const std::vector<Word>& state) const {
    if (const auto property = judge_.violated_invariant(state.data()))
      trace.violation = judge_.invariant_violation(*property);
    else
      trace.violation = judge_.stuck_violation(model_.layout().unpack(state.data())).value();
    return trace;
  }

  const lang::Spec& spec_;
  const CompiledSpec& model_;
  const SeenSet& seen_;
  const Judge& judge_;
  const std::vector<StateNumber>& levels_;
  Candidates batch_;
  Candidates inner_; // to look one step ahead
  std::vector<Word> state_;
  std::vector<Switches> rest_; // by level
  std::size_t length_ = 0;     // of the trace
};

} // namespace

lang::Trace counterexample(const lang::Spec& spec, const CompiledSpec& model, const SeenSet& seen,
                           const Judge& judge, const std::vector<StateNumber>& levels) {
  return Search(spec, model, seen, judge, levels).run();
}

} // namespace interlock::checker
