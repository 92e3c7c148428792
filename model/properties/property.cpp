// The table of properties.
#include "properties/property.hpp"

#include "actions/steps.hpp"
#include "lang/lower.hpp"
#include "lang/violations.hpp"

#include <algorithm>

namespace interlock::properties {

// The conditions, in a file each.
void kevent_contract(const Subject& subject, const std::string& name);
void no_deadlock(const Subject& subject, const std::string& name);
void missed_wakeup(const Subject& subject, const std::string& name);
void leak(const Subject& subject, const std::string& name);
void knote_protocol(const Subject& subject, const std::string& name);
void group_signal(const Subject& subject, const std::string& name);

namespace {

namespace check = actions::property;

std::vector<Entry> of_answers() {
  return {
      {.name = check::kevent_contract,
       .text =
           "some order of the calls explains what kevent(2) answers: every promised event once, "
           "in order, with the promised values, and the right errors",
       .conditions = kevent_contract,
       .rules = contract::rules()},
      {.name = lang::no_deadlock,
       .text = "no thread is stuck: each can move, has ended, or waits as its system call may",
       .conditions = no_deadlock,
       .breach = Breach::deadlock},
      {.name = check::kassert,
       .text = "the KASSERTs of the modelled code hold",
       .breach = Breach::assertion},
  };
}

std::vector<Entry> of_locks() {
  return {
      {.name = check::lock_recursion, .text = "no thread takes a non-recursive lock that it holds"},
      {.name = check::lock_not_held,
       .text = "no thread releases, or waits with, a lock that it does not hold"},
      {.name = check::locks_at_return, .text = "no lock is held on return to user mode"},
      {.name = check::sleep_with_spin_lock,
       .text = "no thread may sleep while it holds a spin mutex",
       .system = "netbsd"},
      {.name = check::sleep_with_mutex,
       .text = "no thread sleeps while it holds a mutex",
       .system = "freebsd"},
      {.name = check::sx_with_mutex,
       .text = "no thread takes an sx lock while it holds a mutex",
       .system = "freebsd"},
      {.name = check::channel_interlock,
       .text = "all threads asleep on a channel gave up the same lock",
       .system = "freebsd"},
      {.name = lang::guarded_access,
       .text = "what a lock protects is touched only with that lock held"},
  };
}

std::vector<Entry> of_memory() {
  return {
      {.name = lang::fault::use_after_free, .text = "no freed object is used"},
      {.name = lang::fault::not_on_list,
       .text = "no list is walked on, or edited, at an element that is not on it"},
      {.name = lang::fault::null_dereference, .text = "no null pointer is followed"},
      {.name = check::double_free, .text = "no object is freed twice"},
      {.name = check::freed_while_held,
       .text = "no object is freed while a list, a queue or a living object still leads to it"},
      {.name = "leak",
       .text = "no knote, kqueue or proc is left over that nothing refers to",
       .conditions = leak},
  };
}

std::vector<Entry> of_protocols() {
  return {
      {.name = check::knote_protocol,
       .text = "the invariants I1 to I7 of the knote protocol",
       .conditions = knote_protocol,
       .system = "netbsd"},
      {.name = check::vfork_waits,
       .text = "vfork(2) returns only when the child no longer uses its parent's memory"},
      {.name = "group-signal",
       .text = "a signal to a process group reaches a member that is being forked too",
       .conditions = group_signal},
  };
}

std::vector<Entry> only_where_named() {
  return {
      {.name = check::wait_after_note_exit,
       .text = "wait4(2) with WNOHANG finds a child whose NOTE_EXIT was delivered before (only "
               "where named)",
       .asked_for = true},
      {.name = lang::missed_wakeup,
       .text =
           "no sleep needs the timeout after which it looks again: who makes true what it waits "
           "for wakes it (only where named)",
       .conditions = missed_wakeup,
       .asked_for = true,
       .system = "dragonfly"},
      {.name = lang::analysis::lock_order,
       .text = "classes of locks are taken in one order, which is the documented one (only where "
               "named)",
       .analysis = true},
      {.name = lang::analysis::lock_discipline,
       .text = "no lock is taken twice, no two of a class without a rule, nobody sleeps with a "
               "lock that forbids it (only where named)",
       .analysis = true},
  };
}

} // namespace

const std::vector<Entry>& all() {
  static const std::vector<Entry> entries = [] {
    std::vector<Entry> together;
    for (const auto& some :
         {of_answers(), of_locks(), of_memory(), of_protocols(), only_where_named()})
      together.insert(together.end(), some.begin(), some.end());
    return together;
  }();
  return entries;
}

std::vector<Entry> all_of(const std::string& system) {
  std::vector<Entry> entries;
  for (const Entry& entry : all())
    if (entry.system.empty() || entry.system == system)
      entries.push_back(entry);
  return entries;
}

std::vector<std::string> standard(const std::vector<Entry>& entries, int format) {
  std::vector<std::string> names;
  for (const Entry& entry : entries)
    if (!entry.analysis && !entry.asked_for && entry.since <= format)
      names.push_back(entry.name);
  return names;
}

const Entry* find(const std::string& name) {
  const auto found = std::find_if(all().begin(), all().end(), [&](const Entry& entry) {
    return entry.name == name ||
           std::any_of(entry.rules.begin(), entry.rules.end(), [&](const contract::Rule& rule) {
             return lang::name_of_rule(entry.name, rule.name) == name;
           });
  });
  return found == all().end() ? nullptr : &*found;
}

std::string text_of(const std::string& name) {
  const Entry* entry = find(name);
  if (entry == nullptr)
    return name;
  for (const contract::Rule& rule : entry->rules)
    if (lang::name_of_rule(entry->name, rule.name) == name)
      return rule.text;
  return entry->text;
}

Breach breach_of(const std::string& name) {
  if (name == lang::fault::bounds) // always checked, so nobody selects it
    return Breach::evaluation;
  const Entry* entry = find(name);
  return entry == nullptr ? Breach::safety : entry->breach;
}

void Entry::add(const Subject& subject) const {
  lang::SpecBuilder& spec = subject.kernel.spec();
  if (conditions != nullptr)
    conditions(subject, name);
  // Conditions may find nothing to say of a scenario: the property is then one that holds.
  if (!spec.has_property(name))
    spec.property(
        {name, analysis ? lang::PropertyKind::analysis : lang::PropertyKind::check, {}, ""});
}

} // namespace interlock::properties
