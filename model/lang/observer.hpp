// Observer: a specification of what may be seen of another one.
//
// The other one's steps show events (Step::shows); so do the observer's.  Steps of the observer
// that show nothing happen unseen, at any time.  The kept set holds every state in which the
// observer may be after what was shown so far: an event that none of them explains is a violation,
// and so is a rest at which each of them still owes something.  That is refinement, decided by the
// subset construction (Rabin and Scott, "Finite automata and their decision problems", 1959) on the
// fly.
//
// A set is closed: what may have happened unseen has happened in some of its members.  So two
// histories that allow the same continuations have the same set wherever the observer's states say
// all that matters.
//
// What is violated may be one of several rules.  A rule that is excused is violated without a word,
// and what comes after it is judged on.
#pragma once

#include "lang/evaluate.hpp"

#include <functional>
#include <map>
#include <set>
#include <span>
#include <unordered_map>

namespace interlock::lang {

// An event that no member of a set explains.
struct Unexplained {
  const Shows& shows; // as a step of the observer shows it, for the names and types of the values
  std::span<const Value> values;
  // The values that are explained and differ in the fewest places.
  const std::vector<std::vector<Value>>& nearest;
  // Would it be explained after one of the nearest?
  std::function<bool()> is_early;
};

// The rule that it breaks, and what is taken to have been shown where that is excused.
struct BrokenRule {
  enum class Then : std::uint8_t {
    nearest, // one of the nearest
    nothing,
    anything, // so that nothing of what follows is judged
  };
  std::string name;
  Then then = Then::anything;
};
using RuleOf = std::function<BrokenRule(const Unexplained&)>;

// Not for two threads at a time: it learns while it is asked.
class Observer {
public:
  using Set = Value; // the number of a set; they are numbered as they turn up
  using EventId = std::uint32_t;

  // The most sets that are told apart: a number has to have room in a state.
  static constexpr Set most_sets = (Value{1} << 20U) - 1;

  // `rule_of` names the rule that an unexplained event breaks; what is owed at rest breaks the rule
  // that is called as the observer's property.  Without it there is one rule, which has no name.
  // Throws SpecError for an observer that shows nothing.
  explicit Observer(std::unique_ptr<const Spec> spec, RuleOf rule_of = {},
                    std::set<std::string> excused = {});

  const Spec& spec() const { return *spec_; }
  static constexpr Set first() { return 0; }

  // The number of an event.  One that no step of the observer shows is never explained.
  EventId event(const std::string& name) const;

  // The set after an event with these values; nothing where no member explains it and the rule is
  // not excused.  Throws SpecError where a step of the observer fails, or there are more than
  // most_sets.
  std::optional<Set> after(Set set, EventId event, std::span<const Value> values);

  // Where after() gives nothing: the values with which the event would have been explained, those
  // alone that differ in the fewest places.
  std::vector<std::vector<Value>> nearest(Set set, EventId event, std::span<const Value> values);
  // The same in words: what was shown, with these values, and what it needs.
  std::string objection(Set set, const Shows& shows, std::span<const Value> values);
  // The rule that such an event breaks; empty where there are none.
  std::string rule(Set set, EventId event, std::span<const Value> values);

  // What every member still owes, where each violates one of the observer's own properties at rest
  // that is not excused: of these properties the one with the first message; nothing where some
  // member owes nothing.
  const Property* debt(Set set);
  // The rule that a debt breaks; empty where there are none.
  std::string rule(const Property& debt) const { return rule_of_ ? debt.name : ""; }
  // In how many of the members a condition holds.
  std::size_t holding(Set set, const Expr& condition) const;

  // For tests and statistics.
  std::size_t members(Set set) const { return sets_[static_cast<std::size_t>(set)].size(); }
  std::vector<State> states(Set set) const;

private:
  using Member = std::uint32_t;
  using Members = std::vector<Member>; // ascending

  struct Shown {
    EventId event = 0;
    std::vector<Value> values;
    Member next = 0;
  };
  // What may come next in a state of the observer; found when it is first asked for.
  struct Known {
    State state;
    bool expanded = false;
    Members unseen;
    std::vector<Shown> shown;
  };
  // What after() was asked; kept with its values, looked up by those of whoever asks.
  template <class Values> struct Question {
    Set set = 0;
    EventId event = 0;
    Values values;
  };
  using Asked = Question<std::vector<Value>>;
  struct Hash {
    using is_transparent = void;
    template <class Values> std::size_t operator()(const Question<Values>& question) const;
  };
  struct Equal {
    using is_transparent = void;
    template <class Left, class Right>
    bool operator()(const Question<Left>& left, const Question<Right>& right) const;
  };

  Member member(State state);
  const Known& expanded(Member number);
  Set close(Members members);
  // What members show of this event whose values differ in the fewest places.
  std::vector<Shown> closest(Set set, EventId event, std::span<const Value> values);
  std::optional<Set> explained(Set set, EventId event, std::span<const Value> values);
  BrokenRule broken(Set set, EventId event, std::span<const Value> values);
  std::optional<Set> excuse(Set set, EventId event, std::span<const Value> values);

  std::unique_ptr<const Spec> spec_;
  RuleOf rule_of_;
  std::set<std::string> excused_;
  std::vector<const Property*> debts_;           // at rest, and not excused
  std::vector<const Shows*> events_;             // by number, as the first step that shows it
  std::vector<std::optional<EventId>> event_of_; // by action
  std::map<State, Member> numbers_;
  std::vector<Known> known_;
  std::vector<Members> sets_;
  std::map<Members, Set> set_numbers_;
  std::unordered_map<Asked, std::optional<Set>, Hash, Equal> answers_;
};

// What a step shows to the observer of its specification, and what that makes of it.
struct Look {
  Observer::Set before = 0;
  Observer::EventId event = 0;
  std::vector<Value> values;          // up to the first that has none
  std::optional<Observer::Set> after; // where it is explained
  std::optional<Failure> failure;     // where it is not, or a value has none
};
// Of an action that can be taken in the state; nothing where it shows nothing, or nobody looks on.
std::optional<Look> look_on(const Spec& spec, const State& state, const Action& action);

} // namespace interlock::lang
