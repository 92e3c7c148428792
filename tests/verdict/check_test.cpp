// check() on tiny specifications whose graphs can be counted by hand.
#include "support/tiny_spec.hpp"
#include "verdict/check.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace interlock::checker {
namespace {

using lang::PropertyKind;
using lang::Steps;
using tests::steps_of;
using tests::TinySpec;

// Two threads of two steps each that share nothing: a grid of 3 x 3 states.
TinySpec grid() {
  TinySpec tiny({"a", "b"});
  for (const lang::ThreadId thread : {0U, 1U})
    tiny.body(thread, [](Steps& s) {
      s.step("one", {});
      s.step("two", {});
    });
  return tiny;
}

// Two threads that lock in opposite orders.
TinySpec crossed_locks() {
  TinySpec tiny({"a", "b"});
  tiny.add_locks({"p_lock", "kq_lock"});
  tiny.property("no-deadlock", PropertyKind::no_deadlock);
  for (const lang::ThreadId thread : {0U, 1U})
    tiny.body(thread, [&, thread](Steps& s) {
      s.step("first", tiny.enter(s, thread));
      s.step("second", tiny.enter(s, 1 - thread));
      s.step("leave_second", tiny.leave(1 - thread));
      s.step("leave_first", tiny.leave(thread));
    });
  return tiny;
}

TEST(Check, CountsTheGridOfTwoIndependentThreads) {
  TinySpec tiny = grid();
  const CheckResult result = check(tiny.finish(), {});
  EXPECT_EQ(result.verdict, Verdict::holds);
  EXPECT_EQ(result.statistics.states, 9U);
  EXPECT_EQ(result.statistics.transitions, 12U); // 2 x 3 along each side
  EXPECT_EQ(result.statistics.depth, 4U);
  EXPECT_EQ(result.statistics.action_counts, (std::vector<std::uint64_t>{3, 3, 3, 3}));
  EXPECT_EQ(result.statistics.state_bits, 4U); // two counters of three points
}

TEST(Check, NamesTheCycleOfADeadlock) {
  TinySpec tiny = crossed_locks();
  const CheckResult result = check(tiny.finish(), {});
  ASSERT_EQ(result.verdict, Verdict::violated);
  EXPECT_EQ(result.trace->violation.kind, lang::ViolationKind::deadlock);
  EXPECT_EQ(result.trace->violation.property, "no-deadlock");
  EXPECT_EQ(result.trace->violation.message,
            "a waits for kq_lock held by b; b waits for p_lock held by a");
  EXPECT_EQ(steps_of(tiny.spec(), *result.trace), (std::vector<std::string>{"a:first", "b:first"}));
}

TEST(Check, TellsAThreadThatWaitsForItself) {
  TinySpec tiny({"a"});
  tiny.add_locks({"p_lock"});
  tiny.property("no-deadlock", PropertyKind::no_deadlock);
  tiny.body(0, [&](Steps& s) {
    s.step("enter", tiny.enter(s, 0));
    s.step("again", tiny.enter(s, 0));
  });
  const CheckResult result = check(tiny.finish(), {});
  ASSERT_TRUE(result.trace);
  EXPECT_EQ(result.trace->violation.message, "a waits for p_lock held by itself");
}

TEST(Check, TellsASleeperThatNobodyWillWake) {
  TinySpec tiny({"sleeper", "waker"});
  const lang::PoolId channels = tiny.builder.pool("channel", {"kq_cv"}, lang::Lifetime::permanent);
  const lang::VariableId waiters =
      tiny.builder.field(channels, "waiters", lang::flags_type("threads", {"sleeper", "waker"}), 0);
  tiny.builder.set_lock_pool(channels, {"cv", {}, {}, waiters}, {"kq_cv"});
  tiny.property("no-deadlock", PropertyKind::no_deadlock);
  const lang::Expr channel = tiny.builder.object(channels, 0);
  const lang::Expr asleep = tiny.builder.read(waiters, channel);
  const auto bits = [&](lang::Value value) { return lang::literal(asleep.type_ref(), value); };
  tiny.body(0, [&](Steps& s) {
    s.set("sleep", {{asleep, bits(1)}});
    lang::Step wait;
    wait.guard = (asleep & bits(1)) == bits(0);
    wait.effects.push_back({lang::EffectKind::sleep, channel, lang::Mode::exclusive});
    s.step("wait", wait);
  });
  tiny.body(1, [&](Steps& s) { s.set("wake", {{asleep, bits(0)}}); }); // may come too early
  const CheckResult result = check(tiny.finish(), {});
  ASSERT_TRUE(result.trace);
  EXPECT_EQ(result.trace->violation.message,
            "sleeper sleeps on kq_cv, and no thread is left to wake it");
  // The other order wakes it.
  EXPECT_EQ(steps_of(tiny.spec(), *result.trace),
            (std::vector<std::string>{"waker:wake", "sleeper:sleep"}));
}

TEST(Check, LetsAnIdleThreadWaitForEverAndJudgesTheRest) {
  for (const bool idle : {true, false}) {
    TinySpec tiny({"server"});
    const lang::Expr request = tiny.flag("request");
    const lang::Expr served = tiny.flag("served");
    tiny.property("no-deadlock", PropertyKind::no_deadlock);
    tiny.property("all-served", PropertyKind::at_rest, served);
    tiny.body(0,
              [&](Steps& s) { s.await("wait", request, idle ? lang::Expr(true) : lang::Expr()); });
    const CheckResult result = check(tiny.finish(), {});
    ASSERT_TRUE(result.trace);
    EXPECT_EQ(result.trace->violation.property, idle ? "all-served" : "no-deadlock");
    EXPECT_TRUE(result.trace->actions.empty());
  }
}

TEST(Check, CountsAThreadAsAsleepWhenOnlyASignalCouldMoveIt) {
  for (const bool signal : {true, false}) {
    TinySpec tiny({"sleeper"});
    tiny.property("no-deadlock", PropertyKind::no_deadlock);
    const lang::Expr woken = tiny.flag("woken");
    tiny.body(0, [&](Steps& s) {
      lang::Step interrupt;
      interrupt.comes = signal ? lang::Comes::by_chance : lang::Comes::surely;
      s.either({[&] { s.await("wakeup", woken); }, [&] { s.step("interrupted", interrupt); }});
    });
    const CheckResult result = check(tiny.finish(), {});
    EXPECT_EQ(result.trace.has_value(), signal);
    EXPECT_EQ(result.statistics.states, 2U); // awake or interrupted, the sleeper can end
  }
}

TEST(Check, ReportsAnInvariantThatIsFalseFromTheStart) {
  TinySpec tiny({"a"});
  tiny.property("never", PropertyKind::invariant, tiny.flag("off"));
  tiny.body(0, [](Steps& s) { s.step("one", {}); });
  const CheckResult result = check(tiny.finish(), {});
  ASSERT_TRUE(result.trace);
  EXPECT_TRUE(result.trace->actions.empty());
  EXPECT_EQ(result.trace->violation.message, "never is violated");
  EXPECT_EQ(result.statistics.states, 1U);
}

TEST(Check, CutsAndCountsWhatViolatesAPropertyThatIsNotChecked) {
  TinySpec tiny({"a", "b"});
  tiny.property("asserted", PropertyKind::check);
  tiny.property("no-deadlock", PropertyKind::no_deadlock);
  tiny.body(0, [](Steps& s) { s.step("fail", TinySpec::failing("asserted")); });
  tiny.body(1, [](Steps& s) { s.step("one", {}); });
  const lang::Spec& spec = tiny.finish();
  CheckOptions options;
  options.properties = {"no-deadlock"};
  const CheckResult result = check(spec, options);
  // In both of b's states a stands before its step: it is not stuck, its way is cut.
  EXPECT_EQ(result.verdict, Verdict::holds);
  EXPECT_EQ(result.statistics.cut, (std::map<std::string, std::uint64_t>{{"asserted", 2}}));
  EXPECT_EQ(result.statistics.states, 2U);
  EXPECT_EQ(result.statistics.transitions, 1U);
  EXPECT_EQ(check(spec, {}).verdict, Verdict::violated);
}

TEST(Check, NeverOverlooksAValueThatLeavesItsRange) {
  TinySpec tiny({"a"});
  const lang::Expr count = tiny.builder.read(tiny.builder.global("n", lang::integer_type(0, 1), 0));
  tiny.property("other", PropertyKind::check);
  tiny.body(0, [&](Steps& s) {
    s.set("up", {{count, count + 1}});
    s.set("up", {{count, count + 1}});
  });
  CheckOptions options;
  options.properties = {"other"};
  const CheckResult result = check(tiny.finish(), options);
  ASSERT_TRUE(result.trace);
  EXPECT_EQ(result.trace->violation.property, lang::fault::bounds);
}

TEST(Check, RefusesAPropertyThatDoesNotExistAndNamesTheNearest) {
  TinySpec tiny = crossed_locks();
  CheckOptions options;
  options.properties = {"no-deadlok"};
  const lang::Spec& spec = tiny.finish();
  try {
    check(spec, options);
    FAIL() << "it was accepted";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "there is no property no-deadlok; did you mean no-deadlock?");
  }
}

// A thread that counts to a million.
TinySpec long_way() {
  TinySpec tiny({"a"});
  const lang::Expr count =
      tiny.builder.read(tiny.builder.global("n", lang::integer_type(0, 1000000), 0));
  tiny.body(0, [&](Steps& s) {
    s.loop("count", [&] {
      lang::Step step;
      step.guard = count < 1000000;
      step.updates.push_back(lang::assign(count, count + 1));
      s.step("up", step);
    });
  });
  return tiny;
}

TEST(Check, IsIncompleteWithOneStateMoreThanTheLimitAndCompleteWithAsMany) {
  for (const std::uint64_t limit : {8U, 9U}) {
    TinySpec tiny = grid();
    CheckOptions options;
    options.max_states = limit;
    const CheckResult result = check(tiny.finish(), options);
    EXPECT_EQ(result.verdict, limit == 8 ? Verdict::incomplete : Verdict::holds);
    EXPECT_EQ(result.limit, limit == 8 ? "there are more states than the limit of 8" : "");
    EXPECT_EQ(result.statistics.states, limit);
  }
}

TEST(Check, IsIncompleteWhenTheBytesRunOut) {
  TinySpec tiny = long_way();
  CheckOptions options;
  options.max_bytes = 1000000;
  const CheckResult result = check(tiny.finish(), options);
  EXPECT_EQ(result.verdict, Verdict::incomplete);
  EXPECT_EQ(result.limit, "the states need more than the limit of 1000000 bytes");
  EXPECT_GT(result.statistics.states, 1000000U / 60);
}

TEST(Check, IsIncompleteWhenTheTimeRunsOut) {
  TinySpec tiny = long_way();
  CheckOptions options;
  options.max_seconds = 0.0005; // the way takes some hundred times as long
  const CheckResult result = check(tiny.finish(), options);
  EXPECT_EQ(result.verdict, Verdict::incomplete);
  EXPECT_EQ(result.limit, "the limit of 0.0005 seconds was reached");
}

TEST(Check, StopsWhenItIsInterrupted) {
  TinySpec tiny = long_way();
  const std::atomic<bool> interrupted = true;
  CheckOptions options;
  options.interrupted = &interrupted;
  const CheckResult result = check(tiny.finish(), options);
  EXPECT_EQ(result.verdict, Verdict::interrupted);
  EXPECT_LT(result.statistics.states, 1000U);
}

} // namespace
} // namespace interlock::checker
