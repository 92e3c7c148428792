// The acquisition graph against one computed from the reference explorer's states with the
// reference evaluator, on hundreds of random specifications and of random lock scripts.
#include "config/config.hpp"
#include "lang/trace.hpp"
#include "lang/wait_for.hpp"
#include "locks/graph.hpp"
#include "support/best_ways.hpp"
#include "support/lock_world.hpp"
#include "support/naive.hpp"
#include "support/random_spec.hpp"

#include <gtest/gtest.h>

#include <random>
#include <tuple>

namespace interlock::checker {
namespace {

using lang::EffectKind;
using lang::Mode;
using tests::RandomSpec;
using tests::Way;
using Lock = std::pair<lang::PoolId, std::uint32_t>;
using Edge = std::tuple<Lock, Mode, Lock, Mode, bool>; // held, acquired, tried

struct Expected {
  std::map<Edge, Way> edges; // with the best way to a state that shows it
  std::map<Edge, std::set<lang::ThreadId>> threads;
  bool deadlocked = false; // some state has a cycle of threads that wait for each other
};

// What the threads of a state hold and stand at.
void add_edges(const lang::Spec& spec, const lang::State& state, const Way& way,
               Expected& expected) {
  for (const lang::Action& action : spec.actions()) {
    if (lang::point_of(spec, state, action.thread) != action.from)
      continue;
    const lang::Evaluation here = lang::evaluate(spec, state, action.path);
    if (here.failure || here.value == 0)
      continue;
    for (const lang::Effect& effect : action.effects) {
      const lang::Evaluation wanted = lang::evaluate(spec, state, effect.lock);
      if ((effect.kind != EffectKind::acquire && effect.kind != EffectKind::try_acquire) ||
          wanted.failure || wanted.value == lang::none)
        continue;
      const Lock acquired{effect.lock.type().pool, static_cast<std::uint32_t>(wanted.value - 1)};
      const auto held = lang::held_locks(spec, state, action.thread);
      const bool again = std::any_of(held.begin(), held.end(), [&](const lang::HeldLock& lock) {
        return Lock(lock.pool, lock.object) == acquired;
      });
      for (const lang::HeldLock& lock : held) {
        if (again)
          continue;
        const Edge edge{{lock.pool, lock.object},
                        lock.mode,
                        acquired,
                        effect.mode,
                        effect.kind == EffectKind::try_acquire};
        const auto [found, is_new] = expected.edges.emplace(edge, way);
        found->second = std::min(found->second, way);
        expected.threads[edge].insert(action.thread);
      }
    }
  }
}

// Random specifications give each point of a thread at most one step that takes a lock, or other
// steps beside it: only who has no other step waits for the lock alone.
bool has_deadlock(const lang::Spec& spec, const lang::State& state) {
  std::map<lang::ThreadId, std::set<lang::ThreadId>> waits;
  for (const lang::WaitEdge& edge : lang::wait_for_graph(spec, state)) {
    const auto& actions =
        spec.threads()[edge.thread].points[lang::point_of(spec, state, edge.thread)].actions;
    const auto pending = std::count_if(actions.begin(), actions.end(), [&](lang::ActionId id) {
      const lang::Evaluation path = lang::evaluate(spec, state, spec.actions()[id].path);
      return !path.failure && path.value != 0;
    });
    for (const lang::ThreadId holder : edge.holders)
      if (holder != edge.thread && pending == 1)
        waits[edge.thread].insert(holder);
  }
  for (const auto& [start, first] : waits) { // does a thread wait for itself, over others?
    std::set<lang::ThreadId> reached = first;
    for (std::size_t round = 0; round < spec.threads().size(); ++round)
      for (const lang::ThreadId thread : std::set<lang::ThreadId>(reached))
        if (waits.contains(thread))
          reached.insert(waits[thread].begin(), waits[thread].end());
    if (reached.contains(start))
      return true;
  }
  return false;
}

std::set<Edge> found_edges(const LockGraph& graph) {
  std::set<Edge> edges;
  const auto lock = [&](LockIndex index) {
    return Lock(graph.locks[index].pool, graph.locks[index].object);
  };
  for (const LockEdge& edge : graph.edges)
    edges.insert(
        {lock(edge.held), edge.held_mode, lock(edge.acquired), edge.acquired_mode, edge.tried});
  return edges;
}

// Whether two threads of the state stand in both orders of two classes, at blocking steps.
bool meet(const lang::Spec& spec, const lang::State& state, const std::string& first,
          const std::string& second) {
  const auto class_of = [&](const Lock& lock) {
    return spec.pools()[lock.first].classes[lock.second];
  };
  Expected here;
  add_edges(spec, state, {}, here);
  std::set<lang::ThreadId> forth;
  std::set<lang::ThreadId> back;
  for (const auto& [edge, threads] : here.threads) {
    const auto& [held, held_mode, acquired, mode, tried] = edge;
    if (!tried && class_of(held) == first && class_of(acquired) == second)
      forth.insert(threads.begin(), threads.end());
    if (!tried && class_of(held) == second && class_of(acquired) == first)
      back.insert(threads.begin(), threads.end());
  }
  return std::any_of(forth.begin(), forth.end(), [&](lang::ThreadId thread) {
    return std::any_of(back.begin(), back.end(),
                       [&](lang::ThreadId other) { return other != thread; });
  });
}

struct Tally {
  unsigned compared = 0, with_edges = 0, deadlocked = 0, meeting = 0, apart = 0;
};

void compare_edges(const lang::Spec& spec, const LockGraph& graph, Expected& expected) {
  std::set<Edge> keys;
  for (const auto& [edge, way] : expected.edges)
    keys.insert(edge);
  EXPECT_EQ(found_edges(graph), keys);
  for (const LockEdge& edge : graph.edges) {
    const Edge key{{graph.locks[edge.held].pool, graph.locks[edge.held].object},
                   edge.held_mode,
                   {graph.locks[edge.acquired].pool, graph.locks[edge.acquired].object},
                   edge.acquired_mode,
                   edge.tried};
    EXPECT_EQ(edge.path, expected.edges[key].path()) << "another one is better";
    EXPECT_EQ(edge.threads, expected.threads[key]);
    const lang::State end =
        lang::follow(spec, {edge.path, {lang::ViolationKind::invariant, "", ""}}).back();
    Expected there;
    add_edges(spec, end, {}, there);
    EXPECT_TRUE(there.edges.contains(key)) << "the path does not lead there";
  }
}

// Compares in everything; leaves specifications out in which a value leaves its range, since the
// reference stops there.
void compare(const lang::Spec& spec, Tally& tally) {
  const NaiveResult naive = explore_naively(spec, {"no-such-property"});
  if (naive.trace)
    return;
  ++tally.compared;
  Expected expected;
  const std::map<lang::State, Way> states = tests::best_ways(spec);
  for (const auto& [state, way] : states) {
    add_edges(spec, state, way, expected);
    expected.deadlocked = expected.deadlocked || has_deadlock(spec, state);
  }
  const LockGraph graph = build_lock_graph(spec, {});
  EXPECT_EQ(graph.statistics.states, naive.states.size());
  compare_edges(spec, graph, expected);
  const bool found =
      std::any_of(graph.mishaps.begin(), graph.mishaps.end(), [](const LockMishap& mishap) {
        return mishap.kind == LockMishap::Kind::deadlock;
      });
  EXPECT_EQ(found, expected.deadlocked);
  tally.with_edges += graph.edges.empty() ? 0U : 1U;
  tally.deadlocked += found ? 1U : 0U;
  for (std::size_t i = 0; i < graph.cycles.size(); ++i) {
    if (graph.cycles[i].size() != 2)
      continue;
    std::optional<Way> meeting; // the best way to a state where two threads meet
    for (const auto& [state, way] : states)
      if (meet(spec, state, graph.classes[graph.cycles[i][0]], graph.classes[graph.cycles[i][1]]) &&
          (!meeting || way < *meeting))
        meeting = way;
    ASSERT_EQ(graph.meetings[i].has_value(), meeting.has_value());
    if (meeting) {
      EXPECT_EQ(graph.meetings[i]->path, meeting->path());
    }
    ++(meeting ? tally.meeting : tally.apart);
  }
}

TEST(LockOracle, RandomSpecificationsHaveTheSameOrdersAsInTheReferenceExplorer) {
  Tally tally;
  for (std::uint64_t seed = 1; seed < 20000 && tally.compared < 500 && !testing::Test::HasFailure();
       ++seed) {
    std::optional<RandomSpec> random;
    try {
      random.emplace(seed);
    } catch (const lang::SpecError&) {
      continue;
    }
    SCOPED_TRACE("seed " + std::to_string(seed));
    compare(random->spec(), tally);
  }
  EXPECT_EQ(tally.compared, 500U);
  EXPECT_GT(tally.with_edges, 3U);
}

// Up to three threads with a few words each about three locks, two of them of one class at times.
std::string random_script(std::mt19937_64& random) {
  std::string script;
  for (std::size_t i = 2 + random() % 5; i > 0; --i)
    script += std::string{"+++*?--"[random() % 7], "lmn"[random() % 3], ' '};
  return script;
}

TEST(LockOracle, RandomLockScriptsHaveTheSameOrdersDeadlocksAndMeetings) {
  std::mt19937_64 random(1);
  Tally tally;
  for (int round = 0; round < 500 && !testing::Test::HasFailure(); ++round) {
    const std::vector<tests::LockWorld::Lock> locks{
        {"l", "l"}, {"m", "m"}, {"n", random() % 4 == 0 ? "m" : "n"}};
    std::vector<std::pair<std::string, std::string>> threads;
    for (std::size_t i = 2 + random() % 2; i > 0; --i)
      threads.emplace_back(std::string(1, "abc"[threads.size()]), random_script(random));
    SCOPED_TRACE("round " + std::to_string(round));
    for (const auto& [name, script] : threads)
      SCOPED_TRACE(name + ": " + script);
    const tests::LockWorld world(locks, threads);
    compare(world.spec(), tally);
  }
  EXPECT_EQ(tally.compared, 500U);
  EXPECT_GT(tally.with_edges, 300U) << "the comparison is of little worth without orders";
  EXPECT_GT(tally.deadlocked, 50U);
  EXPECT_GT(tally.meeting, 50U);
  EXPECT_GT(tally.apart, 20U);
}

TEST(LockOracle, DragonflysTokensHaveTheSameOrdersAsInTheReferenceExplorer) {
  Tally tally;
  for (const char* config : {"ppwait-compare-set", "child-held-while-started"}) {
    SCOPED_TRACE(config);
    const systems::BuiltSpec built = build_spec(
        read_config(std::string(INTERLOCK_SOURCE_DIR "/configs/dragonfly/") + config + ".json"));
    compare(*built.spec, tally);
  }
  EXPECT_EQ(tally.with_edges, 2U);
  EXPECT_EQ(tally.deadlocked, 0U);
}

} // namespace
} // namespace interlock::checker
