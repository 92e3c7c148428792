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

TEST_F(WordTest, acquire_takes_a_free_lock) {
  const Ran ran = with(0, {{MicroCode::literal, 0, 2}, {MicroCode::acquire, 0, 0}});
  EXPECT_EQ(ran.outcome, Outcome::taken);
  EXPECT_EQ(word(ran), 2);
}

TEST_F(WordTest, acquire_leaves_a_lock_with_its_owner_and_says_who_it_is) {
  const Ran ran = with(3, {{MicroCode::literal, 0, 2}, {MicroCode::acquire, 0, 0}});
  EXPECT_EQ(ran.outcome, Outcome::lock_held);
  EXPECT_EQ(ran.found, 3);
  EXPECT_EQ(word(ran), 3);
}

TEST_F(WordTest, acquire_takes_a_lock_again_that_the_thread_has) {
  const Ran ran = with(2, {{MicroCode::literal, 0, 2}, {MicroCode::acquire, 0, 0}});
  EXPECT_EQ(ran.outcome, Outcome::taken);
  EXPECT_EQ(word(ran), 2);
}

TEST_F(WordTest, exchange_gives_a_lock_back) {
  const Ran ran = with(2, {{MicroCode::literal, 0, 0}, {MicroCode::exchange, 0, 0}});
  EXPECT_EQ(ran.outcome, Outcome::taken);
  EXPECT_EQ(word(ran), 0);
}

TEST_F(WordTest, change_bits_touches_only_the_bits_that_differ) {
  // Computed when the word was 0b0110: set bit 3, clear bit 1.  Bit 0 was set by another since.
  const Ran ran = with(0b0111, {{MicroCode::literal, 0, 0b0110},
                                {MicroCode::literal, 0, 0b1100},
                                {MicroCode::change_bits, 0, 0}});
  EXPECT_EQ(ran.outcome, Outcome::taken);
  EXPECT_EQ(word(ran), 0b1101);
}

TEST_F(WordTest, try_lock_leaves_as_soon_as_the_lock_is_free) {
  const std::vector<MicroOperation> attempt{
      {MicroCode::literal, 0, 0}, {MicroCode::literal, 0, 2}, {MicroCode::try_lock, 0, 0}};
  EXPECT_EQ(with(0, attempt).outcome, Outcome::enabled);
  const Ran held = with(1, attempt);
  EXPECT_EQ(held.outcome, Outcome::taken);
  EXPECT_EQ(word(held), 1);
}

TEST_F(WordTest, try_wake_leaves_as_soon_as_the_bit_is_clear) {
  const std::vector<MicroOperation> attempt{{MicroCode::literal, 0, 0b10},
                                            {MicroCode::try_wake, 0, 0}};
  EXPECT_EQ(with(0b101, attempt).outcome, Outcome::enabled);
  EXPECT_EQ(with(0b010, attempt).outcome, Outcome::taken);
}

TEST_F(WordTest, a_spinning_thread_leaves_when_the_stop_word_is_raised) {
  ControlBlock control;
  control.stop = 1;
  const MicroProgram for_ever{{{MicroCode::spin, 0, 0}, {MicroCode::jump, 0, 0}}, 0, {}};
  EXPECT_EQ(run(layout, state, for_ever, control).outcome, Outcome::stopped);
}

} // namespace
} // namespace interlock::harness::testing
