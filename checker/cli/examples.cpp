// A state is looked for as the violation of its opposite: the search stops where it finds one, and
// the way there is a witness like any other.
#include "cli/examples.hpp"

#include "cli/patched.hpp"
#include "lang/evaluate.hpp"

namespace interlock::checker::cli {

namespace {

bool takes(const lang::Spec& spec, const Statistics& statistics, const std::string& label) {
  for (lang::ActionId id = 0; id < spec.actions().size(); ++id)
    if (spec.actions()[id].label == label && statistics.action_counts.at(id) != 0)
      return true;
  return false;
}

// Why the state at the end of the trace does not show it, where its condition means nothing there.
std::string not_evaluated(const lang::Spec& spec, const lang::Trace& trace) {
  const lang::State last = lang::follow(spec, trace).back();
  std::string why;
  for (const lang::Property& property : spec.properties()) {
    if (property.name != trace.violation.property)
      continue;
    const lang::Evaluation found = evaluate(spec, last, property.condition);
    if (!found.failure && found.value == 0)
      return "";
    if (found.failure)
      why = found.failure->message;
  }
  return why;
}

} // namespace

std::vector<Example>
examples_of(const LoadedConfig& loaded, const CheckResult& result, const SearchOptions& options,
            const std::function<void(Example&, const LoadedConfig&, const CheckResult&)>& found) {
  std::vector<Example> examples;
  for (const systems::StatedExample& stated : loaded.config.scenario.sometimes) {
    Example& example = examples.emplace_back();
    example.name = stated.name.text;
    if (!stated.takes.text.empty()) {
      example.happens = takes(*loaded.built.spec, result.statistics, stated.takes.text);
      example.text = "no run takes " + stated.takes.text;
      continue;
    }
    example.text = "no state has " + stated.holds.text;
    const LoadedConfig other = load_within(options, without(loaded.config, stated));
    const CheckResult search_result = search(other, options);
    if (search_result.verdict == Verdict::incomplete)
      example.limit = search_result.limit;
    if (search_result.verdict == Verdict::interrupted)
      example.limit = "the search was interrupted";
    if (search_result.verdict != Verdict::violated)
      continue;
    const lang::Trace& trace = search_result.trace.value();
    if (const std::string why = not_evaluated(*other.built.spec, trace); !why.empty()) {
      example.text = stated.holds.text + " cannot be evaluated after " +
                     std::to_string(trace.actions.size()) + " steps: " + why;
      continue;
    }
    example.happens = true;
    example.steps = trace.actions.size();
    if (found)
      found(example, other, search_result);
  }
  return examples;
}

} // namespace interlock::checker::cli
