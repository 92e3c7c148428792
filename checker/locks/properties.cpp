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

std::optional<lang::Trace> shortest_trace(const LockAnalysis& analysis) {
  const auto& findings = analysis.findings;
  const auto shortest = std::min_element(
      findings.begin(), findings.end(),
      [](const LockFinding& a, const LockFinding& b) { return a.path.size() < b.path.size(); });
  if (shortest == findings.end())
    return std::nullopt;
  return lang::Trace{shortest->path,
                     {lang::ViolationKind::invariant, property_of(shortest->kind),
                      std::string(kind_name(shortest->kind)) + ": " + shortest->text}};
}

} // namespace interlock::checker
