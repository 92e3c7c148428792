// A check that holds for the modelled kernel and fails for a broken one: the two belong together,
// since a check that cannot fail says nothing.
#pragma once

#include "support/scenario.hpp"

#include "lang/violations.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <ostream>

namespace interlock::tests {

struct Broken {
  std::string name;     // CamelCase: what is broken
  std::string property; // the only one that is checked; or the only rule of it
  std::string message;  // part of what the violation says
  std::string path;     // the path whose check fails; empty: anywhere
  ScenarioText kernel;  // with the patches that break it
  // What holds beside it, where that is not the same without the patches.
  std::optional<ScenarioText> sibling = std::nullopt;
};

inline void PrintTo(const Broken& broken, std::ostream* out) { *out << broken.name; }

inline ScenarioText only(const ScenarioText& text, const std::string& property) {
  return text.property(property);
}

// Its test is in tests/model/broken.cpp; the files that have cases instantiate it.
class BrokenKernel : public testing::TestWithParam<Broken> {};

inline void expect_sound_sibling(const Broken& broken) {
  const ScenarioText sound = broken.sibling ? *broken.sibling : broken.kernel.without_patches();
  EXPECT_EQ(check(only(sound, lang::property_of(broken.property))).verdict(), "holds");
}

inline void expect_violation(const Broken& broken) {
  const Checked checked = check(only(broken.kernel, broken.property));
  const std::vector<std::string> steps = checked.steps();
  SCOPED_TRACE(checked.verdict() + (steps.empty() ? "" : " in " + steps.back()));
  ASSERT_TRUE(checked.result.trace);
  EXPECT_EQ(checked.result.trace->violation.property, broken.property);
  EXPECT_NE(checked.result.trace->violation.message.find(broken.message), std::string::npos)
      << "expected: " << broken.message;
  if (!broken.path.empty()) {
    // A check may be folded into the first step of a path that is called next.
    const std::string chain =
        "> " + checked.spec().actions()[checked.result.trace->actions.back()].chain + " >";
    EXPECT_NE(chain.find("> " + broken.path + " >"), std::string::npos)
        << "expected in " << broken.path << ", found in " << chain;
  }
}

inline std::string name_of(const testing::TestParamInfo<Broken>& info) { return info.param.name; }

// --- scenarios that many tests use ---

// The process forks while its registration is deleted.
inline ScenarioText fork_and_delete(const std::string& revision = after_change) {
  return ScenarioText(revision)
      .thread("parent", {"fork child"})
      .thread("child", {})
      .thread("tracker", {"kevent add proc parent exit,fork,track", "kevent delete proc parent"});
}

// The process forks while the kqueue is closed.
inline ScenarioText fork_and_close() {
  return ScenarioText()
      .thread("parent", {"fork child"})
      .thread("child", {})
      .thread("tracker", {"kevent add proc parent exit,track", "close kq"});
}

// A watcher reads what parent and child do.
inline ScenarioText fork_and_read(const std::string& notes = "exit,fork,track",
                                  const std::string& revision = after_change) {
  return ScenarioText(revision)
      .thread("parent", {"fork child"})
      .thread("child", {"exit 1"})
      .thread("watcher", {"kevent add proc parent " + notes, "kevent loop"});
}

inline ScenarioText exit_and_read(const std::string& notes = "exit",
                                  const std::string& revision = after_change) {
  return ScenarioText(revision)
      .thread("parent", {"exit 3"})
      .thread("watcher", {"kevent add proc parent " + notes, "kevent loop"});
}

// The process waits in vfork(2) until its child exits.
inline ScenarioText vfork_and_exit(const std::string& revision = vfork_change) {
  return ScenarioText(revision).thread("parent", {"vfork child"}).thread("child", {"exit 1"});
}

// The process forks and reaps, the child is watched.
inline ScenarioText fork_and_wait(const std::string& revision = after_change) {
  return ScenarioText(revision)
      .thread("parent", {"fork child", "wait4"})
      .thread("child", {"exit 1"})
      .thread("watcher", {"kevent add proc child exit"});
}

} // namespace interlock::tests
