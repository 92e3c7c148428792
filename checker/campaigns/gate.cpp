// What the gate compares.
#include "campaigns/gate.hpp"

#include "lang/violations.hpp"
#include "text/lists.hpp"
#include "verdict/report.hpp"

namespace interlock::checker {

namespace {

// What is compared.
struct Numbers {
  std::string outcome;
  std::string property; // that is violated, or empty
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
  case Expectation::Outcome::vacuous:
    return "vacuous";
  case Expectation::Outcome::incomplete:
    return "incomplete";
  }
  return "";
}

// What names a property is met by each of its rules.
bool is_expected(const Expectation& expect, const std::string& outcome,
                 const std::string& property) {
  return expect.outcome == Expectation::Outcome::violates
             ? lang::is_violation_of(expect.property, property)
             : outcome == outcome_text(expect);
}

std::string steps_text(const std::string& property, const std::optional<std::uint64_t>& length) {
  return length ? property + " (" + std::to_string(*length) + " steps)" : property;
}

// What is violated besides, in the order in which it is found.
std::vector<std::string> differences_besides(const std::vector<Expectation::Also>& expected,
                                             const Answer& answer) {
  const auto found = answer.also.value_or(std::vector<FurtherFinding>());
  bool same = answer.also_limit.empty() && found.size() == expected.size();
  for (std::size_t i = 0; same && i < found.size(); ++i)
    same = lang::is_violation_of(expected[i].property.text, found[i].property) &&
           expected[i].trace_length.value_or(found[i].trace_length) == found[i].trace_length;
  if (same)
    return {};
  std::vector<std::string> wanted;
  for (const Expectation::Also& each : expected)
    wanted.push_back(steps_text(each.property.text, each.trace_length));
  std::vector<std::string> have;
  for (const FurtherFinding& each : found)
    have.push_back(steps_text(each.property, each.trace_length));
  const auto listed = [](const std::vector<std::string>& names) {
    return names.empty() ? std::string("nothing") : text::joined(names);
  };
  return {"also: expected " + listed(wanted) + ", found " + listed(have) +
          (answer.also_limit.empty() ? "" : ", and then " + answer.also_limit)};
}

std::vector<std::string> differences(const Expectation& expect, const Numbers& found) {
  std::vector<std::string> list;
  if (!is_expected(expect, found.outcome, found.property))
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

bool is_expected(const Expectation& expect, const Answer& answer) {
  return is_expected(expect, outcome_text(answer),
                     answer.violation ? answer.violation->property : "");
}

std::vector<std::string> differences(const Expectation& expect, const Answer& answer) {
  std::optional<std::uint64_t> length;
  if (answer.violation)
    length = answer.violation->steps.size();
  std::vector<std::string> list = differences(
      expect, Numbers{outcome_text(answer), answer.violation ? answer.violation->property : "",
                      length, answer.states, answer.transitions, answer.depth, answer.cut});
  for (const std::string& call : answer.returns)
    list.push_back("never returns: expected of " + call + ", which returns");
  if (expect.also && answer.violation)
    for (std::string& difference : differences_besides(*expect.also, answer))
      list.push_back(std::move(difference));
  return list;
}

std::vector<std::string> differences(const Expectation& expect, const CheckResult& result) {
  const std::string property = result.trace ? result.trace->violation.property : "";
  std::optional<std::uint64_t> length;
  if (result.trace)
    length = result.trace->actions.size();
  const Statistics& statistics = result.statistics;
  return differences(expect, Numbers{result.trace ? "violates " + property : verdict_text(result),
                                     property, length, statistics.states, statistics.transitions,
                                     statistics.depth, statistics.cut});
}

} // namespace interlock::checker
