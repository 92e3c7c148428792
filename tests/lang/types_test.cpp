// Types: values as text, ranges, and what is refused.
#include "lang/type.hpp"
#include "support/lang_world.hpp"
#include "text/nearest.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

using namespace lang;

TypeRef notes() { return flags_type("note", {"NOTE_EXIT", "NOTE_FORK", "NOTE_TRACK"}); }
TypeRef states() { return enumeration_type("p_stat", {"SIDL", "SACTIVE", "SZOMB"}); }
TypeRef knotes() { return reference_type("knote", 3, {"knote0", "knote1"}); }

TEST(Type, EveryValueIsReadBackFromItsText) {
  for (const TypeRef& type :
       {boolean_type(), integer_type(-3, 4), states(), notes(), knotes(), integer_type(7, 7)})
    for (Value value = type->low; value <= type->high; ++value)
      EXPECT_EQ(parse_value(*type, format_value(*type, value)), value) << type->name;
}

TEST(Type, ValuesAreSpelledInTheTypesOwnWords) {
  EXPECT_EQ(format_value(*boolean_type(), 1), "true");
  EXPECT_EQ(format_value(*integer_type(-2, 2), -2), "-2");
  EXPECT_EQ(format_value(*states(), 2), "SZOMB");
  EXPECT_EQ(format_value(*notes(), 0), "0");
  EXPECT_EQ(format_value(*notes(), 5), "NOTE_EXIT|NOTE_TRACK");
  EXPECT_EQ(format_value(*knotes(), none), "none");
  EXPECT_EQ(format_value(*knotes(), 2), "knote1");
}

TEST(Type, AValueOutsideTheTypeIsMarked) {
  EXPECT_EQ(format_value(*states(), 3), "?3");
  EXPECT_EQ(format_value(*notes(), 8), "?8");
  EXPECT_EQ(format_value(*knotes(), -1), "?-1");
}

TEST(Type, FlagsAreReadInAnyOrder) {
  EXPECT_EQ(parse_value(*notes(), "NOTE_TRACK|NOTE_EXIT"), 5);
  EXPECT_EQ(parse_value(*notes(), "0"), 0);
}

TEST(Type, ATextThatIsNoValueIsRefusedWithTheNearestName) {
  EXPECT_EQ(error_of([] { parse_value(*states(), "SACTIV"); }),
            "'SACTIV' is no value of p_stat; did you mean SACTIVE?");
  EXPECT_EQ(error_of([] { parse_value(*notes(), "NOTE_EXIT|"); }), "'' is no value of note");
  EXPECT_EQ(error_of([] { parse_value(*boolean_type(), "1"); }), "'1' is neither true nor false");
  for (const char* text : {"4", "-1", "", "2x", " 2"})
    EXPECT_EQ(error_of([&] { parse_value(*integer_type(0, 3), text); }),
              "'" + std::string(text) + "' is no number from 0 to 3");
}

TEST(Type, BitsHoldTheRange) {
  EXPECT_EQ(bits_for(*integer_type(5, 5)), 0U);
  EXPECT_EQ(bits_for(*boolean_type()), 1U);
  EXPECT_EQ(bits_for(*integer_type(-1, 2)), 2U);
  EXPECT_EQ(bits_for(*integer_type(0, 4)), 3U);
  EXPECT_EQ(bits_for(*knotes()), 2U);
  EXPECT_EQ(bits_for(*notes()), 3U);
}

TEST(Type, MayMixOnlyValuesOfOneMeaning) {
  EXPECT_TRUE(compatible(*integer_type(0, 1), *integer_type(5, 9)));
  EXPECT_TRUE(compatible(*states(), *states()));
  EXPECT_FALSE(compatible(*states(), *enumeration_type("lwp", {"SIDL", "SACTIVE", "SZOMB"})));
  EXPECT_FALSE(compatible(*states(), *enumeration_type("p_stat", {"SIDL", "SACTIVE"})));
  EXPECT_FALSE(compatible(*knotes(), *reference_type("knote", 4, {"knote0", "knote1"})));
  EXPECT_FALSE(compatible(*boolean_type(), *integer_type(0, 1)));
}

TEST(Type, MalformedTypesAreRefused) {
  EXPECT_EQ(error_of([] { integer_type(2, 1); }), "integer range 2..1 is empty");
  EXPECT_NE(error_of([] { integer_type(0, widest_integer + 1); }).find("is too wide"),
            std::string::npos);
  EXPECT_EQ(error_of([] { enumeration_type("e", {}); }), "type e has no names");
  EXPECT_EQ(error_of([] { flags_type("f", {"A", "B", "A"}); }), "type f has the name A twice");
  EXPECT_EQ(error_of([] { reference_type("p", 1, {"x", "x"}); }), "type p has the name x twice");
  EXPECT_EQ(error_of([] { reference_type("p", 1, {"none"}); }), "an object of p is called none");
  std::vector<std::string> many(32);
  for (std::size_t i = 0; i < many.size(); ++i)
    many[i] = "F" + std::to_string(i);
  EXPECT_EQ(error_of([&] { flags_type("f", many); }), "type f has more than 31 flags");
  many.pop_back();
  EXPECT_EQ(flags_type("f", many)->high, (Value{1} << 31) - 1);
}

TEST(Nearest, ASlipFindsItsNameAndNothingElse) {
  const std::vector<std::string> names{"p_lock", "kq_lock", "proc_lock"};
  EXPECT_EQ(text::nearest("kq_lok", names), "kq_lock");
  EXPECT_EQ(text::nearest("kq_lock", names), "kq_lock");
  EXPECT_EQ(text::nearest("zzzzzz", names), "");
  EXPECT_EQ(text::nearest("x", {}), "");
  EXPECT_EQ(text::nearest_hint("pp_lock", names), "; did you mean p_lock?");
  EXPECT_EQ(text::nearest_hint("zzzzzz", names), "");
}

TEST(Nearest, OfEquallyNearNamesTheFirstWins) {
  EXPECT_EQ(text::nearest("ab", {"ac", "ad"}), "ac");
}

} // namespace
} // namespace interlock::tests
