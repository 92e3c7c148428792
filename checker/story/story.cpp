// Which parts a violation of each kind has; see story.hpp.
#include "story/parts.hpp"

#include "lang/lower.hpp"
#include "lang/violations.hpp"

#include <algorithm>

namespace interlock::checker {

namespace {

using lang::Spec;
using lang::ViolationKind;

void append(std::vector<StoryPart>& parts, std::vector<StoryPart> more) {
  for (StoryPart& part : more)
    if (std::find(parts.begin(), parts.end(), part) == parts.end())
      parts.push_back(std::move(part));
}

// The variables that a lock guards and that the step touches, as its message begins with one.
std::vector<StoryPart> guarded_parts(const History& history, std::size_t step) {
  const Spec& spec = history.spec();
  const lang::Action& action = history.action(step);
  const std::string& message = history.violation().message;
  Places places;
  for (const lang::Expr& expression : {action.path, action.guard})
    add_reads(places, spec, history.at(step), expression, false);
  for (const lang::Update& update : action.updates) {
    add_reads(places, spec, history.at(step), update.value, false);
    if (update.object.empty())
      continue;
    const lang::Evaluation object = evaluate(spec, history.at(step), update.object);
    if (!object.failure && object.value != lang::none)
      places.insert({update.variable, static_cast<std::uint32_t>(object.value - 1)});
  }
  std::vector<StoryPart> parts;
  for (const lang::Place& place : places)
    if (message.starts_with(history.variable(place).name + " "))
      parts.push_back(value_part(history, place, step, "", action.thread));
  return parts;
}

// Whether a part has a step of the kernel's.
bool tells_steps(const Story& story) {
  return std::any_of(story.parts.begin(), story.parts.end(), [](const StoryPart& part) {
    return !part.remembered && (!part.moments.empty() || !part.remarks.empty());
  });
}

// Whether a lock's taking is told, with its calls: those of the failing step belong beside them.
bool takes_locks(const Story& story) {
  return std::any_of(story.parts.begin(), story.parts.end(), [](const StoryPart& part) {
    return std::any_of(part.moments.begin(), part.moments.end(),
                       [](const Moment& moment) { return !moment.calls.empty(); });
  });
}

void tell_failing_check(Story& story, const History& history) {
  const std::size_t last = history.length() - 1;
  const lang::Action& action = history.action(last);
  const lang::State& state = history.at(last);
  story.failure = moment_of(history, last, "fails");
  const bool exceeded = history.violation().property == lang::fault::bounds;
  if (const auto pool = full_pool(history.spec(), state, action); exceeded && pool) {
    story.parts.push_back(pool_part(history, *pool, last));
  } else if (const lang::Check* check = failing_check(history.spec(), state, action)) {
    const std::vector<Reason> why = reasons(history.spec(), state, check->condition);
    append(story.parts, reason_parts(history, why, last, action.thread));
    if (!tells_steps(story))
      append(story.parts, sibling_parts(history, why, last, action.thread));
    if (!tells_steps(story))
      append(story.parts, last_look_parts(history, last, action.thread));
  } else if (const std::vector<Reason> why = unexplained(history.spec(), state, action);
             !why.empty()) {
    for (const Reason& each : why) // in this order
      append(story.parts, reason_parts(history, {each}, last, action.thread));
    if (!tells_steps(story))
      append(story.parts, last_look_parts(history, last, action.thread));
    append(story.parts, other_moment_parts(history));
  } else if (const auto found = stumble(history.spec(), state, action))
    story.parts.push_back(stumble_part(history, *found, last, action.thread));
  if (takes_locks(story))
    story.failure->calls = calls_of(action);
  if (history.violation().property == lang::guarded_access)
    append(story.parts, guarded_parts(history, last));
}

// The property's condition that fails at the end, taken apart.
std::vector<Reason> failing_reasons(const History& history, lang::PropertyKind kind) {
  for (const lang::Property& property : history.spec().properties()) {
    if (property.kind != kind || property.name != history.violation().property ||
        property.message != history.violation().message || property.condition.empty())
      continue;
    const lang::Evaluation found = evaluate(history.spec(), history.end(), property.condition);
    if (!found.failure && found.value == 0)
      return reasons(history.spec(), history.end(), property.condition);
  }
  return {};
}

void tell_state(Story& story, const History& history, lang::PropertyKind kind) {
  const std::vector<Reason> why = failing_reasons(history, kind);
  const std::size_t length = history.length();
  const lang::ThreadId thread = length == 0 ? 0 : history.action(length - 1).thread;
  append(story.parts, remembered_look_parts(history, why));
  append(story.parts, reason_parts(history, why, length, thread));
}

} // namespace

Story story_of(const Spec& spec, const lang::Trace& trace, const LockReason& locks) {
  const History history(spec, trace);
  Story story;
  switch (trace.violation.kind) {
  case ViolationKind::check:
    if (history.fails_in_last_step())
      tell_failing_check(story, history);
    break;
  case ViolationKind::invariant:
    tell_state(story, history, lang::PropertyKind::invariant);
    break;
  case ViolationKind::at_rest:
    if (trace.violation.property == lang::missed_wakeup) {
      story.parts = standstill_parts(history);
      break;
    }
    append(story.parts, delivery_parts(history));
    if (story.parts.empty())
      tell_state(story, history, lang::PropertyKind::at_rest);
    break;
  case ViolationKind::deadlock:
    story.parts = standstill_parts(history);
    break;
  case ViolationKind::analysis:
    story.parts = order_parts(history, locks);
    break;
  }
  std::stable_partition(story.parts.begin(), story.parts.end(),
                        [](const StoryPart& part) { return !part.remembered; });
  return story;
}

void tell_statements(Story& story, const witnesses::Statements& statements) {
  if (statements.empty())
    return;
  const auto tell = [&](Moment& moment) {
    const auto found = statements.find(moment.label);
    moment.function_line = 0;
    moment.source.line = 0;
    if (found == statements.end())
      return;
    moment.source.file = found->second.file;
    moment.source.line = found->second.line;
    moment.statement = found->second.text;
  };
  if (story.failure)
    tell(*story.failure);
  for (StoryPart& part : story.parts)
    std::for_each(part.moments.begin(), part.moments.end(), tell);
}

} // namespace interlock::checker
