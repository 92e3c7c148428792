// What the assembly computes, against the reference evaluator: no difference in the real one, one
// in each copy with a fault.  And of a replay: every word of every step is compared.
#include "random_expressions.hpp"
#include "run_program.hpp"
#include "small_specs.hpp"

#include "harness/replay.hpp"

namespace interlock::harness::testing {
namespace {

extern "C" {
RunMicroProgram interlock_run_guard_ignored;
RunMicroProgram interlock_run_wrong_arithmetic;
RunMicroProgram interlock_run_wrong_flags;
RunMicroProgram interlock_run_wrong_list;
}

// How many of some random steps end otherwise than in lang::take, or leave another memory.
int differences(RunMicroProgram* how) {
  const Zoo zoo;
  const Layout layout(zoo.spec());
  Dice dice(22);
  Growing growing(zoo, dice);
  int found = 0;
  for (int i = 0; i < 3000; ++i) {
    const lang::State state = random_state(zoo, dice);
    lang::Action action;
    action.to = 1;
    action.path = Expr(true);
    action.guard = growing.condition(1);
    action.updates = {
        lang::assign(zoo.builder.read(zoo.n[0]), growing.number(2)),
        lang::assign(zoo.builder.read(zoo.f[0]), growing.flags(2)),
        {lang::UpdateKind::insert_before, zoo.queue, {}, growing.item(0), growing.item(0)}};
    const lang::Result expected = lang::take(zoo.spec(), state, action);
    if (expected.outcome == lang::Outcome::failed)
      continue; // micro_program_test.cpp has the faults
    ControlBlock control;
    const Ran ran = run(layout, state, lower_action(zoo.spec(), layout, action), control, how);
    const bool taken = expected.outcome == lang::Outcome::taken;
    if (ran.outcome != (taken ? Outcome::taken : Outcome::guard_false) ||
        ran.memory != layout.pack(taken ? expected.state : state))
      ++found;
  }
  return found;
}

TEST(Faults, TheAssemblyDoesWhatTheReferenceEvaluatorDoes) {
  EXPECT_EQ(differences(interlock_run_micro_program), 0);
}

TEST(Faults, OfGuardsArithmeticFlagsAndListsAreDifferences) {
  EXPECT_GT(differences(interlock_run_guard_ignored), 0);
  EXPECT_GT(differences(interlock_run_wrong_arithmetic), 0);
  EXPECT_GT(differences(interlock_run_wrong_flags), 0);
  EXPECT_GT(differences(interlock_run_wrong_list), 0);
}

// A recorded state that differs from what the machine does, in whatever word of whatever step, is a
// divergence there.
TEST(Faults, AReplayComparesEveryWordAfterEveryStep) {
  SmallSpec locks({"one", "two"});
  locks.mutexes({"a", "b"});
  const lang::TypeRef level = lang::integer_type(0, 7);
  const Expr total = locks.builder.read(locks.builder.global("total", level, 0));
  for (lang::ThreadId thread = 0; thread < 2; ++thread)
    locks.body(thread, [&](Steps& s) {
      locks.acquire(s, locks.mutex(thread));
      s.set("add", {{total, total + 1}});
      locks.release(s, locks.mutex(thread));
    });
  violated_everywhere(locks.builder);
  locks.finish();
  const Trace trace = walk(locks.spec(), {0, 1, 0, 1, 1, 0}, anywhere);
  const std::vector<lang::State> states = lang::follow(locks.spec(), trace);
  ASSERT_TRUE(replay(locks.spec(), trace, states, {}).reproduced());
  for (std::size_t step = 0; step < states.size(); ++step)
    for (std::uint32_t slot = 0; slot < locks.spec().slot_count(); ++slot) {
      std::vector<lang::State> other = states;
      const lang::Type& type = locks.spec().slot_type(slot);
      Value& word = other[step][slot];
      word = word == type.high ? type.low : word + 1;
      const ReplayReport report = replay(locks.spec(), trace, other, {});
      EXPECT_EQ(report.outcome, ReplayOutcome::diverged) << report.text;
      ASSERT_TRUE(report.difference) << report.text;
      EXPECT_EQ(report.difference->step, step);
      EXPECT_EQ(report.difference->variable, locks.spec().slot_name(slot));
    }
}

} // namespace
} // namespace interlock::harness::testing
