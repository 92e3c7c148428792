// The list of properties.
#include "properties/property.hpp"

#include "actions/steps.hpp"
#include "lang/lower.hpp"

namespace interlock::properties {

namespace {

// A property that is nothing but the checks of that name in the steps.
template <const char* const* name> void add_checks(const Subject& subject) {
  subject.kernel.spec().property({*name, lang::PropertyKind::check, {}, ""});
}

namespace check = actions::property;

} // namespace

const std::vector<Entry>& all() {
  static const std::vector<Entry> entries{
      {"kevent-contract",
       "every event that kevent(2) promises is delivered once, in order and with the promised "
       "values",
       add_kevent_contract},
      {"no-deadlock",
       "no thread is stuck: each can move, has ended, or waits as its system call may",
       add_no_deadlock},
      {check::kassert, "the KASSERTs of the modelled code hold", add_checks<&check::kassert>},
      {check::lock_recursion, "no thread takes a non-recursive lock that it holds",
       add_checks<&check::lock_recursion>},
      {check::lock_not_held, "no thread releases, or waits with, a lock that it does not hold",
       add_checks<&check::lock_not_held>},
      {check::locks_at_return, "no lock is held on return to user mode",
       add_checks<&check::locks_at_return>},
      {check::sleep_with_spin_lock, "no thread may sleep while it holds a spin mutex",
       add_checks<&check::sleep_with_spin_lock>, false, "netbsd"},
      {check::sleep_with_mutex, "no thread sleeps while it holds a mutex",
       add_checks<&check::sleep_with_mutex>, false, "freebsd"},
      {check::sx_with_mutex, "no thread takes an sx lock while it holds a mutex",
       add_checks<&check::sx_with_mutex>, false, "freebsd"},
      {check::channel_interlock, "all threads asleep on a channel gave up the same lock",
       add_checks<&check::channel_interlock>, false, "freebsd"},
      {lang::guarded_access, "what a lock protects is touched only with that lock held",
       add_checks<&lang::guarded_access>},
      {lang::fault::use_after_free, "no freed object is used",
       add_checks<&lang::fault::use_after_free>},
      {lang::fault::not_on_list, "no list is walked on, or edited, at an element that is not on it",
       add_checks<&lang::fault::not_on_list>},
      {lang::fault::null_dereference, "no null pointer is followed",
       add_checks<&lang::fault::null_dereference>},
      {check::double_free, "no object is freed twice", add_checks<&check::double_free>},
      {"leak", "no knote, kqueue or proc is left over that nothing refers to", add_leak},
      {check::knote_protocol, "the invariants I1 to I7 of the knote protocol", add_knote_protocol,
       false, "netbsd"},
      {check::vfork_waits,
       "vfork(2) returns only when the child no longer uses its parent's memory",
       add_checks<&check::vfork_waits>, false, "dragonfly"},
      {"group-signal", "a signal to a process group reaches a member that is being forked too",
       add_group_signal, false, "dragonfly"},
      {"lock-order",
       "classes of locks are taken in one order, which is the documented one (only where named)",
       add_lock_order, true},
      {"lock-discipline",
       "no lock is taken twice, no two of a class without a rule, nobody sleeps with a lock that "
       "forbids it (only where named)",
       add_lock_discipline, true},
  };
  return entries;
}

std::vector<Entry> all_of(const std::string& system) {
  std::vector<Entry> entries;
  for (const Entry& entry : all())
    if (entry.system.empty() || entry.system == system)
      entries.push_back(entry);
  return entries;
}

} // namespace interlock::properties
