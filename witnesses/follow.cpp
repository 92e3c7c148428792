// From a witness back to a trace: each of its words must be what the specification says.
#include "lang/violations.hpp"
#include "lang/wait_for.hpp"
#include "text/nearest.hpp"
#include "witnesses/witness_json.hpp"
#include "json/source.hpp"

#include <algorithm>

namespace interlock::witnesses {

namespace {

using lang::Action;
using lang::ActionId;
using lang::Spec;
using lang::State;
using lang::ViolationKind;

std::string in_short(const Json& value) {
  const std::string text = value.dump();
  return text.size() <= 160 ? text : text.substr(0, 160) + "...";
}

// Throws WitnessError at the first difference of two JSON values.
void require_same(const Json& found, const Json& expected, const std::string& pointer,
                  const std::string& where) {
  if (found == expected)
    return;
  if (found.is_array() && expected.is_array() && found.size() != expected.size())
    throw WitnessError(where + ": the witness has " + std::to_string(found.size()) +
                           " entries where the specification gives " +
                           std::to_string(expected.size()) + ": " + in_short(found) +
                           " instead of " + in_short(expected),
                       pointer);
  if (found.is_array() && expected.is_array()) {
    for (std::size_t i = 0; i < found.size(); ++i)
      require_same(found[i], expected[i], pointer + "/" + std::to_string(i), where);
  } else if (found.is_object() && expected.is_object()) {
    for (const auto& [key, value] : expected.items()) {
      if (!found.contains(key))
        throw WitnessError(where + ": the witness has no " + key, pointer);
      require_same(found[key], value, pointer + "/" + json::pointer_part(key), where);
    }
  }
  throw WitnessError(where + ": the witness says " + in_short(found) +
                         ", the specification gives " + in_short(expected),
                     pointer);
}

class Follower {
public:
  Follower(const Spec& spec, const Witness& witness, const Analyse& analyse)
      : spec_(spec), witness_(witness), analyse_(analyse) {
    for (const lang::Thread& thread : spec.threads())
      threads_.push_back(thread.name);
    trace_.violation = {witness.kind, witness.property, witness.message};
  }

  lang::Trace follow() {
    require_threads();
    State state = spec_.initial_state();
    for (std::size_t i = 0; i < witness_.steps.size(); ++i)
      take_step(i, state);
    require_violation(state);
    require_words();
    return trace_;
  }

private:
  std::string where(std::size_t i) const {
    return "step " + std::to_string(i + 1) + " (" + witness_.steps[i].thread + ": " +
           witness_.steps[i].label + ")";
  }
  static std::string pointer(std::size_t i) { return "/steps/" + std::to_string(i); }

  static std::string step(std::size_t i) { return "step " + std::to_string(i + 1); }

  void require_threads() const {
    if (witness_.form == Form::full)
      require_same(Json(witness_.threads), Json(threads_), "/threads", "threads");
  }

  // The actions that the step's words fit: the one that it names, or all with its label.
  std::vector<ActionId> actions_of(std::size_t i) const {
    const WitnessStep& said = witness_.steps[i];
    if (std::find(threads_.begin(), threads_.end(), said.thread) == threads_.end())
      throw WitnessError(step(i) + ": there is no thread " + said.thread +
                             text::nearest_hint(said.thread, threads_),
                         pointer(i) + "/thread");
    std::vector<ActionId> fitting;
    std::vector<std::string> labels;
    for (ActionId id = 0; id < spec_.actions().size(); ++id) {
      const Action& action = spec_.actions()[id];
      if (threads_[action.thread] != said.thread)
        continue;
      labels.push_back(action.label);
      if (action.label == said.label)
        fitting.push_back(id);
    }
    if (fitting.empty())
      throw WitnessError(step(i) + ": thread " + said.thread + " has no step " + said.label +
                             text::nearest_hint(said.label, labels),
                         pointer(i) + "/label");
    if (!said.action)
      return fitting;
    if (*said.action >= spec_.actions().size())
      throw WitnessError(where(i) + ": there is no action " + std::to_string(*said.action) +
                             "; the specification has " + std::to_string(spec_.actions().size()),
                         pointer(i) + "/action");
    const auto id = static_cast<ActionId>(*said.action);
    if (std::find(fitting.begin(), fitting.end(), id) == fitting.end())
      throw WitnessError(where(i) + ": action " + std::to_string(id) + " is " +
                             spec_.actions()[id].label + " of thread " +
                             threads_[spec_.actions()[id].thread],
                         pointer(i) + "/action");
    return {id};
  }

  // The one of these actions that the thread can take in a state.
  ActionId enabled_of(std::size_t i, const std::vector<ActionId>& actions,
                      const State& state) const {
    std::vector<ActionId> enabled;
    std::copy_if(actions.begin(), actions.end(), std::back_inserter(enabled), [&](ActionId id) {
      return take(spec_, state, spec_.actions()[id]).outcome != lang::Outcome::disabled;
    });
    if (enabled.empty())
      throw WitnessError(where(i) + " cannot be taken " +
                             (i == 0 ? "in the initial state" : "after step " + std::to_string(i)),
                         pointer(i));
    if (enabled.size() > 1)
      throw WitnessError(where(i) + " can be action " + std::to_string(enabled[0]) + " or " +
                             std::to_string(enabled[1]) + ": the key \"action\" has to say which",
                         pointer(i));
    return enabled.front();
  }

  void take_step(std::size_t i, State& state) {
    const ActionId id = enabled_of(i, actions_of(i), state);
    const bool must_fail = witness_.kind == ViolationKind::check && i + 1 == witness_.steps.size();
    lang::Result result = take(spec_, state, spec_.actions()[id]);
    if (!must_fail && result.outcome == lang::Outcome::failed)
      throw WitnessError(where(i) + " fails: " + result.failure.property + ": " +
                             result.failure.message,
                         pointer(i));
    if (must_fail && result.outcome == lang::Outcome::taken)
      throw WitnessError(where(i) + " does not fail", pointer(i));
    if (must_fail) {
      // A witness from before the rules had names has the property alone.
      if (!lang::is_violation_of(witness_.property, result.failure.property))
        require_same(Json(witness_.property), Json(result.failure.property), "/violation/property",
                     where(i));
      require_same(Json(witness_.message), Json(result.failure.message), "/violation/message",
                   where(i));
      trace_.violation.property = result.failure.property;
    } else {
      state = std::move(result.state);
    }
    trace_.actions.push_back(id);
  }

  // The last state must violate what the witness says, as the witness says.  A last step that fails
  // was compared when it was taken.
  void require_violation(const State& state) {
    if (witness_.kind == ViolationKind::check && witness_.steps.empty())
      refuse("no step that could fail");
    if (witness_.kind == ViolationKind::check)
      return;
    if (witness_.kind == ViolationKind::analysis)
      return require_finding();
    const lang::Standstill threads = standstill(spec_, state);
    std::optional<lang::Violation> found;
    for (const lang::Property& property : spec_.properties()) {
      if (property.name != lang::property_of(witness_.property))
        continue;
      const auto violation = violation_in(spec_, state, threads, property);
      if (violation && violation->kind == witness_.kind && violation->message == witness_.message &&
          lang::is_violation_of(witness_.property, violation->property)) {
        trace_.violation.property = violation->property;
        return;
      }
      if (!found)
        found = violation;
    }
    if (!found)
      refuse(why_not(state, threads));
    require_same(Json(kind_name(witness_.kind)), Json(kind_name(found->kind)), "/violation/kind",
                 "the last state");
    require_same(Json(witness_.message), Json(found->message), "/violation/message",
                 "the last state");
    require_same(Json(witness_.property), Json(found->property), "/violation/property",
                 "the last state");
  }

  // What an analysis finds wrong with a state depends on all the others.
  void require_finding() const {
    const bool is_known = std::any_of(spec_.properties().begin(), spec_.properties().end(),
                                      [&](const lang::Property& property) {
                                        return property.name == witness_.property &&
                                               property.kind == lang::PropertyKind::analysis;
                                      });
    if (!is_known)
      throw WitnessError("this specification is not analysed for " + witness_.property,
                         "/violation/property");
    const Findings findings = analyse_();
    std::string found;
    for (const lang::Trace& trace : findings.traces) {
      if (trace.violation.property != witness_.property)
        continue;
      if (trace.violation.message != witness_.message) {
        found += (found.empty() ? "" : "; ") + trace.violation.message;
        continue;
      }
      if (trace.actions == trace_.actions)
        return;
      throw WitnessError("these " + std::to_string(trace_.actions.size()) +
                             " steps do not show it: " + witness_.message + " is found after " +
                             std::to_string(trace.actions.size()) + " other steps",
                         "/steps");
    }
    throw WitnessError(
        "the analysis does not find it; it finds: " + (found.empty() ? "nothing" : found) +
            (findings.limit.empty() ? "" : "; it was not finished: " + findings.limit),
        "/violation/message");
  }

  [[noreturn]] static void refuse(const std::string& message) {
    throw WitnessError("the last state: " + message, "/violation");
  }

  // Why the last state does not violate the witness' property.
  std::string why_not(const State& state, const lang::Standstill& threads) const {
    const std::string moves = "a thread can move";
    switch (witness_.kind) {
    case ViolationKind::at_rest:
      if (threads.someone_can_move())
        return "it is not at rest: " + moves;
      if (threads.is_deadlock())
        return "it is not at rest: " + explain_deadlock(spec_, state);
      break;
    case ViolationKind::deadlock:
      if (threads.someone_can_move())
        return "no deadlock: " + moves;
      if (threads.someone_is_late())
        return "no deadlock: a timeout moves a thread";
      if (threads.is_at_rest())
        return "no deadlock: every thread is done or idle";
      break;
    default:
      break;
    }
    return "it does not violate " + witness_.property;
  }

  // All the words: those of each step first, so that the first difference is the first in time.
  void require_words() const {
    if (witness_.form != Form::full)
      return;
    const Witness expected = describe(spec_, trace_, witness_.origin);
    const auto compare = [&](const Json& found, const Json& wanted, const char* key) {
      require_same(found[key], wanted[key], std::string("/") + key, key);
    };
    const Json found_json = json_of(witness_);
    const Json expected_json = json_of(expected);
    for (const char* key : {"locks", "variables", "initial"})
      compare(found_json, expected_json, key);
    for (std::size_t i = 0; i < witness_.steps.size(); ++i)
      require_same(found_json["steps"][i], expected_json["steps"][i], pointer(i), where(i));
    for (const char* key : {"final", "endings", "context_switches"})
      compare(found_json, expected_json, key);
  }

  const Spec& spec_;
  const Witness& witness_;
  const Analyse& analyse_;
  std::vector<std::string> threads_;
  lang::Trace trace_;
};

} // namespace

lang::Trace trace_of(const Spec& spec, const Witness& witness, const Analyse& analyse) {
  return Follower(spec, witness, analyse).follow();
}

} // namespace interlock::witnesses
