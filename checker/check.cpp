// check(): the exploration with its listeners, and what came out of it.
#include "checker/check.hpp"

#include "checker/counterexample.hpp"
#include "checker/explore.hpp"
#include "checker/limits.hpp"
#include "checker/lock_properties.hpp"
#include "checker/properties.hpp"

#include <new>

namespace interlock::checker {

namespace {

constexpr double bytes_per_mebibyte = 1024.0 * 1024.0;

std::string limit_in_words(Full full, const CheckOptions& options, const SeenSet& seen) {
  if (full == Full::bytes)
    return "the states need more than the limit of " + std::to_string(options.max_bytes) + " bytes";
  const std::string stored = std::to_string(seen.size()) + " states";
  return options.max_states != 0 && seen.size() >= options.max_states
             ? "there are more states than the limit of " + std::to_string(options.max_states)
             : "there are more states than can be numbered; " + stored + " are stored";
}

std::string seconds_in_words(double seconds) {
  std::string text = std::to_string(seconds);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.')
    text.pop_back();
  return text;
}

Full explore_within_memory(const CompiledSpec& model, SeenSet& seen, auto& listeners,
                           std::string& limit) {
  try {
    return explore(model, seen, listeners);
  } catch (const std::bad_alloc&) {
    limit = "memory ran out after " + std::to_string(seen.size()) + " states (" +
            std::to_string(static_cast<std::uint64_t>(static_cast<double>(seen.bytes()) /
                                                      bytes_per_mebibyte)) +
            " MiB)";
    return Full::no;
  }
}

void analyse(const lang::Spec& spec, const CheckOptions& options, const Selection& selection,
             CheckResult& result) {
  std::set<std::string> names;
  for (const std::size_t property : selection.of_kind(spec, lang::PropertyKind::analysis))
    names.insert(spec.properties()[property].name);
  if (names.empty())
    return;
  LockVerdict locks = check_locks(spec, options, names);
  result.findings = std::move(locks.text);
  result.trace = std::move(locks.trace);
  if (result.trace) {
    result.verdict = Verdict::violated;
  } else if (locks.interrupted) {
    result.verdict = Verdict::interrupted;
  } else if (!locks.limit.empty()) {
    result.verdict = Verdict::incomplete;
    result.limit = locks.limit;
  }
}

} // namespace

CheckResult check(const lang::Spec& spec, const CheckOptions& options) {
  const Clock clock;
  const Selection selection(spec, options.properties);
  const CompiledSpec model(spec, selection.of_kind(spec, lang::PropertyKind::invariant));
  const Judge judge(spec, model, selection);
  SeenSet seen(model.bytes(), {options.max_states, options.max_bytes});

  PropertyWatch properties(model, judge);
  Counting counting(spec.actions().size());
  TimeLimit time(options, clock);
  ProgressReport progress(options, clock, counting);
  Listeners listeners(properties, counting, time, progress);

  CheckResult result;
  const Full full = explore_within_memory(model, seen, listeners, result.limit);
  if (full != Full::no)
    result.limit = limit_in_words(full, options, seen);
  else if (time.expired())
    result.limit = "the limit of " + seconds_in_words(options.max_seconds) + " seconds was reached";

  // A violation is an answer, even where a limit cut the exploration off.
  if (properties.violated()) {
    result.verdict = Verdict::violated;
    result.limit.clear();
    result.trace = counterexample(spec, model, seen, judge, counting.levels());
  } else if (time.interrupted()) {
    result.verdict = Verdict::interrupted;
  } else if (!result.limit.empty()) {
    result.verdict = Verdict::incomplete;
  } else {
    analyse(spec, options, selection, result);
  }

  Statistics& statistics = result.statistics;
  statistics.states = seen.size();
  statistics.transitions = counting.transitions();
  statistics.depth = counting.depth();
  statistics.state_bits = model.layout().bits();
  statistics.bytes_per_state =
      seen.size() == 0 ? 0 : static_cast<double>(seen.bytes()) / static_cast<double>(seen.size());
  statistics.action_counts = counting.action_counts();
  statistics.cut = properties.cut();
  statistics.seconds = clock.seconds();
  return result;
}

} // namespace interlock::checker
