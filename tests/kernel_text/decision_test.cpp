// What conditions decide: two spellings of one question are alike, and what is no question about
// flags and states is not decided.
#include "kernel_text/decision.hpp"
#include "kernel_text/model_skeleton.hpp"
#include "kernel_text/read.hpp"
#include "support/freebsd.hpp"

#include <gtest/gtest.h>

namespace interlock::kernel_text {
namespace {

std::optional<Decision> decision(const std::string& condition) {
  const File file = read_text("a.c", "void f(void) { if (" + condition + ") g(); }", {});
  return decision_of(*file.functions.at(0).body.at(0).value,
                     {"kn_status", "KN_INFLUX", "KN_SCAN", "KN_ACTIVE", "p_state", "PRS_NEW",
                      "kq_count", "p_flag", "P_WEXIT"});
}

Decided compared(const std::string& first, const std::string& second) {
  return compare(decision(first).value(), decision(second).value());
}

struct Pair {
  const char* first;
  const char* second;
};

class Alike : public testing::TestWithParam<Pair> {};

TEST_P(Alike, AreTwoSpellings) {
  const auto& [first, second] = GetParam();
  EXPECT_EQ(compared(first, second), Decided::alike) << first << " and " << second;
  EXPECT_EQ(compared(first, "!(" + std::string(second) + ")"), Decided::opposite)
      << first << " and not " << second;
}

INSTANTIATE_TEST_SUITE_P(
    Conditions, Alike,
    testing::Values(Pair{"kn->kn_status & KN_INFLUX", "(kn->kn_status & KN_INFLUX) == KN_INFLUX"},
                    Pair{"(kn->kn_status & KN_INFLUX) != 0", "!((kn->kn_status & KN_INFLUX) == 0)"},
                    Pair{"(kn->kn_status & (KN_INFLUX | KN_SCAN)) == KN_INFLUX",
                         "kn->kn_status & KN_INFLUX && !(kn->kn_status & KN_SCAN)"},
                    Pair{"(kn->kn_status & (KN_INFLUX | KN_SCAN)) == 0",
                         "!(kn->kn_status & KN_INFLUX) && !(kn->kn_status & KN_SCAN)"},
                    Pair{"__predict_false(kn->kn_status & KN_ACTIVE)", "kn->kn_status & KN_ACTIVE"},
                    Pair{"p->p_state != PRS_NEW", "!(q->p_state == PRS_NEW)"},
                    Pair{"kq->kq_count > 0", "kq->kq_count"},
                    Pair{"!kq->kq_count", "kq->kq_count == 0"}));

TEST(Decisions, AreOtherwiseWhereAFlagOrItsConnectiveIsAnother) {
  EXPECT_EQ(compared("k->kn_status & KN_INFLUX", "k->kn_status & KN_SCAN"), Decided::otherwise);
  EXPECT_EQ(compared("k->kn_status & KN_INFLUX && k->kn_status & KN_SCAN",
                     "k->kn_status & KN_INFLUX || k->kn_status & KN_SCAN"),
            Decided::otherwise);
  EXPECT_EQ(compared("k->kn_status & (KN_INFLUX | KN_SCAN)",
                     "(k->kn_status & (KN_INFLUX | KN_SCAN)) == KN_INFLUX"),
            Decided::otherwise);
}

TEST(Decisions, AreOfNothingElse) {
  for (const char* condition :
       {"error", "p == NULL", "kn->kn_fop->f_event(kn, 0)", "kq->kq_count > 1",
        "kn->kn_status & KN_OTHER", "kn->kn_status & KN_ACTIVE && error == 0", "p->p_pid == pid"})
    EXPECT_FALSE(decision(condition)) << condition;
}

TEST(Decisions, OfTheModelCompareWithThoseOfC) {
  const systems::BuiltSpec built = systems::build(tests::freebsd::track().scenario());
  const auto functions = model_functions(*built.spec);
  const auto of_path = [&](const std::string& function, const std::string& text) {
    for (const Node* node : in_order(functions.at(function).variants.at(0)))
      if (node->text.find(text) != std::string::npos && node->decision)
        return *node->decision;
    throw std::runtime_error(function + " has no condition " + text);
  };
  EXPECT_EQ(compare(of_path("knote_fork", "KN_SCAN"),
                    *decision("(kn->kn_status & (KN_INFLUX | KN_SCAN)) == KN_INFLUX")),
            Decided::alike);
  // A flag that is a field of its own, and a state.
  EXPECT_EQ(compare(of_path("pfind", "PRS_NEW"), *decision("p->p_state != PRS_NEW")),
            Decided::opposite);
}

} // namespace
} // namespace interlock::kernel_text
