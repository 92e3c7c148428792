// Updates, anchors and actions as text.
#include "support/lang_world.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

using namespace lang;

TEST(Printing, EveryUpdateHasItsWords) {
  World world;
  SpecBuilder& builder = world.builder;
  const PoolId pool = builder.pool("knote", {"kn0", "kn1"}, Lifetime::permanent);
  const VariableId list = builder.global_list("klist", builder.pools()[pool].reference, 2);
  const VariableId queue = builder.field_list(pool, "queue", builder.pools()[pool].reference, 2);
  const VariableId link = builder.field(pool, "link", builder.pools()[pool].reference, 0);
  const Expr kn0 = builder.object(pool, 0);
  const Expr kn1 = builder.object(pool, 1);
  const auto text = [&](const Update& update) { return to_string(builder, update); };
  EXPECT_EQ(text(assign(builder.read(link, kn0), kn1)), "kn0.link := kn1");
  EXPECT_EQ(text({UpdateKind::push_front, list, {}, kn0, {}}), "insert kn0 at head of klist");
  EXPECT_EQ(text({UpdateKind::push_back, queue, kn1, kn0, {}}), "insert kn0 at tail of kn1.queue");
  EXPECT_EQ(text({UpdateKind::remove, list, {}, kn0, {}}), "remove kn0 from klist");
  EXPECT_EQ(text({UpdateKind::insert_before, list, {}, kn0, kn1}),
            "insert kn0 before kn1 in klist");
  EXPECT_EQ(text({UpdateKind::clear, list, {}, {}, {}}), "clear klist");
}

TEST(Printing, AnAnchorSaysWhatIsKnown) {
  EXPECT_EQ(to_string(Anchor{"sys/kern/kern_event.c", "1.129", "knote_fork", 1023}),
            "sys/kern/kern_event.c 1.129 knote_fork():1023");
  EXPECT_EQ(to_string(Anchor{"", "", "knote_fork", 0}), "knote_fork()");
  EXPECT_EQ(to_string(Anchor{}), "");
}

// Derived by hand from the paths below.  The producer's test of `count` reads what proc_lock
// guards, while it holds it: it is folded into the steps behind it, with a check.  The consumer
// looks at `count` without the lock on purpose: a step of its own.  `seen` is dead once it was
// checked.
constexpr const char* producer_and_consumer = R"(thread producer
  produce.enter: when proc_lock.owner == none do proc_lock.owner := producer then produce.if
  produce.add: when count < 2 do check proc_lock.owner == producer [guarded-access], count := count + 1, promised := true then produce.exit
  produce.exit: when !(count < 2) do check proc_lock.owner == producer [guarded-access], proc_lock.owner := none then done
  produce.exit: when true do proc_lock.owner := none then done
thread consumer
  consumer.look: when count == 0 do nothing then consumer.look
  consumer.look: when !(count == 0) do nothing then consumer.enter
  consumer.enter: when proc_lock.owner == none do proc_lock.owner := consumer then consumer.take
  consumer.take: when true do check proc_lock.owner == consumer [guarded-access], count := count - 1, consumer.seen := count then consumer.kassert
  consumer.exit: when true do check 1 <= consumer.seen [kassert], proc_lock.owner := none, consumer.seen := 0 then done
)";

std::string actions_of(const Spec& spec) {
  std::string text;
  for (const Thread& thread : spec.threads()) {
    text += "thread " + thread.name + "\n";
    for (const Point& point : thread.points)
      for (const ActionId id : point.actions)
        text += "  " + to_string(spec, spec.actions()[id]) + "\n";
  }
  return text;
}

TEST(Printing, ASpecificationOfTwoThreadsAndALock) {
  World world({"producer", "consumer"});
  SpecBuilder& builder = world.builder;
  const Mutexes mutexes(builder, {"proc_lock"});
  const Expr lock = mutexes.lock();
  const Expr count = world.number("count", 2);
  builder.set_guard(count.node().variable, [&](const Expr&) { return mutexes.lock(); });
  const Expr promised = world.flag("promised");
  builder.set_ghost(promised.node().variable);

  world.body(0, [&](Steps& s) {
    s.path({"", "", "produce", 0}, {}, [&] {
      mutexes.enter(s, lock);
      s.if_(count < 2, [&] { s.set("add", {{count, count + 1}, {promised, true}}); });
      mutexes.exit(s, lock);
    });
  });
  world.body(1, [&](Steps& s) {
    const Expr seen = s.local("seen", integer_type(0, 2));
    s.unguarded().label("look").while_(count == 0, {});
    mutexes.enter(s, lock);
    s.set("take", {{count, count - 1}, {seen, count}});
    s.check("kassert", seen >= 1, "something was there");
    mutexes.exit(s, lock);
  });
  EXPECT_EQ(actions_of(world.finish()), producer_and_consumer);
}

} // namespace
} // namespace interlock::tests
