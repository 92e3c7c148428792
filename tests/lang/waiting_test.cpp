// How threads stand in a state: done, idle or blocked, by which locks; and which locks they hold.
#include "support/lang_world.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

using namespace lang;

// `a` takes m then n, `b` takes n then m; a condition variable and a rwlock stand by.
class Waiting : public ::testing::Test {
protected:
  World world{{"a", "b"}};
  SpecBuilder& builder = world.builder;
  Mutexes mutexes{builder, {"m", "n"}};
  TypeRef set = flags_type("threads", {"a", "b"});

  struct Shared {
    PoolId pool = 0;
    VariableId owner = 0;
    VariableId readers = 0;
  };
  Shared rwlock() {
    Shared lock;
    lock.pool = builder.pool("rwlock", {"rw"}, Lifetime::permanent);
    lock.owner = builder.field(lock.pool, "owner", builder.pools()[thread_pool].reference, none);
    lock.readers = builder.field(lock.pool, "readers", set, 0);
    builder.set_lock_pool(lock.pool, {"rwlock", lock.owner, lock.readers, {}}, {"rw"});
    return lock;
  }

  // Takes the named action; fails the test where it is not enabled.
  void go(State& state, const std::string& thread, const std::string& label) {
    for (const Action& action : world.spec().actions())
      if (action.label == label && world.spec().threads()[action.thread].name == thread) {
        const Result result = take(world.spec(), state, action);
        if (result.outcome == Outcome::taken) {
          state = result.state;
          return;
        }
      }
    FAIL() << thread << " cannot take " << label;
  }

  std::string name_of(PoolId pool, std::uint32_t object) {
    return world.spec().pools()[pool].objects[object];
  }

  // `a waits for m held by b; ...`
  std::string graph(const State& state) {
    std::string text;
    for (const WaitEdge& edge : wait_for_graph(world.spec(), state)) {
      text += (text.empty() ? "" : "; ") + world.spec().threads()[edge.thread].name +
              (edge.asleep ? " sleeps on " : " waits for ") + name_of(edge.pool, edge.object);
      for (const ThreadId holder : edge.holders)
        text += " held by " + world.spec().threads()[holder].name;
    }
    return text;
  }

  std::string held(const State& state, ThreadId thread) {
    std::string text;
    for (const HeldLock& lock : held_locks(world.spec(), state, thread))
      text += (text.empty() ? "" : " ") + name_of(lock.pool, lock.object) +
              (lock.mode == Mode::shared ? ":shared" : "");
    return text;
  }
};

TEST_F(Waiting, ADeadlockIsACycleOfHeldLocks) {
  for (ThreadId thread = 0; thread < 2; ++thread)
    world.body(thread, [&](Steps& s) {
      mutexes.enter(s, mutexes.lock(thread));
      mutexes.enter(s, mutexes.lock(1 - thread));
      mutexes.exit(s, mutexes.lock(1 - thread));
      mutexes.exit(s, mutexes.lock(thread));
    });
  const Spec& spec = world.finish();
  State state = spec.initial_state();
  EXPECT_EQ(graph(state), "");
  go(state, "a", "a.enter");
  EXPECT_EQ(graph(state), "");
  EXPECT_EQ(held(state, 0), "m");
  EXPECT_EQ(held(state, 1), "");
  go(state, "b", "b.enter");
  EXPECT_EQ(graph(state), "a waits for n held by b; b waits for m held by a");
  EXPECT_EQ(standing(spec, state, 0), Standing::blocked);
  EXPECT_EQ(standing(spec, state, 1), Standing::blocked);
}

TEST_F(Waiting, AThreadThatCanMoveWaitsForNothing) {
  world.body(0, [&](Steps& s) {
    mutexes.enter(s, mutexes.lock());
    s.step("work", {});
  });
  world.body(1, [&](Steps& s) {
    s.either({[&] { mutexes.enter(s, mutexes.lock()); }, [&] { s.step("give_up", {}); }});
  });
  const Spec& spec = world.finish();
  State state = spec.initial_state();
  go(state, "a", "a.enter");
  EXPECT_EQ(graph(state), "");
  go(state, "b", "b.give_up");
  EXPECT_EQ(standing(spec, state, 1), Standing::done);
}

TEST_F(Waiting, AWriterWaitsForEveryReader) {
  const Shared rw = rwlock();
  const Expr lock = builder.object(rw.pool, 0);
  const Expr readers = builder.read(rw.readers, lock);
  world.body(0, [&](Steps& s) {
    Step enter;
    enter.updates = {assign(readers, readers | literal(set, 1))};
    enter.effects = {{EffectKind::acquire, lock, Mode::shared}};
    s.step("rw_enter", enter);
    s.await("for_ever", Expr(false) || readers == 0);
  });
  world.body(1, [&](Steps& s) {
    Step enter;
    enter.guard = readers == 0;
    enter.updates = {assign(builder.read(rw.owner, lock), s.self())};
    enter.effects = {{EffectKind::acquire, lock, Mode::exclusive}};
    s.step("rw_enter", enter);
  });
  const Spec& spec = world.finish();
  State state = spec.initial_state();
  go(state, "a", "a.rw_enter");
  EXPECT_EQ(held(state, 0), "rw:shared");
  EXPECT_EQ(graph(state), "b waits for rw held by a");
}

TEST_F(Waiting, ASleeperWaitsForAWakeUpOnly) {
  const PoolId channels = builder.pool("cv", {"cv"}, Lifetime::permanent);
  const VariableId waiters = builder.field(channels, "waiters", set, 0);
  builder.set_lock_pool(channels, {"condition variable", {}, {}, waiters}, {"cv"});
  const Expr cv = builder.object(channels, 0);
  const Expr asleep = builder.read(waiters, cv);
  world.body(0, [&](Steps& s) {
    s.set("sleep", {{asleep, asleep | literal(set, 1)}});
    Step wake;
    wake.guard = (asleep & literal(set, 1)) == 0 &&
                 mutexes.owner(mutexes.lock()) == builder.nothing(thread_pool);
    wake.effects = {{EffectKind::sleep, cv, Mode::exclusive},
                    {EffectKind::acquire, mutexes.lock(), Mode::exclusive}};
    wake.idle_when = asleep != 0;
    s.step("wait", wake);
  });
  world.body(1, [&](Steps& s) { mutexes.enter(s, mutexes.lock()); });
  const Spec& spec = world.finish();
  State state = spec.initial_state();
  go(state, "a", "a.sleep");
  go(state, "b", "b.enter");
  // The interlock, which b holds, matters only after the wake-up.
  EXPECT_EQ(graph(state), "a sleeps on cv");
  EXPECT_EQ(standing(spec, state, 0), Standing::idle);
  EXPECT_EQ(held(state, 0), ""); // a sleep queue is not held
  state[spec.variables()[waiters].first_slot] = 0;
  EXPECT_EQ(graph(state), "a waits for m held by b");
  EXPECT_EQ(standing(spec, state, 0), Standing::blocked);
}

TEST_F(Waiting, AFreeLockOrNoneGivesNoEdge) {
  const Expr pointer = world.global("pointer", builder.pools()[mutexes.pool].reference);
  world.body(0, [&](Steps& s) {
    Step step;
    step.guard = pointer != builder.nothing(mutexes.pool);
    step.effects = {{EffectKind::acquire, pointer, Mode::exclusive}};
    s.step("enter", step);
  });
  const Spec& spec = world.finish();
  EXPECT_EQ(graph(spec.initial_state()), "");
  EXPECT_EQ(standing(spec, spec.initial_state(), 0), Standing::blocked);
}

} // namespace
} // namespace interlock::tests
