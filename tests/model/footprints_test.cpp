// The locks that the kernels' steps need, held against random walks: who takes a step has them, and
// who has no more what a check demands violates a property.
#include "support/broken.hpp"
#include "support/dragonfly.hpp"
#include "support/freebsd.hpp"

#include "lang/evaluate.hpp"

#include <algorithm>
#include <random>

namespace interlock::tests {
namespace {

using namespace lang;

struct Walk {
  std::string name;
  ScenarioText kernel;
};

void PrintTo(const Walk& walk, std::ostream* out) { *out << walk.name; }

class Needs : public testing::TestWithParam<Walk> {
protected:
  // The slot of a field of the lock that is needed, and what the thread has there.
  struct Hold {
    std::uint32_t slot;
    Value mine; // the whole value of an owner, the bit of a reader
    bool shared;
  };

  std::vector<Hold> ways_to_hold(const State& state, const LockNeed& need, ThreadId thread) const {
    const Value lock = evaluate(spec(), state, need.lock).value;
    EXPECT_NE(lock, none);
    const LockPool& pool = *spec().pools()[need.pool].lock;
    const auto slot = [&](VariableId id) {
      return spec().variables()[id].first_slot + static_cast<std::uint32_t>(lock - 1);
    };
    std::vector<Hold> ways{{slot(*pool.owner), static_cast<Value>(thread) + 1, false}};
    if (pool.readers && need.mode == Mode::shared)
      ways.push_back({slot(*pool.readers), Value{1} << thread, true});
    return ways;
  }

  static bool held(const State& state, const Hold& way) {
    return way.shared ? (state[way.slot] & way.mine) != 0 : state[way.slot] == way.mine;
  }
  static void let_go(State& state, const Hold& way) {
    if (held(state, way))
      state[way.slot] = way.shared ? state[way.slot] & ~way.mine : none;
  }

  const Spec& spec() const { return *built_.spec; }

  systems::BuiltSpec built_ = systems::build(GetParam().kernel.scenario());
};

TEST_P(Needs, AreHeldByWhoTakesAStep) {
  std::mt19937_64 dice(1);
  unsigned needs = 0;
  State state = spec().initial_state();
  for (unsigned steps = 0; steps < 3000 && !HasFailure(); ++steps) {
    std::vector<std::pair<ActionId, State>> next;
    for (ActionId id = 0; id < spec().actions().size(); ++id)
      if (Result result = take(spec(), state, spec().actions()[id]);
          result.outcome == Outcome::taken)
        next.emplace_back(id, std::move(result.state));
    if (next.empty()) {
      state = spec().initial_state();
      continue;
    }
    const auto& [id, after] = next[dice() % next.size()];
    const Action& action = spec().actions()[id];
    for (const LockNeed& need : spec().footprint(id).needs) {
      SCOPED_TRACE(action.label + " needs " + to_string(need.lock));
      const std::vector<Hold> ways = ways_to_hold(state, need, action.thread);
      EXPECT_TRUE(
          std::any_of(ways.begin(), ways.end(), [&](const Hold& way) { return held(state, way); }));
      ++needs;
    }
    Action checks = action;
    checks.effects.clear();
    for (const LockNeed& need : footprint_of(spec(), checks).needs) {
      SCOPED_TRACE(action.label + " demands " + to_string(need.lock));
      State without = state;
      for (const Hold& way : ways_to_hold(state, need, action.thread))
        let_go(without, way);
      EXPECT_EQ(take(spec(), without, action).outcome, Outcome::failed);
    }
    state = after;
  }
  EXPECT_GT(needs, 500U);
}

INSTANTIATE_TEST_SUITE_P(
    Kernels, Needs,
    testing::Values(
        Walk{"netbsd", fork_and_wait()},
        Walk{"netbsd_kernel_lock", fork_and_read("exit,fork,track", before_change)},
        Walk{"freebsd",
             freebsd::reap().thread("watcher", {"kevent add proc parent exit", "kevent wait"})},
        Walk{"dragonfly",
             dragonfly::fork_and_wait().thread("watcher",
                                               {"kevent add proc parent exit", "kevent wait"})}),
    [](const auto& walk) { return walk.param.name; });

} // namespace
} // namespace interlock::tests
