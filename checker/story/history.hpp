// What happened along a trace: who wrote and read what, and who held which lock.
#pragma once

#include "lang/trace.hpp"
#include "witnesses/step_text.hpp"
#include "witnesses/words.hpp"

#include <map>
#include <set>

namespace interlock::checker {

// Places whose object is known.
using Places = std::set<lang::Place>;

// Steps are numbered from 0; the state `at(i)` is the one in which step i is attempted.  The
// specification and the trace must outlive it.
class History {
public:
  // Throws lang::SpecError when the trace does not follow the specification.
  History(const lang::Spec& spec, const lang::Trace& trace);

  const lang::Spec& spec() const { return spec_; }
  const lang::Trace& trace() const { return trace_; }
  const lang::Violation& violation() const { return trace_.violation; }
  std::size_t length() const { return trace_.actions.size(); }
  // Of a check the last step fails: it has changed nothing.
  bool fails_in_last_step() const {
    return trace_.violation.kind == lang::ViolationKind::check && length() > 0;
  }
  const lang::Action& action(std::size_t step) const {
    return spec_.actions()[trace_.actions[step]];
  }
  const lang::State& at(std::size_t step) const { return states_[step]; }
  const lang::State& end() const { return states_.back(); }

  const lang::Variable& variable(const lang::Place& place) const {
    return spec_.variables()[place.variable];
  }
  bool is_ghost(const lang::Place& place) const { return variable(place).ghost; }
  bool is_local(const lang::Place& place) const {
    return variable(place).scope == lang::Scope::local;
  }
  // The lock that the place is a word of: its owner or readers.
  bool is_lock_word(const lang::Place& place) const;
  // Whether it says that an object is allocated.
  bool is_allocation(const lang::Place& place) const;
  std::string name(const lang::Place& place) const;
  std::string value(const lang::Place& place, const lang::State& state) const;
  // The steps before `until` that changed it.
  std::vector<std::size_t> changes(const lang::Place& place, std::size_t until) const;
  // The last step before `until` that assigned it, also what it was already; of what is no field.
  std::optional<std::size_t> assigned(const lang::Place& place, std::size_t until) const;
  // Whether the kernel's own text reads it in that step: no check and no ghost counts.
  bool kernel_reads(std::size_t step, const lang::Place& place) const;
  // What the thread sees in that step: the values that decide it, or that it copies, of whatever is
  // no local, ghost or lock.  Not what it changes itself.
  Places looked_at(std::size_t step) const;

  // Whether a line is where the function begins, which is what a step without a line has.
  bool begins_function(const witnesses::Source& source) const;

  std::vector<witnesses::Held> held(const lang::State& state, lang::ThreadId thread) const {
    return witnesses::held_by(spec_, state, thread);
  }
  // The last step before `until` in which the thread took the lock, by the lock's name.
  std::optional<std::size_t> taken(lang::ThreadId thread, const std::string& lock,
                                   std::size_t until) const;
  // The same for giving it up.
  std::optional<std::size_t> given_up(lang::ThreadId thread, const std::string& lock,
                                      std::size_t until) const;

private:
  const witnesses::Word* word(const lang::Place& place) const;

  const lang::Spec& spec_;
  const lang::Trace& trace_;
  std::vector<lang::State> states_;
  std::map<lang::Place, witnesses::Word> words_;
  std::vector<witnesses::Source> functions_;
};

// Whether a call of its thread begins with it.
bool begins_call(const lang::Action& action);

// What the evaluation of an expression in a state really reads; `objects` adds what is read to find
// an object alone.  What cannot be evaluated is left out.
void add_reads(Places& places, const lang::Spec& spec, const lang::State& state,
               const lang::Expr& expression, bool objects);

} // namespace interlock::checker
