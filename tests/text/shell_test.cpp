// Words of a command as a shell reads them.
#include "text/shell.hpp"

#include <gtest/gtest.h>

namespace interlock::text {
namespace {

TEST(ShellLine, QuotesWhatTheShellWouldRead) {
  EXPECT_EQ(shell_line({"interlock", "check", "configs/a-b_1.json"}),
            "interlock check configs/a-b_1.json");
  EXPECT_EQ(shell_line({"a b", "$(x)", "it's", ""}), "'a b' '$(x)' 'it'\\''s' ''");
}

} // namespace
} // namespace interlock::text
