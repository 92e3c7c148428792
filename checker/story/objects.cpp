// Freed objects, empty pointers, and elements that have left their list or should have; see
// parts.hpp.
#include "story/parts.hpp"

#include "text/lists.hpp"

#include <algorithm>

namespace interlock::checker {

using lang::Expr;
using lang::Op;
using lang::Place;
using lang::ThreadId;

namespace {

// Where the value of a reference is, when that is a variable or a field.
std::optional<Place> place_of_pointer(const History& history, const lang::State& state,
                                      const Expr& reference) {
  if (reference.node().op != Op::variable && reference.node().op != Op::field)
    return std::nullopt;
  Places places;
  add_reads(places, history.spec(), state, reference, false);
  return places.empty() ? std::nullopt : std::optional(*places.begin());
}

std::optional<std::size_t> last_of(const std::vector<std::size_t>& steps) {
  return steps.empty() ? std::nullopt : std::optional(steps.back());
}

// The last step in which the pointer became what it is, told with where it was copied from.
std::optional<std::size_t> add_pointer(StoryPart& part, const History& history, const Place& place,
                                       std::size_t until) {
  const auto got = history.is_local(place) ? history.assigned(place, until)
                                           : last_of(history.changes(place, until));
  if (!got)
    return std::nullopt;
  Places sources;
  for (const lang::Update& update : history.action(*got).updates)
    if (update.variable == place.variable && !update.value.empty())
      add_reads(sources, history.spec(), history.at(*got), update.value, false);
  std::erase_if(sources, [&](const Place& source) {
    return history.is_ghost(source) || source == place ||
           history.variable(source).type->kind != lang::Kind::reference;
  });
  // Saved in a local before: it was got there.
  if (history.is_local(place) && sources.size() == 1 && history.is_local(*sources.begin()))
    return add_pointer(part, history, *sources.begin(), *got);
  std::vector<std::string> names;
  for (const Place& source : sources)
    if (!history.is_local(source))
      names.push_back(history.name(source));
  const std::string value = history.value(place, history.at(*got + 1));
  const std::string what = history.is_local(place) && value != "none"
                               ? "gets the pointer"
                               : "sets " + history.name(place) + " to " + value;
  part.moments.push_back(
      moment_of(history, *got, what + (names.empty() ? "" : " from " + text::listed(names))));
  return got;
}

// What the thread held while another one took the object away.
std::string held_meanwhile(const History& history, std::size_t step, ThreadId thread) {
  return "at " + step_number(step) + " " + history.spec().thread_name(thread) + " holds " +
         names_of(history.held(history.at(step), thread)) + "; nothing there keeps " +
         history.spec().thread_name(history.action(step).thread) + " out";
}

// The last change of the place before `until` that made it `value`.
std::optional<std::size_t> last_change_to(const History& history, const Place& place,
                                          const std::string& value, std::size_t until) {
  const std::vector<std::size_t> changes = history.changes(place, until);
  for (std::size_t i = changes.size(); i-- > 0;)
    if (history.value(place, history.at(changes[i] + 1)) == value)
      return changes[i];
  return std::nullopt;
}

// The last step before `until` in which the list got the element, or lost it.
std::optional<std::size_t> last_edit(const History& history, const Place& list, lang::Value element,
                                     bool got, std::size_t until) {
  const lang::Variable& variable = history.variable(list);
  const std::uint32_t slot = variable.first_slot + list.object.value_or(0) * variable.stride;
  const auto has = [&](const lang::State& state) {
    for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(state[slot]); ++i)
      if (state[slot + 1 + i] == element)
        return true;
    return false;
  };
  for (std::size_t i = until; i-- > 0;)
    if (has(history.at(i)) != got && has(history.at(i + 1)) == got)
      return i;
  return std::nullopt;
}

} // namespace

StoryPart stumble_part(const History& history, const Stumble& stumble, std::size_t until,
                       ThreadId thread) {
  const lang::State& state = history.at(until);
  const lang::Spec& spec = history.spec();
  const lang::Value value = evaluate(spec, state, stumble.reference).value;
  const auto pointer = place_of_pointer(history, state, stumble.reference);
  const std::string object = format_value(stumble.reference.type(), value);
  StoryPart part;
  part.subject = value == lang::none ? lang::to_string(stumble.reference) : object;
  std::optional<std::size_t> got;
  if (pointer)
    got = add_pointer(part, history, *pointer, until);
  if (value == lang::none) {
    part.headline = part.subject + " is none";
    return part;
  }
  std::optional<std::size_t> lost;
  std::string does;
  if (stumble.list) {
    Places lists;
    if (stumble.list_object.empty())
      lists.insert({*stumble.list, 0});
    else if (const lang::Evaluation of = evaluate(spec, state, stumble.list_object);
             !of.failure && of.value != lang::none)
      lists.insert({*stumble.list, static_cast<std::uint32_t>(of.value - 1)});
    part.headline = object + " is not on the list that " + spec.thread_name(thread) + " walks";
    if (!lists.empty()) {
      part.headline = object + " is not on " + history.name(*lists.begin()) + " any more, which " +
                      spec.thread_name(thread) + " walks";
      lost = last_edit(history, *lists.begin(), value, false, until);
      does = "takes " + object + " off " + history.name(*lists.begin());
    }
  } else if (const auto flag = spec.pools()[stumble.reference.type().pool].allocated) {
    part.headline = object + " is freed, and " + spec.thread_name(thread) + " still uses it";
    lost = last_change_to(history, {*flag, static_cast<std::uint32_t>(value - 1)}, "false", until);
    does = "frees " + object;
  }
  if (!lost)
    return part;
  const Moment loss = moment_of(history, *lost, does);
  if (got && *lost < *got) {
    part.moments.insert(part.moments.begin(), loss);
    part.remarks.push_back("the pointer is still there at " + step_number(*got) + ", after that");
    return part;
  }
  part.moments.push_back(loss);
  if (history.action(*lost).thread != thread)
    part.remarks.push_back(held_meanwhile(history, *lost, thread));
  return part;
}

StoryPart on_list_part(const History& history, const Expr& has, std::size_t until,
                       ThreadId thread) {
  const lang::State& state = history.at(until);
  const lang::Node& node = has.node();
  const bool of_object = node.operands.size() > 1;
  const lang::Value owner =
      of_object ? evaluate(history.spec(), state, node.operands[0]).value : lang::Value{1};
  const Place list{node.variable, static_cast<std::uint32_t>(owner - 1)};
  const Expr& element = node.operands.back();
  const lang::Value value = evaluate(history.spec(), state, element).value;
  const std::string object = format_value(element.type(), value);
  StoryPart part{object, object + " is on " + history.name(list), {}, {}};
  const auto got = last_edit(history, list, value, true, until);
  if (!got) {
    part.remarks.emplace_back("it has been there from the beginning");
    return part;
  }
  part.moments.push_back(moment_of(history, *got, "puts it there"));
  if (history.action(*got).thread != thread)
    part.remarks.push_back(ordering(history, *got, until));
  return part;
}

StoryPart pool_part(const History& history, lang::PoolId pool, std::size_t until) {
  const lang::Pool& full = history.spec().pools()[pool];
  StoryPart part{full.name,
                 "all " + std::to_string(full.objects.size()) + " objects of the pool " +
                     full.name + " are in use",
                 {},
                 {}};
  if (!full.allocated)
    return part;
  for (std::uint32_t object = 0; object < full.objects.size(); ++object) {
    if (const auto step = last_of(history.changes({*full.allocated, object}, until)))
      part.moments.push_back(moment_of(history, *step, "takes " + full.objects[object]));
    else
      part.remarks.push_back(full.objects[object] + " is in use from the beginning");
  }
  std::stable_sort(part.moments.begin(), part.moments.end(),
                   [](const Moment& a, const Moment& b) { return a.step < b.step; });
  return part;
}

} // namespace interlock::checker
