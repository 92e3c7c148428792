// Sequences of delivered events.
#include "verdict/behaviours.hpp"

#include "support/lang_world.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

using namespace lang;
using checker::Behaviours;
using checker::behaviours_of;
using Sequences = std::set<std::string>;

class DeliveredEvents : public ::testing::Test {
protected:
  World world{{"sender", "watcher"}};
  Expr sent = world.number("sent");

  void deliver(Steps& s, const std::string& label) {
    Step step;
    step.reports = {{"data", sent}};
    s.step(label, std::move(step));
  }
  Sequences sequences() { return behaviours_of(world.finish(), {}).sequences; }
};

// Both are read before, both behind, or one of each.
TEST_F(DeliveredEvents, AreThoseOfEveryInterleaving) {
  world.body(0, [&](Steps& s) { s.set(sent, 1); });
  world.body(1, [&](Steps& s) {
    deliver(s, "first");
    deliver(s, "second");
  });
  EXPECT_EQ(sequences(), (Sequences{"watcher: {data=0} {data=0}", "watcher: {data=0} {data=1}",
                                    "watcher: {data=1} {data=1}"}));
}

// In which order two threads get theirs is nothing that either can tell.
TEST_F(DeliveredEvents, OfTwoThreadsHaveNoOrderBetweenThem) {
  world.body(0, [&](Steps& s) { deliver(s, "one"); });
  world.body(1, [&](Steps& s) { deliver(s, "other"); });
  EXPECT_EQ(sequences(), Sequences{"sender: {data=0}; watcher: {data=0}"});
}

// The one that waits for ever has got nothing; the state in which it waits is where that ends.
TEST_F(DeliveredEvents, EndWhereNothingCanMove) {
  world.body(0, [&](Steps& s) { s.step("nothing", {}); });
  world.body(1, [&](Steps& s) {
    s.await("wait", sent == 1);
    deliver(s, "late");
  });
  EXPECT_EQ(sequences(), Sequences{"nothing"});
}

TEST_F(DeliveredEvents, ALimitIsSaid) {
  world.body(0, [&](Steps& s) { s.set(sent, 1); });
  world.body(1, [&](Steps& s) { deliver(s, "first"); });
  checker::CheckOptions options;
  options.max_states = 2;
  const Behaviours some = behaviours_of(world.finish(), options);
  EXPECT_NE(some.limit, "");
  EXPECT_EQ(some.sequences, Sequences{});
}

} // namespace
} // namespace interlock::tests
