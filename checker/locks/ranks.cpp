// Integer difference constraints for Z3.
#include "locks/ranks.hpp"

#include <algorithm>
#include <stdexcept>

#include <z3++.h>

namespace interlock::checker {

namespace {

class Ranker {
public:
  Ranker(const std::vector<ClassEdge>& edges, std::size_t classes)
      : edges_(edges), solver_(context_), ranks_(context_), kept_(context_) {
    for (std::size_t i = 0; i < classes; ++i) {
      ranks_.push_back(context_.int_const(("rank" + std::to_string(i)).c_str()));
      solver_.add(ranks_.back() >= 0);
    }
    for (std::size_t i = 0; i < edges.size(); ++i) {
      kept_.push_back(context_.bool_const(("edge" + std::to_string(i)).c_str()));
      if (counts(i))
        solver_.add(z3::implies(kept(i), rank(edges[i].held) < rank(edges[i].acquired)));
    }
  }

  bool counts(std::size_t edge) const { return edges_[edge].held != edges_[edge].acquired; }

  // Drops edges, the first ones first, for as long as no order fits the rest.
  std::vector<std::size_t> minimal_cycle() {
    std::vector<std::size_t> core;
    for (std::size_t i = 0; i < edges_.size(); ++i)
      if (counts(i))
        core.push_back(i);
    if (fits(core))
      return {};
    for (std::size_t i = 0; i < core.size();) {
      std::vector<std::size_t> without = core;
      without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
      if (fits(without))
        ++i;
      else
        core = reduced(without, i);
    }
    return head_to_tail(core);
  }

  std::vector<std::size_t> smallest_removal(const std::vector<bool>& precious) {
    std::vector<std::size_t> order; // the edge that is kept with the highest priority first
    for (std::size_t i = 0; i < edges_.size(); ++i)
      if (counts(i))
        order.push_back(i);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return precious[a] && !precious[b]; });
    z3::expr_vector given_up(context_);
    for (const std::size_t edge : order)
      given_up.push_back(!kept(edge));
    for (unsigned most = 0; most <= order.size(); ++most) {
      solver_.push();
      if (!given_up.empty())
        solver_.add(z3::atmost(given_up, most));
      if (holds()) {
        std::vector<std::size_t> removal;
        for (const std::size_t edge : order) {
          solver_.push();
          solver_.add(kept(edge));
          const bool keeps = holds();
          solver_.pop();
          solver_.add(keeps ? kept(edge) : !kept(edge));
          if (!keeps)
            removal.push_back(edge);
        }
        solver_.pop();
        std::sort(removal.begin(), removal.end());
        return removal;
      }
      solver_.pop();
    }
    throw std::logic_error("no edges at all, and still no order");
  }

  // Least in every class at once, so there is only one such solution.
  std::vector<std::uint32_t> smallest_ranks(const std::vector<std::size_t>& removal) {
    z3::optimize optimize(context_);
    z3::expr sum = context_.int_val(0);
    for (const z3::expr& rank : ranks_) {
      optimize.add(rank >= 0);
      sum = sum + rank;
    }
    for (std::size_t i = 0; i < edges_.size(); ++i)
      if (counts(i) && std::find(removal.begin(), removal.end(), i) == removal.end())
        optimize.add(rank(edges_[i].held) < rank(edges_[i].acquired));
    optimize.minimize(sum);
    if (optimize.check() != z3::sat)
      throw std::runtime_error("Z3 finds no ranks where there are some");
    const z3::model model = optimize.get_model();
    constexpr bool completed = true; // by a value for what no constraint speaks of
    std::vector<std::uint32_t> ranks;
    for (const z3::expr& rank : ranks_)
      ranks.push_back(model.eval(rank, completed).get_numeral_uint());
    return ranks;
  }

private:
  z3::expr rank(std::uint32_t lock_class) const { return ranks_[static_cast<int>(lock_class)]; }
  z3::expr kept(std::size_t edge) const { return kept_[static_cast<int>(edge)]; }

  bool holds() {
    const z3::check_result result = solver_.check();
    if (result == z3::unknown)
      throw std::runtime_error("Z3 gave up on lock ranks: " + solver_.reason_unknown());
    return result == z3::sat;
  }
  bool fits(const std::vector<std::size_t>& edges) {
    z3::expr_vector assumptions(context_);
    for (const std::size_t edge : edges)
      assumptions.push_back(kept(edge));
    const z3::check_result result = solver_.check(assumptions);
    if (result == z3::unknown)
      throw std::runtime_error("Z3 gave up on lock ranks: " + solver_.reason_unknown());
    return result == z3::sat;
  }
  // Of the edges behind `done` only those of the unsatisfiable core are needed.
  std::vector<std::size_t> reduced(const std::vector<std::size_t>& edges, std::size_t done) {
    std::set<std::string> names;
    for (const z3::expr& edge : solver_.unsat_core())
      names.insert(edge.decl().name().str());
    std::vector<std::size_t> core;
    for (std::size_t i = 0; i < edges.size(); ++i)
      if (i < done || names.contains("edge" + std::to_string(edges[i])))
        core.push_back(edges[i]);
    return core;
  }

  std::vector<std::size_t> head_to_tail(std::vector<std::size_t> cycle) const {
    for (std::size_t i = 0; i + 1 < cycle.size(); ++i) {
      const auto next = std::find_if(
          cycle.begin() + static_cast<std::ptrdiff_t>(i) + 1, cycle.end(),
          [&](std::size_t edge) { return edges_[edge].held == edges_[cycle[i]].acquired; });
      if (next == cycle.end())
        throw std::logic_error("a minimal set of edges without an order is no cycle");
      std::iter_swap(cycle.begin() + static_cast<std::ptrdiff_t>(i) + 1, next);
    }
    return cycle;
  }

  const std::vector<ClassEdge>& edges_;
  z3::context context_;
  z3::solver solver_;
  z3::expr_vector ranks_;
  z3::expr_vector kept_;
};

} // namespace

LockRanks rank_locks(const std::vector<ClassEdge>& edges, std::size_t classes,
                     const std::vector<bool>& precious) {
  LockRanks result;
  try {
    Ranker ranker(edges, classes);
    result.cycle = ranker.minimal_cycle();
    if (!result.ordered())
      result.removal = ranker.smallest_removal(precious);
    result.ranks = ranker.smallest_ranks(result.removal);
  } catch (const z3::exception& error) {
    throw std::runtime_error(std::string("Z3 fails on lock ranks: ") + error.msg());
  }
  return result;
}

} // namespace interlock::checker
