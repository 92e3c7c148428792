// The parts of a story, by what they tell of.  Steps are numbered as in History.
#pragma once

#include "story/history.hpp"
#include "story/reason.hpp"
#include "story/story.hpp"

namespace interlock::checker {

// As users count steps, from 1.
inline std::string step_number(std::size_t step) { return std::to_string(step + 1); }

Moment moment_of(const History& history, std::size_t step, std::string does);
// Of a thread that stands before an action at the end.
Moment waiting_moment(const History& history, lang::ActionId action, std::string does);

// The calls that the function of an action is called by, outermost first: "fork child > fork1".
std::string calls_of(const lang::Action& action);

// "parent, child"; "nothing" for none.
std::string names_of(const std::vector<witnesses::Held>& held);
// "sees VALUE" and "FROM -> TO" of a place in a step.
Moment look_moment(const History& history, std::size_t step, const lang::Place& place);
Moment change_moment(const History& history, std::size_t step, const lang::Place& place);
// What orders two steps of different threads, the earlier one first: a lock that both hold, and
// where it was given up in between, or that there is none.
std::string ordering(const History& history, std::size_t first, std::size_t second);

// The values that a condition is what it is for, as its reasons in the state before `until` name
// them; what a condition demands of one comes first.  Locks and objects among them have parts of
// their own, and so has what a property remembers, at the end.
std::vector<StoryPart> reason_parts(const History& history, const std::vector<Reason>& reasons,
                                    std::size_t until, lang::ThreadId thread);

// A value's last writers before `until`; `needed` is what it should be, or empty.
StoryPart value_part(const History& history, const lang::Place& place, std::size_t until,
                     const std::string& needed, lang::ThreadId thread);

// Who holds a lock before `until`, and where it was taken; of a lock that nobody holds, where the
// thread gave it up.
// `should_hold`: the thread should hold it.
StoryPart lock_part(const History& history, lang::PoolId pool, std::uint32_t object,
                    std::size_t until, lang::ThreadId thread, bool should_hold);

// What a thread saw in a step of a place that another one changed afterwards.
StoryPart stale_part(const History& history, std::size_t look, const lang::Place& place,
                     std::size_t change);
// The first step of another thread, behind a step, that changes the place.
std::optional<std::size_t> changed_behind(const History& history, std::size_t look,
                                          const lang::Place& place);

// What an expression of the thread stumbles over: where it got the pointer, and who freed the
// object, emptied the pointer or took the element off the list.
StoryPart stumble_part(const History& history, const Stumble& stumble, std::size_t until,
                       lang::ThreadId thread);

// An element that is on a list, of which the expression is true and should not be: who put it
// there.
StoryPart on_list_part(const History& history, const lang::Expr& has, std::size_t until,
                       lang::ThreadId thread);

// A pool that has no free object before `until`: who took each.
StoryPart pool_part(const History& history, lang::PoolId pool, std::size_t until);

// Threads that wait for each other's locks, or sleep for ever.
std::vector<StoryPart> standstill_parts(const History& history);

// For what an analysis of locks finds: each order, with both acquisitions.
std::vector<StoryPart> order_parts(const History& history, const LockReason& reason);

// The kernel's side of events that were promised and not delivered: the knote, and the walk that
// should have found it.
std::vector<StoryPart> delivery_parts(const History& history);

// Of an event that nothing explains, the last one: the calls which, had they taken effect at
// another moment, would explain it; none where there is no such call.
std::vector<StoryPart> other_moment_parts(const History& history);

// Where nothing of the kernel's stands in a condition: what the thread looked at last on its way to
// the step `until`.
std::vector<StoryPart> last_look_parts(const History& history, std::size_t until,
                                       lang::ThreadId thread);
// What threads whose steps a property remembers saw of lists that were changed afterwards.
std::vector<StoryPart> remembered_look_parts(const History& history,
                                             const std::vector<Reason>& reasons);
// The last changes of other fields of the objects that a condition reads.
std::vector<StoryPart> sibling_parts(const History& history, const std::vector<Reason>& reasons,
                                     std::size_t until, lang::ThreadId thread);

} // namespace interlock::checker
