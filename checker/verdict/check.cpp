// check(): the exploration with its listeners, and what came out of it.
#include "verdict/check.hpp"

#include "locks/properties.hpp"
#include "search/counterexample.hpp"
#include "search/exploration.hpp"
#include "search/property_watch.hpp"

namespace interlock::checker {

namespace {

void analyse(const lang::Spec& spec, const CheckOptions& options, const Selection& selection,
             CheckResult& result) {
  std::set<std::string> names;
  for (const std::size_t property : selection.of_kind(spec, lang::PropertyKind::analysis))
    names.insert(spec.properties()[property].name);
  if (names.empty())
    return;
  result.locks = check_locks(spec, options, names);
  result.trace = shortest_trace(*result.locks);
  const LockGraph& graph = result.locks->graph;
  if (result.trace) {
    result.verdict = Verdict::violated;
  } else if (graph.interrupted) {
    result.verdict = Verdict::interrupted;
  } else if (!graph.limit.empty()) {
    result.verdict = Verdict::incomplete;
    result.limit = graph.limit;
  }
}

} // namespace

CheckResult check(const lang::Spec& spec, const CheckOptions& options) {
  const Selection selection(spec, options.properties);
  const CompiledSpec model(spec, selection.of_kind(spec, lang::PropertyKind::invariant));
  const Judge judge(spec, model, selection);
  PropertyWatch properties(model, judge);
  Exploration exploration(spec, model, options);
  exploration.run(properties);

  CheckResult result;
  result.limit = exploration.limit();
  // A violation is an answer, even where a limit cut the exploration off.
  if (properties.violated()) {
    result.verdict = Verdict::violated;
    result.limit.clear();
    result.trace = counterexample(spec, model, exploration.seen(), judge, exploration.levels());
  } else if (exploration.interrupted()) {
    result.verdict = Verdict::interrupted;
  } else if (!result.limit.empty()) {
    result.verdict = Verdict::incomplete;
  } else {
    analyse(spec, options, selection, result);
  }
  result.statistics = exploration.statistics();
  result.statistics.cut = properties.cut();
  return result;
}

} // namespace interlock::checker
