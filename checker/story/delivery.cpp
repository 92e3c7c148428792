// The kernel's side of events that never came; see parts.hpp.  The objects are found by the names
// that the model gives them in every kernel: the pool `knote`, kn_kq and kn_id, and the
// registrations of the contract, which are called after a kqueue and a process.
#include "lang/observer.hpp"
#include "story/parts.hpp"

#include <algorithm>

namespace interlock::checker {

using lang::Place;
using lang::PoolId;
using lang::Spec;
using lang::VariableId;

namespace {

std::optional<PoolId> pool_named(const Spec& spec, const std::string& name) {
  for (PoolId pool = 0; pool < spec.pools().size(); ++pool)
    if (spec.pools()[pool].name == name)
      return pool;
  return std::nullopt;
}

std::optional<VariableId> field_of(const Spec& spec, PoolId pool, const std::string& name) {
  for (VariableId id = 0; id < spec.variables().size(); ++id)
    if (spec.variables()[id].scope == lang::Scope::field && spec.variables()[id].pool == pool &&
        spec.variables()[id].name == name)
      return id;
  return std::nullopt;
}

// Events of one kqueue for one process.
struct Watch {
  std::string kqueue, process;
  // The steps that made the event possible, and due.
  std::optional<std::size_t> possible, due;
};

// The watch whose events the observer misses at the end: the registration that the property of its
// own, which it finds broken, is about.
std::optional<Watch> watch_of(const History& history) {
  const Spec& spec = history.spec();
  if (!spec.observation())
    return std::nullopt;
  lang::Observer& observer = *spec.observation()->observer;
  const auto set_at = [&](std::size_t step) { return history.at(step)[spec.observation()->slot]; };
  const lang::Property* debt = observer.debt(set_at(history.length()));
  if (debt == nullptr)
    return std::nullopt;
  std::optional<Watch> watch;
  for (const Place& place : reads_of(observer.spec(), debt->condition)) {
    const lang::Variable& field = observer.spec().variables()[place.variable];
    const std::string name = field.scope == lang::Scope::field && place.object
                                 ? observer.spec().pools()[field.pool].objects[*place.object]
                                 : "";
    if (const std::size_t slash = name.find('/'); slash != std::string::npos)
      watch = Watch{name.substr(0, slash), name.substr(slash + 1), {}, {}};
  }
  // Its condition ends with what has to be: nothing pending, whoever waits.
  const lang::Node& condition = debt->condition.node();
  const lang::Expr pending =
      !(condition.op == lang::Op::logical_or ? condition.operands[1] : debt->condition);
  for (std::size_t i = 0; watch && i < history.length(); ++i) {
    const lang::Observer::Set set = set_at(i + 1);
    const std::size_t holding = observer.holding(set, pending);
    if (!watch->possible && holding != 0)
      watch->possible = i;
    if (holding != observer.members(set))
      watch->due.reset();
    else if (!watch->due)
      watch->due = i;
  }
  return watch;
}

// The knotes that were there for the watch, the last ones first.
std::vector<std::uint32_t> knotes_of(const History& history, PoolId knotes, const Watch& watch) {
  const Spec& spec = history.spec();
  const auto kqueue = field_of(spec, knotes, "kn_kq");
  const auto process = field_of(spec, knotes, "kn_id");
  std::vector<std::uint32_t> found;
  if (!kqueue || !process)
    return found;
  for (std::size_t i = history.length() + 1; i-- > 0;)
    for (std::uint32_t knote = 0; knote < spec.pools()[knotes].objects.size(); ++knote)
      if (history.value({*kqueue, knote}, history.at(i)) == watch.kqueue &&
          history.value({*process, knote}, history.at(i)) == watch.process &&
          std::find(found.begin(), found.end(), knote) == found.end())
        found.push_back(knote);
  return found;
}

// Whether the variable is a list of knotes that whoever makes an event walks: not a queue of a
// kqueue, nor a hash.
bool is_walked(const Spec& spec, VariableId id, PoolId knotes) {
  const lang::Variable& list = spec.variables()[id];
  return list.capacity != 0 && list.type->kind == lang::Kind::reference &&
         list.type->pool == knotes && list.name.find("klist") != std::string::npos;
}

// Where a knote is looked for and at: its fields, and the lists of knotes that it is on at some
// time.
Places places_of(const History& history, PoolId knotes, std::uint32_t knote) {
  const Spec& spec = history.spec();
  const std::string& name = spec.pools()[knotes].objects[knote];
  Places places;
  for (VariableId id = 0; id < spec.variables().size(); ++id) {
    const lang::Variable& variable = spec.variables()[id];
    if (variable.ghost || variable.scope != lang::Scope::field)
      continue;
    if (variable.pool == knotes && spec.pools()[knotes].allocated != id)
      places.insert({id, knote});
    if (!is_walked(spec, id, knotes))
      continue;
    for (std::uint32_t object = 0; object < variable.objects; ++object)
      for (const std::size_t step : history.changes({id, object}, history.length()))
        if (history.value({id, object}, history.at(step + 1)).find(name) != std::string::npos)
          places.insert({id, object});
  }
  return places;
}

// What the thread that makes the event sees of the knote from the step `from` on, where another
// thread changes it afterwards: the first such look.
std::optional<StoryPart> look_part(const History& history, PoolId knotes, std::uint32_t knote,
                                   std::size_t from) {
  const lang::ThreadId thread = history.action(from).thread;
  const Places places = places_of(history, knotes, knote);
  for (std::size_t i = from; i < history.length(); ++i) {
    if (history.action(i).thread != thread)
      continue;
    for (const Place& place : places) {
      if (history.kernel_reads(i, place))
        if (const auto behind = changed_behind(history, i, place))
          return stale_part(history, i, place, *behind);
    }
  }
  return std::nullopt;
}

} // namespace

std::vector<StoryPart> delivery_parts(const History& history) {
  std::vector<StoryPart> parts;
  const Spec& spec = history.spec();
  const auto knotes = pool_named(spec, "knote");
  const auto watch = watch_of(history);
  if (!knotes || !watch)
    return parts;
  const std::string what = watch->process + " on " + watch->kqueue;
  if (watch->due)
    parts.push_back({what,
                     "the event for " + what + " is due since step " + step_number(*watch->due) +
                         ": " + history.action(*watch->due).label,
                     {},
                     {}});
  const std::vector<std::uint32_t> found = knotes_of(history, *knotes, *watch);
  if (found.empty()) {
    parts.push_back({what, "there never was a knote for " + what, {}, {}});
    // Then what should have made one is of interest: the knote that is followed.
    for (std::uint32_t knote = 0; watch->possible && knote < spec.pools()[*knotes].objects.size();
         ++knote)
      if (auto look = look_part(history, *knotes, knote, *watch->possible))
        parts.push_back(std::move(*look));
    return parts;
  }
  for (const std::uint32_t knote : found) {
    if (watch->possible)
      if (auto look = look_part(history, *knotes, knote, *watch->possible))
        parts.push_back(std::move(*look));
    if (const auto flag = spec.pools()[*knotes].allocated;
        flag && history.value({*flag, knote}, history.end()) == "false") {
      StoryPart part = value_part(history, {*flag, knote}, history.length(), "", 0);
      part.headline =
          spec.pools()[*knotes].objects[knote] + ", the knote for " + what + ", is freed";
      part.remarks.clear();
      parts.push_back(std::move(part));
      continue;
    }
    for (const char* field : {"kn_fflags", "kn_status"})
      if (const auto id = field_of(spec, *knotes, field))
        parts.push_back(value_part(history, {*id, knote}, history.length(), "", 0));
  }
  return parts;
}

} // namespace interlock::checker
