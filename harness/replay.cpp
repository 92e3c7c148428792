// Replay of a trace: lowers it, runs it, and compares what the machine did with the model.
#include "harness/replay.hpp"
#include "text/numbers.hpp"

#include "harness/deadlock.hpp"
#include "lang/observer.hpp"
#include "lang/violations.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <new>
#include <set>
#include <stdexcept>

namespace interlock::harness {

using lang::Action;
using lang::Spec;
using lang::State;
using lang::Trace;
using lang::ViolationKind;

namespace {

bool last_must_fail(const Trace& trace) { return trace.violation.kind == ViolationKind::check; }

void require_fitting(const Spec& spec, const Trace& trace, const std::vector<State>& states) {
  for (const lang::ActionId action : trace.actions)
    if (action >= spec.actions().size())
      throw lang::SpecError("the trace takes an action that the specification does not have");
  if (last_must_fail(trace) && trace.actions.empty())
    throw lang::SpecError("a trace that ends in a failing step has no steps");
  if (states.size() != trace.actions.size() + (last_must_fail(trace) ? 0 : 1))
    throw lang::SpecError("the trace has " + std::to_string(trace.actions.size()) +
                          " steps, which does not fit its " + std::to_string(states.size()) +
                          " states");
  for (const State& state : states) {
    if (state.size() != spec.slot_count())
      throw lang::SpecError("a state of the trace has " + std::to_string(state.size()) +
                            " variables, the specification has " +
                            std::to_string(spec.slot_count()));
    for (std::uint32_t slot = 0; slot < state.size(); ++slot)
      if (state[slot] < spec.slot_type(slot).low || state[slot] > spec.slot_type(slot).high)
        throw lang::SpecError("a state of the trace has " + std::to_string(state[slot]) + " for " +
                              spec.slot_name(slot) + ", which is no value of it");
  }
}

Deadline deadline_of(const ReplayOptions& options) {
  constexpr double longest = 1e6; // seconds; what the clock can surely count
  const double seconds =
      std::isnan(options.timeout_seconds) ? 0 : std::clamp(options.timeout_seconds, 0.0, longest);
  return std::chrono::steady_clock::now() +
         std::chrono::duration_cast<std::chrono::steady_clock::duration>(
             std::chrono::duration<double>(seconds));
}

// One replay, from the trace to the report.
class Replay {
public:
  Replay(const Spec& spec, const Trace& trace, const std::vector<State>& states)
      : spec_(spec), trace_(trace), states_(states), layout_(spec) {}

  ReplayReport run(Deadline deadline) {
    const bool deadlock = trace_.violation.kind == ViolationKind::deadlock;
    std::vector<BlockedThread> blocked;
    if (deadlock)
      blocked = blocked_threads(spec_, layout_, states_.back());
    Machine machine(spec_, layout_, schedule(blocked));
    Confirmation confirmation{ReplayOutcome::out_of_time, too_short};
    if (blocked.empty())
      confirmation = {ReplayOutcome::diverged, "no thread is blocked"};
    machine.run(deadline, [&] {
      confirmation = confirm_deadlock(spec_, states_.back(), blocked, machine, deadline);
    });
    conclude(machine, confirmation, blocked);
    describe_run(machine);
    return report_;
  }

private:
  void conclude(const Machine& machine, const Confirmation& confirmation,
                const std::vector<BlockedThread>& blocked) {
    if (!compare(machine) || !has_a_thread_for_each(machine, blocked))
      return;
    if (trace_.violation.kind == ViolationKind::deadlock)
      conclude_deadlock(confirmation, blocked, machine);
    else if (last_must_fail(trace_))
      conclude(ReplayOutcome::reproduced, failure_);
    else
      conclude_property();
  }

  Schedule schedule(const std::vector<BlockedThread>& blocked) const {
    Schedule schedule;
    schedule.initial = spec_.initial_state();
    for (const lang::ActionId id : trace_.actions) {
      const Action& action = spec_.actions()[id];
      schedule.steps.push_back({action.thread, lower_action(spec_, layout_, action)});
    }
    schedule.attempts.resize(spec_.threads().size());
    for (const BlockedThread& each : blocked)
      schedule.attempts[each.thread] =
          lower_attempt(spec_, layout_, each.thread,
                        lang::point_of(spec_, states_.back(), each.thread), each.word);
    return schedule;
  }

  // True when every step went as in the model; otherwise the report says which did not.
  bool compare(const Machine& machine) {
    if (!same_state(0, spec_.initial_state()))
      return false;
    for (std::size_t i = 0; i < trace_.actions.size(); ++i) {
      const StepRecord& record = machine.record(i);
      if (record.outcome == Outcome::not_run || record.outcome == Outcome::stopped) {
        report_.outcome = ReplayOutcome::out_of_time;
        report_.text = "not finished: the time was over " +
                       (i == 0 ? std::string("before the first step ended")
                               : "after " + text::counted(i, "step")) +
                       " of " + std::to_string(trace_.actions.size());
        return false;
      }
      report_.steps = i + 1;
      const bool must_fail = last_must_fail(trace_) && i + 1 == trace_.actions.size();
      if (must_fail ? !fails_as_expected(machine, i) : !is_taken(machine, i))
        return false;
    }
    return true;
  }

  bool same_state(std::size_t step, State found) {
    State expected = states_[step];
    // The place of the observer's number is beside the machine, and in no witness.
    if (spec_.observation())
      for (State* state : {&expected, &found})
        (*state)[spec_.observation()->slot] = explanations_;
    found_ = found;
    const auto [at, other] = std::mismatch(expected.begin(), expected.end(), found.begin());
    if (at == expected.end())
      return true;
    const auto slot = static_cast<std::uint32_t>(at - expected.begin());
    const lang::Type& type = spec_.slot_type(slot);
    diverge(step,
            {step, spec_.slot_name(slot), format_value(type, *at), format_value(type, *other)});
    return false;
  }

  // The observer looks at the machine's memory, from beside it.  What it objects to in what the
  // step shows of the memory before it, if anything.
  std::optional<lang::Failure> objection(std::size_t index) {
    const auto look = look_on(spec_, found_, spec_.actions()[trace_.actions[index]]);
    if (look && look->after)
      explanations_ = *look->after;
    return look ? look->failure : std::nullopt;
  }

  bool is_taken(const Machine& machine, std::size_t index) {
    if (machine.record(index).outcome == Outcome::taken) {
      if (const auto objection = this->objection(index)) {
        diverge(index + 1, objection->property + ": " + objection->message);
        return false;
      }
      return same_state(index + 1, layout_.unpack(machine.snapshot(index)));
    }
    const Action& action = spec_.actions()[trace_.actions[index]];
    const std::string why = outcome_text(machine, index);
    const Outcome outcome = machine.record(index).outcome;
    if (outcome == Outcome::guard_false)
      diverge(index + 1, {index + 1, to_string(action.guard), "true", "false"});
    else if (outcome == Outcome::path_false)
      diverge(index + 1, {index + 1, to_string(action.path), "true", "false"});
    else
      diverge(index + 1, why + "; in the model the step succeeds");
    return false;
  }

  bool fails_as_expected(const Machine& machine, std::size_t index) {
    const bool taken = machine.record(index).outcome == Outcome::taken;
    const auto seen = taken ? objection(index) : std::nullopt;
    const std::string why = seen ? seen->message : outcome_text(machine, index);
    if ((seen ? seen->property : property_of(machine, index)) == trace_.violation.property) {
      failure_ = "the last step failed as in the model: " + trace_.violation.property + ": " + why;
      return true;
    }
    diverge(index + 1, why + "; in the model it violates " + trace_.violation.property);
    return false;
  }

  // --- what a record says ---

  const lang::Check& condition(const Machine& machine, std::size_t index) const {
    const MicroProgram& program = machine.schedule().steps[index].program;
    const MicroOperation& decided = program.operations[machine.record(index).detail];
    return program.conditions[static_cast<std::size_t>(decided.value)];
  }

  // The property that the step violated on the machine; empty for other outcomes.
  std::string property_of(const Machine& machine, std::size_t index) const {
    const Outcome outcome = machine.record(index).outcome;
    return outcome == Outcome::check_failed ? condition(machine, index).property
                                            : std::string(fault_of(outcome));
  }

  std::string outcome_text(const Machine& machine, std::size_t index) const {
    const StepRecord& record = machine.record(index);
    const std::string found = std::to_string(record.found);
    switch (record.outcome) {
    case Outcome::taken:
      return "it succeeded";
    case Outcome::elsewhere:
      return "the thread's program counter is not at this step";
    case Outcome::path_false:
    case Outcome::guard_false:
      return to_string(condition(machine, index).condition) + " is false";
    case Outcome::check_failed:
      return condition(machine, index).message;
    case Outcome::null_dereference:
      return "the thread followed a reference that is none";
    case Outcome::use_after_free:
      return slot_text(static_cast<std::uint64_t>(record.found)) + " is false in memory";
    case Outcome::not_on_list:
      return "the element whose neighbour the thread wanted is not on the list";
    case Outcome::bounds:
      return "a value left its range (" + found + "), or a list is full";
    case Outcome::outside:
      return "memory holds " + found + ", which is no reference and no list size";
    case Outcome::lock_held: {
      const auto word = machine.spins_on(spec_.actions()[trace_.actions[index]].thread);
      const auto slot = word ? layout_.slot_of_byte(*word * Layout::word_bytes) : std::nullopt;
      return slot ? "lock cmpxchg did not get " + spec_.slot_name(*slot) + ", which is " +
                        format_value(spec_.slot_type(*slot), record.found)
                  : "lock cmpxchg did not get the lock, whose word is " + found;
    }
    default:
      return "it did not end";
    }
  }

  std::string slot_text(std::uint64_t byte) const {
    const auto slot = layout_.slot_of_byte(byte);
    return slot ? spec_.slot_name(*slot) : "byte " + std::to_string(byte);
  }

  std::string step_name(std::size_t step) const {
    if (step == 0)
      return "the initial state";
    const Action& action = spec_.actions()[trace_.actions[step - 1]];
    return "step " + std::to_string(step) + " (" + spec_.threads()[action.thread].name + ": " +
           action.label + ")";
  }

  // --- the report ---

  void diverge(std::size_t step, const std::string& how) {
    report_.outcome = ReplayOutcome::diverged;
    report_.text = "diverged at " + step_name(step) + ": " + how;
  }

  void diverge(std::size_t step, Difference difference) {
    diverge(step, difference.variable + " is " + difference.found + ", the model has " +
                      difference.expected);
    report_.difference = std::move(difference);
  }

  // Every thread of the trace is one of the machine, and each its own.
  bool has_a_thread_for_each(const Machine& machine, const std::vector<BlockedThread>& blocked) {
    std::set<lang::ThreadId> wanted;
    for (const lang::ActionId action : trace_.actions)
      wanted.insert(spec_.actions()[action].thread);
    for (const BlockedThread& each : blocked)
      if (machine.thread(each.thread).real_thread != 0)
        wanted.insert(each.thread);
    report_.threads = machine.real_threads();
    if (report_.threads == wanted.size())
      return true;
    report_.outcome = ReplayOutcome::diverged;
    report_.text = "diverged: the steps of " + text::counted(wanted.size(), "thread") + " ran on " +
                   text::counted(report_.threads, "thread") + " of this machine";
    return false;
  }

  void describe_run(const Machine& machine) {
    report_.threads = machine.real_threads();
    report_.counts = machine.counts();
    report_.not_checked = "not checked: what happens when steps run at once; each ran alone";
    if (trace_.violation.kind == ViolationKind::analysis)
      report_.not_checked +=
          ". " + trace_.violation.property + " was computed from all interleavings, not run";
  }

  void conclude(ReplayOutcome outcome, const std::string& end) {
    static const std::map<ReplayOutcome, std::string> beginnings{
        {ReplayOutcome::reproduced, "reproduced: "},
        {ReplayOutcome::followed, "followed: "},
        {ReplayOutcome::diverged, "not confirmed: "},
        {ReplayOutcome::out_of_time, "not finished: "}};
    report_.outcome = outcome;
    report_.text = beginnings.at(outcome) + text::counted(trace_.actions.size(), "step") + " by " +
                   text::counted(report_.threads, "thread") +
                   " on this machine; after every step the memory (" +
                   text::counted(spec_.slot_count(), "word") + ") equalled the model's state; " +
                   end;
  }

  void conclude_deadlock(const Confirmation& confirmation,
                         const std::vector<BlockedThread>& blocked, const Machine& machine) {
    for (const BlockedThread& each : blocked) {
      const Outcome outcome = machine.thread(each.thread).outcome;
      if (outcome != Outcome::stopped && outcome != Outcome::not_run)
        return conclude(ReplayOutcome::diverged,
                        spec_.threads()[each.thread].name +
                            (outcome == Outcome::enabled
                                 ? ", which should be blocked, could take its next step"
                                 : ", which should be blocked, fails in its next step"));
    }
    conclude(confirmation.outcome, confirmation.text);
  }

  void conclude_property() {
    const lang::Violation& wanted = trace_.violation;
    const State& last = found_;
    if (wanted.kind == ViolationKind::analysis)
      return conclude(ReplayOutcome::followed,
                      "the last one is where " + wanted.property + " finds: " + wanted.message);
    const lang::Standstill threads = lang::standstill(spec_, last);
    const bool at_rest = wanted.kind == ViolationKind::at_rest;
    if (at_rest && threads.someone_can_move())
      return conclude(ReplayOutcome::diverged, "a thread can still move");
    const char* rest = !at_rest                    ? ""
                       : threads.someone_is_late() ? "nothing but a timeout moves a thread, and "
                                                   : "no thread can move, and ";
    const bool failed = std::any_of(
        spec_.properties().begin(), spec_.properties().end(), [&](const lang::Property& property) {
          const auto found = property.name == lang::property_of(wanted.property)
                                 ? lang::violation_in(spec_, last, threads, property)
                                 : std::nullopt;
          return found && found->kind == wanted.kind && found->property == wanted.property &&
                 found->message == wanted.message;
        });
    if (!failed)
      return conclude(ReplayOutcome::diverged, wanted.property + " holds in the final memory");
    conclude(ReplayOutcome::reproduced,
             rest + ("the final memory violates " + wanted.property) + ": " + wanted.message);
  }

  const Spec& spec_;
  const Trace& trace_;
  const std::vector<State>& states_;
  Layout layout_;
  State found_;                                                // the machine's memory, so far
  lang::Observer::Set explanations_ = lang::Observer::first(); // of what was shown, so far
  std::string failure_;
  ReplayReport report_;
};

} // namespace

ReplayReport replay(const Spec& spec, const Trace& trace, const std::vector<State>& states,
                    const ReplayOptions& options) {
  require_fitting(spec, trace, states);
  const Deadline deadline = deadline_of(options);
  try {
    return Replay(spec, trace, states).run(deadline);
  } catch (const std::bad_alloc&) {
    throw std::runtime_error("there is not enough memory to replay " +
                             text::counted(trace.actions.size(), "step") + " of " +
                             text::counted(spec.slot_count(), "word"));
  } catch (const std::length_error&) {
    throw std::runtime_error("the trace is too long to replay");
  }
}

ReplayReport replay(const Spec& spec, const Trace& trace, const ReplayOptions& options) {
  return replay(spec, trace, lang::follow(spec, trace), options);
}

} // namespace interlock::harness
