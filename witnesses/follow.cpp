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
using lang::Spec;
using lang::State;
using lang::ThreadId;
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
    for (const auto& [key, value] : expected.items())
      if (found.contains(key))
        require_same(found[key], value, pointer + "/" + json::pointer_part(key), where);
      else
        throw WitnessError(where + ": the witness has no " + key, pointer);
  }
  throw WitnessError(where + ": the witness says " + in_short(found) +
                         ", the specification gives " + in_short(expected),
                     pointer);
}

class Follower {
public:
  Follower(const Spec& spec, const Witness& witness) : spec_(spec), witness_(witness) {
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

  void require_threads() const {
    std::vector<std::string> threads;
    for (const lang::Thread& thread : spec_.threads())
      threads.push_back(thread.name);
    require_same(Json(witness_.threads), Json(threads), "/threads", "threads");
  }

  // The step's action, which must be what the step's words say that it is.
  const Action& action_of(std::size_t i) const {
    const WitnessStep& step = witness_.steps[i];
    std::vector<std::string> labels;
    for (const Action& action : spec_.actions())
      if (spec_.threads()[action.thread].name == step.thread)
        labels.push_back(action.label);
    if (std::find(witness_.threads.begin(), witness_.threads.end(), step.thread) ==
        witness_.threads.end())
      throw WitnessError("step " + std::to_string(i + 1) + ": there is no thread " + step.thread +
                             text::nearest_hint(step.thread, witness_.threads),
                         pointer(i) + "/thread");
    if (std::find(labels.begin(), labels.end(), step.label) == labels.end())
      throw WitnessError("step " + std::to_string(i + 1) + ": thread " + step.thread +
                             " has no step " + step.label + text::nearest_hint(step.label, labels),
                         pointer(i) + "/label");
    if (step.action >= spec_.actions().size())
      throw WitnessError(where(i) + ": there is no action " + std::to_string(step.action) +
                             "; the specification has " + std::to_string(spec_.actions().size()),
                         pointer(i) + "/action");
    const Action& action = spec_.actions()[step.action];
    const std::string& thread = spec_.threads()[action.thread].name;
    if (thread != step.thread || action.label != step.label)
      throw WitnessError(where(i) + ": action " + std::to_string(step.action) + " is " +
                             action.label + " of thread " + thread,
                         pointer(i) + "/action");
    return action;
  }

  void take_step(std::size_t i, State& state) {
    const Action& action = action_of(i);
    const bool must_fail = witness_.kind == ViolationKind::check && i + 1 == witness_.steps.size();
    lang::Result result = take(spec_, state, action);
    if (result.outcome == lang::Outcome::disabled)
      throw WitnessError(where(i) + " cannot be taken " +
                             (i == 0 ? "in the initial state" : "after step " + std::to_string(i)),
                         pointer(i));
    if (!must_fail && result.outcome == lang::Outcome::failed)
      throw WitnessError(where(i) + " fails: " + result.failure.property + ": " +
                             result.failure.message,
                         pointer(i));
    if (must_fail && result.outcome == lang::Outcome::taken)
      throw WitnessError(where(i) + " does not fail", pointer(i));
    if (must_fail) {
      require_same(Json(witness_.property), Json(result.failure.property), "/violation/property",
                   where(i));
      require_same(Json(witness_.message), Json(result.failure.message), "/violation/message",
                   where(i));
    } else {
      state = std::move(result.state);
    }
    trace_.actions.push_back(static_cast<lang::ActionId>(witness_.steps[i].action));
  }

  // What an analysis finds wrong with a state depends on all the others.
  bool is_analysis() const {
    return std::any_of(spec_.properties().begin(), spec_.properties().end(),
                       [&](const lang::Property& property) {
                         return property.name == witness_.property &&
                                property.kind == lang::PropertyKind::analysis;
                       });
  }

  // The last state must violate what the witness says, as the witness says.  A last step that fails
  // was compared when it was taken.
  void require_violation(const State& state) const {
    if (witness_.kind == ViolationKind::check && witness_.steps.empty())
      refuse("no step that could fail");
    if (witness_.kind == ViolationKind::check || is_analysis())
      return;
    const lang::Standstill threads = standstill(spec_, state);
    std::optional<lang::Violation> found;
    for (const lang::Property& property : spec_.properties()) {
      if (property.name != witness_.property)
        continue;
      const auto violation = violation_in(spec_, state, threads, property);
      if (violation && violation->kind == witness_.kind && violation->message == witness_.message)
        return;
      if (!found)
        found = violation;
    }
    if (!found)
      refuse(why_not(state, threads));
    require_same(Json(kind_name(witness_.kind)), Json(kind_name(found->kind)), "/violation/kind",
                 "the last state");
    require_same(Json(witness_.message), Json(found->message), "/violation/message",
                 "the last state");
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
  lang::Trace trace_;
};

} // namespace

lang::Trace trace_of(const Spec& spec, const Witness& witness) {
  return Follower(spec, witness).follow();
}

} // namespace interlock::witnesses
