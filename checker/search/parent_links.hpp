// Parent links: for each state the best state and action that lead to it, so that there is a way
// back from any of them.
//
// Cost: 8 bytes for each state, and 8 for each thread that can move last on a shortest way to it:
//       in a scenario of five threads about 40 a state, beside 83 of the store.  Each level is
//       sorted; of a lock analysis that is a third of the time.
#pragma once

#include "lang/spec.hpp"
#include "search/listener.hpp"

#include <deque>
#include <vector>

namespace interlock::checker {

// The listener.  The way to a state is a shortest one; among the shortest the one with the fewest
// context switches, then the one whose steps come first, comparing label, then thread, step by
// step: the rule of counterexamples (counterexample.hpp).  It depends on the graph alone, and not
// on the numbering of the states.
//
// Method: forward over the levels.  What the rest of a way costs depends on the state and on the
// thread that moved last, so that the best way to each such pair is made of best ways.  The pairs
// of a level are ranked by their steps, which makes the comparison of two ways one of two numbers.
class ParentLinks : public Silent {
public:
  struct Link {
    StateNumber state = 0;     // the state that is reached ...
    lang::ActionId action = 0; // ... and the action that leads to it
    bool operator==(const Link&) const = default;
  };

  // The specification outlives this.
  explicit ParentLinks(const lang::Spec& spec);

  bool level(StateNumber first, StateNumber last);
  void found(StateNumber number, const Word*, std::optional<lang::ActionId>) { end_ = number + 1; }
  void edge(StateNumber from, lang::ActionId action, StateNumber to, bool) {
    if (to >= last_) // farther from the initial state than `from`
      offer(from, action, to);
  }
  // When the exploration is over.  Where it was cut off, the ways to the last states are the best
  // of what it saw.
  void finish();

  // From the initial state to a state that was found; the initial state is not on it.
  std::vector<Link> way_to(StateNumber state) const;
  // The actions of that way.
  std::vector<lang::ActionId> path_to(StateNumber state) const;
  // All states, by their ways: shorter first, then as above.
  const std::deque<StateNumber>& in_order() const { return order_; }

private:
  using NodeNumber = std::uint32_t;
  struct Node { // a state and the thread that moved last, with the best way to it
    NodeNumber parent = 0;
    lang::ActionId action = 0;
  };
  struct Standing { // of a node of the level that is expanded
    std::uint32_t switches = 0;
    std::uint32_t rank = 0; // by its steps
    auto operator<=>(const Standing&) const = default;
  };
  struct Offer {
    bool given = false;
    Node node;
    Standing key; // the rank is the parent's
  };

  void offer(StateNumber from, lang::ActionId action, StateNumber to);
  void add_level(StateNumber first, StateNumber last);
  const Standing& standing(NodeNumber node) const { return standings_[node - level_node_]; }

  const lang::Spec& spec_;
  std::vector<std::uint32_t> places_; // by action: its place by label, then thread
  std::deque<Node> nodes_;            // by state; the best of each state first
  std::deque<NodeNumber> first_node_; // by state, and behind the last one
  std::deque<StateNumber> order_;     // the states of a level by their ways
  std::vector<Standing> standings_;   // of the level that is expanded
  NodeNumber level_node_ = 0;         // its first node
  std::vector<Offer> offers_;         // by state of the next level and thread
  StateNumber last_ = 0;              // of the level that is expanded
  StateNumber end_ = 0;               // of the states that were found
};

} // namespace interlock::checker
