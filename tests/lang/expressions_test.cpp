// Expressions: typing, folding and printing.  What they evaluate to is in evaluation_test.cpp.
#include "support/lang_world.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

using namespace lang;

class Expression : public ::testing::Test {
protected:
  World world;
  TypeRef notes = flags_type("note", {"NOTE_EXIT", "NOTE_FORK"});
  Expr x = world.number("x");
  Expr y = world.number("y");
  Expr p = world.flag("p");
  Expr q = world.flag("q");
  Expr fflags = world.global("fflags", notes);
  PoolId pool = world.builder.pool("knote", {"knote0", "knote1"}, Lifetime::allocated);
  Expr kn = world.global("kn", world.builder.pools()[pool].reference);
  VariableId status = world.builder.field(pool, "kn_status", notes, 0);
  VariableId link = world.builder.field(pool, "link", world.builder.pools()[pool].reference, 0);
  VariableId klist = world.builder.global_list("klist", world.builder.pools()[pool].reference, 2);
  VariableId queue =
      world.builder.field_list(pool, "queue", world.builder.pools()[pool].reference, 2);
};

TEST_F(Expression, PrintsEveryOperator) {
  const SpecBuilder& s = world.builder;
  EXPECT_EQ(to_string(x + y), "x + y");
  EXPECT_EQ(to_string(x - 1), "x - 1");
  EXPECT_EQ(to_string(x < y), "x < y");
  EXPECT_EQ(to_string(x > y), "y < x");
  EXPECT_EQ(to_string(x >= 1), "1 <= x");
  EXPECT_EQ(to_string(x != y), "x != y");
  EXPECT_EQ(to_string(!p), "!p");
  EXPECT_EQ(to_string(choose(p, x, y)), "(p ? x : y)");
  EXPECT_EQ(to_string(bit_clear(fflags, literal(notes, 1))), "fflags & ~NOTE_EXIT");
  EXPECT_EQ(to_string(s.read(status, kn)), "kn.kn_status");
  EXPECT_EQ(to_string(s.read(status, s.read(link, kn))), "kn.link.kn_status");
  EXPECT_EQ(to_string(s.read(status, s.object(pool, 1))), "knote1.kn_status");
  EXPECT_EQ(to_string(kn == s.nothing(pool)), "kn == none");
  EXPECT_EQ(to_string(s.first_free(pool)), "first_free(knote)");
  EXPECT_EQ(to_string(!s.is_allocated(kn)), "!allocated(kn)");
  EXPECT_EQ(to_string(s.list_size(klist)), "size(klist)");
  EXPECT_EQ(to_string(s.list_front(queue, kn)), "first(kn.queue)");
  EXPECT_EQ(to_string(s.list_back(klist)), "last(klist)");
  EXPECT_EQ(to_string(s.list_next(queue, kn, s.object(pool, 0))), "next(kn.queue, knote0)");
  EXPECT_EQ(to_string(!s.list_has(klist, {}, kn)), "!(kn in klist)");
  EXPECT_EQ(to_string(Expr()), "(nothing)");
}

TEST_F(Expression, BracketsWhereCWouldReadItOtherwise) {
  const Expr exit = literal(notes, 1);
  EXPECT_EQ(to_string((fflags & exit) != 0), "(fflags & NOTE_EXIT) != 0");
  EXPECT_EQ(to_string((p || q) && p), "(p || q) && p");
  EXPECT_EQ(to_string(p || (q && p)), "p || q && p");
  EXPECT_EQ(to_string(p && q && p), "p && q && p");
  EXPECT_EQ(to_string(p && (q && p)), "p && (q && p)");
  EXPECT_EQ(to_string(!(p && q)), "!(p && q)");
  EXPECT_EQ(to_string(x - (y - 1)), "x - (y - 1)");
  EXPECT_EQ(to_string(x - y - 1), "x - y - 1");
  EXPECT_EQ(to_string((x == y) == p), "(x == y) == p");
  EXPECT_EQ(to_string(x + 1 == y), "x + 1 == y");
  EXPECT_EQ(to_string((fflags | exit) & exit), "(fflags | NOTE_EXIT) & NOTE_EXIT");
}

TEST_F(Expression, ASetOfSeveralFlagsIsBracketedUnderAnOperator) {
  const Expr both = literal(notes, 3);
  EXPECT_EQ(to_string(both), "NOTE_EXIT|NOTE_FORK");
  EXPECT_EQ(to_string(fflags & both), "fflags & (NOTE_EXIT|NOTE_FORK)");
  EXPECT_EQ(to_string(fflags == both), "fflags == (NOTE_EXIT|NOTE_FORK)");
  EXPECT_EQ(to_string(bit_clear(fflags, both)), "fflags & ~(NOTE_EXIT|NOTE_FORK)");
}

TEST_F(Expression, APlainNumberTakesTheTypeOfWhatItMeets) {
  EXPECT_EQ(to_string(p == 1), "p == true");
  EXPECT_EQ(to_string(0 == fflags), "0 == fflags");
  EXPECT_TRUE(compatible((0 == fflags).node().operands[0].type(), *notes));
  EXPECT_EQ(to_string(choose(p, fflags, 0)), "(p ? fflags : 0)");
}

TEST_F(Expression, LogicFoldsWhatIsNeutralOrDecided) {
  EXPECT_TRUE(same(Expr(true) && p, p));
  EXPECT_TRUE(same(p && true, p));
  EXPECT_TRUE((Expr(false) && p).is_literal(0));
  EXPECT_TRUE(same(Expr(false) || p, p));
  EXPECT_TRUE(same(p || false, p));
  EXPECT_TRUE((Expr(true) || p).is_literal(1));
  EXPECT_TRUE(same(!!p, p));
  EXPECT_TRUE((!Expr(true)).is_literal(0));
  EXPECT_TRUE(same(choose(true, x, y), x));
  EXPECT_TRUE(all_of({}).is_literal(1));
  EXPECT_TRUE(any_of({}).is_literal(0));
  EXPECT_TRUE(same(all_of({p, q}), p && q));
  EXPECT_TRUE(same(any_of({p, q}), p || q));
}

TEST_F(Expression, NamedFlagsFoldIntoOneSet) {
  const Expr exit = literal(notes, 1);
  const Expr fork = literal(notes, 2);
  EXPECT_TRUE(same(exit | fork, literal(notes, 3)));
  EXPECT_TRUE(same(exit & fork, literal(notes, 0)));
  EXPECT_TRUE(same(bit_clear(exit | fork, fork), exit));
}

TEST_F(Expression, WhatMayFaultIsNotFoldedAway) {
  const Expr read = world.builder.read(status, kn) == 0;
  EXPECT_FALSE((read && false).is_literal());
  EXPECT_FALSE((read || true).is_literal());
}

TEST_F(Expression, ResultsKnowTheirRange) {
  EXPECT_EQ((x + y).type().high, 6);
  EXPECT_EQ((x - y).type().low, -3);
  EXPECT_EQ(choose(p, x, Expr(7)).type().high, 7);
  EXPECT_EQ(world.builder.list_size(klist).type().high, 2);
}

TEST_F(Expression, OperandsOfDifferentTypesAreRefused) {
  EXPECT_EQ(error_of([&] { return p == x; }),
            "operands of == differ in type: p (bool) and x (0..3)");
  EXPECT_EQ(error_of([&] { return fflags == 1; }),
            "operands of == differ in type: 1 and fflags (note)");
  EXPECT_EQ(error_of([&] { return x && p; }), "&& needs conditions: x, p");
  EXPECT_EQ(error_of([&] { return !x; }), "! needs a condition: x");
  EXPECT_EQ(error_of([&] { return p < q; }), "< needs numbers: p");
  EXPECT_EQ(error_of([&] { return fflags + fflags; }), "+ needs numbers: fflags");
  EXPECT_EQ(error_of([&] { return x | y; }), "| needs flags: x");
  EXPECT_EQ(error_of([&] { return choose(x, p, q); }), "?: needs a condition: x");
  EXPECT_EQ(error_of([&] { return x + Expr(); }), "an operand of + is missing");
  EXPECT_EQ(error_of([&] { return p && Expr(); }), "an operand of && is missing");
  EXPECT_EQ(error_of([&] { return literal(notes, 4); }), "4 is no value of note");
}

TEST_F(Expression, ListsAndScalarsAreNotMixedUp) {
  const SpecBuilder& s = world.builder;
  EXPECT_EQ(error_of([&] { return s.read(klist); }), "list klist is read as a scalar");
  EXPECT_EQ(error_of([&] { return s.list_size(status, kn); }), "variable kn_status is no list");
  EXPECT_EQ(error_of([&] { return s.list_front(klist, kn); }), "variable klist is no field");
  EXPECT_EQ(error_of([&] { return s.list_front(queue); }),
            "field queue is read of (nothing), which is no object of its pool");
  EXPECT_EQ(error_of([&] { return s.read(status, s.self(0)); }),
            "field kn_status is read of t, which is no object of its pool");
  EXPECT_EQ(error_of([&] { s.list_has(klist, {}, s.self(0)); }), "t is no element of list klist");
  EXPECT_EQ(error_of([&] { return s.is_allocated(x); }), "allocated() needs a reference: x");
}

TEST_F(Expression, SameComparesStructure) {
  EXPECT_TRUE(same(x + y, x + y));
  EXPECT_FALSE(same(x + y, y + x));
  EXPECT_FALSE(same(x + y, x - y));
  EXPECT_FALSE(same(x == 1, x == 2));
  EXPECT_TRUE(same(Expr(), Expr()));
  EXPECT_FALSE(same(Expr(), x));
  EXPECT_FALSE(same(literal(notes, 1), literal(world.builder.pools()[pool].reference, 1)));
}

TEST_F(Expression, NodesAreVisitedParentsFirst) {
  std::vector<Op> seen;
  for_each_node(x + 1 < y, [&](const Node& node) { seen.push_back(node.op); });
  EXPECT_EQ(seen, (std::vector<Op>{Op::less, Op::add, Op::variable, Op::literal, Op::variable}));
}

} // namespace
} // namespace interlock::tests
