// Which properties a config checks that names none.
#include "properties/property.hpp"

#include <gtest/gtest.h>

namespace interlock::properties {
namespace {

using Names = std::vector<std::string>;

// What was agreed on for format 1.  A property that comes later does not belong here: give it the
// next format in the table.  group-signal has come to NetBSD and FreeBSD with the call that it is
// about, killpg, which no older config of theirs has.
TEST(Properties, TheSetOfFormatOneStaysAsItIs) {
  EXPECT_EQ(standard(all_of("netbsd"), 1),
            (Names{"kevent-contract", "no-deadlock", "kassert", "lock-recursion", "lock-not-held",
                   "locks-held-on-return", "sleep-with-spin-lock", "guarded-access",
                   "use-after-free", "not-on-list", "null-dereference", "double-free",
                   "freed-while-held", "leak", "knote-protocol", "vfork-waits", "group-signal"}));
  EXPECT_EQ(standard(all_of("freebsd"), 1),
            (Names{"kevent-contract", "no-deadlock", "kassert", "lock-recursion", "lock-not-held",
                   "locks-held-on-return", "sleep-with-mutex", "sx-with-mutex", "channel-interlock",
                   "guarded-access", "use-after-free", "not-on-list", "null-dereference",
                   "double-free", "freed-while-held", "leak", "vfork-waits", "group-signal"}));
  EXPECT_EQ(standard(all_of("dragonfly"), 1),
            (Names{"kevent-contract", "no-deadlock", "kassert", "lock-recursion", "lock-not-held",
                   "locks-held-on-return", "guarded-access", "use-after-free", "not-on-list",
                   "null-dereference", "double-free", "freed-while-held", "leak", "vfork-waits",
                   "group-signal"}));
}

TEST(Properties, OneThatComesLaterIsInNoOlderSet) {
  const std::vector<Entry> entries{{.name = "old", .text = ""},
                                   {.name = "new", .text = "", .since = 2},
                                   {.name = "asked", .text = "", .asked_for = true}};
  EXPECT_EQ(standard(entries, 1), Names{"old"});
  EXPECT_EQ(standard(entries, 2), (Names{"old", "new"}));
}

TEST(Properties, NoneIsOfAFormatThatIsNotThere) {
  for (const Entry& entry : all())
    EXPECT_LE(entry.since, latest_format) << entry.name;
}

} // namespace
} // namespace interlock::properties
