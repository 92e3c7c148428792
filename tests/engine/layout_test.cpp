// Where the slots of a state live in its words.
#include "engine/layout.hpp"
#include "support/random_spec.hpp"

#include <gtest/gtest.h>

namespace interlock::checker {
namespace {

// A thread that only ends, so that the state is what the declarations say, and a counter of one
// bit.
lang::Spec finish(lang::SpecBuilder builder) {
  lang::Steps s(builder, 0);
  s.step("only", {});
  builder.set_body(0, s.take());
  return std::move(builder).finish();
}

TEST(Layout, TakesTheBitsOfEachTypeAndNoMore) {
  lang::SpecBuilder builder;
  builder.thread("t");
  builder.global("flag", lang::boolean_type(), 0);          // 1 bit
  builder.global("number", lang::integer_type(-2, 5), 0);   // 8 values: 3 bits
  builder.global("always", lang::integer_type(7, 7), 7);    // no bits
  builder.global_list("list", lang::integer_type(0, 3), 2); // size 0..2: 2 bits; 2 elements of 2
  const lang::Spec spec = finish(std::move(builder));
  const Layout layout(spec);
  EXPECT_EQ(layout.bits(), 1U + 1 + 3 + 0 + 2 + 4);
  EXPECT_EQ(layout.words(), 1U);
  EXPECT_EQ(layout.bytes(), 2U);
}

TEST(Layout, LetsNoSlotStraddleTwoWordsAndFillsGapsWithLaterSlots) {
  lang::SpecBuilder builder;
  builder.thread("t");
  const auto thirty = lang::integer_type(0, (1 << 30) - 1);
  for (const char* name : {"a", "b", "c"})
    builder.global(name, thirty, 0);
  builder.global("late", lang::boolean_type(), 1);
  const lang::Spec spec = finish(std::move(builder));
  const Layout layout(spec); // counter, a, b | c; 61 bits are taken before `late`
  EXPECT_EQ(layout.words(), 2U);
  EXPECT_EQ(layout.field(3).word, 1U);
  EXPECT_EQ(layout.field(4).word, 0U);
  EXPECT_EQ(layout.bytes(), 8U + 4);
}

TEST(Layout, UnpacksWhatItPackedForTheExtremesOfEveryType) {
  lang::SpecBuilder builder;
  builder.thread("t");
  builder.global("wide", lang::integer_type(-(lang::Value{1} << 40), lang::Value{1} << 40), 0);
  builder.global("below", lang::integer_type(-9, -3), -3);
  const lang::Spec spec = finish(std::move(builder));
  const Layout layout(spec);
  std::vector<Word> words(layout.words());
  for (const bool high : {false, true}) {
    lang::State state;
    for (std::uint32_t slot = 0; slot < spec.slot_count(); ++slot)
      state.push_back(high ? spec.slot_type(slot).high : spec.slot_type(slot).low);
    layout.pack(state, words.data());
    EXPECT_EQ(layout.unpack(words.data()), state);
  }
}

TEST(Layout, GivesEqualWordsForEqualStatesWhateverTheWordsHeldBefore) {
  tests::RandomSpec random(3);
  const Layout layout(random.spec());
  std::vector<Word> clean(layout.words(), 0);
  std::vector<Word> dirty(layout.words(), ~Word{0});
  const lang::State state = random.random_state();
  layout.pack(state, clean.data());
  layout.pack(state, dirty.data());
  EXPECT_EQ(clean, dirty);
}

} // namespace
} // namespace interlock::checker
