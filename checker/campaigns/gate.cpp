// What the gate compares.
#include "campaigns/gate.hpp"

#include "verdict/report.hpp"

namespace interlock::checker {

namespace {

std::string outcome_text(const CheckResult& result) {
  if (result.verdict == Verdict::violated)
    return "violates " + result.trace.value().violation.property;
  return verdict_text(result);
}

std::string outcome_text(const Expectation& expect) {
  switch (expect.outcome) {
  case Expectation::Outcome::holds:
    return "holds";
  case Expectation::Outcome::violates:
    return "violates " + expect.property;
  case Expectation::Outcome::incomplete:
    return "incomplete";
  }
  return "";
}

} // namespace

std::string expectation_text(const Config& config) {
  return config.expect ? outcome_text(*config.expect) : "nothing";
}

std::vector<std::string> differences(const Expectation& expect, const CheckResult& result) {
  std::vector<std::string> list;
  const std::string found = outcome_text(result);
  if (found != outcome_text(expect))
    list.push_back("verdict: expected " + outcome_text(expect) + ", found " + found);
  const auto compare = [&](const char* what, const std::optional<std::uint64_t>& expected,
                           std::uint64_t number) {
    if (expected && *expected != number)
      list.push_back(std::string(what) + ": expected " + std::to_string(*expected) + ", found " +
                     std::to_string(number));
  };
  if (result.trace)
    compare("trace length", expect.trace_length, result.trace->actions.size());
  compare("states", expect.states, result.statistics.states);
  compare("transitions", expect.transitions, result.statistics.transitions);
  compare("depth", expect.depth, result.statistics.depth);
  for (const auto& [property, count] : expect.cut)
    if (!result.statistics.cut.contains(property))
      list.push_back("cut steps: expected " +
                     (count ? std::to_string(*count) : std::string("some")) + " of " + property +
                     ", found 0");
  for (const auto& [property, count] : result.statistics.cut) {
    const auto expected = expect.cut.find(property);
    const bool as_expected =
        expected != expect.cut.end() && expected->second.value_or(count) == count;
    if (!as_expected)
      list.push_back("cut steps: expected " +
                     (expected == expect.cut.end() ? "none" : std::to_string(*expected->second)) +
                     " of " + property + ", found " + std::to_string(count));
  }
  return list;
}

} // namespace interlock::checker
