// Picks the findings of the named analyses.
#include "checker/lock_properties.hpp"

#include "checker/lock_report.hpp"

namespace interlock::checker {

LockVerdict check_locks(const lang::Spec& spec, const CheckOptions& options,
                        const std::set<std::string>& names) {
  const LockAnalysis found = analyse_locks(spec, options, options.lock_rules);
  LockVerdict verdict;
  verdict.limit = found.graph.limit;
  verdict.interrupted = found.graph.interrupted;
  for (const LockFinding& finding : found.findings) {
    const std::string property = property_of(finding.kind);
    if (!names.contains(property))
      continue;
    verdict.text += (verdict.text.empty() ? "" : "\n") + finding_text(spec, found, finding);
    if (verdict.trace && verdict.trace->actions.size() <= finding.path.size())
      continue;
    verdict.trace = {finding.path,
                     {lang::ViolationKind::invariant, property,
                      std::string(kind_name(finding.kind)) + ": " + finding.text}};
  }
  return verdict;
}

} // namespace interlock::checker
