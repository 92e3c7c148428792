// The order of NetBSD's locks, as its documentation and its code have it.
#include "config/config.hpp"
#include "locks/report.hpp"
#include "verdict/check.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace interlock::checker {
namespace {

const std::string configs = INTERLOCK_SOURCE_DIR "/configs/netbsd/";

const systems::SystemDescription& netbsd() {
  const std::vector<systems::SystemDescription>& all = systems::systems();
  return *std::find_if(all.begin(), all.end(), [](const systems::SystemDescription& system) {
    return system.name == "netbsd";
  });
}

struct Analysed {
  explicit Analysed(const Config& config) : built(build_spec(config)) {
    CheckOptions options;
    options.lock_order = netbsd().lock_order;
    analysis = analyse_locks(*built.spec, options);
  }
  explicit Analysed(const std::string& name) : Analysed(read_config(configs + name)) {}

  std::uint32_t rank(const std::string& lock_class) const {
    const auto& classes = analysis.graph.classes;
    const auto found = std::find(classes.begin(), classes.end(), lock_class);
    return analysis.ranks.ranks.at(static_cast<std::size_t>(found - classes.begin()));
  }
  const LockFinding* finding(LockFindingKind kind) const {
    for (const LockFinding& finding : analysis.findings)
      if (finding.kind == kind)
        return &finding;
    return nullptr;
  }

  systems::BuiltSpec built;
  LockAnalysis analysis;
};

TEST(NetbsdLocks, TheDocumentedOrderOf1129IsTheOrderOfTheCode) {
  const Analysed exits("parent-exits-too.json");
  EXPECT_TRUE(exits.analysis.findings.empty());
  ASSERT_TRUE(exits.analysis.ranks.ordered());
  const std::vector<std::string>& documented = netbsd().lock_order;
  ASSERT_EQ(documented, (std::vector<std::string>{"kqueue_filter_lock", "fd_lock", "proc_lock",
                                                  "p_lock", "kq_lock"}));
  for (std::size_t i = 0; i + 1 < documented.size(); ++i)
    EXPECT_LT(exits.rank(documented[i]), exits.rank(documented[i + 1])) << documented[i];
  EXPECT_LT(exits.rank("p_reflock"), exits.rank("proc_lock")) << "exit1() takes them so";
}

TEST(NetbsdLocks, SpinningForPLockInDetachReversesPLockAndKqLock) {
  const Analysed spinning("spinning-on-p-lock-in-detach.json");
  const LockFinding* deadlock = spinning.finding(LockFindingKind::deadlock);
  ASSERT_NE(deadlock, nullptr);
  EXPECT_EQ(deadlock->path.size(), 52U) << "as long as the counterexample that the config expects";
  const LockFinding* reversal = spinning.finding(LockFindingKind::order_reversal);
  ASSERT_NE(reversal, nullptr);
  EXPECT_EQ(reversal->text, "p_lock -> kq_lock and kq_lock -> p_lock");
  EXPECT_TRUE(reversal->meet.value());
  const std::string text = finding_text(*spinning.built.spec, spinning.analysis, *reversal);
  for (const char* side :
       {"lock order reversal:", "lock order p_lock -> kq_lock established at",
        "#0 knote_proc_fork.mutex_spin_enter_kq_lock", "lock order kq_lock -> p_lock attempted at",
        "#0 filt_procdetach.mutex_spin_enter_p_lock"})
    EXPECT_NE(text.find(side), std::string::npos) << side << "\n" << text;
  EXPECT_NE(spinning.finding(LockFindingKind::documented_order), nullptr);
  const LockRanks& ranks = spinning.analysis.ranks;
  ASSERT_EQ(ranks.removal.size(), 1U);
  const ClassEdge& removed = spinning.analysis.graph.blocking[ranks.removal.front()];
  EXPECT_EQ(spinning.analysis.graph.classes[removed.held], "kq_lock") << "not what is documented";
}

TEST(NetbsdLocks, TheTryLockOf1129MakesNoReversal) {
  const Analysed tries("delete-while-forking.json");
  EXPECT_EQ(tries.finding(LockFindingKind::order_reversal), nullptr);
  const auto& edges = tries.analysis.graph.edges;
  EXPECT_TRUE(std::any_of(edges.begin(), edges.end(), [&](const LockEdge& edge) {
    return edge.tried && !edge.blocking &&
           tries.analysis.graph.locks[edge.held].lock_class == "kq_lock" &&
           tries.analysis.graph.locks[edge.acquired].lock_class == "p_lock";
  }));
}

// The config with other properties than its own, and nothing expected.
Config with_properties(const std::string& name, const std::string& properties) {
  std::ifstream file(configs + name);
  std::ostringstream text;
  text << file.rdbuf();
  std::string config = text.str();
  config.erase(config.rfind("\"expect\""));
  config += "\"properties\": [" + properties + "]}";
  return parse_config(name, config);
}

CheckResult checked(const Config& config, std::unique_ptr<const lang::Spec>& spec) {
  systems::BuiltSpec built = build_spec(config);
  spec = std::move(built.spec);
  CheckOptions options;
  options.properties = built.properties.names;
  options.lock_order = netbsd().lock_order;
  return check(*spec, options);
}

TEST(NetbsdLocks, LockOrderIsAPropertyOfAConfig) {
  std::unique_ptr<const lang::Spec> spec;
  const char* const detach = "blocking-p-lock-in-detach.json";
  const CheckResult wrong = checked(with_properties(detach, "\"lock-order\""), spec);
  ASSERT_EQ(wrong.verdict, Verdict::violated);
  EXPECT_EQ(wrong.trace->violation.property, "lock-order");
  EXPECT_NO_THROW(lang::follow(*spec, *wrong.trace));
  EXPECT_FALSE(wrong.locks->findings.empty());
  for (const LockFinding& finding : wrong.locks->findings)
    EXPECT_STREQ(property_of(finding.kind), "lock-order") << "lock-discipline is not selected";
  const CheckResult right = checked(
      with_properties("parent-exits-too.json", "\"lock-order\", \"lock-discipline\""), spec);
  EXPECT_EQ(right.verdict, Verdict::holds);
  EXPECT_TRUE(right.locks->findings.empty());
}

TEST(NetbsdLocks, AnalysesRunOnlyWhereTheyAreNamed) {
  const systems::BuiltSpec built = build_spec(read_config(configs + "parent-exits-too.json"));
  for (const std::string& name : built.properties.names)
    EXPECT_FALSE(name.starts_with("lock-order") || name.starts_with("lock-discipline")) << name;
}

} // namespace
} // namespace interlock::checker
