// The words of locks: what each micro-operation does to one, by programs written out.
#include "random_expressions.hpp"
#include "run_program.hpp"

namespace interlock::harness::testing {
namespace {

struct WordTest : ::testing::Test {
  Zoo zoo;
  Layout layout{zoo.spec()};
  lang::State state = zoo.spec().initial_state();
  const Value byte = static_cast<Value>(layout.word(zoo.n[0]) * Layout::word_bytes);

  Ran with(Value word, std::vector<MicroOperation> operations) {
    state[zoo.spec().variables()[zoo.n[0]].first_slot] = word;
    operations.insert(operations.begin(), {MicroCode::address, 0, byte});
    operations.push_back({MicroCode::leave, static_cast<std::uint32_t>(Outcome::taken), 0});
    return run(layout, state, {operations, operations.size(), {}});
  }
  Value word(const Ran& ran) const { return ran.memory[layout.word(zoo.n[0])]; }
};

TEST_F(WordTest, AcquireTakesAFreeLock) {
  const Ran ran = with(0, {{MicroCode::literal, 0, 2}, {MicroCode::acquire, 0, 0}});
  EXPECT_EQ(ran.outcome, Outcome::taken);
  EXPECT_EQ(word(ran), 2);
}

TEST_F(WordTest, AcquireLeavesALockWithItsOwnerAndSaysWhoItIs) {
  const Ran ran = with(3, {{MicroCode::literal, 0, 2}, {MicroCode::acquire, 0, 0}});
  EXPECT_EQ(ran.outcome, Outcome::lock_held);
  EXPECT_EQ(ran.found, 3);
  EXPECT_EQ(word(ran), 3);
}

TEST_F(WordTest, AcquireTakesALockAgainThatTheThreadHas) {
  const Ran ran = with(2, {{MicroCode::literal, 0, 2}, {MicroCode::acquire, 0, 0}});
  EXPECT_EQ(ran.outcome, Outcome::taken);
  EXPECT_EQ(word(ran), 2);
}

TEST_F(WordTest, ExchangeGivesALockBack) {
  const Ran ran = with(2, {{MicroCode::literal, 0, 0}, {MicroCode::exchange, 0, 0}});
  EXPECT_EQ(ran.outcome, Outcome::taken);
  EXPECT_EQ(word(ran), 0);
}

TEST_F(WordTest, ChangeBitsTouchesOnlyTheBitsThatDiffer) {
  // Computed when the word was 0b0110: set bit 3, clear bit 1.  Bit 0 was set by another since.
  const Ran ran = with(0b0111, {{MicroCode::literal, 0, 0b0110},
                                {MicroCode::literal, 0, 0b1100},
                                {MicroCode::change_bits, 0, 0}});
  EXPECT_EQ(ran.outcome, Outcome::taken);
  EXPECT_EQ(word(ran), 0b1101);
}

TEST_F(WordTest, TryLockLeavesAsSoonAsTheLockIsFree) {
  const std::vector<MicroOperation> attempt{
      {MicroCode::literal, 0, 0}, {MicroCode::literal, 0, 2}, {MicroCode::try_lock, 0, 0}};
  EXPECT_EQ(with(0, attempt).outcome, Outcome::enabled);
  const Ran held = with(1, attempt);
  EXPECT_EQ(held.outcome, Outcome::taken);
  EXPECT_EQ(word(held), 1);
}

TEST_F(WordTest, TryWakeLeavesAsSoonAsTheBitIsClear) {
  const std::vector<MicroOperation> attempt{{MicroCode::literal, 0, 0b10},
                                            {MicroCode::try_wake, 0, 0}};
  EXPECT_EQ(with(0b101, attempt).outcome, Outcome::enabled);
  EXPECT_EQ(with(0b010, attempt).outcome, Outcome::taken);
}

TEST_F(WordTest, ASpinningThreadLeavesWhenTheStopWordIsRaised) {
  ControlBlock control;
  control.stop = 1;
  const MicroProgram for_ever{{{MicroCode::spin, 0, 0}, {MicroCode::jump, 0, 0}}, 0, {}};
  EXPECT_EQ(run(layout, state, for_ever, control).outcome, Outcome::stopped);
}

} // namespace
} // namespace interlock::harness::testing
