// Calls that a thread makes only if the one before has answered so.
#include "support/scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace interlock::tests {
namespace {

bool takes(const Checked& checked, const std::string& label) {
  const auto& actions = checked.spec().actions();
  for (lang::ActionId id = 0; id < actions.size(); ++id)
    if (actions[id].label == label && checked.result.statistics.action_counts.at(id) != 0)
      return true;
  return false;
}

// One thread that makes a call, asks it, and closes the kqueue then.
bool closes(const std::string& call, const std::string& answer) {
  const Checked checked = check(ScenarioText().thread("p", {call, "if " + answer, "close kq"}));
  EXPECT_TRUE(checked.holds()) << checked.verdict();
  return takes(checked, "close kq.enter");
}

TEST(Answer, ACallBehindItIsMadeOnlyThen) {
  EXPECT_TRUE(closes("kevent delete proc p", "ENOENT"));
  EXPECT_FALSE(closes("kevent delete proc p", "0"));
  EXPECT_TRUE(closes("kevent add proc p fork", "0"));
  EXPECT_FALSE(closes("kevent add proc p fork", "ESRCH"));
}

TEST(Answer, IsNothingWhereNothingIsFound) {
  EXPECT_TRUE(closes("kevent wait poll", "nothing"));
  EXPECT_FALSE(closes("kevent wait poll", "something"));
  EXPECT_TRUE(closes("kevent wait poll", "0"));
  EXPECT_TRUE(closes("wait4 nohang", "ECHILD"));
  EXPECT_FALSE(closes("wait4 nohang", "nothing")); // that is an error
}

TEST(Answer, OfARaceIsTheOneOrTheOther) {
  const auto goes_on = [](const std::string& answer) {
    const Checked checked = check(ScenarioText()
                                      .thread("parent", {"fork child", "wait4 child nohang",
                                                         "if " + answer, "kevent wait poll"})
                                      .thread("child", {"exit 1"}));
    EXPECT_TRUE(checked.holds()) << checked.verdict();
    return takes(checked, "kevent wait poll.enter");
  };
  EXPECT_TRUE(goes_on("nothing"));
  EXPECT_TRUE(goes_on("something"));
  EXPECT_FALSE(goes_on("ECHILD")); // the child is there
}

TEST(Answer, IsSaidWithTheVerdict) {
  const Checked checked =
      check(ScenarioText().thread("p", {"kevent delete proc p", "if ENOENT", "close kq"}));
  EXPECT_EQ(checked.built.order,
            std::vector<std::string>{
                "p's 'close kq' is made only if p's 'kevent delete proc p' answers ENOENT"});
}

struct Wrong {
  const char* name;
  std::vector<std::string> calls;
  std::string pointer;
  const char* message;
};

class WrongAnswer : public testing::TestWithParam<Wrong> {};

TEST_P(WrongAnswer, IsRefused) {
  const systems::Judgement judgement =
      systems::judge(ScenarioText().thread("p", GetParam().calls).scenario());
  ASSERT_EQ(judgement.objections.size(), 1U);
  EXPECT_EQ(judgement.objections[0].pointer(), "/scenario/threads/p/" + GetParam().pointer);
  EXPECT_NE(std::string(judgement.objections[0].what()).find(GetParam().message), std::string::npos)
      << judgement.objections[0].what();
}

TEST(Answer, OfACallThatIsWrongItselfIsNotJudged) {
  const systems::Judgement judgement = systems::judge(
      ScenarioText().thread("p", {"kevent remove proc p", "if 0", "close kq"}).scenario());
  ASSERT_EQ(judgement.objections.size(), 1U);
  EXPECT_EQ(judgement.objections[0].pointer(), "/scenario/threads/p/0");
}

INSTANTIATE_TEST_SUITE_P(
    Scenario, WrongAnswer,
    testing::Values(
        Wrong{"Unknown", {"close kq", "if ENOENTS", "close kq"}, "1", "did you mean ENOENT?"},
        Wrong{"NoCallBefore", {"if 0", "close kq"}, "0", "a call has to come before"},
        Wrong{"NoCallBehind", {"close kq", "if 0"}, "1", "a call has to follow"},
        Wrong{"Twice", {"close kq", "if 0", "if EBADF", "close kq"}, "2", "is asked already"},
        Wrong{"NothingOfAClose",
              {"close kq", "if nothing", "close kq"},
              "1",
              "answers 0 or an errno"},
        Wrong{"NoAnswer", {"exec", "if 0", "close kq"}, "1", "kevent, wait4 or close"}),
    [](const auto& entry) { return std::string(entry.param.name); });

} // namespace
} // namespace interlock::tests
