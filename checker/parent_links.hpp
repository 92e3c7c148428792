// Parent links: how each state was found, so that there is a way back from any of them.
//
// Cost: 8 bytes for each state, beside the 75 to 100 bytes that the store takes for a state of the
//       corpus; nothing is looked up while the exploration runs.
#pragma once

#include "checker/listener.hpp"

#include <vector>

namespace interlock::checker {

// The listener.  States are numbered in the order in which they are found, and the exploration is
// breadth first, with the actions of a state in the order of their numbers (by thread, then as the
// source has them).  By induction over the levels, the way to a state is therefore a shortest one,
// and among the shortest the one whose sequence of actions is lexicographically least; and of two
// states of one level the one with the smaller number has the lesser way.  This depends on the
// graph and the order of its actions alone.
class ParentLinks : public Silent {
public:
  struct Link {
    StateNumber state = 0;     // the state that is reached ...
    lang::ActionId action = 0; // ... and the action that leads to it
    bool operator==(const Link&) const = default;
  };

  void edge(StateNumber from, lang::ActionId action, StateNumber, bool fresh) {
    if (fresh)
      parents_.push_back({from, action});
  }

  // From the initial state to a state that was found; the initial state is not on it.
  std::vector<Link> way_to(StateNumber state) const;
  // The actions of that way.
  std::vector<lang::ActionId> path_to(StateNumber state) const;

private:
  std::vector<Link> parents_; // of state number + 1: the state before it
};

} // namespace interlock::checker
