// Values and their writers; see parts.hpp.
#include "story/parts.hpp"

#include "text/lists.hpp"

#include <algorithm>

namespace interlock::checker {

using lang::Expr;
using lang::Node;
using lang::Op;
using lang::Place;
using lang::ThreadId;

namespace {

// A place that a condition names, with what it demands of it.
struct Candidate {
  Place place;
  std::string needed;
  std::size_t until = 0; // the place was read in this step, or in the failing one
};

// The place that an expression is, where it is one and nothing else.
std::optional<Place> place_in(const History& history, const lang::State& state,
                              const Expr& expression) {
  const Node& node = expression.node();
  if (node.op != Op::variable && node.op != Op::field)
    return std::nullopt;
  Places places;
  add_reads(places, history.spec(), state, expression, false);
  return places.size() == 1 ? std::optional(*places.begin()) : std::nullopt;
}

// What a part that does not hold demands of a place: of `place == other` the other's value.
std::string demand(const History& history, const lang::State& state, const Reason& reason,
                   const Place& place) {
  const Node& node = reason.part.node();
  if (node.op != Op::equal || reason.holds)
    return "";
  for (const std::size_t side : {0U, 1U}) {
    if (place_in(history, state, node.operands[side]) != place)
      continue;
    const Expr& other = node.operands[1 - side];
    const lang::Evaluation found = evaluate(history.spec(), state, other);
    return found.failure ? "" : format_value(node.operands[side].type(), found.value);
  }
  return "";
}

// A local stands for what it was copied from.
void add_candidates(const History& history, std::vector<Candidate>& found, Candidate candidate,
                    int depth = 0) {
  constexpr int deepest = 4;
  const bool known = std::any_of(found.begin(), found.end(), [&](Candidate& other) {
    if (other.place != candidate.place)
      return false;
    if (other.needed.empty())
      other.needed = candidate.needed;
    return true;
  });
  if (known)
    return;
  if (!history.is_local(candidate.place)) {
    found.push_back(std::move(candidate));
    return;
  }
  const auto copied = history.assigned(candidate.place, candidate.until);
  if (!copied || depth == deepest)
    return;
  for (const lang::Update& update : history.action(*copied).updates) {
    if (update.variable != candidate.place.variable || update.value.empty())
      continue;
    Places places;
    add_reads(places, history.spec(), history.at(*copied), update.value, false);
    for (const Place& place : places)
      if (history.variable(place).protection != lang::Protection::immutable)
        add_candidates(history, found, {place, places.size() == 1 ? candidate.needed : "", *copied},
                       depth + 1);
  }
}

// What explains most comes first: what is demanded, and locks; then what others wrote last.
enum Rank : std::uint8_t { demanded, changed_by_others, changed_twice, changed_once, unchanged };

Rank rank(const History& history, const Candidate& candidate, ThreadId thread) {
  const std::vector<std::size_t> changes = history.changes(candidate.place, candidate.until);
  if (!candidate.needed.empty() || history.is_lock_word(candidate.place))
    return demanded;
  if (changes.empty())
    return unchanged;
  if (changes.size() == 1)
    return changed_once;
  return history.action(changes.back()).thread == thread ? changed_twice : changed_by_others;
}

// The changes to tell: the last one; of flags those that set the ones that are set, of others the
// one that made the value what it should be, or else the one before.
std::vector<std::size_t> telling_changes(const History& history, const Place& place,
                                         std::size_t until, const std::string& needed) {
  constexpr std::size_t most = 3;
  const std::vector<std::size_t> changes = history.changes(place, until);
  std::set<std::size_t> telling;
  if (changes.empty())
    return {};
  telling.insert(changes.back());
  const lang::Variable& variable = history.variable(place);
  const std::uint32_t slot = variable.first_slot + place.object.value_or(0) * variable.stride;
  if (variable.capacity == 0 && variable.type->kind == lang::Kind::flags) {
    lang::Value open = history.at(until)[slot];
    for (std::size_t i = changes.size(); i-- > 0 && telling.size() < most;) {
      const lang::Value set = history.at(changes[i] + 1)[slot] & ~history.at(changes[i])[slot];
      if ((set & open) != 0)
        telling.insert(changes[i]);
      open &= ~set;
    }
  }
  for (std::size_t i = changes.size() - 1; i-- > 0 && telling.size() == 1;)
    if (history.value(place, history.at(changes[i] + 1)) == needed)
      telling.insert(changes[i]);
  if (telling.size() == 1 && changes.size() > 1)
    telling.insert(changes[changes.size() - 2]);
  return {telling.begin(), telling.end()};
}

// Where the kernel's text writes a variable: "filt_proc.set_kn_data, ...".
std::string writers_of(const lang::Spec& spec, lang::VariableId variable) {
  constexpr std::size_t most = 3;
  std::vector<std::string> labels;
  for (lang::ActionId id = 0; id < spec.actions().size(); ++id)
    for (const Place& place : spec.footprint(id).writes)
      if (place.variable == variable &&
          std::find(labels.begin(), labels.end(), spec.actions()[id].label) == labels.end())
        labels.push_back(spec.actions()[id].label);
  const bool more = labels.size() > most;
  labels.resize(std::min(most, labels.size()));
  return text::joined(labels) + (more ? ", ..." : "");
}

bool is_read_between(const History& history, const Place& place, std::size_t first,
                     std::size_t last) {
  for (std::size_t i = first + 1; i < last; ++i)
    if (history.kernel_reads(i, place))
      return true;
  return false;
}

// Whether the place has a value other than none, 0 or false before the step.
bool is_set(const History& history, const Place& place, std::size_t step) {
  const lang::Variable& variable = history.variable(place);
  return history.at(step)[variable.first_slot + place.object.value_or(0) * variable.stride] != 0;
}

// Whether the step only adds flags to those that are there.
bool keeps_flags(const History& history, const Place& place, std::size_t step) {
  const lang::Variable& variable = history.variable(place);
  const std::uint32_t slot = variable.first_slot + place.object.value_or(0) * variable.stride;
  return variable.type->kind == lang::Kind::flags &&
         (history.at(step)[slot] & ~history.at(step + 1)[slot]) == 0;
}

// A word of a lock is no value: the lock has a part of its own.
std::optional<StoryPart> part_of_lock(const History& history, const Candidate& candidate,
                                      ThreadId thread) {
  const Place& place = candidate.place;
  if (!history.is_lock_word(place))
    return std::nullopt;
  return lock_part(history, history.variable(place).pool, place.object.value_or(0), candidate.until,
                   thread, candidate.needed == history.spec().thread_name(thread));
}

// A lock has two words, and one part.
void add_part(std::vector<StoryPart>& parts, StoryPart part) {
  if (std::none_of(parts.begin(), parts.end(),
                   [&](const StoryPart& other) { return other.subject == part.subject; }))
    parts.push_back(std::move(part));
}

// What a property remembers, and the calls that made it so.
StoryPart ghost_part(const History& history, const Candidate& candidate) {
  const std::string name = history.name(candidate.place);
  StoryPart part{name,
                 "the property remembers " + name + ": " +
                     history.value(candidate.place, history.at(candidate.until)),
                 {},
                 {},
                 true};
  const std::vector<std::size_t> changes = history.changes(candidate.place, candidate.until);
  for (std::size_t i = changes.size() < 2 ? 0 : changes.size() - 2; i < changes.size(); ++i)
    part.moments.push_back(change_moment(history, changes[i], candidate.place));
  return part;
}

Moment moment_before(const History& history, const lang::Action& action, const lang::State& state,
                     std::size_t number, std::string does) {
  Moment moment;
  moment.step = number;
  moment.thread = history.spec().thread_name(action.thread);
  moment.does = std::move(does);
  moment.label = action.label;
  moment.source = witnesses::source_of(action.anchor);
  if (history.begins_function(moment.source))
    std::swap(moment.function_line, moment.source.line);
  moment.held = history.held(state, action.thread);
  return moment;
}

} // namespace

std::string calls_of(const lang::Action& action) {
  const std::size_t last = action.chain.rfind(" > ");
  const std::string innermost =
      last == std::string::npos ? action.chain : action.chain.substr(last + 3);
  if (!action.label.starts_with(innermost + "."))
    return action.chain;
  return last == std::string::npos ? "" : action.chain.substr(0, last);
}

std::string names_of(const std::vector<witnesses::Held>& held) {
  std::vector<std::string> names;
  for (const witnesses::Held& one : held)
    names.push_back(one.lock + (one.shared ? " (shared)" : ""));
  return names.empty() ? "no lock" : text::joined(names);
}

Moment moment_of(const History& history, std::size_t step, std::string does) {
  return moment_before(history, history.action(step), history.at(step), step + 1, std::move(does));
}

Moment waiting_moment(const History& history, lang::ActionId action, std::string does) {
  return moment_before(history, history.spec().actions()[action], history.end(), 0,
                       std::move(does));
}

Moment look_moment(const History& history, std::size_t step, const Place& place) {
  return moment_of(history, step, "sees " + history.value(place, history.at(step)));
}

Moment change_moment(const History& history, std::size_t step, const Place& place) {
  return moment_of(history, step,
                   history.value(place, history.at(step)) + " -> " +
                       history.value(place, history.at(step + 1)));
}

std::string ordering(const History& history, std::size_t first, std::size_t second) {
  const ThreadId one = history.action(first).thread;
  const ThreadId other = history.action(second).thread;
  const std::vector<witnesses::Held> later = history.held(history.at(second), other);
  for (const witnesses::Held& held : history.held(history.at(first), one))
    for (const witnesses::Held& again : later) {
      if (held.lock != again.lock || (held.shared && again.shared))
        continue;
      const auto given_up = history.given_up(one, held.lock, second);
      return held.lock + " is held at " + step_number(first) + " and at " + step_number(second) +
             (given_up && *given_up > first ? ", and given up at " + step_number(*given_up) : "");
    }
  return "no lock is held both at " + step_number(first) + " and at " + step_number(second);
}

StoryPart value_part(const History& history, const Place& place, std::size_t until,
                     const std::string& needed, ThreadId thread) {
  const bool now =
      until >= history.length() || (history.fails_in_last_step() && until + 1 == history.length());
  const std::string name = history.name(place);
  const std::string value = history.value(place, history.at(until));
  StoryPart part;
  part.subject = name;
  part.headline = name + (now ? " is " : " was ") + value;
  if (!now)
    part.headline += " when " + history.spec().thread_name(history.action(until).thread) +
                     " read it at step " + step_number(until);
  if (!needed.empty() && needed != value)
    part.headline += ", not " + needed;
  const std::vector<std::size_t> changes = telling_changes(history, place, until, needed);
  for (const std::size_t step : changes)
    part.moments.push_back(change_moment(history, step, place));
  if (changes.empty()) {
    if (now && !needed.empty()) {
      part.remarks.emplace_back("nobody has written it");
      if (const std::string writers = writers_of(history.spec(), place.variable); !writers.empty())
        part.remarks.push_back("what writes it: " + writers);
    }
  } else if (const std::size_t last = changes.back(); changes.size() > 1) {
    const std::size_t earlier = changes[changes.size() - 2];
    const std::string before = history.value(place, history.at(last));
    if (history.variable(place).capacity == 0 && !before.empty() && is_set(history, place, last) &&
        !is_read_between(history, place, earlier, last) && !keeps_flags(history, place, last) &&
        history.action(earlier).thread != history.action(last).thread)
      part.remarks.push_back(before + " was overwritten at " + step_number(last) +
                             " before anybody had read it");
    if (history.action(earlier).thread != history.action(last).thread)
      part.remarks.push_back(ordering(history, earlier, last));
  } else if (now && history.fails_in_last_step() && history.action(last).thread != thread) {
    part.remarks.push_back(ordering(history, last, history.length() - 1));
  }
  if (now)
    return part;
  if (const auto behind = changed_behind(history, until, place)) {
    part.moments.push_back(change_moment(history, *behind, place));
    part.remarks.push_back("it is changed at " + step_number(*behind) + ", after that; " +
                           ordering(history, until, *behind));
  }
  return part;
}

StoryPart stale_part(const History& history, std::size_t look, const Place& place,
                     std::size_t change) {
  const std::string name = history.name(place);
  return {name,
          history.spec().thread_name(history.action(look).thread) + " saw " + name + " as " +
              history.value(place, history.at(look)) + ", and " +
              history.spec().thread_name(history.action(change).thread) + " changed it afterwards",
          {look_moment(history, look, place), change_moment(history, change, place)},
          {ordering(history, look, change)}};
}

std::optional<std::size_t> changed_behind(const History& history, std::size_t look,
                                          const Place& place) {
  for (const std::size_t step : history.changes(place, history.length()))
    if (step > look && history.action(step).thread != history.action(look).thread)
      return step;
  return std::nullopt;
}

std::vector<StoryPart> reason_parts(const History& history, const std::vector<Reason>& reasons,
                                    std::size_t until, ThreadId thread) {
  std::vector<Candidate> found;
  std::vector<StoryPart> parts;
  const lang::State& state = history.at(until);
  for (const Reason& reason : reasons) {
    if (reason.part.node().op == Op::is_allocated) {
      if (!reason.holds)
        parts.push_back(
            stumble_part(history, {reason.part.node().operands[0], {}, {}}, until, thread));
      continue;
    }
    if (reason.part.node().op == Op::list_has && reason.holds) {
      parts.push_back(on_list_part(history, reason.part, until, thread));
      continue;
    }
    Places places;
    add_reads(places, history.spec(), state, reason.part, false);
    for (const Place& place : places)
      if (history.variable(place).protection != lang::Protection::immutable)
        add_candidates(history, found, {place, demand(history, state, reason, place), until});
  }
  std::stable_sort(found.begin(), found.end(), [&](const Candidate& a, const Candidate& b) {
    const Rank left = rank(history, a, thread);
    const Rank right = rank(history, b, thread);
    return left != right ? left < right
                         : history.changes(a.place, a.until) > history.changes(b.place, b.until);
  });
  const bool told = std::any_of(found.begin(), found.end(), [&](const Candidate& candidate) {
    return !history.is_ghost(candidate.place) && rank(history, candidate, thread) <= changed_twice;
  });
  std::vector<StoryPart> remembered;
  for (const Candidate& candidate : found) {
    // What was written once and is as it was meant to be explains little beside what was not.
    if (told && !history.is_ghost(candidate.place) &&
        rank(history, candidate, thread) > changed_twice)
      continue;
    if (history.is_ghost(candidate.place))
      remembered.push_back(ghost_part(history, candidate));
    else if (auto part = part_of_lock(history, candidate, thread))
      add_part(parts, std::move(*part));
    else
      parts.push_back(
          value_part(history, candidate.place, candidate.until, candidate.needed, thread));
  }
  parts.insert(parts.end(), remembered.begin(), remembered.end());
  return parts;
}

} // namespace interlock::checker
