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

TEST(Primitives, OfASystemAreNotThoseOfAnother) {
  EXPECT_NE(find_primitive("netbsd", "mutex_enter"), nullptr);
  EXPECT_EQ(find_primitive("freebsd", "mutex_enter"), nullptr);
  EXPECT_THROW(primitives_of("plan9"), std::invalid_argument);
}

TEST(Primitives, HaveOneMeaningEach) {
  for (const std::string& system : systems_with_primitives())
    for (const Primitive& primitive : primitives_of(system))
      EXPECT_EQ(find_primitive(system, primitive.name), &primitive) << system << primitive.name;
}

} // namespace
} // namespace interlock::kernel_text
