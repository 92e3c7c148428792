// What the gate compares.
#include "campaigns/gate.hpp"

#include "verdict/report.hpp"

namespace interlock::checker {

namespace {

// What is compared.
struct Numbers {
  std::string outcome;
  std::optional<std::uint64_t> trace_length;
  std::uint64_t states = 0;
  std::uint64_t transitions = 0;
  std::uint64_t depth = 0;
  const std::map<std::string, std::uint64_t>& cut;
};

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

std::vector<std::string> differences(const Expectation& expect, const Numbers& found) {
  std::vector<std::string> list;
  if (found.outcome != outcome_text(expect))
    list.push_back("verdict: expected " + outcome_text(expect) + ", found " + found.outcome);
  const auto compare = [&](const char* what, const std::optional<std::uint64_t>& expected,
                           std::uint64_t number) {
    if (expected && *expected != number)
      list.push_back(std::string(what) + ": expected " + std::to_string(*expected) + ", found " +
                     std::to_string(number));
  };
  if (found.trace_length)
    compare("trace length", expect.trace_length, *found.trace_length);
  compare("states", expect.states, found.states);
  compare("transitions", expect.transitions, found.transitions);
  compare("depth", expect.depth, found.depth);
  for (const auto& [property, count] : expect.cut)
    if (!found.cut.contains(property))
      list.push_back("cut steps: expected " +
                     (count ? std::to_string(*count) : std::string("some")) + " of " + property +
                     ", found 0");
  for (const auto& [property, count] : found.cut) {
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

} // namespace

std::string expectation_text(const Config& config) {
  return config.expect ? outcome_text(*config.expect) : "nothing";
}

std::vector<std::string> differences(const Expectation& expect, const Answer& answer) {
  std::optional<std::uint64_t> length;
  if (answer.violation)
    length = answer.violation->steps.size();
  return differences(expect, Numbers{outcome_text(answer), length, answer.states,
                                     answer.transitions, answer.depth, answer.cut});
}

std::vector<std::string> differences(const Expectation& expect, const CheckResult& result) {
  std::optional<std::uint64_t> length;
  if (result.trace)
    length = result.trace->actions.size();
  const Statistics& statistics = result.statistics;
  return differences(
      expect,
      Numbers{result.trace ? "violates " + result.trace->violation.property : verdict_text(result),
              length, statistics.states, statistics.transitions, statistics.depth, statistics.cut});
}

} // namespace interlock::checker
