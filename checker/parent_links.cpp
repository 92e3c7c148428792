// Walks back.
#include "checker/parent_links.hpp"

#include <algorithm>

namespace interlock::checker {

std::vector<ParentLinks::Link> ParentLinks::way_to(StateNumber state) const {
  std::vector<Link> way;
  while (state != 0) {
    const Link& parent = parents_.at(state - 1);
    way.push_back({state, parent.action});
    state = parent.state;
  }
  std::reverse(way.begin(), way.end());
  return way;
}

std::vector<lang::ActionId> ParentLinks::path_to(StateNumber state) const {
  std::vector<lang::ActionId> path;
  for (const Link& link : way_to(state))
    path.push_back(link.action);
  return path;
}

} // namespace interlock::checker
