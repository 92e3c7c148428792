// Invariants that a config states: of which objects, and what is wrong with them.
#include "support/scenario.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

ScenarioText exits() {
  return ScenarioText()
      .thread("parent", {"fork child"})
      .thread("child", {"exit 1"})
      .thread("watcher", {"kevent add proc parent exit,track", "kevent wait"});
}

// exit1() empties the list with proc_lock held, before it sets SZOMB.
constexpr const char* no_knotes = "p.p_stat != SZOMB || p.p_klist == []";

TEST(StatedInvariants, HoldInEveryStateOfEveryObject) {
  EXPECT_EQ(check(exits().invariant("zombies", "proc p", no_knotes)).verdict(), "holds");
}

// The child gets the first slot that is free: the parent and the watcher are there from the start.
TEST(StatedInvariants, AreViolatedByTheirNameWithTheObjects) {
  const Checked checked = check(exits()
                                    .invariant("zombies", "proc p", no_knotes)
                                    .drop("exit1.knote_proc_exit")
                                    .property("no-deadlock"));
  EXPECT_EQ(checked.verdict(),
            std::string("zombies: ") + no_knotes + " does not hold, p being proc2");
}

// Both are there: neither of the parent's states alone is wrong.
TEST(StatedInvariants, MayBeOfSeveralObjects) {
  const ScenarioText never_both =
      exits()
          .property("no-deadlock")
          .invariant("not-both", "proc p, proc q",
                     "p == q || p.p_stat != SACTIVE || q.p_stat != SACTIVE");
  EXPECT_EQ(check(never_both).result.trace->violation.property, "not-both");
}

TEST(StatedInvariants, MayBeOfNoObject) {
  EXPECT_EQ(
      check(exits().property("no-deadlock").invariant("nobody", "", "proc_lock.owner == none"))
          .verdict(),
      "nobody: proc_lock.owner == none does not hold");
}

// Reading a field of a knote that is not allocated would be a fault.
TEST(StatedInvariants, AreOfObjectsWhileTheyAreThere) {
  EXPECT_EQ(check(exits()
                      .property("no-deadlock")
                      .invariant("owned", "knote kn",
                                 "kn.kn_kq != none || kn.kn_status == KN_BUSY || true"))
                .verdict(),
            "holds");
}

TEST(StatedInvariants, AreCheckedWhicheverPropertiesAreSelected) {
  const systems::BuiltSpec built =
      systems::build(exits().property("no-deadlock").invariant("mine", "", "true").scenario());
  EXPECT_EQ(built.properties.names, (std::vector<std::string>{"no-deadlock", "mine"}));
}

struct Wrong {
  const char* name;
  const char* forall;
  const char* holds;
  const char* pointer;
  std::size_t offset;
  const char* message; // how it begins
};

class WrongInvariant : public testing::TestWithParam<Wrong> {};

TEST_P(WrongInvariant, IsSaidWithItsPlace) {
  const Wrong& wrong = GetParam();
  try {
    systems::build(exits().invariant(wrong.name, wrong.forall, wrong.holds).scenario());
    FAIL() << "nothing is wrong";
  } catch (const systems::ScenarioError& error) {
    EXPECT_EQ(std::string(error.what()).substr(0, std::string(wrong.message).size()),
              wrong.message);
    EXPECT_EQ(error.pointer(), std::string("/invariants/0/") + wrong.pointer);
    EXPECT_EQ(error.offset(), wrong.offset);
  }
}

INSTANTIATE_TEST_SUITE_P(
    , WrongInvariant,
    testing::Values(
        Wrong{"mine", "prok p", "true", "forall", 0, "'prok' is no kind of objects; allowed: "},
        Wrong{"mine", "proc", "true", "forall", 4, "'proc' ends where a name for each of them"},
        Wrong{"mine", "proc p,", "true", "forall", 7, "'proc p,' ends where kind of objects"},
        Wrong{"mine", "proc p, knote p", "true", "forall", 14, "'p' is there twice"},
        Wrong{"mine", "proc p knote kn", "true", "forall", 7, "'knote' is one word too many"},
        Wrong{"mine", "proc , knote kn", "true", "forall", 5, "'' is no name"},
        Wrong{"mine", "proc p-q", "true", "forall", 5, "'p-q' is no name"},
        Wrong{"mine", "proc p", "p.p_stat == SDED", "holds", 12, "SDED is not known"},
        Wrong{"mine", "proc p", "p.p_stat", "holds", 0, "p.p_stat is neither true nor false"},
        Wrong{"mine", "", "proc_lock.owner == self", "holds", 19, "self is not known here"},
        Wrong{"mine", "", "(true", "holds", 5, ""},
        Wrong{"no-deadlock", "", "true", "name", 0, "no-deadlock is a property already"},
        Wrong{"use-after-free", "", "true", "name", 0, "use-after-free is a property already"},
        Wrong{"assertion", "", "true", "name", 0, "assertion is a property already"}));

TEST(StatedInvariants, TwoOfOneNameAreOneTooMany) {
  try {
    systems::build(exits().invariant("mine", "", "true").invariant("mine", "", "true").scenario());
    FAIL() << "nothing is wrong";
  } catch (const systems::ScenarioError& error) {
    EXPECT_STREQ(error.what(), "two invariants are called mine");
    EXPECT_EQ(error.pointer(), "/invariants/1/name");
  }
}

TEST(StatedInvariants, NeedNotBeNamedAmongTheProperties) {
  EXPECT_THROW(systems::build(exits().property("mine").invariant("mine", "", "true").scenario()),
               systems::ScenarioError);
}

} // namespace
} // namespace interlock::tests
