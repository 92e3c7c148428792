// The corpus takes every step of FreeBSD's paths, in some revision that has it.
#include "corpus.hpp"

#include "lang/patch.hpp"
#include "support/freebsd.hpp"

#include <gtest/gtest.h>

#include <map>

namespace interlock::tests {
namespace {

using Counts = std::map<std::string, std::uint64_t>;

// Labels of the steps that stand for code of the kernel; tests are steps only where the properties
// that are selected make them so.
void add_steps(const lang::Spec& spec, Counts& taken) {
  for (const lang::StatementPlace& place : lang::statement_places(spec))
    if (place.kind == lang::StatementKind::step && !place.anchor.file.empty())
      taken.try_emplace(place.label, 0);
}

TEST(SlowCoverage, EveryStepOfFreebsdIsTakenBySomeConfig) {
  Counts taken;
  // All calls, so that no step is overlooked because no config has it.
  for (const systems::SystemDescription& system : systems::systems())
    for (const systems::Entry& revision : system.revisions)
      if (system.name == "freebsd")
        add_steps(*systems::build(
                       freebsd::kernel(revision.name)
                           .process("parent", {"main", "closer"})
                           .thread("main", {"kevent add proc parent exit,fork,track", "fork child",
                                            "kevent wait", "wait4"})
                           .thread("closer", {"kevent delete proc parent", "close kq"})
                           .thread("child", {"fork grandchild", "sigsuspend", "exit 1"})
                           .thread("grandchild", {})
                           .thread("init", {"wait4"})
                           .thread("other", {"kill child", "killpg child", "ptrace attach child"})
                           .environment("allocation-fails")
                           .environment("authorization-denied")
                           .scenario())
                       .spec,
                  taken);

  for (const std::filesystem::path& path : corpus()) {
    const checker::Config config = checker::read_config(path);
    if (config.scenario.system.text != "freebsd" || !config.scenario.patches.empty())
      continue;
    const CheckedFile checked = check_file(path);
    const lang::Spec& spec = *checked.built.spec;
    add_steps(spec, taken);
    for (lang::ActionId id = 0; id < spec.actions().size(); ++id) {
      const auto step = taken.find(spec.actions()[id].label);
      if (step != taken.end())
        step->second += checked.result.statistics.action_counts[id];
    }
  }

  EXPECT_GT(taken.size(), 250U);
  for (const auto& [step, count] : taken)
    EXPECT_GT(count, 0U) << step;
}

} // namespace
} // namespace interlock::tests
