// Expressions from text: precedence, names, the types of values, and errors with their place.
#include "lang/parse.hpp"
#include "support/lang_world.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

using namespace lang;

class Parsing : public ::testing::Test {
protected:
  World world{{"parent", "child"}};
  SpecBuilder& builder = world.builder;
  TypeRef notes = flags_type("note", {"NOTE_EXIT", "NOTE_FORK", "NOTE_TRACK"});
  TypeRef states = enumeration_type("p_stat", {"SIDL", "SACTIVE"});
  Mutexes mutexes{builder, {"proc_lock", "kq.kq_lock"}};
  PoolId kqueues = builder.pool("kqueue", {"kq"}, Lifetime::permanent);
  PoolId knotes = builder.pool("knote", {"kn0", "kn1"}, Lifetime::allocated);
  TypeRef knote = builder.pools()[knotes].reference;
  Expr kq = builder.object(kqueues, 0);
  Expr kn = builder.read(builder.local(0, "knote_proc_fork.kn", knote, 0));
  VariableId kq_lock =
      builder.constant_field(kqueues, "kq_lock", builder.pools()[mutexes.pool].reference, {2});
  VariableId kn_kq =
      builder.constant_field(knotes, "kn_kq", builder.pools()[kqueues].reference, {1, 1});
  VariableId kn_fflags = builder.field(knotes, "kn_fflags", notes, 0);
  VariableId kn_link = builder.field(knotes, "kn_link", knote, 0);
  VariableId kq_head = builder.field_list(kqueues, "kq_head", knote, 2);
  VariableId allproc = builder.global_list("allproc", knote, 2);
  Expr forks = world.number("forks");
  Expr total = world.number("total");
  Expr open = world.flag("open");
  Expr stat = world.global("stat", states);
  std::map<std::string, Expr> outer{{"kn", builder.object(knotes, 1)}, {"p1", kq}};
  std::map<std::string, Expr> inner{{"kn", kn}};
  NameScope scope{&builder, 0, {&inner, &outer}, {}};

  Expr parse(const std::string& text, const TypeRef& expected = nullptr) {
    return parse_expression(scope, text, expected);
  }
  // `column: message`, the column from 0.
  std::string refusal(const std::string& text, const TypeRef& expected = nullptr) {
    try {
      return "accepted as " + to_string(parse(text, expected));
    } catch (const ParseError& error) {
      return std::to_string(error.offset()) + ": " + error.what();
    }
  }
  Expr fflags() { return builder.read(kn_fflags, kn); }
};

TEST_F(Parsing, WhatIsPrintedIsReadBack) {
  const Expr exit = literal(notes, 1);
  const Expr both = literal(notes, 3);
  const Expr kn0 = builder.object(knotes, 0);
  for (const Expr& expression :
       {forks + total,
        forks - (total - 1),
        forks - total - 1,
        forks < total,
        forks <= 2,
        forks == -1,
        forks != total,
        !open,
        open || (open && forks == 1),
        (open || open) && open,
        open && (open && open),
        choose(open, forks, total),
        choose(open, kn0, builder.nothing(knotes)),
        choose(open, builder.nothing(knotes), kn0),
        stat == literal(states, 1),
        (builder.read(kn_fflags, kn0) & exit) != 0,
        builder.read(kn_fflags, kn0) == both,
        builder.read(kn_fflags, kn0) | exit,
        bit_clear(builder.read(kn_fflags, kn0), both),
        builder.read(kn_link, kn0) == kn0,
        builder.read(kn_link, builder.read(kn_link, kn0)) == builder.nothing(knotes),
        builder.is_allocated(kn0),
        builder.first_free(knotes),
        builder.list_size(kq_head, kq),
        builder.list_front(kq_head, builder.read(kn_kq, kn0)),
        builder.list_back(allproc),
        builder.list_next(allproc, {}, kn0),
        !builder.list_has(kq_head, kq, kn0),
        builder.read(kq_lock, builder.read(kn_kq, kn0)) == mutexes.lock(0),
        mutexes.owner(builder.read(kq_lock, kq)) == builder.self(1)})
    EXPECT_TRUE(same(parse(to_string(expression)), expression))
        << to_string(expression) << " became " << to_string(parse(to_string(expression)));
}

TEST_F(Parsing, OperatorsBindAsInC) {
  EXPECT_TRUE(same(parse("open || open && forks == 1"), open || (open && forks == 1)));
  EXPECT_TRUE(same(parse("forks + 1 < total - 1 - 1"), forks + 1 < total - 1 - 1));
  EXPECT_TRUE(same(parse("!open == open"), (!open) == open));
  EXPECT_TRUE(same(parse("NOTE_EXIT | kn.kn_fflags & NOTE_FORK"),
                   literal(notes, 1) | (fflags() & literal(notes, 2))));
  EXPECT_TRUE(same(parse("forks < 1 == open"), (forks < 1) == open));
  EXPECT_TRUE(same(parse("kn in allproc && open"), builder.list_has(allproc, {}, kn) && open));
  EXPECT_TRUE(same(parse("forks > 1"), Expr(1) < forks));
  EXPECT_TRUE(same(parse("forks >= 1"), Expr(1) <= forks));
}

TEST_F(Parsing, TheInnermostNameIsMeant) {
  EXPECT_TRUE(same(parse("kn"), kn));
  EXPECT_TRUE(same(parse("p1"), kq));
  EXPECT_TRUE(same(parse("self", nullptr), builder.self(0)));
  inner["forks"] = total;
  EXPECT_TRUE(same(parse("forks"), total)); // a local hides a global
}

TEST_F(Parsing, ValuesTakeTheirTypeFromWhatTheyMeet) {
  EXPECT_TRUE(same(parse("SACTIVE == stat"), literal(states, 1) == stat));
  EXPECT_TRUE(same(parse("kn.kn_fflags & (NOTE_EXIT|NOTE_FORK)"), fflags() & literal(notes, 3)));
  EXPECT_TRUE(same(parse("kn.kn_fflags == 0"), fflags() == 0));
  EXPECT_TRUE(same(parse("kn == none"), kn == builder.nothing(knotes)));
  EXPECT_TRUE(same(parse("none != kn"), builder.nothing(knotes) != kn));
  EXPECT_TRUE(same(parse("(open ? none : kn0) == kn"),
                   choose(open, builder.nothing(knotes), builder.object(knotes, 0)) == kn));
  EXPECT_TRUE(same(parse("none", knote), builder.nothing(knotes)));
  EXPECT_TRUE(same(parse("0", notes), literal(notes, 0)));
  EXPECT_TRUE(same(parse("SIDL"), literal(states, 0))); // only one type has it
}

TEST_F(Parsing, ANameOfTwoTypesNeedsAContextUnlessItIsAnObject) {
  const Expr colour = world.global("colour", enumeration_type("colour", {"RED", "SIDL"}));
  EXPECT_EQ(refusal("SIDL"), "0: SIDL is a value of p_stat and of colour; nothing here says which");
  EXPECT_TRUE(same(parse("colour == SIDL"), colour == literal(colour.type_ref(), 1)));
  world.global("waiting", flags_type("threads", {"parent", "child"}));
  EXPECT_TRUE(same(parse("child"), builder.self(1)));
  EXPECT_EQ(to_string(parse("waiting & child")), "waiting & child");
}

TEST_F(Parsing, AnObjectMayHaveADotInItsName) {
  const std::string dotted = "kq.kq_lock"; // also a field of kq, which is the same lock
  EXPECT_TRUE(same(parse(dotted), builder.read(kq_lock, kq)));
  World other;
  const Mutexes locks(other.builder, {"kq.kq_lock"});
  const NameScope names{&other.builder, 0, {}, {}};
  EXPECT_TRUE(same(parse_expression(names, dotted), locks.lock()));
}

TEST_F(Parsing, ALocalMayHaveADotInItsName) {
  inner["kev.fflags"] = fflags();
  EXPECT_TRUE(same(parse("kev.fflags == 0"), fflags() == 0));
  EXPECT_EQ(refusal("kev.flags == 0"), "0: kev is not known here; did you mean kev.fflags?");
}

TEST_F(Parsing, UnknownNamesComeWithTheNearest) {
  EXPECT_EQ(refusal("open && fork == 1"), "8: fork is not known here; did you mean forks?");
  EXPECT_EQ(refusal("kn.kn_flags == 0"),
            "3: a knote has no field kn_flags; did you mean kn_fflags?");
  EXPECT_EQ(refusal("stat == SACTIV"), "8: SACTIV is not known here; did you mean SACTIVE?");
  EXPECT_EQ(refusal("stat == NOTE_EXIT"), "8: NOTE_EXIT is no value of p_stat");
  EXPECT_EQ(refusal("first(alproc)"), "6: a list is expected; did you mean allproc?");
  EXPECT_EQ(refusal("firs(allproc)"),
            "0: there is no function firs; allowed are allocated, first, last, size, next and "
            "first_free; did you mean first?");
  EXPECT_EQ(refusal("first_free(knotes)"), "11: there is no pool knotes; did you mean knote?");
  EXPECT_EQ(refusal("fork.kn_link"), "0: fork is not known here; did you mean forks?");
  EXPECT_EQ(refusal("zzzzzzzz"), "0: zzzzzzzz is not known here");
}

TEST_F(Parsing, ListsAreUsedAsListsOnly) {
  EXPECT_EQ(refusal("allproc == none"),
            "0: allproc is a list; allowed are first, last, size, next and `in`");
  EXPECT_EQ(refusal("kq.kq_head"),
            "3: kq.kq_head is a list; allowed are first, last, size, next and `in`");
  EXPECT_EQ(refusal("first(forks)"), "6: forks is no list");
  EXPECT_EQ(refusal("kn in kn.kn_link"), "9: kn_link is no list");
}

TEST_F(Parsing, TypeErrorsPointAtTheOperator) {
  EXPECT_EQ(refusal("open + 1").substr(0, 2), "5:");
  EXPECT_EQ(refusal("forks && open"), "6: && needs conditions: forks, open");
  EXPECT_EQ(refusal("forks.kn_link"), "6: forks is no object, it has no field kn_link");
  EXPECT_EQ(refusal("allocated(forks)"), "0: allocated() needs a reference: forks");
  EXPECT_EQ(refusal("none"), "0: none is compared with no reference here");
  EXPECT_EQ(refusal("forks == none"), "9: none is compared with no reference here");
}

TEST_F(Parsing, BitsUnderAComparisonNeedTheirBrackets) {
  EXPECT_EQ(refusal("kn.kn_fflags & NOTE_EXIT != 0"),
            "25: as in C, != binds tighter than &: put the & in brackets");
  EXPECT_TRUE(same(parse("(kn.kn_fflags & NOTE_EXIT) != 0"), (fflags() & literal(notes, 1)) != 0));
}

TEST_F(Parsing, ValuesAreReadAsTheyArePrintedNumbersAndBracketsToo) {
  const TypeRef data = enumeration_type("data", {"0", "pid(parent)", "status(3)"});
  const Expr value = world.global("data", data);
  EXPECT_TRUE(same(parse("data == 0"), value == literal(data, 0)));
  EXPECT_TRUE(same(parse("data == pid(parent)"), value == literal(data, 1)));
  EXPECT_TRUE(same(parse("status(3) != data"), literal(data, 2) != value));
  EXPECT_EQ(refusal("data == status(4)"), "8: there is no function status; allowed are allocated, "
                                          "first, last, size, next and first_free");
}

TEST_F(Parsing, BrokenTextsAreRefusedWhereTheyBreak) {
  EXPECT_EQ(refusal(""), "0: an operand is expected in place of 'the end'");
  EXPECT_EQ(refusal("(open"), "5: ')' is expected in place of 'the end'");
  EXPECT_EQ(refusal("open open"), "5: 'open' is not expected here");
  EXPECT_EQ(refusal("open &&"), "7: an operand is expected in place of 'the end'");
  EXPECT_EQ(refusal("forks = 1"), "6: '=' has no meaning in an expression; is == meant?");
  EXPECT_EQ(refusal("forks $ 1"), "6: '$' has no meaning in an expression");
  EXPECT_EQ(refusal("open ? forks"), "12: ':' is expected in place of 'the end'");
  EXPECT_EQ(refusal("kn."), "3: the name of a field is expected in place of 'the end'");
  EXPECT_EQ(refusal("forks - - open"), "8: '-' has no left operand");
  EXPECT_EQ(refusal("~open"), "0: ~ is allowed behind & only");
  EXPECT_EQ(refusal("next(allproc)"), "0: next takes 2 operands");
  EXPECT_EQ(refusal("size(allproc, kn)"), "0: size takes 1 operand");
  EXPECT_EQ(refusal("99999999999999999999"), "0: 99999999999999999999 is too large");
}

TEST_F(Parsing, HugeTextsAreRefusedRatherThanOverflowTheStack) {
  EXPECT_NE(refusal(std::string(20000, '(')).find("nested too deeply"), std::string::npos);
  EXPECT_NE(refusal(std::string(20000, '!')).find("nested too deeply"), std::string::npos);
  std::string sum = "1";
  for (int i = 0; i < 20000; ++i)
    sum += "+1";
  EXPECT_NE(refusal(sum).find("too many operators"), std::string::npos);
}

} // namespace
} // namespace interlock::tests
