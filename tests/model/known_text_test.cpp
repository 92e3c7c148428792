// What is known of the kernels' texts.
#include "support/freebsd.hpp"
#include "systems/known_text.hpp"

#include <gtest/gtest.h>
#include <stdexcept>

namespace interlock::systems {
namespace {

TEST(KnownText, IsReadByRevision) {
  const auto texts = read_known_texts("# a comment\n"
                                      "text old sys/kern/a.c f 12 0123456789abcdef\n"
                                      "step old f.lock 14\n"
                                      "key old f.lock f:PROC_LOCK#2\n"
                                      "key old f.wake f:KQ_UNLOCK_FLUX#1.2\n"
                                      "instead new sys/kern/a.c 1.140\n"
                                      "step new fork child.return 9\n");
  ASSERT_EQ(texts.size(), 2U);
  const KnownFunction& f = texts.at("old").functions.at("f");
  EXPECT_EQ(f.file, "sys/kern/a.c");
  EXPECT_EQ(f.line, 12);
  EXPECT_EQ(f.digest, "0123456789abcdef");
  EXPECT_EQ(texts.at("old").lines.at("f.lock"), 14);
  EXPECT_EQ(texts.at("old").keys.at("f.lock"), "f:PROC_LOCK#2");
  EXPECT_EQ(texts.at("old").keys.at("f.wake"), "f:KQ_UNLOCK_FLUX#1.2");
  EXPECT_EQ(texts.at("new").instead.at("sys/kern/a.c"), "1.140");
  EXPECT_EQ(texts.at("new").lines.at("fork child.return"), 9); // a label may have blanks
}

TEST(KnownText, AWrongLineIsRefusedWithItsNumber) {
  for (const char* line : {"text old a.c f", "step old f.lock", "step old f.lock x",
                           "key old f.lock f.lock", "key old f.lock f:#1", "key old f.lock f:lock#",
                           "key old f.lock f:lock#1.", "instead old a.c", "other old"})
    try {
      read_known_texts("\n" + std::string(line) + "\n");
      ADD_FAILURE() << line;
    } catch (const std::invalid_argument& error) {
      EXPECT_EQ(std::string(error.what()).substr(0, 7), "line 2 ") << line;
    }
}

TEST(KnownText, OfAnotherSystemOrRevisionNothingIsKnown) {
  EXPECT_TRUE(known_text("plan9", "kqueue-10.4").functions.empty());
  EXPECT_TRUE(known_text("freebsd", "kqueue-99").lines.empty());
}

// --- patches by source keys ---

using tests::ScenarioText;

std::string refusal(const ScenarioText& scenario) {
  try {
    build(scenario.scenario());
    return "";
  } catch (const ScenarioError& error) {
    return error.what();
  }
}

std::string actions_of(const ScenarioText& scenario) {
  const BuiltSpec built = build(scenario.scenario());
  std::string text;
  for (const lang::Action& action : built.spec->actions())
    text += action.label + "\n";
  return text;
}

TEST(SourceKey, NamesTheStepInAPatchAsItsLabelDoes) {
  const ScenarioText scenario = tests::freebsd::track("kqueue-10.4");
  const std::string dropped = actions_of(scenario.drop("knlist_add.mtx_lock_kq_lock"));
  EXPECT_NE(dropped, actions_of(scenario));
  EXPECT_EQ(actions_of(scenario.drop("knlist_add:KQ_LOCK#1")), dropped);
  EXPECT_EQ(
      actions_of(scenario.move_before("knlist_add:KQ_LOCK#1", "knlist_add:SLIST_INSERT_HEAD#1")),
      actions_of(scenario.move_before("knlist_add.mtx_lock_kq_lock", "knlist_add.insert_p_klist")));
}

// KQ_UNLOCK_FLUX() wakes and gives kq_lock back: two steps.
TEST(SourceKey, MeansAllStepsOfAStatementOrTheOneWhosePlaceItSays) {
  const ScenarioText scenario = tests::freebsd::track("kqueue-10.4");
  const std::string wakes = "knote_fork.KQ_FLUX_WAKEUP";
  const std::string gives = "knote_fork.mtx_unlock_kq_lock_5";
  EXPECT_EQ(actions_of(scenario.drop("knote_fork:KQ_UNLOCK_FLUX#1.1")),
            actions_of(scenario.drop(wakes)));
  EXPECT_EQ(actions_of(scenario.drop("knote_fork:KQ_UNLOCK_FLUX#1.2")),
            actions_of(scenario.drop(gives)));
  EXPECT_EQ(actions_of(scenario.drop("knote_fork:KQ_UNLOCK_FLUX#1")),
            actions_of(scenario.drop(wakes).drop(gives)));
}

TEST(SourceKey, ThatNothingHasIsRefusedWithTheNearest) {
  const std::string text =
      refusal(tests::freebsd::track("kqueue-10.4").drop("knlist_add:KQ_LOCK#7"));
  EXPECT_NE(text.find("no step of this scenario has the source key 'knlist_add:KQ_LOCK#7'"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("did you mean knlist_add:KQ_LOCK#1?"), std::string::npos) << text;
}

TEST(SourceKey, IsOfNoRevisionWithoutARecordedText) {
  const std::string text =
      refusal(ScenarioText("kern_event-1.128").thread("t", {"exit 1"}).drop("exit1:mutex_enter#1"));
  EXPECT_NE(text.find("no source keys are known of this revision"), std::string::npos) << text;
}

} // namespace
} // namespace interlock::systems
