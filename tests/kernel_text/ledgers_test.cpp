// The ledgers themselves: each entry says what it has to.
#include "kernel_text/ledger.hpp"
#include "kernel_text/primitives.hpp"
#include "properties/property.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace interlock::kernel_text {
namespace {

TEST(Ledgers, EachEntryNamesAPropertyThatItCouldHide) {
  for (const std::string& system : systems_with_primitives()) {
    const auto& properties = properties::all_of(system);
    ASSERT_FALSE(ledger_of(system).empty()) << system;
    for (const LedgerEntry& entry : ledger_of(system)) {
      const bool known =
          std::any_of(properties.begin(), properties.end(), [&](const properties::Entry& property) {
            return property.name == entry.could_hide;
          });
      EXPECT_TRUE(known) << entry.reason << ": " << entry.could_hide;
      EXPECT_FALSE(entry.reason.empty()) << entry.could_hide;
      EXPECT_FALSE(entry.but.empty()) << entry.reason;
    }
  }
}

// One that names nothing would leave out whole functions, or all that any does.
TEST(Ledgers, EachEntryIsNarrow) {
  for (const std::string& system : systems_with_primitives())
    for (const LedgerEntry& entry : ledger_of(system)) {
      const bool says_what = !entry.names.empty() || !entry.text.empty() ||
                             !entry.condition.empty() || !entry.behind.empty() ||
                             !entry.label.empty() || entry.act;
      EXPECT_TRUE(says_what || !entry.functions.empty()) << entry.reason;
      EXPECT_FALSE(entry.functions.empty() && entry.names.empty() && entry.label.empty())
          << entry.reason;
    }
}

} // namespace
} // namespace interlock::kernel_text
