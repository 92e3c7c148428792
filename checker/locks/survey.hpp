// LockSurvey: notes what the locks of one state after another show.
#pragma once

#include "engine/seen_set.hpp"
#include "lang/wait_for.hpp"
#include "locks/graph.hpp"

#include <map>

namespace interlock::checker {

// A lock edge or a mishap, with the first state that shows it.
struct SeenEdge {
  LockEdge edge;
  StateNumber state = 0;
};
struct SeenMishap {
  LockMishap mishap;
  StateNumber state = 0;
};

class LockSurvey {
public:
  // Both outlive this.
  LockSurvey(const lang::Spec& spec, const Layout& layout);

  // What a state shows first is its own: the states come in the order of their ways.  `stuck`:
  // nothing can move.
  void look_at(StateNumber number, const Word* state, bool stuck);

  LockStances& stances() { return stances_; }
  // In the order of their states.
  std::vector<SeenEdge>& edges() { return edges_; }
  std::vector<SeenMishap>& mishaps() { return mishaps_; }

private:
  // A lock that is held while another of its class is waited for, where the class has a rule.
  struct Nested {
    const lang::Nesting* rule = nullptr;
    const lang::Expr* allowed = nullptr;
    LockIndex held = 0;
    LockIndex wanted = 0;
    lang::ActionId action = 0;
  };

  void note_stance(std::uint32_t fresh, StateNumber number, const Word* state);
  void note_edge(const Stance& stance, const Want& want, const HeldMode& held, StateNumber number);
  void note_recursion(const Stance& stance, const Want& want, StateNumber number,
                      const Word* state);
  void note_sleep(const Stance& stance, const Want& want, const HeldMode& held, StateNumber number);
  void note_nesting(const Want& want, const HeldMode& held, std::vector<Nested>& nested);
  void judge_nestings(StateNumber number, const Word* packed);
  void note_stuck(StateNumber number, const Word* packed);
  bool is_blocked_among(const Stance& stance, const std::set<lang::ThreadId>& threads) const;
  LockIndex lock_of(const lang::WaitEdge& edge) const;
  std::vector<lang::WaitEdge> cycle_among(std::set<lang::ThreadId> threads,
                                          const lang::State& state) const;
  // Whether there is one.
  bool look_for_deadlock(StateNumber number, const Word* packed);

  const lang::Spec& spec_;
  const Layout& layout_;
  LockStances stances_;
  std::vector<std::uint32_t> at_;           // stance by thread
  std::vector<std::vector<Nested>> nested_; // by stance
  std::vector<SeenEdge> edges_;
  std::vector<SeenMishap> mishaps_;
  std::map<std::vector<std::uint64_t>, std::size_t> edge_numbers_;
  std::set<std::string> known_mishaps_;
};

} // namespace interlock::checker
