// Picks the findings of the named analyses.
#include "locks/properties.hpp"

#include <algorithm>

namespace interlock::checker {

LockAnalysis check_locks(const lang::Spec& spec, const CheckOptions& options,
                         const std::set<std::string>& names) {
  LockAnalysis analysis = analyse_locks(spec, options);
  std::erase_if(analysis.findings, [&](const LockFinding& finding) {
    return !names.contains(property_of(finding.kind));
  });
  return analysis;
}

std::vector<lang::Trace> traces_of(const LockAnalysis& analysis) {
  std::vector<lang::Trace> traces;
  for (const LockFinding& finding : analysis.findings)
    traces.push_back({finding.path,
                      {lang::ViolationKind::analysis, property_of(finding.kind),
                       std::string(kind_name(finding.kind)) + ": " + finding.text}});
  return traces;
}

std::optional<lang::Trace> shortest_trace(const LockAnalysis& analysis) {
  std::vector<lang::Trace> traces = traces_of(analysis);
  const auto shortest = std::min_element(traces.begin(), traces.end(),
                                         [](const lang::Trace& a, const lang::Trace& b) {
                                           return a.actions.size() < b.actions.size();
                                         });
  if (shortest == traces.end())
    return std::nullopt;
  return std::move(*shortest);
}

} // namespace interlock::checker
