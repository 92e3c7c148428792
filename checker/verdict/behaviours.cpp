// Sequences of events, by a search of the pairs of a state and what was delivered on the way to it.
#include "verdict/behaviours.hpp"

#include "engine/compiled_spec.hpp"
#include "lang/evaluate.hpp"
#include "search/exploration.hpp"

#include <algorithm>
#include <unordered_set>

namespace interlock::checker {

namespace {

using EventId = std::uint32_t;
using HistoryId = std::uint32_t;

constexpr EventId silent = 0;

// They are kept: about a gibibyte with what the walk needs.
constexpr std::size_t most_edges = 20'000'000;

struct Edge {
  StateNumber from = 0;
  StateNumber to = 0;
  EventId event = silent;
};

// Hears of every edge, and of the states where executions end.
class Listening : public Silent {
public:
  Listening(const lang::Spec& spec, const CompiledSpec& model, const SeenSet& seen)
      : spec_(spec), model_(model), seen_(seen), state_(model.words()) {}

  void edge(StateNumber from, lang::ActionId action, StateNumber to, bool /*fresh*/) {
    edges_.push_back({from, to, event_of(from, spec_.actions()[action])});
  }
  void stuck(StateNumber number, const Word* /*state*/) { ends_.insert(number); }
  bool go_on() { return edges_.size() <= most_edges; }

  const std::vector<Edge>& edges() const { return edges_; }
  bool is_end(StateNumber state) const { return ends_.contains(state); }
  const std::string& text(EventId event) const { return events_.at(event - 1).second; }
  lang::ThreadId thread(EventId event) const { return events_.at(event - 1).first; }

private:
  EventId event_of(StateNumber from, const lang::Action& action) {
    if (action.reports.empty())
      return silent;
    seen_.load(from, state_.data());
    const lang::State state = model_.layout().unpack(state_.data());
    std::string text;
    for (const lang::Report& report : action.reports) {
      const lang::Evaluation value = evaluate(spec_, state, report.value);
      text += (text.empty() ? "{" : " ") + report.name + "=" +
              (value.failure ? "?" : format_value(report.value.type(), value.value));
    }
    text += "}";
    const std::pair event(action.thread, text);
    const auto [known, is_new] = numbers_.emplace(event, static_cast<EventId>(events_.size() + 1));
    if (is_new)
      events_.push_back(event);
    return known->second;
  }

  const lang::Spec& spec_;
  const CompiledSpec& model_;
  const SeenSet& seen_;
  std::vector<Word> state_;
  std::vector<Edge> edges_;
  std::unordered_set<StateNumber> ends_;
  std::vector<std::pair<lang::ThreadId, std::string>> events_;
  std::map<std::pair<lang::ThreadId, std::string>, EventId> numbers_;
};

// What each thread has got so far, without the order between the threads.
using History = std::map<lang::ThreadId, std::vector<EventId>>;

class Walk {
public:
  explicit Walk(const Listening& heard) : heard_(heard) { number_of({}); }

  // Until all is done, or something is in the way: too many pairs, or an interruption.
  enum class End : std::uint8_t { done, full, interrupted };
  End run(StateNumber states, const CheckOptions& options) {
    sort_edges(states);
    visit(0, 0);
    for (std::size_t done = 0; done < pairs_.size(); ++done) {
      if (options.interrupted != nullptr && done % 4096 == 0 && options.interrupted->load())
        return End::interrupted;
      if (pairs_.size() > most_edges)
        return End::full;
      const auto [state, history] = pairs_[done];
      if (heard_.is_end(state))
        ended_.insert(history);
      for (std::size_t i = begins_[state]; i < begins_[state + 1]; ++i)
        visit(edges_[i].to, after(history, edges_[i].event));
    }
    return End::done;
  }

  std::set<std::string> sequences(const lang::Spec& spec) const {
    std::set<std::string> texts;
    for (const HistoryId id : ended_) {
      std::string text;
      for (const auto& [thread, events] : histories_[id]) {
        text += (text.empty() ? "" : "; ") + spec.threads()[thread].name + ":";
        for (const EventId event : events)
          text += " " + heard_.text(event);
      }
      texts.insert(text.empty() ? "nothing" : text);
    }
    return texts;
  }

private:
  void sort_edges(StateNumber states) {
    edges_ = heard_.edges();
    std::stable_sort(edges_.begin(), edges_.end(),
                     [](const Edge& a, const Edge& b) { return a.from < b.from; });
    begins_.assign(static_cast<std::size_t>(states) + 1, edges_.size());
    for (std::size_t i = edges_.size(); i-- > 0;)
      begins_[edges_[i].from] = i;
    for (std::size_t state = states; state-- > 0;) // of a state without edges, where the next begin
      begins_[state] = std::min(begins_[state], begins_[state + 1]);
  }

  void visit(StateNumber state, HistoryId history) {
    if (known_.insert((static_cast<std::uint64_t>(history) << 32) | state).second)
      pairs_.emplace_back(state, history);
  }

  HistoryId after(HistoryId history, EventId event) {
    if (event == silent)
      return history;
    const auto [known, is_new] = next_.emplace(std::pair(history, event), 0);
    if (!is_new)
      return known->second;
    History longer = histories_[history];
    longer[heard_.thread(event)].push_back(event);
    return known->second = number_of(longer);
  }

  HistoryId number_of(const History& history) {
    const auto [known, is_new] =
        numbers_.emplace(history, static_cast<HistoryId>(histories_.size()));
    if (is_new)
      histories_.push_back(history);
    return known->second;
  }

  const Listening& heard_;
  std::vector<Edge> edges_;         // by the state that they begin in
  std::vector<std::size_t> begins_; // of each state's edges
  std::vector<History> histories_;
  std::map<History, HistoryId> numbers_;
  std::map<std::pair<HistoryId, EventId>, HistoryId> next_;
  std::unordered_set<std::uint64_t> known_;
  std::vector<std::pair<StateNumber, HistoryId>> pairs_;
  std::set<HistoryId> ended_;
};

} // namespace

Behaviours behaviours_of(const lang::Spec& spec, const CheckOptions& options) {
  const CompiledSpec model(spec, {});
  Exploration exploration(spec, model, options);
  Listening heard(spec, model, exploration.seen());
  exploration.run(heard);
  Behaviours behaviours;
  behaviours.limit =
      heard.edges().size() > most_edges ? "more than 20,000,000 transitions" : exploration.limit();
  behaviours.interrupted = exploration.interrupted();
  if (behaviours.interrupted || !behaviours.limit.empty())
    return behaviours;
  Walk walk(heard);
  const Walk::End end = walk.run(exploration.seen().size(), options);
  behaviours.interrupted = end == Walk::End::interrupted;
  if (end == Walk::End::full)
    behaviours.limit = "more than 20,000,000 pairs of a state and what was delivered";
  behaviours.sequences = walk.sequences(spec);
  return behaviours;
}

} // namespace interlock::checker
