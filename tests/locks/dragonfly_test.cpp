// Tokens make no order: whoever waits for one has given up the others.  lockmgr locks do.
#include "config/config.hpp"
#include "locks/findings.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace interlock::checker {
namespace {

LockAnalysis analysed(const std::string& config) {
  const systems::BuiltSpec built =
      build_spec(read_config(INTERLOCK_SOURCE_DIR "/configs/dragonfly/" + config + ".json"));
  CheckOptions options;
  options.lock_order = {"pg_lock"};
  return analyse_locks(*built.spec, options);
}

TEST(DragonflyLocks, AreFoundInBothOrdersWhereTheyAreTokensAndThatIsNoFinding) {
  const LockAnalysis analysis = analysed("two-families");
  EXPECT_TRUE(analysis.findings.empty());
  ASSERT_TRUE(analysis.ranks.ordered());
  const std::vector<std::string>& classes = analysis.graph.classes;
  const auto rank = [&](const char* name) {
    const auto found = std::find(classes.begin(), classes.end(), name);
    return analysis.ranks.ranks.at(static_cast<std::size_t>(found - classes.begin()));
  };
  EXPECT_LT(rank("pg_lock"), rank("p_token"));
  EXPECT_EQ(rank("p_token"), rank("pg_token"));
  const auto between = [&](const char* held, const char* acquired) {
    return std::any_of(
        analysis.graph.edges.begin(), analysis.graph.edges.end(), [&](const LockEdge& edge) {
          return analysis.graph.locks[edge.held].lock_class == held &&
                 analysis.graph.locks[edge.acquired].lock_class == acquired && !edge.blocking;
        });
  };
  EXPECT_TRUE(between("p_token", "p_token"));
  EXPECT_TRUE(between("p_token", "pg_token"));
  EXPECT_FALSE(between("pg_lock", "p_token")); // held by who waits
}

TEST(DragonflyLocks, AreAFindingWhereALockmgrLockIsTakenTwice) {
  const LockAnalysis analysis = analysed("pg-lock-twice");
  ASSERT_FALSE(analysis.findings.empty());
}

} // namespace
} // namespace interlock::checker
