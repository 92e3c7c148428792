// Outlines: what is left of a function when only its locks, lists and sleepers count.
#include "kernel_text/outline.hpp"
#include "kernel_text/read.hpp"

#include <gtest/gtest.h>

namespace interlock::kernel_text {
namespace {

std::string outline(const std::string& system, const std::string& source, bool everything = false) {
  const File file = read_text("a.c", source, {});
  EXPECT_TRUE(file.errors.empty()) << file.errors.front();
  return outline_text(outline_of(file.functions.at(0), {system, everything}));
}

TEST(Outline, KeepsConditionsAroundPrimitivesAndTheJumpsOutOfThem) {
  EXPECT_EQ(outline("freebsd", "void f(void) {\n"
                               "  x = 1;\n"
                               "  if (a) {\n"
                               "    KQ_UNLOCK(kq);\n"
                               "    goto done;\n"
                               "  } else\n"
                               "    y();\n"
                               "done:\n"
                               "  z();\n"
                               "}\n"),
            "     3  if (a)\n"
            "     4    KQ_UNLOCK(kq)  [gives]\n"
            "     5    goto done\n"
            "     8  done:\n");
}

TEST(Outline, KnowsALockThatIsReachedThroughAPointerToAFunction) {
  EXPECT_EQ(outline("freebsd", "void f(void) { list->kl_lock(list->kl_lockarg); }"),
            "     1  list->kl_lock(list->kl_lockarg)  [takes]\n");
}

TEST(Outline, ListsWhatOneExpressionDoesInTheOrderOfEvaluation) {
  EXPECT_EQ(outline("netbsd", "void f(void) { mutex_enter(LIST_FIRST(&l)); }"),
            "     1  mutex_enter(LIST_FIRST(&l))  [looks, takes]\n");
}

TEST(Outline, AnArgumentMayMakeACallGiveTheLockBack) {
  EXPECT_EQ(outline("dragonfly", "void f(void) {\nlockmgr(&l, LK_SHARED);\n"
                                 "lockmgr(&l, LK_RELEASE);\n}"),
            "     2  lockmgr(&l, LK_SHARED)  [takes]\n"
            "     3  lockmgr(&l, LK_RELEASE)  [gives]\n");
}

TEST(Outline, EverythingIsKeptWhenAskedFor) {
  EXPECT_EQ(
      outline("netbsd", "int f(void) {\n  int x = 1;\n  if (x)\n    x++;\n  return x;\n}", true),
      "     2  x = 1\n"
      "     3  if (x)\n"
      "     4    x++\n"
      "     5  return (x)\n");
}

Expression call(const std::string& text) {
  const File file = read_text("a.c", "void f(void) { " + text + "; }", {});
  return file.functions.at(0).body.at(0).value.value();
}

TEST(Primitives, AreThoseOfTheSystem) {
  EXPECT_NE(find_primitive("netbsd", call("mutex_enter(&p->p_lock)")), nullptr);
  EXPECT_EQ(find_primitive("freebsd", call("mutex_enter(&p->p_lock)")), nullptr);
  EXPECT_THROW(primitives_of("plan9"), std::invalid_argument);
}

TEST(Primitives, AnArgumentMayDecideWhichOneIsMeant) {
  EXPECT_EQ(find_primitive("dragonfly", call("lockmgr(l, LK_RELEASE)"))->operations[0].act,
            Act::gives);
  EXPECT_EQ(find_primitive("dragonfly", call("lockmgr(l, LK_EXCLUSIVE)"))->operations[0].act,
            Act::takes);
}

TEST(Primitives, AMemberMayDecideWhichOneIsMeant) {
  EXPECT_NE(find_primitive("netbsd", call("atomic_inc_uint(&ff->ff_refcnt)")), nullptr);
  EXPECT_EQ(find_primitive("netbsd", call("atomic_inc_uint(&nprocs)")), nullptr);
}

TEST(Primitives, NoEntryIsHiddenByOneBefore) {
  for (const std::string& system : systems_with_primitives()) {
    std::set<std::string> seen; // names that need no argument
    for (const Primitive& primitive : primitives_of(system)) {
      EXPECT_FALSE(seen.contains(primitive.name)) << system << " " << primitive.name;
      if (primitive.with.empty())
        seen.insert(primitive.name);
    }
  }
}

} // namespace
} // namespace interlock::kernel_text
