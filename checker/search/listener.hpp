// Listeners: what an exploration tells, and how several listen to one.
#pragma once

#include "engine/seen_set.hpp"

#include <concepts>
#include <optional>
#include <tuple>

namespace interlock::checker {

// A base that hears and does nothing; a listener hides what it wants to hear.  Nothing is virtual:
// the calls are inlined into the exploration.
struct Silent {
  // The states first .. last-1 are next to be expanded, all of one distance.  False stops.
  bool level(StateNumber, StateNumber) { return true; }
  // A state is stored, which the action leads to; none to the initial one.
  void found(StateNumber, const Word*, std::optional<lang::ActionId>) {}
  // An action leads from one state to another, which is fresh when the action found it.  Both have
  // been announced by found().
  void edge(StateNumber, lang::ActionId, StateNumber, bool /*fresh*/) {}
  // An action fails.
  void failed(StateNumber, lang::ActionId, std::uint32_t) {}
  // A state has no action that is taken or fails.
  void stuck(StateNumber, const Word*) {}
  // Asked every few states.  False stops.
  bool go_on() { return true; }
};

template <class L>
concept Listener = requires(L& on, StateNumber number, const Word* state, bool fresh) {
  { on.level(number, number) } -> std::same_as<bool>;
  on.found(number, state, std::optional<lang::ActionId>());
  on.edge(number, lang::ActionId{}, number, fresh);
  on.failed(number, lang::ActionId{}, std::uint32_t{});
  on.stuck(number, state);
  { on.go_on() } -> std::same_as<bool>;
};

// Several listeners, told in turn.
template <Listener... L> class Listeners {
public:
  explicit Listeners(L&... listeners) : all_(listeners...) {}

  bool level(StateNumber first, StateNumber last) {
    bool all = true; // every listener is asked, whatever the others say
    std::apply([&](L&... on) { ((all = on.level(first, last) && all), ...); }, all_);
    return all;
  }
  void found(StateNumber number, const Word* state, std::optional<lang::ActionId> by) {
    std::apply([&](L&... on) { (on.found(number, state, by), ...); }, all_);
  }
  void edge(StateNumber from, lang::ActionId action, StateNumber to, bool fresh) {
    std::apply([&](L&... on) { (on.edge(from, action, to, fresh), ...); }, all_);
  }
  void failed(StateNumber from, lang::ActionId action, std::uint32_t failure) {
    std::apply([&](L&... on) { (on.failed(from, action, failure), ...); }, all_);
  }
  void stuck(StateNumber number, const Word* state) {
    std::apply([&](L&... on) { (on.stuck(number, state), ...); }, all_);
  }
  bool go_on() {
    bool all = true;
    std::apply([&](L&... on) { ((all = on.go_on() && all), ...); }, all_);
    return all;
  }

private:
  std::tuple<L&...> all_;
};

} // namespace interlock::checker
