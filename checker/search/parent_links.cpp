// Ranks the ways of each level when it is complete; walks back.
#include "search/parent_links.hpp"

#include <algorithm>
#include <limits>
#include <new>
#include <numeric>
#include <tuple>

namespace interlock::checker {

using lang::ActionId;
using lang::ThreadId;

ParentLinks::ParentLinks(const lang::Spec& spec) : spec_(spec), places_(spec.actions().size()) {
  const std::vector<lang::Action>& actions = spec.actions();
  std::vector<ActionId> sorted(actions.size());
  std::iota(sorted.begin(), sorted.end(), ActionId{0});
  std::sort(sorted.begin(), sorted.end(), [&](ActionId a, ActionId b) {
    return std::tie(actions[a].label, actions[a].thread, a) <
           std::tie(actions[b].label, actions[b].thread, b);
  });
  for (std::uint32_t place = 0; place < sorted.size(); ++place)
    places_[sorted[place]] = place;
}

bool ParentLinks::level(StateNumber first, StateNumber last) {
  if (first == 0) {
    nodes_ = {{}};
    standings_ = {{}};
    first_node_ = {0, 1};
    order_ = {0};
  } else {
    add_level(first, last);
  }
  last_ = last;
  return true;
}

void ParentLinks::finish() {
  if (last_ != 0 && end_ > last_)
    add_level(last_, end_);
  last_ = end_;
  offers_ = {};
  standings_ = {};
}

void ParentLinks::offer(StateNumber from, ActionId action, StateNumber to) {
  const ThreadId thread = spec_.actions()[action].thread;
  const std::size_t threads = spec_.threads().size();
  const std::size_t place = (to - last_) * threads + thread;
  if (place >= offers_.size())
    offers_.resize((to - last_ + std::size_t{1}) * threads);
  Offer& best = offers_[place];
  for (NodeNumber parent = first_node_[from]; parent < first_node_[from + 1]; ++parent) {
    Standing key = standing(parent);
    const bool switched = parent != 0 && spec_.actions()[nodes_[parent].action].thread != thread;
    key.switches += switched ? 1 : 0;
    if (!best.given ||
        std::tie(key, places_[action]) < std::tie(best.key, places_[best.node.action]))
      best = {.given = true, .node = {parent, action}, .key = key};
  }
}

void ParentLinks::add_level(StateNumber first, StateNumber last) {
  const std::size_t threads = spec_.threads().size();
  std::vector<const Offer*> fresh; // by state
  std::vector<std::size_t> begins; // by state, and the end
  for (StateNumber state = first; state < last; ++state) {
    begins.push_back(fresh.size());
    for (std::size_t thread = 0; thread < threads; ++thread)
      if (const Offer& offer = offers_[(state - first) * threads + thread]; offer.given)
        fresh.push_back(&offer);
  }
  begins.push_back(fresh.size());
  if (fresh.size() > std::numeric_limits<NodeNumber>::max() - nodes_.size())
    throw std::bad_alloc();

  // No two ways have the same steps: those of one state end in different threads, and the same
  // steps lead to the same state.
  std::vector<std::uint32_t> by_steps(fresh.size());
  std::iota(by_steps.begin(), by_steps.end(), 0U);
  std::sort(by_steps.begin(), by_steps.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::pair(fresh[a]->key.rank, places_[fresh[a]->node.action]) <
           std::pair(fresh[b]->key.rank, places_[fresh[b]->node.action]);
  });
  level_node_ = static_cast<NodeNumber>(nodes_.size());
  standings_.resize(fresh.size());
  for (std::uint32_t rank = 0; rank < by_steps.size(); ++rank)
    standings_[by_steps[rank]] = {fresh[by_steps[rank]]->key.switches, rank};

  for (StateNumber state = first; state < last; ++state) {
    const auto begin = static_cast<std::ptrdiff_t>(begins[state - first]);
    const auto end = static_cast<std::ptrdiff_t>(begins[state - first + 1]);
    const auto best =
        std::min_element(standings_.begin() + begin, standings_.begin() + end) - standings_.begin();
    std::swap(standings_[static_cast<std::size_t>(best)], standings_[begins[state - first]]);
    std::swap(fresh[static_cast<std::size_t>(best)], fresh[begins[state - first]]);
    for (std::ptrdiff_t i = begin; i < end; ++i)
      nodes_.push_back(fresh[static_cast<std::size_t>(i)]->node);
    first_node_.push_back(static_cast<NodeNumber>(nodes_.size()));
    order_.push_back(state);
  }
  std::sort(order_.begin() + first, order_.end(), [&](StateNumber a, StateNumber b) {
    return standing(first_node_[a]) < standing(first_node_[b]);
  });
  offers_.clear();
}

std::vector<ParentLinks::Link> ParentLinks::way_to(StateNumber state) const {
  std::vector<Link> way;
  for (NodeNumber node = first_node_.at(state); node != 0; node = nodes_[node].parent) {
    const auto behind = std::upper_bound(first_node_.begin(), first_node_.end(), node);
    way.push_back(
        {static_cast<StateNumber>(behind - first_node_.begin() - 1), nodes_[node].action});
  }
  std::reverse(way.begin(), way.end());
  return way;
}

std::vector<ActionId> ParentLinks::path_to(StateNumber state) const {
  std::vector<ActionId> path;
  for (const Link& link : way_to(state))
    path.push_back(link.action);
  return path;
}

} // namespace interlock::checker
