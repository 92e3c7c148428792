// The explorer against the reference explorer, on kernels: same states, transitions, depth and
// verdict, and the same counterexample.
#include "support/broken.hpp"
#include "support/naive.hpp"

#include <map>
#include <set>

namespace interlock::tests {
namespace {

struct Small {
  std::string name;
  ScenarioText scenario;
};

void PrintTo(const Small& small, std::ostream* out) { *out << small.name; }

std::vector<Small> small_scenarios() {
  const ScenarioText one_add = ScenarioText()
                                   .thread("parent", {"fork child"})
                                   .thread("child", {})
                                   .thread("watcher", {"kevent add proc parent exit,track"});
  return {
      {"ForkWhileAdding", one_add},
      {"ForkWhileAdding1128", one_add.revision(before_change)},
      {"ExitWhileReading", exit_and_read()},
      {"ExitWhileReading1128", exit_and_read("exit", before_change)},
      {"ExitWithoutFlags", exit_and_read("fork")},
      {"AttachWhileReaping", fork_and_wait()},
      {"AttachWhileReaping1128", fork_and_wait(before_change)},
      {"ForkWhileDeleting1128", fork_and_delete(before_change)},
      {"ForkWhileDeletingWithoutFlux", fork_and_delete()
                                           .drop("knote_proc_fork_track.enter_flux")
                                           .drop("knote_proc_fork_track.assert_in_flux")
                                           .drop("knote_proc_fork_track.leave_flux")},
      {"TwoReadersAndAMarker",
       ScenarioText()
           .process("tracker", {"first", "second"})
           .thread("parent", {"exit 3"})
           .thread("first", {"kevent add proc parent exit", "kevent wait poll"})
           .thread("second", {"kevent wait poll"})},
      {"CloseWhileWaiting", ScenarioText()
                                .process("tracker", {"reader", "closer"})
                                .thread("reader", {"kevent wait"})
                                .thread("closer", {"close kq"})},
  };
}

class SmallKernel : public testing::TestWithParam<Small> {};

TEST_P(SmallKernel, IsExploredAsTheReferenceExplorerDoesIt) {
  const Checked checked = check(GetParam().scenario);
  const checker::NaiveResult naive =
      checker::explore_naively(checked.spec(), checked.built.properties.names);
  EXPECT_LT(naive.states.size(), 20000U) << "the reference explorer is slow";
  EXPECT_GT(naive.states.size(), 100U);
  EXPECT_EQ(checked.result.statistics.states, naive.states.size());
  EXPECT_EQ(checked.result.statistics.transitions, naive.transitions);
  EXPECT_EQ(checked.result.statistics.depth, naive.depth);
  EXPECT_EQ(checked.result.statistics.cut, naive.cut);
  ASSERT_EQ(checked.result.trace.has_value(), naive.trace.has_value());
  if (!naive.trace)
    return;
  EXPECT_EQ(checked.result.trace->violation.property, naive.trace->violation.property);
  if (naive.trace->violation.kind != lang::ViolationKind::deadlock) { // it tells no cycle
    EXPECT_EQ(checked.result.trace->violation.message, naive.trace->violation.message);
  }
  EXPECT_EQ(checked.result.trace->actions, naive.trace->actions);
}

INSTANTIATE_TEST_SUITE_P(Naive, SmallKernel, testing::ValuesIn(small_scenarios()),
                         [](const testing::TestParamInfo<Small>& info) { return info.param.name; });

// Both verdicts occur in both revisions, or the comparison is of little worth.
TEST(SmallKernels, HoldAndFailInBothRevisions) {
  std::map<std::string, std::set<bool>> verdicts;
  for (const Small& small : small_scenarios())
    verdicts[small.scenario.scenario().revision.text].insert(check(small.scenario).holds());
  EXPECT_EQ(verdicts[before_change].size(), 2U);
  EXPECT_EQ(verdicts[after_change].size(), 2U);
}

} // namespace
} // namespace interlock::tests
