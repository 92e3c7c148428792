// Facts of a kernel, as statements about single states of single paths: a `check` that a patch
// plants before a step.
#pragma once

#include "support/scenario.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {

inline std::string verdict_with(const ScenarioText& scenario, const std::string& label,
                                const std::string& condition) {
  return check(scenario.property("assertion").before(label, "check " + condition)).verdict();
}

// The condition holds wherever the step is reached, and it is reached: its denial does not hold.
inline void expect_always(const ScenarioText& scenario, const std::string& label,
                          const std::string& condition) {
  SCOPED_TRACE(label + ": " + condition);
  EXPECT_EQ(verdict_with(scenario, label, condition), "holds");
  EXPECT_TRUE(verdict_with(scenario, label, "!(" + condition + ")").starts_with("assertion: "));
}

// At the step, the condition is true on one way and false on another.
inline void expect_either(const ScenarioText& scenario, const std::string& label,
                          const std::string& condition) {
  SCOPED_TRACE(label + ": " + condition);
  EXPECT_TRUE(verdict_with(scenario, label, condition).starts_with("assertion: "));
  EXPECT_TRUE(verdict_with(scenario, label, "!(" + condition + ")").starts_with("assertion: "));
}

} // namespace interlock::tests
