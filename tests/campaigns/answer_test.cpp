// Answers as JSON, and golden numbers in the text of a config.
#include "campaigns/answer.hpp"
#include "campaigns/answer_cache.hpp"
#include "campaigns/golden.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

using checker::Answer;
using checker::Config;

Answer violated() {
  Answer answer;
  answer.verdict = checker::Verdict::violated;
  answer.states = 12;
  answer.transitions = 20;
  answer.depth = 5;
  answer.seconds = 0.25;
  answer.cut = {{"use-after-free", 3}};
  answer.notes = {"a note"};
  answer.never = {"zombie: no state has p.p_stat == SZOMB"};
  answer.unreached = {"p's 'wait4' never returns"};
  answer.returns = {"p.exit"};
  answer.also = {{"kassert", 7}};
  answer.also_limit = "there are more states than the limit of 9";
  answer.violation = {"leak",     "at rest", "a message",      1,
                      {"p", "q"}, {},        {"p is blocked"}, {"p never woke"}};
  answer.violation->steps = {
      {"p", "exit1.enter", "enter", {"a: 0 -> 1"}, "sys/kern/kern_exit.c", "exit1", 7, true},
      {"q", "return", "return", {}, "", "", 0, false}};
  return answer;
}

TEST(Answers, ComeBackFromJson) {
  EXPECT_EQ(checker::answer_from(json_of(violated())), violated());
  EXPECT_EQ(checker::answer_from(json_of(Answer{})), Answer{});
}

TEST(Answers, OtherJsonIsNone) {
  for (const char* text : {"{}", "[]", "null", R"({"verdict": "perhaps"})", R"({"verdict": 1})"})
    EXPECT_THROW(checker::answer_from(nlohmann::ordered_json::parse(text)),
                 nlohmann::json::exception)
        << text;
}

Config config(const std::string& expect, const std::string& more = "") {
  return checker::parse_config("c.json", R"({"system": "netbsd", "revision": "kern_event-1.129",
    "scenario": {"threads": {"p": ["exit"]}}, )" +
                                             more + "\n  \"expect\": " + expect + "\n}\n");
}

TEST(Answers, DependOnAllOfAConfigButItsLayoutAndComment) {
  const std::string text = checker::answer_text(config("{\"holds\": true}"));
  EXPECT_EQ(checker::answer_text(config("{ \"holds\":true/**/}", "\"comment\": \"new\",")), text);
  EXPECT_NE(checker::answer_text(config("{\"holds\": true, \"states\": 1}")), text);
  EXPECT_NE(checker::answer_text(config("{\"holds\": true}", "\"limits\": {\"states\": 9},")),
            text);
}

TEST(Golden, NumbersAreReplacedWhereTheyStand) {
  const std::string expect =
      "{\"violates\": \"leak\", // why\n \"states\" : 1, \"trace_length\":99,"
      "\"cut\": {\"use-after-free\": 4, \"leak2\": true}}";
  // `cut` names are looked up when the specification is built, which this is not.
  const Config before = config(expect);
  std::string wanted = before.source->text();
  const auto replace = [&](const std::string& what, const std::string& by) {
    wanted.replace(wanted.find(what), what.size(), by);
  };
  replace("\"states\" : 1", "\"states\" : 12");
  replace(":99", ":2");
  replace(": 4", ": 3");
  EXPECT_EQ(checker::with_golden_numbers(before, violated()), wanted);
}

TEST(Golden, NothingIsReplacedWhereTheVerdictIsAnother) {
  const Config holds = config("{\"holds\": true, \"states\": 1}");
  EXPECT_EQ(checker::with_golden_numbers(holds, violated()), holds.source->text());
  Answer incomplete;
  incomplete.verdict = checker::Verdict::incomplete;
  const Config expects = config("{\"incomplete\": true, \"states\": 1}");
  EXPECT_EQ(checker::with_golden_numbers(expects, incomplete), expects.source->text());
}

TEST(Golden, ChangedLinesAreToldWithTheirNumbers) {
  EXPECT_EQ(checker::changed_lines("c.json", "a\nb 1\nc\n", "a\nb 2\nc\n"),
            (std::vector<std::string>{"c.json:2: -b 1", "c.json:2: +b 2"}));
}

} // namespace
} // namespace interlock::tests
